"""Writing the journal: the one verb of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from django.db import connection, transaction

from disaster.journal import bulk
from disaster.journal.verbs import SILENT, VERBS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


class Actor(Protocol):
    """Who does something: the room above brings its own type."""

    @property
    def person_id(self) -> int:
        """The person's id."""
        ...

    @property
    def name(self) -> str:
        """The person's name."""
        ...


class Row(msgspec.Struct, frozen=True):
    """A change to be written; ``put`` is the JSON array of the changed objects."""

    verb: str
    object_kind: str
    object_id: str
    area_code: str
    at: datetime
    put: str
    actor_id: int | None
    actor: str
    downward: bool = False


_encoder = msgspec.json.Encoder(decimal_format="number")

_INSERT = """
    INSERT INTO journal_entry
        (verb, object_kind, object_id, area_code, at, put, actor_id, actor, downward)
    SELECT verb, object_kind, object_id, area_code, at, put, actor_id, actor, downward
      FROM json_to_recordset(%s::json) AS row(
           verb text, object_kind text, object_id text, area_code text, at timestamptz,
           put text, actor_id bigint, actor text, downward boolean)
"""


def images(put: Iterable[Any]) -> str:
    """Write changed objects as the journal keeps them."""
    return _encoder.encode(list(put)).decode()


def one(
    verb: str,
    *,
    object_kind: str,
    object_id: str,
    area_code: str,
    put: Iterable[Any],
    by: Actor | None,
    at: datetime,
    downward: bool = False,
) -> None:
    """Append one change to the journal, inside the transaction that makes it.

    Raises
    ------
    django.db.transaction.TransactionManagementError
        Outside a transaction: the change and its row must live or die together.
    ValueError
        If nobody has listed the verb in :mod:`disaster.journal.verbs`, or a silent one
        comes with objects.
    """
    put = list(put)
    if verb not in VERBS:
        raise ValueError(f"the journal has no verb {verb!r}")
    if put and verb in SILENT:
        raise ValueError(f"{verb!r} is for audit alone")
    many(
        [
            Row(
                verb=verb,
                object_kind=object_kind,
                object_id=object_id,
                area_code=area_code,
                at=at,
                put=images(put),
                actor_id=by.person_id if by else None,
                actor=by.name if by else "",
                downward=downward,
            )
        ]
    )


def about_persons(verb: str, rows: Iterable[tuple[str, int]], *, at: datetime) -> None:
    """Append what the system did for persons of its own accord: (area code, person's id) each, nobody as author."""
    many(
        [
            Row(
                verb=verb,
                object_kind="person",
                object_id=str(person),
                area_code=area,
                at=at,
                put="[]",
                actor_id=None,
                actor="",
            )
            for area, person in rows
        ]
    )


def many(rows: Sequence[Row]) -> None:
    """Append many changes in one statement, in the order given."""
    if not rows:
        return
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the journal is written inside the change's transaction")
    bulk.execute(_INSERT, _encoder.encode(rows))
