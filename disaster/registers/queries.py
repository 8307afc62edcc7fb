"""Questions about the registers: each is one statement and takes the areas it may look into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.problems import FieldError
from disaster.registers.agree import VERIFIED, Counts, agrees, pairs_for
from disaster.registers.models import CASUALTIES, MODELS, Casualty, DamagedHome, Kind, Reading, Version
from gis.scope import AreaScope

Row = Casualty | DamagedHome

# An event merged into another brings its rows along.
_EVENTS = """
    WITH RECURSIVE meant (id) AS (
        SELECT id FROM events_event WHERE id = ANY(%s)
        UNION SELECT event.id FROM events_event event JOIN meant ON event.merged_into_id = meant.id)
"""
_COUNTS = """
    {events}
    SELECT area_code, {sums} FROM (
        SELECT DISTINCT ON (row_id) event_id, area_code, counts_as FROM registers_version
         WHERE row_id IN (SELECT row_id FROM registers_version WHERE event_id IN (SELECT id FROM meant))
           AND at <= COALESCE(%s, 'infinity'::timestamptz)
         ORDER BY row_id, number DESC) newest
     WHERE counts_as <> '' AND event_id IN (SELECT id FROM meant) AND {where}
     GROUP BY area_code ORDER BY area_code
"""
_KEYS = ("dead", "missing", "collapsed", "severe", "slight")
_SUMS = ", ".join(f"count(*) FILTER (WHERE counts_as = '{key}')" for key in _KEYS)


def counts(
    event_ids: Sequence[UUID], *, scope: AreaScope, cutoff: datetime | None = None
) -> dict[str, Counts]:
    """Count the rows in force by village, as they stood at ``cutoff`` (default: now).

    A person whose status changed, and a row moved to another village or withdrawn, counts
    as it did at the cutoff.
    """
    where, params = scope.covers_sql("area_code")
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS.format(events=_EVENTS, sums=_SUMS, where=where), [list(event_ids), cutoff, *params]
        )
        return {row[0]: Counts(*row[1:]) for row in cursor.fetchall()}


def total(found: Mapping[str, Counts]) -> Counts:
    """Add up the counts of villages."""
    return Counts(*(sum(getattr(each, key) for each in found.values()) for key in _KEYS))


def agreement(
    event_id: UUID,
    area_code: str,
    figures: Mapping[str, Decimal],
    *,
    kind: str = VERIFIED,
    cutoff: datetime | None = None,
    own: bool = False,
) -> dict[str, FieldError]:
    """Hold the figures of an area against its registers; empty where they agree.

    Deaths and missing have to equal their rows in a report of any ``kind``, households only
    in a 核报 (``verified``). With ``own`` the area stands for itself alone: a township's own
    entry (本级) says nothing of its villages, which have reports of their own. Keys are
    ``figures.<key>``, as the other checks name them.
    """
    found = counts([event_id], scope=AreaScope.of([area_code]), cutoff=cutoff)
    return agrees(figures, found.get(area_code, Counts()) if own else total(found), kind=kind)


class Gap(NamedTuple):
    """A figure beside the rows that stand for it; ``reported`` is None where nobody gave it."""

    figure: str
    zh: str
    en: str
    reported: Decimal | None
    registered: int

    @property
    def lacking(self) -> Decimal | None:
        """How many rows are missing from the register; below zero, how many are too many."""
        return None if self.reported is None else self.reported - self.registered


def missing_rows(event_id: UUID, *, scope: AreaScope, figures: Mapping[str, Decimal]) -> list[Gap]:
    """Put each figure that has rows behind it beside their number ("2 dead reported, 1 row")."""
    found = total(counts([event_id], scope=scope))
    return [
        Gap(pair.figure, pair.zh, pair.en, figures.get(pair.figure), getattr(found, pair.count))
        for pair in pairs_for(VERIFIED)
    ]


class Page(NamedTuple):
    """Some rows of a register, and how many there are in all."""

    rows: list[Row]
    total: int


def rows(
    kind: Kind,
    *,
    scope: AreaScope,
    event: UUID | None = None,
    state: str = "",
    offset: int = 0,
    limit: int = 50,
) -> Page:
    """Give a part of a register, by village and time of entry.

    ``state``: a person's status, a household's damage, ``withdrawn``, or "" for all in force.
    """
    found = MODELS[kind].objects.within(scope).filter(_in_state(kind, state))
    if event is not None:
        found = found.filter(event=event)
    some = _with_places(found).order_by("area_id", "entered_at", "id")[offset : offset + limit]
    return Page(list(some), found.count())


def _in_state(kind: Kind, state: str) -> Q:
    if state == "withdrawn":
        return Q(withdrawn_at__isnull=False)
    in_force = Q(withdrawn_at__isnull=True)
    if kind == CASUALTIES:
        return in_force & Q(status=state) if state in Casualty.Status.values else in_force
    none = Q(rooms_collapsed=0)
    damage = {
        "collapsed": ~none,
        "severe": none & Q(rooms_severe__gt=0),
        "slight": none & Q(rooms_severe=0),
    }
    return in_force & damage[state] if state in damage else in_force


def _with_places(found: QuerySet[Any]) -> QuerySet[Any]:
    heavy = ("boundary", "point", "source")
    return found.select_related("event", "area__parent").defer(
        *(f"area__{name}" for name in heavy), *(f"area__parent__{name}" for name in heavy)
    )


class Detail(NamedTuple):
    """A row with its versions and with who saw it in full, oldest first."""

    row: Row
    history: list[Version]
    readings: list[Reading]


def detail(kind: Kind, row_id: UUID, *, by: Rights) -> Detail:
    """Give one row and what happened to it.

    Raises
    ------
    Problem
        404.1 if there is none in the reader's sight, 403.1 if registers are not theirs to see.
    """
    row: Row | None = _with_places(MODELS[kind].objects.filter(pk=row_id)).first()
    if row is None:
        raise problems.NOT_FOUND()
    require(by, "register.see", row.area_id)
    history = list(Version.objects.filter(row_id=row_id).order_by("number"))
    return Detail(row, history, list(Reading.objects.filter(row_id=row_id).order_by("at")))


class Side(NamedTuple):
    """One of two rows that may be the same person's."""

    kind: Kind
    id: UUID
    name: str
    area: str
    area_name: str
    event: UUID
    event_name: str
    state: str
    entered_at: datetime
    entered_by: str

    @property
    def number(self) -> str:
        """The row's short number."""
        return self.id.hex[:8].upper()


