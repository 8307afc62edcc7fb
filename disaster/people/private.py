"""Personal data at rest: sealed by AES-GCM, found by a keyed hash, shown masked.

The key is ``settings.FIELD_KEY`` (64 hexadecimal digits). 个人信息保护法 Art. 51 asks for
encryption; the hash lets an exact value be found without opening every row.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import unicodedata
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12
_NUMBER = re.compile(r"\+?[\d\s().-]+")
_COUNTRY = re.compile(r"^(?:00)?86(?=1\d{10}$)")


@lru_cache(maxsize=4)
def _keys(field_key: str) -> tuple[AESGCM, bytes]:
    """Derive one key for sealing and another for hashing, so that neither weakens the other."""
    root = bytes.fromhex(field_key)
    if len(root) != 32:
        raise ValueError("ZAIQING_FIELD_KEY must be 64 hexadecimal digits")
    sealing, hashing = (hmac.digest(root, name, "sha256") for name in (b"seal", b"blind"))
    return AESGCM(sealing), hashing


def derived(purpose: bytes) -> bytes:
    """Give 64 secret bytes for another purpose, from which the key itself can't be found."""
    return hmac.digest(bytes.fromhex(settings.FIELD_KEY), b"derive:" + purpose, "sha512")


def seal(text: str) -> bytes:
    """Encrypt a text; every call gives other bytes."""
    nonce = os.urandom(_NONCE)
    return nonce + _keys(settings.FIELD_KEY)[0].encrypt(nonce, text.encode(), None)


def open_sealed(sealed: bytes) -> str:
    """Decrypt what :func:`seal` gave.

    Raises
    ------
    cryptography.exceptions.InvalidTag
        If the bytes were changed or sealed with another key.
    """
    return _keys(settings.FIELD_KEY)[0].decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode()


def blind(text: str) -> str:
    """Give the keyed hash by which a value is found; spaces do not matter."""
    plain = "".join(text.split()).upper().encode()
    return hmac.new(_keys(settings.FIELD_KEY)[1], plain, hashlib.sha256).hexdigest()


class SealedIdentity:
    """What has an identity number in the columns ``identity_sealed`` and ``identity_hash``."""

    identity_sealed: Any
    identity_hash: Any

    @property
    def identity(self) -> str:
        """The identity number in clear: show it masked unless a reason was journaled."""
        return open_sealed(bytes(self.identity_sealed)) if self.identity_sealed else ""

    @identity.setter
    def identity(self, number: str) -> None:
        self.identity_sealed = seal(number) if number else b""
        self.identity_hash = blind(number) if number else ""


def plain_phone(text: str) -> str:
    """Bring a telephone number to the one form that is kept; "" if it is none.

    >>> plain_phone("+86 138-0013 8000"), plain_phone("１３８００１３８０００"), plain_phone("v202201a")
    ('13800138000', '13800138000', '')
    """
    number = unicodedata.normalize("NFKC", text).strip()
    return _COUNTRY.sub("", re.sub(r"\D", "", number)) if _NUMBER.fullmatch(number) else ""


def mask_phone(number: str) -> str:
    """Show a telephone number as 138****5678; of a shorter one, nothing."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 11 else "*" * len(number)


def mask_identity(number: str) -> str:
    """Show an identity number as 340824********0012: the birthday is hidden, in old 15-digit ones too."""
    if len(number) < 15:
        return "*" * len(number)
    return f"{number[:6]}********{number[-4:] if len(number) >= 18 else number[-3:]}"
