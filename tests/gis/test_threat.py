"""Who lies in a shape: PostGIS against shapely and pyproj, on drawn and on random shapes."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, Point
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from gis import threat
from gis.models import Area, Shelter
from gis.scope import AreaScope
from tests.world import BING, COUNTY, EAST, JIA, YI, World, square

pytestmark = pytest.mark.django_db
EVERYWHERE = AreaScope.of([COUNTY])
GEOD = Geod(ellps="WGS84")


def box(west: float, south: float, east: float, north: float) -> GEOSGeometry:
    return GEOSGeometry(shapely.box(west, south, east, north).wkt, srid=4326)


def test_half_a_village_is_half_its_people_and_says_so(world: World) -> None:
    Area.objects.filter(code=JIA).update(population=1000)
    Area.objects.filter(code=YI).update(population=400)
    west = Area.objects.get(code=JIA).boundary.extent[0]
    found = threat.of(box(west, 30.59, west + 0.01, 30.64), scope=EVERYWHERE, household_size=Decimal("2.5"))
    assert [(one.code, one.people, one.how) for one in found.villages] == [(JIA, 500, "share")]
    assert found.villages[0].share == pytest.approx(0.5, abs=0.001)
    assert (found.people, found.households) == (500, 200)
    assert {"share", "household"} <= set(found.assumptions)


def test_a_shape_that_only_touches_a_border_threatens_nobody_behind_it(world: World) -> None:
    west, south, east, north = Area.objects.get(code=JIA).boundary.extent
    found = threat.of(box(west, south, east, north), scope=EVERYWHERE)
    assert [one.code for one in found.villages] == [JIA]


def test_a_village_known_by_its_seat_alone_counts_whole(world: World) -> None:
    Area.objects.filter(code=JIA).update(boundary=None, point=Point(116.505, 30.605), population=90)
    found = threat.of(box(116.504, 30.604, 116.506, 30.606), scope=EVERYWHERE)
    assert [(one.code, one.people, one.how) for one in found.villages] == [(JIA, 90, "point")]
    assert "point" in found.assumptions


def test_a_distance_widens_the_shape_in_metres(world: World) -> None:
    Shelter.objects.create(name="小学", area_id=JIA, point=Point(116.52, 30.61), capacity=50)
    shape = box(116.500, 30.605, 116.510, 30.615)  # 957 m west of it
    assert threat.of(shape, scope=EVERYWHERE, distance_m=900).shelters == []
    assert [one.name for one in threat.of(shape, scope=EVERYWHERE, distance_m=1000).shelters] == ["小学"]


def test_nobody_learns_of_what_lies_outside_their_scope(world: World) -> None:
    everything = box(116.4, 30.5, 116.7, 30.7)
    assert {one.code for one in threat.of(everything, scope=AreaScope.of([EAST])).villages} == {JIA, YI}
    assert BING in {one.code for one in threat.of(everything, scope=EVERYWHERE).villages}


def test_any_shape_costs_four_statements(world: World, django_assert_num_queries: Any) -> None:
    for shape in (square(116.50, 30.60, 0.001), box(116.4, 30.5, 116.7, 30.7)):
        with django_assert_num_queries(4):
            threat.of(shape, scope=EVERYWHERE)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    corners=st.lists(
        st.tuples(st.floats(116.48, 116.58), st.floats(30.58, 30.65)), min_size=3, max_size=8, unique=True
    )
)
def test_shares_and_areas_equal_those_of_another_library(
    world: World, corners: list[tuple[float, float]]
) -> None:
    hull = shapely.MultiPoint(corners).convex_hull
    if hull.geom_type != "Polygon" or hull.area < 1e-8:
        return
    found = threat.of(GEOSGeometry(hull.wkb.hex(), srid=4326), scope=EVERYWHERE)
    whole = abs(GEOD.geometry_area_perimeter(hull)[0]) / 1e6
    assert found.area_km2 == pytest.approx(whole, rel=1e-4, abs=2e-4)
    told = {one.code: one.share for one in found.villages}
    for area in Area.objects.filter(level="village", boundary__isnull=False):
        outline = shapely.from_geojson(json.dumps(json.loads(area.boundary.json)))
        inside = abs(GEOD.geometry_area_perimeter(hull.intersection(outline))[0])
        share = inside / abs(GEOD.geometry_area_perimeter(outline)[0])
        assert told.get(area.code, 0) == pytest.approx(share, abs=2e-4)
