"""The text of a household's voucher: who gets what, signed so that a phone without a network can trust it.

ECDSA on P-256 over SHA-256 (FIPS 186-5), the signature as the two numbers side by side (64 bytes,
IEEE P1363), which is what the browser's WebCrypto reads. The private key is derived from the key of
personal data, so that there is no other secret to keep; phones get the public key alone.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from disaster.people import private
from disaster.relief.receipts import codes

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Order of P-256's group (SEC 2, 2.4.2): private keys are 1 to this less one."""
_HASH = ec.ECDSA(hashes.SHA256())
_BYTES = 32


class Voucher(msgspec.Struct, frozen=True, array_like=True):
    """What a voucher says, an array on paper because every sign makes the code coarser to print.

    ``name`` is masked, ``area`` a 12-digit code, ``goods`` item → whole units, ``until`` the last day.
    """

    id: UUID
    number: str
    name: str
    area: str
    village: str
    programme: str
    goods: Mapping[str, int]
    until: date


def line(voucher: Voucher) -> str:
    """Sign a voucher; gives the whole line that its QR code says."""
    text = msgspec.json.encode(voucher)
    first, second = utils.decode_dss_signature(_private_key().sign(text, _HASH))
    signature = first.to_bytes(_BYTES, "big") + second.to_bytes(_BYTES, "big")
    return codes.voucher(f"{_plain(text)}.{_plain(signature)}")


def read(text: str) -> Voucher | None:
    """Read a line; None for what is no voucher or was not signed here."""
    code = codes.read(text)
    if code is None or code.kind != codes.VOUCHER:
        return None
    said, _, signed = code.value.partition(".")
    try:
        data, signature = _bytes(said), _bytes(signed)
        halves = (int.from_bytes(part, "big") for part in (signature[:_BYTES], signature[_BYTES:]))
        _private_key().public_key().verify(utils.encode_dss_signature(*halves), data, _HASH)
        return msgspec.json.decode(data, type=Voucher)
    except (ValueError, InvalidSignature, msgspec.DecodeError):
        return None


def public_key() -> str:
    """Give the key that verifies, as phones keep it: SubjectPublicKeyInfo in base64."""
    key = _private_key().public_key()
    return base64.b64encode(
        key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    ).decode()


def _private_key() -> ec.EllipticCurvePrivateKey:
    return _key(private.derived(b"voucher"))


@lru_cache(maxsize=2)
def _key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    # 64 bytes over an order of 32: the remainder is even to within 2⁻²⁵⁶.
    return ec.derive_private_key(int.from_bytes(secret, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def _plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
