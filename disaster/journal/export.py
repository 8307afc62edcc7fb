"""The journal as a file that anybody can check: one line a row, with the very bytes that were hashed."""

from __future__ import annotations

from typing import IO

import msgspec

from disaster.journal.chain import body
from disaster.journal.verify import rows

_encoder = msgspec.json.Encoder()


def write(file: IO[bytes]) -> int:
    """Write every sealed row as ``{"body": …, "hash": …}``, oldest first; give how many.

    A row whose entry is gone from the database is written with an empty body, so that the
    checker names it.
    """
    count = 0
    for position, stored, _, entry in rows():
        line = {"body": body(position, entry).decode() if entry else "", "hash": stored.hex()}
        file.write(_encoder.encode(line) + b"\n")
        count += 1
    return count
