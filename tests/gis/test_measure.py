"""Metres and hectares against the geodesics of PROJ."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point, Polygon
from pyproj import Geod, Transformer

from gis import measure, sample

pytestmark = pytest.mark.django_db
GEOD = Geod(ellps="WGS84")
MEICHENG = (116.5733, 30.6353)


@pytest.mark.parametrize(
    "other", [(116.5733, 30.6353), (116.574, 30.636), (116.45, 30.8356), (117.05, 30.53), (87.6, 43.8)]
)
def test_a_distance_is_the_geodesic(other):
    assert measure.distance_m(MEICHENG, other) == pytest.approx(
        GEOD.inv(*MEICHENG, *other)[2], abs=1e-3, rel=1e-9
    )


def test_the_shift_of_gcj02_in_metres():
    assert measure.distance_m(MEICHENG, (116.578165, 30.632716)) == pytest.approx(547, abs=3)


@pytest.mark.parametrize(
    "box",
    [
        (116.5, 30.6, 116.52, 30.62),
        (116.23, 30.45, 116.77, 31.08),
        (118.4, 30.0, 118.6, 30.1),
        (87.0, 43.0, 87.1, 43.1),
    ],
)
def test_an_area_is_that_of_the_ellipsoid(box):
    """To 0.02 %, as the plane's scale allows; in one piece and in two."""
    # Sides along a parallel are no geodesics; cut them small, so that both mean the same border.
    fine = shapely.segmentize(shapely.box(*box), 0.001)
    true = abs(GEOD.geometry_area_perimeter(fine)[0]) / 10_000
    whole = GEOSGeometry(memoryview(fine.wkb), srid=4326)
    assert measure.area_ha(whole) == pytest.approx(true, rel=2e-4)
    assert measure.area_ha(MultiPolygon(whole, srid=4326)) == pytest.approx(true, rel=2e-4)


def test_the_city_measures_what_the_almanac_says():
    """1686 to 1688 km²; Amap's coarse outline may be off by a little."""
    feature = json.loads(
        (Path(sample.__file__).parent / "source/qianshan_outline.geojson").read_text("utf-8")
    )
    outline = GEOSGeometry(json.dumps(feature["geometry"]), srid=4326)
    assert measure.area_ha(outline) / 100 == pytest.approx(1687, rel=0.01)


def test_the_plane_is_the_one_of_the_control_point():
    """116.578217, 30.632893 in 梅城 is E 459572, N 3390340 in EPSG:4548; in 4547 it would be 287 km off."""
    plane = Transformer.from_crs(4326, measure.PLANE, always_xy=True).transform(116.578217, 30.632893)
    assert plane == pytest.approx((459_572, 3_390_340), abs=15)
    point = Point(116.578217, 30.632893, srid=4326)
    point.transform(measure.PLANE)
    assert point.coords == pytest.approx(plane, abs=0.01)


def test_degrees_of_another_system_are_refused():
    shape = Polygon.from_bbox((116.5, 30.6, 116.52, 30.62))
    shape.srid = 4490
    with pytest.raises(ValueError, match="4490"):
        measure.area_ha(shape)
