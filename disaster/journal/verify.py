"""Proving that nothing in the journal was changed or removed.

The chain shows edits; it can't show a cut tail or a rewrite of everything. So heads
(position, hash) that others hold (printed on briefings, kept by phones) are checked too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import connection, transaction

from disaster.journal.chain import COLUMNS, GENESIS, Sealable, link


class Witness(NamedTuple):
    """A head that somebody outside the database has kept."""

    position: int
    hash: bytes


class Verdict(NamedTuple):
    """What the check found: ``faults`` is empty when all is well."""

    rows: int
    head: Witness
    faults: list[str]


_ROWS = f"""
    SELECT seal.position, seal.hash, seal.entry_id, {COLUMNS}
      FROM journal_seal seal LEFT JOIN journal_entry entry ON entry.id = seal.entry_id
     ORDER BY seal.position
"""  # noqa: S608 - our own column names
MAX_FAULTS = 20


def verify(witnesses: Iterable[Witness] = ()) -> Verdict:
    """Walk the whole chain and compare it with the witnesses."""
    held = {witness.position: witness.hash for witness in witnesses}
    faults: list[str] = []
    position, previous = 0, GENESIS
    for found, stored, entry_id, entry in rows():
        position += 1
        if found != position:
            faults.append(f"position {position} is missing (found {found})")
            position = found
        if entry is None:
            faults.append(f"position {position}: entry {entry_id} was removed")
        elif link(previous, position, entry) != stored:
            faults.append(f"position {position}: entry {entry_id} does not match its hash")
        if held.pop(position, stored) != stored:
            faults.append(f"position {position}: another hash than the witness holds")
        previous = stored
        if len(faults) >= MAX_FAULTS:
            break
    else:
        faults += [
            f"position {missing}: a witness holds it, the journal ends at {position}"
            for missing in sorted(held)
        ]
    return Verdict(position, Witness(position, previous), faults)


def rows() -> Iterator[tuple[int, bytes, int, Sealable | None]]:
    """Give every sealed row with its position, stored hash and entry id, in order, without holding them all."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS)
        while rows := cursor.fetchmany(5_000):
            for position, stored, entry_id, *columns in rows:
                entry = Sealable(*columns) if columns[0] is not None else None
                yield position, bytes(stored), entry_id, entry
