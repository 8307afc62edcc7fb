"""Bring the table of areas to what a file says.

A file says what it knows: what it leaves out (an outline, a population) keeps its present
value. A place known by simulation stays marked so until all that was simulated is replaced.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction
from shapely.geometry.base import BaseGeometry

from gis import locate, tiles
from gis.gazetteer.place import Place, Summary
from gis.models import Area

_LOCK = 0x7A71_0002
"""Advisory lock: one load at a time."""
_FIELDS = ("name", "level", "parent_id", "population", "boundary", "point", "is_approximate", "source")


def store(places: Iterable[Place], *, dry_run: bool = False) -> Summary:
    """Bring the table to what the places say, in one transaction.

    The second call with the same places changes nothing. ``dry_run`` counts only.
    """
    wanted = {place.code: place for place in places}
    with transaction.atomic():
        _wait_for_turn()
        known = Area.objects.in_bulk(list(wanted))
        added, changed = [], []
        for code, place in wanted.items():
            area = known.get(code)
            if area is None:
                added.append(_new(place))
            elif _apply(place, area):
                changed.append(area)
        if not dry_run:
            Area.objects.bulk_create(added, batch_size=500)
            Area.objects.bulk_update(changed, _FIELDS, batch_size=200)
    if (added or changed) and not dry_run:
        transaction.on_commit(_look_again)
    return Summary(len(added), len(changed), len(wanted) - len(added) - len(changed))


def _look_again() -> None:
    """Let this process see the new places at once; others do within a minute."""
    locate.reload()
    tiles.forget()


def _wait_for_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _new(place: Place) -> Area:
    whole = (
        place
        if place.point or not place.boundary
        else replace(place, point=place.boundary.representative_point())
    )
    return Area(code=place.code, **_columns(whole))


def _apply(place: Place, area: Area) -> bool:
    """Set what the place says on the area; say whether anything changed."""
    merged = _columns(_merged(place, area))
    before = {name: getattr(area, name) for name in _FIELDS}
    for name, value in merged.items():
        setattr(area, name, value)
    return any(not _equal(before[name], merged[name]) for name in _FIELDS)


def _merged(place: Place, area: Area) -> Place:
    """Keep what the file leaves out."""
    boundary = place.boundary or _shape(area.boundary)
    point = place.point
    if point is None:
        kept = _shape(area.point)
        fits = kept is not None and (place.boundary is None or place.boundary.covers(kept))
        point = kept if fits else boundary.representative_point() if boundary else None
    still_simulated = area.is_approximate and (
        (area.boundary is not None and place.boundary is None)
        or (area.point is not None and place.point is None)
    )
    return replace(
        place,
        population=area.population if place.population is None else place.population,
        boundary=boundary,
        point=point,
        is_approximate=place.is_approximate or still_simulated,
        source=place.source or area.source,
    )


def _columns(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "level": place.level,
        "parent_id": place.parent,
        "population": place.population,
        "boundary": _stored(place.boundary),
        "point": _stored(place.point),
        "is_approximate": place.is_approximate,
        "source": place.source,
    }


def _stored(geometry: BaseGeometry | None) -> GEOSGeometry | None:
    return GEOSGeometry(memoryview(geometry.wkb), srid=4326) if geometry is not None else None


def _shape(geometry: GEOSGeometry | None) -> BaseGeometry | None:
    return shapely.from_wkb(bytes(geometry.wkb)) if geometry is not None else None


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, GEOSGeometry) and isinstance(other, GEOSGeometry):
        return bytes(one.wkb) == bytes(other.wkb)
    return bool(one == other)
