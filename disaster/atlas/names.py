"""Keeping the search table true: what was renamed is spelled anew.

The database notes what changed (``atlas_renamed``, filled by triggers: whoever wrote, and however);
here it is spelled, before the next search and by an errand, so that no search waits for a whole nation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection, transaction

from disaster.atlas.pinyin import Readings, plain, spellings
from disaster.rules import book

AT_ONCE = 20_000
"""Names spelled in one transaction: a few seconds, as a long one would hold up the feed."""
_LOCK = 0x7A71_0A71
"""Advisory lock: two who spell at once could leave an old name behind."""
_ROOM = 400

SOURCES: dict[str, str] = {
    "area": "SELECT code, code, name FROM places_area WHERE code = ANY(%s)",
    "person": "SELECT id::text, '', name FROM people_person WHERE id::text = ANY(%s)",
    "shelter": "SELECT id::text, area_code, name FROM places_shelter WHERE id::text = ANY(%s)",
    "zone": "SELECT id::text, area_code, name FROM places_hazardzone WHERE id::text = ANY(%s)",
    "store": "SELECT id::text, area_code, name FROM stock_place WHERE id::text = ANY(%s) AND kind IN ('warehouse', 'point')",
}
"""Kind → where its names are: key, area's code, name."""


class _Named(NamedTuple):
    key: str
    area_code: str
    name: str


def refresh(most: int = AT_ONCE) -> int:
    """Spell what was renamed, the oldest first; how many things that were, 0 while somebody else does it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM atlas_renamed)")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            """DELETE FROM atlas_renamed WHERE id IN (SELECT id FROM atlas_renamed ORDER BY id LIMIT %s)
               RETURNING kind, key""",
            [most],
        )
        keys: dict[str, list[str]] = {}
        for kind, key in sorted(set(cursor.fetchall())):
            keys.setdefault(kind, []).append(key)
        spelled = _Speller(known_readings())
        for kind, changed in keys.items():
            cursor.execute("DELETE FROM atlas_spelling WHERE kind = %s AND key = ANY(%s)", [kind, changed])
            cursor.execute(SOURCES[kind], [changed])
            _write(cursor, kind, [_Named(*row) for row in cursor.fetchall()], spelled)
        return sum(map(len, keys.values()))


def refresh_all() -> int:
    """Spell until nothing waits; how many things that were."""
    done = 0
    while spelled := refresh():
        done += spelled
    return done


def forget() -> None:
    """Have every name spelled anew: the readings known for certain are others."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO atlas_renamed (kind, key)
               SELECT 'area', code FROM places_area UNION ALL SELECT 'person', id::text FROM people_person
               UNION ALL SELECT 'shelter', id::text FROM places_shelter
               UNION ALL SELECT 'zone', id::text FROM places_hazardzone
               UNION ALL SELECT 'store', id::text FROM stock_place"""
        )


def known_readings() -> Readings:
    """Give the readings known for certain: a piece of a name → its syllables."""
    rows = book.value("search.readings")
    return {plain(row["name"]): str(row["reading"]).lower().split() for row in rows}


class _Speller:
    """Spells each name once, however many places bear it: a nation has hundreds of 新华村."""

    def __init__(self, readings: Readings) -> None:
        self.readings = readings
        self.known: dict[str, list[tuple[str, int]]] = {}

    def __call__(self, name: str) -> list[tuple[str, int]]:
        found = self.known.get(name)
        if found is None:
            ways = spellings(name, self.readings)
            found = self.known[name] = [(text, skipped) for text, skipped in ways if len(text) <= _ROOM]
        return found


def _write(cursor: Any, kind: str, named: Iterable[_Named], spelled: _Speller) -> None:
    statement = "COPY atlas_spelling (kind, key, area_code, name, spelling, skipped) FROM STDIN"
    with cursor.copy(statement) as copy:
        for each in named:
            for text, skipped in spelled(each.name):
                copy.write_row((kind, each.key, each.area_code, each.name, text, skipped))
