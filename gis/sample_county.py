"""Load the sample county 潜山市 of :mod:`gis.sample`; a second time nothing changes.

What is there already is left alone, so that whatever a bureau has put right since stays right.
"""

from __future__ import annotations

import csv
import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.db import transaction

from gis import gazetteer, roads, sample
from gis.models import Area, AreaAlias, HazardZone, Road, Shelter, ZoneVersion
from gis.roads.read import read

HERE = Path(sample.__file__).parent
DRAWN_AT = datetime(2023, 6, 30, 16, tzinfo=UTC)
"""Since when the sample zones hold: as the names and codes, 1 July 2023 in 潜山."""
ROADS = "道路示例"
_NAMESPACE = uuid.UUID("5f6b1f36-9d0f-4a55-8b58-3408820000aa")


def load() -> str:
    """Load areas, aliases, shelters, zones and roads; give what was done in one line."""
    with transaction.atomic():
        areas = _areas()
        aliases, shelters, zones, pieces = _aliases(), _shelters(), _zones(), _roads()
    new = f"{aliases} aliases, {shelters} shelters, {zones} zones, {pieces} pieces of road"
    return f"潜山市: areas {areas}; new: {new}"


def _roads() -> int:
    """Load the simulated roads where there are none: true ones, once loaded, are never mixed with them."""
    if Road.objects.exists():
        return 0
    return roads.store(read(HERE / "roads.geojson"), dataset=ROADS, is_approximate=True).roads


def _areas() -> gazetteer.Summary:
    known = set(Area.objects.values_list("code", flat=True))
    return gazetteer.store(
        place for place in gazetteer.read([HERE / "areas.geojson"]) if place.code not in known
    )


def _aliases() -> int:
    rows = _rows("aliases.csv")
    before = AreaAlias.objects.count()
    AreaAlias.objects.bulk_create((AreaAlias(**_renamed(row)) for row in rows), ignore_conflicts=True)
    return AreaAlias.objects.count() - before


def _renamed(row: dict[str, str]) -> dict[str, str]:
    return {("area_id" if name == "area_code" else name): value for name, value in row.items()}


def _shelters() -> int:
    found = []
    for row in _rows("shelters.csv"):
        shelter = Shelter(
            id=uuid.uuid5(_NAMESPACE, row["name"]),
            area_id=row["area_code"],
            name=row["name"],
            point=Point(float(row["lon"]), float(row["lat"]), srid=4326),
            kind=row["kind"],
            usable_area_m2=int(row["usable_area_m2"]),
            capacity=int(row["capacity"]),
            keeper=row["keeper"],
            facilities=row["facilities"].split("|"),
            code=row["code"],
            level=row["level"],
            setting=row["setting"],
            address=row["address"],
            is_accessible="ramp" in row["facilities"],
            is_sample=True,
        )
        found.append(shelter)
    return _add(Shelter, found)


def _zones() -> int:
    found = []
    for feature in json.loads((HERE / "zones.geojson").read_text("utf-8"))["features"]:
        zone = HazardZone(
            id=uuid.uuid5(_NAMESPACE, feature["properties"]["name"]),
            area_id=feature["properties"]["area_code"],
            name=feature["properties"]["name"],
            kind=feature["properties"]["kind"],
            level=feature["properties"]["level"],
            boundary=_outline(feature["geometry"]),
            source="示例",
            valid_from=DRAWN_AT,
        )
        found.append(zone)
    added = _add(HazardZone, found)
    kept = ("name", "kind", "level", "area_id", "boundary", "valid_from", "valid_to")
    for zone in HazardZone.objects.filter(pk__in=[zone.pk for zone in found], versions__isnull=True):
        state = {name: getattr(zone, name) for name in kept}
        ZoneVersion.objects.create(zone=zone, number=1, recorded_at=DRAWN_AT, by_name="示例", **state)
    return added


def _outline(geometry: dict[str, Any]) -> MultiPolygon:
    outline = GEOSGeometry(json.dumps(geometry), srid=4326)
    assert isinstance(outline, MultiPolygon)  # noqa: S101 - a file of ours
    return outline


def _add(model: Any, rows: list[Any]) -> int:
    """Add the rows whose id is new."""
    known = set(model.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return len(model.objects.bulk_create([row for row in rows if row.pk not in known]))


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