class Alike(NamedTuple):
    """Two rows in force that may be the same person's, and why: ``identity`` or ``name``."""

    why: str
    one: Side
    other: Side


# Windows first: what is left to be paired is little, whatever the planner believes.
_ALIKE = """
    WITH every AS (
        SELECT 'casualties' AS kind, id, name, area_code, event_id, status AS state, identity_hash AS hash,
               entered_at, entered_by
          FROM registers_casualty WHERE withdrawn_at IS NULL
        UNION ALL
        SELECT 'homes', id, name, area_code, event_id,
               CASE WHEN rooms_collapsed > 0 THEN 'collapsed' WHEN rooms_severe > 0 THEN 'severe'
                    ELSE 'slight' END,
               identity_hash, entered_at, entered_by
          FROM registers_damagedhome WHERE withdrawn_at IS NULL),
    likely AS MATERIALIZED (
        SELECT * FROM (
            SELECT every.*, count(*) OVER same_hash AS hashes, count(*) OVER same_name AS names,
                   bool_or(hash = '') OVER same_name AS nameless
              FROM every
            WINDOW same_hash AS (PARTITION BY hash), same_name AS (PARTITION BY event_id, area_code, name)
        ) marked WHERE (hash <> '' AND hashes > 1) OR (names > 1 AND nameless)),
    alike AS (
        SELECT 'identity' AS why, one, other
          FROM likely one JOIN likely other ON one.hash = other.hash
         WHERE one.hash <> '' AND one.id < other.id AND ({one} OR {other})
        UNION ALL
        SELECT 'name', one, other
          FROM likely one JOIN likely other USING (event_id, area_code, name)
         WHERE one.id < other.id AND (one.hash = '' OR other.hash = '') AND ({one} OR {other})),
    pair AS MATERIALIZED (
        SELECT * FROM alike WHERE {more} ORDER BY why, (one).entered_at, (one).id LIMIT %s)
    SELECT why,
           (one).kind, (one).id, (one).name, (one).area_code, area.name, (one).event_id, event.name,
           (one).state, (one).entered_at, (one).entered_by,
           (other).kind, (other).id, (other).name, (other).area_code, area2.name, (other).event_id,
           event2.name, (other).state, (other).entered_at, (other).entered_by
      FROM pair
      JOIN places_area area ON area.code = (one).area_code
      JOIN events_event event ON event.id = (one).event_id
      JOIN places_area area2 ON area2.code = (other).area_code
      JOIN events_event event2 ON event2.id = (other).event_id
     ORDER BY why, (one).entered_at, (one).id
"""
_SIDE = len(Side._fields)


def alike(
    *, scope: AreaScope, event: UUID | None = None, row: UUID | None = None, limit: int = 200
) -> list[Alike]:
    """Find rows that may be the same person's: at least one of each pair lies in ``scope``.

    The same identity number across registers and events, or the same name in the same village
    and event where one has no number. What is out of scope has to be shown masked.
    """
    one, ones = scope.covers_sql("one.area_code")
    other, others = scope.covers_sql("other.area_code")
    more, wanted = ["TRUE"], list[Any]()
    if event is not None:
        more.append("%s IN ((one).event_id, (other).event_id)")
        wanted.append(event)
    if row is not None:
        more.append("%s IN ((one).id, (other).id)")
        wanted.append(row)
    with connection.cursor() as cursor:
        statement = _ALIKE.format(one=one, other=other, more=" AND ".join(more))
        cursor.execute(statement, [*ones, *others, *ones, *others, *wanted, limit])
        return [
            Alike(found[0], Side(*found[1 : 1 + _SIDE]), Side(*found[1 + _SIDE :]))
            for found in cursor.fetchall()
        ]
