"""What the map's search box asks: one statement a question, each kind of thing in the scope of its own right.

At the size of a country too: what many names begin with is read no further than there is room for.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import TextChoices

from disaster.atlas.pinyin import typed
from disaster.people.models import Posting
from disaster.people.private import mask_phone, open_sealed
from disaster.people.scope import Rights
from disaster.relief.stock.models import Place
from disaster.rules import book
from gis.models import Area, HazardZone, Shelter
from gis.scope import AreaScope

LONGEST = 40
"""Characters of a question that are looked at."""
LEAST_LATIN = 2
"""One letter begins a third of all names."""
_NUMBER = re.compile(r"\d{6}-?(\d{0,8})(-?\d*)")

ENOUGH, LEAST = 400, 40
"""Names of one kind that are looked at, of those begun at the first character and of the others each, shared among the
provinces looked over, and of one province at least: the first by spelling. Whoever looks over a whole country and types
村 sees some of them, at once."""
PREFECTURE_DIGITS = 4

# In the order of an index (spelling, area_code), province by province: what is exactly so comes first, and reading stops
# as soon as there is enough.
_SIDE = """(SELECT kind, key, area_code AS area, name, (spelling = %(text)s) AS exact, skipped
              FROM atlas_spelling spelling
             WHERE kind = '{kind}' AND left(area_code, 2) = province AND skipped {side} AND spelling LIKE %(begins)s
               AND {where}
             ORDER BY spelling, area_code LIMIT {enough})"""
_PLACES = """
            SELECT *, '' AS role, '' AS post
              FROM unnest(%({kind}_provinces)s::text[]) province
             CROSS JOIN LATERAL ({from_start} UNION ALL {from_within}) found"""
_RUNNING = """EXISTS (SELECT FROM places_hazardzone zone WHERE zone.id = spelling.key::uuid
                    AND zone.lifted_at IS NULL AND (zone.valid_to IS NULL OR zone.valid_to > now()))"""
_POSTED = """posting.valid_from <= %(today)s AND (posting.valid_to IS NULL OR posting.valid_to > %(today)s) AND {persons}"""
# Whoever looks over a prefecture or less begins with the people there, whoever looks further with the name.
_PERSONS_NEAR = """
            SELECT '' AS province, kind, key, posting.area_code, name, (spelling = %(text)s), skipped, posting.role, posting.post
              FROM people_posting posting
              JOIN atlas_spelling spelling ON kind = 'person' AND key = posting.person_id::text AND spelling LIKE %(begins)s
             WHERE {posted}"""
_PERSONS_FAR = """
            SELECT '' AS province, kind, key, posting.area_code, name, exact, skipped, posting.role, posting.post
              FROM unnest(ARRAY['']) province
             CROSS JOIN LATERAL ({from_start} UNION ALL {from_within}) found
              JOIN people_posting posting ON posting.person_id = key::bigint
             WHERE {posted}"""
_POSTED_SOMEWHERE = (
    "EXISTS (SELECT FROM people_posting posting WHERE posting.person_id = spelling.key::bigint AND {posted})"
)

_SQL = """
    WITH seen AS (
        SELECT DISTINCT ON (kind, key) kind, key, area, name, exact, skipped, role, post FROM (
            {hits}
            UNION ALL
            SELECT '', 'report', report.id::text, report.area_code, report.number, report.number = %(number)s, 0, report.state, ''
              FROM reports_report report
             WHERE %(is_number)s AND (report.number LIKE %(number_begins)s OR report.serial = %(serial)s) AND {reports}
        ) all_kinds ORDER BY kind, key, exact DESC, skipped
    ), best AS (
        SELECT * FROM seen
         ORDER BY exact DESC, skipped > 0, array_position(ARRAY['report', 'area', 'shelter', 'store', 'zone', 'person'], kind),
                  length(name), name, area, key
         LIMIT %(most)s
    )
    SELECT best.kind, best.key, best.area, best.name, best.role, best.post,
           coalesce(own.name, ''), coalesce(up.name, ''), own.level, person.phone_sealed,
           coalesce(zone.level, shelter.state, store.kind, ''),
           ST_X(spot), ST_Y(spot), ST_XMin(outline), ST_YMin(outline), ST_XMax(outline), ST_YMax(outline)
      FROM best
      LEFT JOIN places_area own ON own.code = best.area
      LEFT JOIN places_area up ON up.code = own.parent_id
      LEFT JOIN people_person person ON person.id = CASE best.kind WHEN 'person' THEN best.key::bigint END
      LEFT JOIN places_shelter shelter ON shelter.id = CASE best.kind WHEN 'shelter' THEN best.key::uuid END
      LEFT JOIN stock_place store ON store.id = CASE best.kind WHEN 'store' THEN best.key::uuid END
      LEFT JOIN places_hazardzone zone ON zone.id = CASE best.kind WHEN 'zone' THEN best.key::uuid END
      LEFT JOIN reports_report report ON report.id = CASE best.kind WHEN 'report' THEN best.key::uuid END
     CROSS JOIN LATERAL (SELECT
           coalesce(shelter.point, store.point, report.point, ST_PointOnSurface(zone.boundary), own.point) AS spot,
           CASE best.kind WHEN 'zone' THEN zone.boundary WHEN 'area' THEN own.boundary END AS outline) placed
     ORDER BY best.exact DESC, best.skipped > 0,
              array_position(ARRAY['report', 'area', 'shelter', 'store', 'zone', 'person'], best.kind),
              length(best.name), best.name, best.area, best.key
