"""Writing a road network: one dataset replaced as a whole, or left as it was."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.gis.geos import LineString, Point
from django.db import connection, transaction

from gis.models import Road, RoadNode
from gis.roads.build import Way, cut


class Loaded(NamedTuple):
    """How much was loaded."""

    nodes: int
    roads: int
    kilometres: float


@transaction.atomic
def store(ways: Iterable[Way], *, dataset: str, is_approximate: bool = False) -> Loaded:
    """Put a dataset of roads in the place of the one with the same name; true roads displace simulated ones.

    Raises
    ------
    gis.roads.BadRoads
        Naming each feature that is no road; nothing has changed then.
    """
    places, pieces = cut(ways)
    old = Road.objects.filter(dataset=dataset)
    if not is_approximate:  # a simulated road among true ones would lead somebody astray
        old = old | Road.objects.filter(is_approximate=True)
    gone = set(old.values_list("source_id", flat=True)) | set(old.values_list("target_id", flat=True))
    old.delete()
    used = Road.objects.filter(source_id__in=gone) | Road.objects.filter(target_id__in=gone)
    kept = {end for ends in used.values_list("source_id", "target_id") for end in ends}
    RoadNode.objects.filter(id__in=gone - kept).delete()
    nodes = RoadNode.objects.bulk_create(
        [RoadNode(point=Point(*place, srid=4326)) for place in places], batch_size=5000
    )
    Road.objects.bulk_create(
        [
            Road(
                source=nodes[piece.ends[0]],
                target=nodes[piece.ends[1]],
                line=LineString(piece.line, srid=4326),
                kind=piece.way.kind,
                name=piece.way.name[:80],
                is_bridge=piece.way.is_bridge,
                is_oneway=piece.way.is_oneway,
                climb=piece.way.climb,
                length_m=1,  # measured below, on the ellipsoid
                is_approximate=is_approximate,
                dataset=dataset,
            )
            for piece in pieces
        ],
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE places_road SET length_m = greatest(ST_Length(line::geography), 0.01) WHERE dataset = %s",
            [dataset],
        )
        cursor.execute("SELECT coalesce(sum(length_m), 0) FROM places_road WHERE dataset = %s", [dataset])
        kilometres = float(cursor.fetchone()[0]) / 1000
    return Loaded(len(nodes), len(pieces), round(kilometres, 1))
