"""Questions about hazard zones: as of a moment, and what became of one."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection

from gis.models import HazardZone, ZoneVersion
from gis.scope import AreaScope

# Known at the moment, and holding at it: the newest version recorded by then, unless lifted or run out.
_AT = """
    SELECT zone_id, number, name, kind, level, area_code, valid_from, valid_to, recorded_at, by_name,
           ST_AsGeoJSON(boundary, 7)
      FROM (SELECT DISTINCT ON (zone_id) version.* FROM places_zoneversion version
             WHERE recorded_at <= %s AND {scope} ORDER BY zone_id, number DESC) known
     WHERE valid_from <= %s AND (valid_to IS NULL OR valid_to > %s) AND lifted_at IS NULL
     ORDER BY valid_from, zone_id
"""


def at(moment: datetime, *, scope: AreaScope) -> list[dict[str, Any]]:
    """Give the zones in force at a moment as GeoJSON features (EPSG:4326), by one statement."""
    where, params = scope.touches_sql("area_code")
    with connection.cursor() as cursor:
        cursor.execute(_AT.format(scope=where), [moment, *params, moment, moment])
        return [_feature(row) for row in cursor.fetchall()]


def _feature(row: tuple[Any, ...]) -> dict[str, Any]:
    names = (
        *("id", "version", "name", "kind", "level", "area", "valid_from", "valid_to"),
        *("recorded_at", "by"),
    )
    properties = dict(zip(names, row[:-1], strict=True))
    return {"type": "Feature", "geometry": json.loads(row[-1]), "properties": properties}


def versions(zone: HazardZone) -> list[dict[str, Any]]:
    """Give every version of a zone, newest first, each with its outline."""
    return [
        {
            "number": one.number,
            "name": one.name,
            "kind": one.kind,
            "level": one.level,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
            "lifted_at": one.lifted_at,
            "recorded_at": one.recorded_at,
            "by": one.by_name,
            "reason": one.reason,
            "geometry": json.loads(one.boundary.json),
        }
        for one in ZoneVersion.objects.filter(zone=zone).order_by("-number")
    ]
