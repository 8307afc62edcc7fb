"""The text of a household's voucher: who gets what, signed so that a phone without a network can trust it. Pure.

ECDSA on P-256 over SHA-256 (FIPS 186-5), the signature as the two numbers side by side (64 bytes,
IEEE P1363), which is what the browser's WebCrypto reads. Why not Ed25519 stands in
docs/decisions/0010. The keys are the vouchers' own (:mod:`disaster.relief.receipts.services.keys`).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from disaster.relief.receipts import codes

_HASH = ec.ECDSA(hashes.SHA256())
_BYTES = 32


class Voucher(msgspec.Struct, frozen=True, array_like=True):
    """What a voucher says, an array on paper because every sign makes the code coarser to print.

    ``name`` is masked, ``area`` a 12-digit code, ``goods`` item → whole units, ``until`` the last day,
    ``key`` the number of the key it is signed with; vouchers from before keys had numbers say none.
    """

    id: UUID
    number: str
    name: str
    area: str
    village: str
    programme: str
    goods: Mapping[str, int]
    until: date
    key: int = 0


def line(voucher: Voucher, key: ec.EllipticCurvePrivateKey) -> str:
    """Sign a voucher; gives the whole line that its QR code says."""
    text = msgspec.json.encode(voucher)
    first, second = utils.decode_dss_signature(key.sign(text, _HASH))
    signature = first.to_bytes(_BYTES, "big") + second.to_bytes(_BYTES, "big")
    return codes.voucher(f"{_plain(text)}.{_plain(signature)}")


def read(text: str, keys: Mapping[int, ec.EllipticCurvePublicKey]) -> Voucher | None:
    """Read a line; None for what is no voucher or was signed by none of these keys."""
    code = codes.read(text)
    if code is None or code.kind != codes.VOUCHER:
        return None
    said, _, signed = code.value.partition(".")
    try:
        data, signature = _bytes(said), _bytes(signed)
        voucher = msgspec.json.decode(data, type=Voucher)
        halves = (int.from_bytes(part, "big") for part in (signature[:_BYTES], signature[_BYTES:]))
        keys[voucher.key].verify(utils.encode_dss_signature(*halves), data, _HASH)
    except (KeyError, ValueError, InvalidSignature, msgspec.DecodeError):
        return None
    return voucher


def new_key() -> ec.EllipticCurvePrivateKey:
    """Make a key."""
    return ec.generate_private_key(ec.SECP256R1())


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """Give the half that verifies, as phones keep it: SubjectPublicKeyInfo in base64."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(key.public_key().public_bytes(serialization.Encoding.DER, form)).decode()


def private_text(key: ec.EllipticCurvePrivateKey) -> str:
    """Give the half that signs, to be sealed: PKCS 8 in base64."""
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return base64.b64encode(key.private_bytes(serialization.Encoding.DER, form, plain)).decode()


def public_of(text: str) -> ec.EllipticCurvePublicKey:
    """Read a public key; ValueError if it is none of this curve."""
    key = serialization.load_der_public_key(base64.b64decode(text))
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("no key of a curve")
    return key


def private_of(text: str) -> ec.EllipticCurvePrivateKey:
    """Read a private key; ValueError if it is none of this curve."""
    key = serialization.load_der_private_key(base64.b64decode(text), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("no key of a curve")
    return key


def _plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
