"""Questions about the keys of vouchers: what phones verify with, what the server does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from disaster.people import private
from disaster.relief.receipts import voucher_code
from disaster.relief.receipts.models import VoucherKey


def told() -> list[dict[str, Any]]:
    """Give every public key as phones keep it, the newest first; ``void`` says that what it signed is."""
    return [
        {"number": one.number, "key": one.public, "void": one.leaked_at is not None}
        for one in VoucherKey.objects.order_by("-number")
    ]


def known() -> Mapping[int, ec.EllipticCurvePublicKey]:
    """Give every public key by its number."""
    rows = VoucherKey.objects.values_list("number", "public")
    return {number: voucher_code.public_of(text) for number, text in rows}


def private_of(key: VoucherKey) -> ec.EllipticCurvePrivateKey:
    """Open a key to sign with it."""
    return voucher_code.private_of(private.open_sealed(bytes(key.sealed)))
