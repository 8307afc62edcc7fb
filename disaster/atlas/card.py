"""What the map shows of one village or township when it was found: its people, and whom to call."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from disaster import problems
from disaster.atlas.search import covers_named
from disaster.people.models import Posting
from disaster.people.private import mask_phone, open_sealed
from disaster.people.scope import Rights
from gis.models import Area

_SQL = """
    SELECT area.code, area.name, area.level, coalesce(up.name, ''), area.is_approximate,
           coalesce(area.population, below.population), below.villages, ST_X(area.point), ST_Y(area.point),
           (SELECT json_agg(json_build_array(person.name, posting.role, posting.post, person.unit, encode(person.phone_sealed, 'hex'))
                            ORDER BY posting.role DESC, posting.post, person.id)
              FROM people_posting posting JOIN people_person person ON person.id = posting.person_id AND person.is_active
             WHERE posting.area_code = area.code AND posting.valid_from <= %(today)s
               AND (posting.valid_to IS NULL OR posting.valid_to > %(today)s) AND {persons})
      FROM places_area area LEFT JOIN places_area up ON up.code = area.parent_id
     CROSS JOIN LATERAL (SELECT sum(population) AS population, count(*) AS villages FROM places_area
            WHERE level = 'village' AND parent_id = area.code) below
     WHERE area.code = %(code)s AND {areas}
"""


def of(code: str, *, by: Rights, on: date) -> dict[str, Any]:
    """Give a village or township with those who work there, telephone numbers masked, by one statement.

    Who may not see the duty board sees nobody.

    Raises
    ------
    Problem
        404.1 out of sight.
    """
    areas, named = covers_named(by.known, "area.code", "areas")
    persons, more = covers_named(by.where("duty.see"), "posting.area_code", "persons")
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL.format(areas=areas, persons=persons), {"code": code, "today": on, **named, **more}
        )
        row = cursor.fetchone()
    if row is None:
        raise problems.NOT_FOUND()
    found, name, level, above, approximate, population, villages, lon, lat, people = row
    return {
        "code": found,
        "name": name,
        "level": str(Area.Level(level).label),
        "above": above,
        "approximate": approximate,
        "population": population,
        "villages": villages if level == Area.Level.TOWNSHIP else None,
        "lon": lon,
        "lat": lat,
        "people": [_person(*each) for each in people or []],
    }


def _person(name: str, role: str, post: str, unit: str, sealed: str) -> dict[str, str]:
    phone = mask_phone(open_sealed(bytes.fromhex(sealed))) if sealed else ""
    return {"name": name, "role": Posting.words(role, post), "unit": unit, "phone": phone}