"""


def find(asked: str, *, by: Rights, on: date) -> list[dict[str, Any]]:
    """Find villages, townships, officers, shelters, warehouses, zones and reports by what was typed.

    Characters, full pinyin or initials, from any character of a name on; a report by its number or
    the last part of it. Whoever may not see a kind finds none of it. Coordinates are EPSG:4326.
    """
    text, number = typed(asked[:LONGEST]), _number_of(asked)
    if not number and (not text or (text.isascii() and text.isalpha() and len(text) < LEAST_LATIN)):
        return []
    with connection.cursor() as cursor:
        cursor.execute(*statement(asked, by=by, on=on))
        return [_told(*row) for row in cursor.fetchall()]


def statement(asked: str, *, by: Rights, on: date) -> tuple[str, dict[str, Any]]:
    """Give what is asked of the database, with its parameters."""
    text, number = typed(asked[:LONGEST]), _number_of(asked)
    conditions, params = _conditions(by)
    params |= {
        "text": text,
        "begins": f"{text}%",  # plain text holds no wildcards: only letters and digits
        "today": on,
        "number": number,
        "number_begins": f"{number}%",
        "is_number": bool(number) or _serial_of(text) is not None,
        "serial": _serial_of(text),
        "most": book.value("search.most"),
    }
    return _SQL.format(**conditions), params


def _conditions(by: Rights) -> tuple[dict[str, str], dict[str, Any]]:
    """Say for each kind of thing where the reader may see it, and how it is looked for there."""
    scopes = {
        "area": (by.known, "area_code"),
        "zone": (by.known, "area_code"),
        "shelter": (by.where("shelter.see"), "area_code"),
        "store": (by.where("stock.see"), "area_code"),
        "person": (by.where("duty.see"), "posting.area_code"),
        "report": (by.where("report.see"), "report.area_code"),
    }
    covered: dict[str, str] = {}
    params: dict[str, Any] = {}
    for kind, (scope, column) in scopes.items():
        covered[kind], named = covers_named(scope, column, kind)
        params |= named | {f"{kind}_provinces": _provinces(scope)}
    hits = []
    for kind in ("area", "zone", "shelter", "store"):
        where = f"{covered[kind]} AND {_RUNNING}" if kind == "zone" else covered[kind]
        sides = _sides(kind, where, len(params[f"{kind}_provinces"]))
        hits.append(_PLACES.format(kind=kind, **sides))
    hits.append(_persons(scopes["person"][0], _POSTED.format(persons=covered["person"])))
    return {"hits": " UNION ALL ".join(hits), "reports": covered["report"]}, params


def _sides(kind: str, where: str, provinces: int) -> dict[str, str]:
    """Look for names from their first character on, and from any other."""
    enough = max(LEAST, ENOUGH // max(1, provinces))
    return {
        name: _SIDE.format(kind=kind, side=side, where=where, enough=enough)
        for name, side in (("from_start", "= 0"), ("from_within", "> 0"))
    }


def _persons(scope: AreaScope, posted: str) -> str:
    if all(len(prefix) >= PREFECTURE_DIGITS for prefix in scope.prefixes):
        return _PERSONS_NEAR.format(posted=posted)
    somewhere = _POSTED_SOMEWHERE.format(posted=posted)
    return _PERSONS_FAR.format(posted=posted, **_sides("person", somewhere, 1))


def _provinces(scope: AreaScope) -> list[str]:
    """Give the first two digits of all codes in a scope; of the whole country all there may be."""
    if "" in scope.prefixes:
        return [str(number) for number in range(10, 100)]
    return sorted({prefix[:2] for prefix in scope.prefixes})


def covers_named(scope: AreaScope, column: str, prefix: str) -> tuple[str, dict[str, str]]:
    """Give :meth:`AreaScope.covers_sql` with named parameters."""
    sql, values = scope.covers_sql(column)
    names = [f"{prefix}_{number}" for number in range(len(values))]
    for name in names:
        sql = sql.replace("%s", f"%({name})s", 1)
    return sql, dict(zip(names, values, strict=True))


def _number_of(asked: str) -> str:
    """Give the beginning of a report's number, as it is written; "" if it is none."""
    text = asked.strip()[:LONGEST]
    return text if _NUMBER.fullmatch(text) else ""


def _serial_of(text: str) -> int | None:
    """Give the running number at the end of a report's: 000123 and 123 are the same."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


_WORDS: dict[str, type[TextChoices]] = {
    "zone": HazardZone.Level,
    "shelter": Shelter.State,
    "store": Place.Kind,
}


def _told(
    kind: str,
    key: str,
    area: str,
    name: str,
    role: str,
    post: str,
    place: str,
    above: str,
    level: str | None,
    phone: Any,
    state: str,
    lon: float | None,
    lat: float | None,
    *box: float | None,
) -> dict[str, Any]:
    """Show one thing; a telephone number masked."""
    words = []
    if kind == "person":
        words.append(Posting.words(role, post))
    elif kind == "area" and level:
        words.append(str(Area.Level(level).label))
    elif kind in _WORDS and state:
        words.append(str(_WORDS[kind](state).label))
    where = [above] if kind == "area" else [above if level == Area.Level.VILLAGE else "", place]
    return {
        "kind": level if kind == "area" else kind,
        "key": key,
        "area": area,
        "name": name,
        "note": words[0] if words else "",
        "where": " ".join(each for each in where if each),
        "phone": mask_phone(open_sealed(bytes(phone))) if phone else "",
        "lon": lon,
        "lat": lat,
        "box": list(box) if box[0] is not None else None,
    }
