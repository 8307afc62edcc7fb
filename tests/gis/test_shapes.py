"""Shapes as people draw and send them: kept valid, repaired with notice, or refused with the reason."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from gis import shapes
from gis.measure import area_ha
from gis.shapes import BadShape, clean

GEOD = Geod(ellps="WGS84")
MOST = 500
places = st.tuples(st.floats(116.3, 116.9), st.floats(30.4, 31.0))
rings = st.lists(places, min_size=3, max_size=14, unique=True)


def polygon(*rings_: list[tuple[float, float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(p) for p in [*ring, ring[0]]] for ring in rings_]}


def why(given_: Any, **options: Any) -> str:
    with pytest.raises(BadShape) as refused:
        clean(given_, most=MOST, **options)
    return refused.value.why


@settings(max_examples=150, deadline=None)
@given(rings)
def test_any_ring_is_kept_as_it_is_repaired_with_notice_or_refused_by_name(ring: list[Any]) -> None:
    drawn = polygon(ring)
    is_good = shapely.geometry.shape(drawn).is_valid
    try:
        found = clean(drawn, most=MOST)
    except BadShape as bad:
        assert not is_good or bad.why == "empty"  # thinner than what is kept
        assert bad.why in shapes.WHY
    else:
        assert is_good
        assert found.shape.valid
        assert not found.fault
    try:
        repaired = clean(drawn, most=MOST, repair=True)
    except BadShape as bad:
        assert bad.why == "empty"
    else:
        assert repaired.shape.valid
        assert repaired.repaired or is_good
        again = clean(json.loads(repaired.shape.json), most=10 * MOST)
        assert again.shape.equals_exact(repaired.shape, 1e-7) or again.shape.equals(repaired.shape)


@pytest.mark.django_db
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places, st.floats(0.001, 0.2), st.integers(3, 40))
def test_the_area_kept_is_the_geodesic_one(centre: tuple[float, float], radius: float, corners: int) -> None:
    ring = [
        (
            centre[0] + radius * math.cos(2 * math.pi * at / corners),
            centre[1] + radius * math.sin(2 * math.pi * at / corners),
        )
        for at in range(corners)
    ]
    kept = clean(polygon(ring), most=MOST).shape
    geodesic, _ = GEOD.geometry_area_perimeter(shapely.from_wkb(bytes(kept.wkb)))
    assert area_ha(kept) == pytest.approx(abs(geodesic) / 1e4, rel=1e-3)


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        (polygon([(179.5, 30.0), (-179.5, 30.0), (-179.5, 31.0), (179.5, 31.0)]), "outside"),
        (polygon([(116.5, 30.5), (116.6, 30.6), (116.6, 30.5), (116.5, 30.6)]), "crossing"),
        (polygon([(30.5, 116.5), (30.6, 116.5), (30.6, 116.6)]), "outside"),
        ({"type": "Point", "coordinates": [116.5, 30.5]}, "not_areal"),
        ({"type": "Polygon", "coordinates": []}, "empty"),
        ({"type": "Polygon", "coordinates": [[[116.5, None]]]}, "unreadable"),
        ({"type": "Polygon", "coordinates": [[[116.5, float("nan")], [1, 1], [2, 2], [1, 1]]]}, "unreadable"),
        ({"type": "Torus"}, "unreadable"),
        (polygon([(116.5 + n / 1e4, 30.5 + (n % 2) / 1e4) for n in range(MOST + 1)]), "vertices"),
        (
            polygon(
                [(116.5, 30.5), (116.6, 30.5), (116.6, 30.6), (116.5, 30.6)],
                [(116.7, 30.7), (116.8, 30.7), (116.8, 30.8)],
            ),
            "hole",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(given_: dict[str, Any], reason: str) -> None:
    assert why(given_) == reason


def test_a_bow_tie_is_repaired_into_two_parts_and_says_where_it_crossed() -> None:
    bow = polygon([(116.5, 30.5), (116.6, 30.6), (116.6, 30.5), (116.5, 30.6)])
    found = clean(bow, most=MOST, repair=True)
    assert found.repaired
    assert len(found.shape) == 2
    assert found.fault is not None
    assert (found.fault.params["lon"], found.fault.params["lat"]) == (116.55, 30.55)
