"""Giving positions: one sealer at a time, only to rows that can't be overtaken.

A row is sealed when its transaction is older than every transaction still running
(``pg_snapshot_xmin``): all rows of such transactions are visible or never will be, so the
order by (transaction, row) is final. One session holds an advisory lock; the others wait
and take over when it dies.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from django.db import connection, transaction

from disaster.journal import bulk
from disaster.journal.chain import COLUMNS, GENESIS, Sealable, link
from disaster.journal.models import Life

LOCK = 0x7A71_0001
"""Advisory lock of the sealer, one in each database."""
BATCH = 5_000


class Head(NamedTuple):
    """Where the feed stands: the newest position, its hash and the entry there."""

    position: int
    hash: bytes
    xact: int
    entry_id: int


EMPTY = Head(0, GENESIS, 0, 0)

_HEAD = """
    SELECT seal.position, seal.hash, entry.xact, entry.id
      FROM journal_seal seal JOIN journal_entry entry ON entry.id = seal.entry_id
     ORDER BY seal.position DESC LIMIT 1
"""
_SEALABLE = f"""
    SELECT entry.xact, {COLUMNS}
      FROM journal_entry entry
     WHERE (entry.xact, entry.id) > (%s, %s)
       AND entry.xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
       AND entry.id > %s
     ORDER BY entry.xact, entry.id
     LIMIT %s
"""  # noqa: S608 - our own column names
# What a backup left unsealed has transaction ids of another cluster: all are over.
_LEFT_OVER = f"""
    SELECT entry.xact, {COLUMNS}
      FROM journal_entry entry
     WHERE NOT EXISTS (SELECT 1 FROM journal_seal seal WHERE seal.entry_id = entry.id)
     ORDER BY entry.xact, entry.id
"""  # noqa: S608 - our own column names
_WRITE = """
    INSERT INTO journal_seal (position, entry_id, hash, sealed_at)
    SELECT row.*, sealed_at FROM (SELECT %s::json AS seals, %s::timestamptz AS sealed_at) sealed,
           LATERAL (SELECT position, entry_id, decode(hash, 'hex') FROM json_to_recordset(seals)
                    AS row(position bigint, entry_id bigint, hash text)) row
"""
_CLUSTER = """
    SELECT system_identifier || '/' || timeline_id
      FROM pg_control_system(), pg_control_checkpoint()
"""


def hold_lock() -> bool:
    """Try to become the sealer: true while this database session lives, else false."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def release_lock() -> None:
    """Stop being the sealer, however often the lock was taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")


def head() -> Head:
    """Give the newest sealed place; position 0 before the first."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD)
        row = cursor.fetchone()
    return Head(row[0], bytes(row[1]), row[2], row[3]) if row else EMPTY


def current_life() -> Life:
    """Give the life of this journal, beginning a new one after a restore or failover."""
    with connection.cursor() as cursor:
        cursor.execute(_CLUSTER)
        cluster = cursor.fetchone()[0]
    life = Life.objects.order_by("-began_at").first()
    return life if life and life.cluster == cluster else _begin_life(cluster)


@transaction.atomic
def _begin_life(cluster: str) -> Life:
    with connection.cursor() as cursor:
        # Waits for writers and keeps new ones out, so that nothing is in flight.
        cursor.execute("LOCK TABLE journal_entry, journal_life IN SHARE ROW EXCLUSIVE MODE")
        if (life := Life.objects.filter(cluster=cluster).order_by("-began_at").first()) and (
            life == Life.objects.order_by("-began_at").first()
        ):
            return life
        cursor.execute(_LEFT_OVER)
        top = _extend(head(), cursor.fetchall())
        cursor.execute("SELECT coalesce(max(id), 0) FROM journal_entry")
        after = max(cursor.fetchone()[0], top.entry_id)
    return Life.objects.create(cluster=cluster, after_entry=after, began_at=datetime.now(UTC))


def seal_once(life: Life) -> int:
    """Seal what can be sealed now, and give how many rows that was.

    Only the holder of the lock (:func:`hold_lock`) may call it; should two ever do, the
    primary key on the position lets only one commit.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        top = head()
        after = (top.xact, top.entry_id) if top.entry_id > life.after_entry else (0, 0)
        cursor.execute(_SEALABLE, [*after, life.after_entry, BATCH])
        rows = cursor.fetchall()
        if rows:
            _extend(top, rows)
    return len(rows)


def seal_all() -> int:
    """Seal until nothing more can be; for commands and tests, in a process of its own."""
    life = current_life()
    total = 0
    while sealed := seal_once(life):
        total += sealed
    return total


def _extend(top: Head, rows: list[tuple[Any, ...]]) -> Head:
    seals = []
    for xact, *columns in rows:
        entry = Sealable(*columns)
        position = top.position + 1
        top = Head(position, link(top.hash, position, entry), xact, entry.id)
        seals.append({"position": position, "entry_id": entry.id, "hash": top.hash.hex()})
    if seals:
        bulk.execute(_WRITE, msgspec.json.encode(seals), datetime.now(UTC))
    return top
