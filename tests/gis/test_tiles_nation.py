"""Tiles of a whole country: made and taken away, counted at seats, never heavy."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from gis import changes, layers, nation, tally, tiles
from gis.models import Area, HazardZone
from gis.scope import AreaScope
from tests.gis.mvt import decode
from tests.gis.test_tiles import place_of
from tests.world import COUNTY, JIA, YI, World

EVERYWHERE = AreaScope.of([f"{number}0000000000" for number in range(90, 100)])


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, db: Any) -> str:
    """The country with fewer, larger parts."""
    for name, size in (
        ("_PROVINCES", 2),
        ("_PREFECTURES", (1, 2)),
        ("_COUNTIES", (2, 1)),
        ("_TOWNSHIPS", (1, 2)),
    ):
        monkeypatch.setattr(nation, name, size)
    return nation.make(villages=160, zones=12)


def shown(layer: str, place: tuple[int, int, int], scope: AreaScope = EVERYWHERE) -> Any:
    found = layers.get(layer)
    assert found is not None
    return decode(gzip.decompress(tiles.tile(found, scope, place))).get(layer, [])


def test_the_country_obeys_every_rule_of_areas(small: str):
    assert small == "2 province, 4 prefecture, 8 city, 16 township, 160 village, 12 zones"
    made = Area.objects.filter(code__gte="90")
    assert all(area.is_approximate and area.code.startswith(("90", "91")) for area in made)
    for area in made.exclude(level="province").select_related("parent"):
        assert area.parent.boundary.buffer(0.02).contains(area.point)
    first = {area.code: area.boundary.wkt for area in made}
    nation.make(villages=160, zones=12)
    assert {area.code: area.boundary.wkt for area in Area.objects.filter(code__gte="90")} == first


def test_it_is_taken_away_and_leaves_the_others(small: str, world: World):
    before = Area.objects.filter(code__lt="90").count()
    assert nation.remove() == 190
    assert Area.objects.count() == before
    assert not HazardZone.objects.exists()


def test_real_places_are_not_mixed_with_simulated_ones(world: World):
    Area.objects.filter(pk=JIA).update(is_approximate=False)
    with pytest.raises(CommandError, match="--beside-real"):
        call_command("make_nation", "--villages", "10")
    assert not Area.objects.filter(code__gte="90").exists()


# ------------------------------------------------------------------ districts


def test_far_away_districts_stand_for_their_villages(small: str):
    for zoom, level, count in ((1, "province", 2), (4, "prefecture", 4), (5, "city", 8)):
        found: dict[str, Any] = {}
        for x in range(1 << zoom):
            for y in range(1 << zoom):
                for feature in shown("districts", (zoom, x, y)):
                    if feature.kind == "Point":
                        found[feature.properties["code"]] = feature.properties
        assert len(found) == count, level
        assert sum(properties["villages"] for properties in found.values()) == 160
        people = sum(
            Area.objects.filter(level="village", code__gte="90").values_list("population", flat=True)
        )
        assert sum(properties["population"] for properties in found.values()) == people


def test_a_district_without_outline_or_seat_has_those_of_its_parts(world: World):
    Area.objects.filter(pk=COUNTY).update(boundary=None, point=None)
    Area.objects.filter(level="township").update(boundary=Area.objects.get(pk=JIA).boundary)
    tiles.forget()
    place = place_of(116.53, 30.61, 9)
    found = shown("districts", place, AreaScope.of([COUNTY]))
    assert sorted(feature.kind for feature in found) == ["Point", "Polygon"]
    assert {feature.properties["villages"] for feature in found} == {3}


def test_districts_are_counted_once_for_each_state_of_the_areas(world: World, django_assert_num_queries: Any):
    tally.refresh()
    with django_assert_num_queries(3):  # the question, between a savepoint and its release
        tally.refresh()
    Area.objects.filter(pk=YI).update(population=50_000)
    tally.refresh()
    with connection.cursor() as cursor:
        cursor.execute("SELECT population FROM places_tally WHERE code = %s", [COUNTY])
        assert cursor.fetchone()[0] > 50_000


# ------------------------------------------------------------------ changes


def state(table: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(changes.state_sql(table))
        return cursor.fetchone()[0]


def test_the_state_of_a_table_differs_after_each_statement_and_survives_gathering(
    world: World, monkeypatch: Any
):
    monkeypatch.setattr(changes, "_MANY", 2)
    seen = [state("places_area")]
    for population in (1, 2, 3):
        Area.objects.filter(pk=JIA).update(population=population)
        seen.append(state("places_area"))
    assert len(set(seen)) == 4
    changes.gather()
    assert state("places_area") == seen[-1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM places_change WHERE changed = 'places_area'")
        assert cursor.fetchone()[0] == 1


# ------------------------------------------------------------------ weight


def test_a_tile_that_would_be_too_heavy_shows_an_even_part(small: str, monkeypatch: Any, caplog: Any):
    nation.make(villages=4000, zones=0)
    layer = layers.get("villages")
    assert layer is not None
    place = max(
        ((8, x, y) for x in range(180, 216) for y in range(85, 115)),
        key=lambda at: len(shown("villages", at)),
    )
    whole = shown("villages", place)
    assert len(whole) > 4
    monkeypatch.setattr(tiles, "CAP", 120)
    monkeypatch.setattr(tiles, "_cache", tiles.Cache(1000))
    part = shown("villages", place)
    assert len(gzip.decompress(tiles.tile(layer, EVERYWHERE, place))) <= 120
    assert {f.properties["code"] for f in part} < {f.properties["code"] for f in whole}
    assert "showing" in caplog.text


def test_far_tiles_carry_only_what_the_map_reads_there(small: str):
    places = [(8, x, y) for x in range(180, 216) for y in range(85, 115)]
    found = next(features for features in (shown("villages", at) for at in places) if features)
    assert set(found[0].properties) == {"code"}
    zones = next(f for f in (shown("zones", (5, x, y)) for x in range(22, 28) for y in range(10, 15)) if f)
    assert set(zones[0].properties) == {"level"}
    assert {feature.kind for feature in zones} == {"Point"}
