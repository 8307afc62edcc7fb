"""In memory or by PostGIS: the village a point lies in is the same."""

from __future__ import annotations

import itertools
import random
import time

import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection

from gis import locate
from gis.models import Area
from tests.world import World

Position = tuple[float, float]


def by_postgis(points: list[Position]) -> list[str | None]:
    """Ask ``ST_Covers`` for the lowest code, in the order of the points."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT min(code) FROM places_area WHERE level = 'village'
                    AND ST_Covers(boundary, ST_SetSRID(ST_MakePoint(p.x, p.y), 4326)))
            FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS p(x, y, place) ORDER BY place
            """,
            [[x for x, _ in points], [y for _, y in points]],
        )
        return [row[0] for row in cursor.fetchall()]


def hard_points() -> list[Position]:
    """Random points, every vertex of some villages, points on and a breath beside their edges."""
    chance = random.Random(7)
    points = [(chance.uniform(116.2, 116.8), chance.uniform(30.4, 31.1)) for _ in range(1500)]
    for area in Area.objects.filter(level="village", boundary__isnull=False).order_by("code")[::9]:
        ring = list(area.boundary[0][0].coords)
        points += ring
        for (x1, y1), (x2, y2) in itertools.pairwise(ring):
            part = chance.random()
            x, y = x1 + part * (x2 - x1), y1 + part * (y2 - y1)
            points += [(x, y), ((x1 + x2) / 2, (y1 + y2) / 2), (x + 1e-12, y), (x, y - 1e-9)]
    return points


def test_memory_and_postgis_agree_everywhere(county):
    points = hard_points()
    started = time.perf_counter()
    ours = [locate.village_at(x, y) for x, y in points]
    print(f"\n{(time.perf_counter() - started) / len(points) * 1e6:.1f} µs a point, index included")  # noqa: T201
    theirs = by_postgis(points)
    differing = [(p, a, b) for p, a, b in zip(points, ours, theirs, strict=True) if a != b]
    assert not differing
    assert None in ours
    assert len({code for code in ours if code}) > 150


def test_a_shared_border_belongs_to_the_lowest_code(world):
    boxes = {"340882101201": 116.25, "340882101202": 116.5, "340882102201": 116.75}
    for code, west in boxes.items():
        Area.objects.filter(pk=code).update(boundary=_box(west, 30.5, west + 0.25, 30.75))
    locate.reload()
    points = [(116.5, 30.6), (116.75, 30.5), (116.75, 30.75), (116.8, 30.6), (117.0, 30.6), (116.2, 30.6)]
    ours = [locate.village_at(*point) for point in points]
    assert ours == by_postgis(points)
    assert ours == ["340882101201", "340882101202", "340882101202", "340882102201", "340882102201", None]


def test_a_change_is_seen_at_the_next_look(world, monkeypatch):
    monkeypatch.setattr(locate, "BELIEVED_S", 0.0)
    place, bing = (116.565, 30.61), Area.objects.filter(pk="340882102201")
    assert locate.village_at(*place) is None
    bing.update(boundary=_box(116.54, 30.60, 116.57, 30.62))
    assert locate.village_at(*place) == "340882102201"
    bing.update(boundary=None)
    assert locate.village_at(*place) is None


def test_within_a_minute_nothing_is_asked_again(world):
    assert locate.village_at(116.55, 30.61) == "340882102201"
    Area.objects.filter(pk="340882102201").update(boundary=None)
    assert locate.village_at(116.55, 30.61) == "340882102201"
    locate.reload()
    assert locate.village_at(116.55, 30.61) is None


def _box(*bounds: float) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox(bounds), srid=4326)


def test_the_outlines_are_asked_for_once(world, django_assert_num_queries):
    locate.reload()
    with django_assert_num_queries(2):  # the stamp and the outlines
        locate.village_at(116.51, 30.61)
    with django_assert_num_queries(0):
        for _ in range(50):
            locate.village_at(116.51, 30.61)


def test_an_empty_gazetteer_holds_no_point(db):
    assert locate.village_at(116.51, 30.61) is None


@pytest.mark.parametrize(
    ("lon", "lat", "inside"),
    [
        (116.57, 30.63, True),
        (87.6, 43.8, True),
        (112.3, 4.0, True),
        (139.7, 35.7, False),
        (30.63, 116.57, False),
        (float("nan"), 30, False),
    ],
)
def test_in_china(lon, lat, inside):
    assert locate.in_china(lon, lat) is inside


def test_holes_and_islands(world):
    outer = Polygon.from_bbox((116.60, 30.60, 116.64, 30.64))
    hole = shapely.box(116.61, 30.61, 116.62, 30.62)
    island = Polygon.from_bbox((116.66, 30.60, 116.67, 30.61))
    with_hole = Polygon(outer.exterior_ring, list(hole.exterior.coords), srid=4326)
    Area.objects.filter(pk="340882102201").update(boundary=MultiPolygon(with_hole, island, srid=4326))
    locate.reload()
    points = [(116.605, 30.605), (116.615, 30.615), (116.61, 30.615), (116.665, 30.605), (116.65, 30.605)]
    code = "340882102201"
    assert (
        [locate.village_at(*point) for point in points]
        == [code, None, code, code, None]
        == by_postgis(points)
    )


@pytest.mark.django_db
def test_many_at_once_are_answered_as_one_by_one(world: World) -> None:
    west, south, side = 116.49, 30.59, 0.005
    grid = [
        (west + side * i, south + side * j) for i in range(16) for j in range(8)
    ]  # edges and corners included
    assert locate.villages_at(grid) == [locate.village_at(*place) for place in grid]
    assert locate.villages_at([]) == []
