"""What our QR codes say: one line of plain text without an address, read by our pages with no network.

    ZQ1:T:<token>                 a lorry's trip, on its waybill; the token is dispatch's own
    ZQ1:D:<document UUID>         one paper (单据): a transfer that is signed for
    ZQ1:V:<payload>.<signature>   a household's voucher (领取凭证), both parts base64url

``ZQ1`` is the form's version: a reader that does not know it says so. A code that is no
voucher proves nothing by itself: it only finds what the reader may see anyhow. The browser's
half is ``static/shared/codes.js``; printing is ``segno.make(text, error="m")``. Pure.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from uuid import UUID

TRIP, DOCUMENT, VOUCHER = "T", "D", "V"
_FORM = re.compile(r"ZQ1:([TDV]):([\w.~-]{1,1000})", re.ASCII)


class Code(NamedTuple):
    """What a code names: its kind (:data:`TRIP`, :data:`DOCUMENT`, :data:`VOUCHER`) and the rest of the line."""

    kind: str
    value: str


def trip(token: str) -> str:
    """Give the line for a trip.

    >>> trip("k3J9")
    'ZQ1:T:k3J9'
    """
    return _line(TRIP, token)


def document(document_id: UUID) -> str:
    """Give the line for a paper.

    >>> document(UUID(int=7))
    'ZQ1:D:00000000-0000-0000-0000-000000000007'
    """
    return _line(DOCUMENT, str(document_id))


def voucher(signed: str) -> str:
    """Give the line for a voucher that is signed already."""
    return _line(VOUCHER, signed)


def read(text: str) -> Code | None:
    """Read a line; None for what is not ours.

    >>> read(" ZQ1:T:k3J9 "), read("https://example.com/"), read("ZQ1:X:1")
    (Code(kind='T', value='k3J9'), None, None)
    """
    found = _FORM.fullmatch(text.strip())
    return Code(found[1], found[2]) if found else None


def _line(kind: str, value: str) -> str:
    line = f"ZQ1:{kind}:{value}"
    if read(line) is None:
        raise ValueError(f"{value!r} can't stand in a code")
    return line
