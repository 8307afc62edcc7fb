"""Datum shifts against published values, and back again.

Published control values:
- coordtransform (wandergis, the library most Chinese map code descends from), README:
  BD-09 116.404, 39.915 → GCJ-02 116.39762729119315, 39.90865673957631; GCJ-02 116.404, 39.915
  → BD-09 116.41036949371029, 39.92133699351021; WGS-84 116.404, 39.915 → GCJ-02
  116.41024449916938, 39.91640428150164; GCJ-02 116.404, 39.915 → WGS-84 116.39775550083061,
  39.91359571849836 (its inverse is one step, good to about 2 m: compared so).
- eviltransform (googollee), test data of every one of its languages: Shanghai, Shenzhen, Beijing.
- Amap's reverse geocoding of 116.578217, 30.632893 in 梅城镇, given as about 116.5733, 30.6353 in
  WGS-84: 20 m from the exact inverse, a fortieth of the shift.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import shape

from gis import datum, sample

GEOD = Geod(ellps="WGS84")
IN_CHINA = {"lon": st.floats(74, 134), "lat": st.floats(5, 53)}
OUTLINE = shape(
    json.loads((Path(sample.__file__).parent / "source/qianshan_outline.geojson").read_text("utf-8"))[
        "geometry"
    ]
)


def apart_m(one: datum.LonLat, other: datum.LonLat) -> float:
    return GEOD.inv(*one, *other)[2]


@pytest.mark.parametrize(
    ("convert", "given_", "published", "within_m"),
    [
        (datum.wgs84_to_gcj02, (116.404, 39.915), (116.41024449916938, 39.91640428150164), 0.001),
        (datum.gcj02_to_bd09, (116.404, 39.915), (116.41036949371029, 39.92133699351021), 0.001),
        (datum.bd09_to_gcj02, (116.404, 39.915), (116.39762729119315, 39.90865673957631), 1.0),
        (datum.gcj02_to_wgs84, (116.404, 39.915), (116.39775550083061, 39.91359571849836), 3.0),
        (datum.wgs84_to_gcj02, (121.5272106, 31.1774276), (121.531541859215, 31.17530398364597), 0.001),
        (datum.wgs84_to_gcj02, (113.912316, 22.543847), (113.9171764808363, 22.540796131694766), 0.001),
        (datum.wgs84_to_gcj02, (116.377817, 39.911954), (116.38404722455657, 39.91334545536069), 0.001),
        (datum.gcj02_to_wgs84, (116.578217, 30.632893), (116.5733, 30.6353), 25.0),
    ],
)
def test_published_pairs(convert, given_, published, within_m):
    assert apart_m(convert(*given_), published) < within_m


@given(**IN_CHINA)
def test_gcj02_round_trip_is_below_a_millimetre(lon, lat):
    assert apart_m(datum.gcj02_to_wgs84(*datum.wgs84_to_gcj02(lon, lat)), (lon, lat)) < 1e-3


@given(**IN_CHINA)
def test_bd09_round_trips_are_below_a_millimetre(lon, lat):
    assert apart_m(datum.bd09_to_wgs84(*datum.wgs84_to_bd09(lon, lat)), (lon, lat)) < 1e-3
    assert apart_m(datum.bd09_to_gcj02(*datum.gcj02_to_bd09(lon, lat)), (lon, lat)) < 1e-3


@given(st.sampled_from(list(OUTLINE.exterior.coords)), st.floats(0, 1))
def test_the_shift_in_qianshan_is_the_known_one(vertex, part):
    """East 466…505 m and south 241…288 m at the places once computed; this goes to every corner."""
    middle = OUTLINE.representative_point()
    lon = middle.x + part * (vertex[0] - middle.x)
    lat = middle.y + part * (vertex[1] - middle.y)
    x, y = datum.wgs84_to_gcj02(lon, lat)
    east, south = apart_m((lon, lat), (x, lat)), apart_m((lon, lat), (lon, y))
    assert x > lon
    assert y < lat
    assert 464 <= east <= 508
    assert 232 <= south <= 297


@given(**IN_CHINA)
def test_cgcs2000_is_stored_as_it_is(lon, lat):
    assert datum.to_stored(lon, lat, "cgcs2000") == datum.to_stored(lon, lat, "wgs84") == (lon, lat)


@pytest.mark.parametrize("place", [(139.69, 35.68), (2.35, 48.85), (-70.0, -33.0)])
def test_outside_china_gcj02_is_wgs84(place):
    assert datum.wgs84_to_gcj02(*place) == place
    assert datum.gcj02_to_wgs84(*place) == place


def test_each_datum_takes_its_own_way():
    here = (116.5733, 30.6353)
    assert apart_m(datum.to_stored(*datum.wgs84_to_gcj02(*here), "gcj02"), here) < 1e-3
    assert apart_m(datum.to_stored(*datum.wgs84_to_bd09(*here), "bd09"), here) < 1e-3
    assert apart_m(datum.to_stored(*datum.wgs84_to_bd09(*here), "gcj02"), here) > 500


@pytest.mark.parametrize(
    ("lon", "lat", "name"),
    [
        (math.nan, 30, "wgs84"),
        (116, math.inf, "gcj02"),
        (181, 30, "wgs84"),
        (116, 91, "bd09"),
        (116, 30, "wgs72"),
        (116, 30, ""),
    ],
)
def test_what_is_no_position_is_refused(lon, lat, name):
    with pytest.raises(ValueError, match=r"no point|unknown datum"):
        datum.to_stored(lon, lat, name)
