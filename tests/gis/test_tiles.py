"""Tiles: each reader sees the own areas, a tile is built once, and a browser asks before it shows."""

from __future__ import annotations

import gzip
import itertools
import json
import math
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.test import Client
from django.utils import timezone

from disaster.reports.services import mark_seen, send_back, submit
from gis import layers, tiles
from gis.models import Area, HazardZone, Road, Shelter
from gis.scope import AreaScope
from gis.tiles.cache import Cache
from tests.gis import grid
from tests.gis.mvt import Feature, decode
from tests.world import (
    BING,
    COUNTY,
    EAST,
    ELSEWHERE,
    JIA,
    WEST,
    YI,
    World,
    a_report,
    inside,
    square,
    submission,
)

Z = 10
LAYERS = ["districts", "reports", "roads", "shelters", "townships", "villages", "zones"]
Browser = Callable[[str], Client]


def place_of(lon: float, lat: float, z: int = Z) -> tuple[int, int, int]:
    """The tile (zoom, column, row) that holds a position, as the XYZ scheme counts."""
    x = int((lon + 180) / 360 * 2**z)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z)
    return z, x, y


def address(layer: str, z: int = Z) -> str:
    return "/tiles/{}/{}/{}/{}.mvt".format(layer, *place_of(116.53, 30.61, z))


def features(client: Client, layer: str, z: int = Z, **headers: str) -> list[Feature]:
    response = client.get(address(layer, z), headers=headers)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"
    return decode(response.content).get(layer, [])


def seen(client: Client, layer: str, key: str = "code") -> set[str]:
    return {feature.properties[key] for feature in features(client, layer)}


@pytest.fixture
def furnished(world: World) -> World:
    """The small county with something of each layer in each village."""
    Area.objects.filter(pk=EAST).update(
        boundary=MultiPolygon(Polygon.from_bbox((116.50, 30.60, 116.54, 30.62)), srid=4326)
    )
    Area.objects.filter(pk=WEST).update(boundary=square(116.54, 30.60))
    for code, lon in ((JIA, 116.51), (YI, 116.53), (BING, 116.55)):
        at = Point(lon, 30.61, srid=4326)
        Shelter.objects.create(name=f"棚{code[-3:]}", area_id=code, point=at, capacity=10)
        zone = MultiPolygon(at.buffer(0.002), srid=4326)
        now = timezone.now()
        HazardZone.objects.create(
            name=f"险{code[-3:]}", kind="flood", level="red", area_id=code, boundary=zone, valid_from=now
        )
    for account, code in (("jia_a", JIA), ("yi_a", YI), ("bing_a", BING)):
        submit(submission(a_report(code, fix=inside(code)), world.rights(account)))
    tiles.forget()
    return world


SIGHT = {
    "jia_a": {JIA},
    "yi_a": {YI},
    "east": {JIA, YI},
    "west": {BING},
    "bureau": {JIA, YI, BING},
    "leader": {JIA, YI, BING},
    "foreign": set(),
    "stranger": set(),
}


@pytest.mark.parametrize("layer", ["villages", "shelters", "zones", "reports"])
@pytest.mark.parametrize("account", SIGHT)
def test_a_reader_sees_the_own_areas_only(furnished, client_of: Browser, account, layer):
    assert seen(client_of(account), layer) == SIGHT[account]


def test_roads_are_everybodys_and_far_away_only_the_great_ones(furnished, client_of: Browser):
    grid.build(5, kind="village")
    tiles.forget()
    for account in ("jia_a", "leader", "foreign"):
        assert {road.properties["kind"] for road in features(client_of(account), "roads", z=11)} == {
            "village"
        }
    assert features(client_of("leader"), "roads", z=10) == []
    Road.objects.all().update(kind="national")
    tiles.forget()
    assert features(client_of("leader"), "roads", z=10)


def test_an_officer_sees_the_outline_of_the_own_township(furnished, client_of: Browser):
    assert seen(client_of("jia_a"), "townships") == {EAST}
    assert seen(client_of("bing_a"), "townships") == {WEST}
    assert seen(client_of("bureau"), "townships") == {EAST, WEST}
    assert seen(client_of("foreign"), "townships") == set()


def test_what_stands_above_concerns_those_below(furnished, client_of: Browser):
    zone = MultiPolygon(Point(116.53, 30.61).buffer(0.004), srid=4326)
    for code in (EAST, COUNTY, ELSEWHERE):
        HazardZone.objects.create(
            name=code, kind="flood", level="red", area_id=code, boundary=zone, valid_from=timezone.now()
        )
    tiles.forget()
    assert seen(client_of("jia_a"), "zones") == {JIA, EAST, COUNTY}
    assert seen(client_of("bing_a"), "zones") == {BING, COUNTY}


def test_villages_have_outline_and_point_under_one_code(furnished, client_of: Browser):
    found = features(client_of("jia_a"), "villages")
    assert sorted(feature.kind for feature in found) == ["Point", "Polygon"]
    for feature in found:
        assert feature.properties == {
            "code": JIA,
            "name": "甲村",
            "parent": EAST,
            "population": 1000,
            "approximate": False,
        }
    assert [feature.kind for feature in features(client_of("jia_a"), "villages", z=8)] == ["Point"]


def test_shapes_lie_where_they_are(furnished, client_of: Browser):
    _, x, y = place_of(116.53, 30.61)
    polygon = next(f for f in features(client_of("yi_a"), "villages") if f.kind == "Polygon")

    def pixel(lon: float, lat: float) -> tuple[float, float]:
        column = (lon + 180) / 360 * 2**Z - x
        row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**Z - y
        return column * 4096, row * 4096

    (west, south), (east, north) = pixel(116.52, 30.60), pixel(116.54, 30.62)
    margin = (-tiles.BUFFER, tiles.EXTENT + tiles.BUFFER)
    expected = [max(margin[0], min(margin[1], edge)) for edge in (west, north, east, south)]
    assert polygon.box == pytest.approx(expected, abs=1)


def test_a_village_is_whole_across_the_edge_of_tiles(furnished, client_of: Browser):
    """Neighbouring tiles both hold a shape that crosses their border, with the margin beyond it."""
    z, x, y = place_of(116.53, 30.61, 14)
    edge = (x / 2**z) * 360 - 180
    Area.objects.filter(pk=YI).update(boundary=square(edge - 0.001, 30.605, 0.002))
    tiles.forget()
    client = client_of("yi_a")
    for column in (x - 1, x):
        found = decode(client.get(f"/tiles/villages/{z}/{column}/{y}.mvt").content)["villages"]
        assert [f.kind for f in found if f.kind == "Polygon"] == ["Polygon"]


def test_reports_show_the_standing_versions_and_their_state(furnished, client_of: Browser):
    world, client = furnished, client_of("bureau")
    first = a_report(JIA, fix=inside(JIA))
    number = submit(submission(first, world.rights("jia_a"))).number
    tiles.forget()
    mine = [f.properties for f in features(client, "reports") if f.properties["number"] == number]
    assert [(p["id"], p["state"], p["hazard"]) for p in mine] == [(str(first.id), "stored", "flood.flash")]
    mark_seen(first.id, by=world.rights("bureau"), now=timezone.now())
    tiles.forget()
    states = {f.properties["number"]: f.properties["state"] for f in features(client, "reports")}
    assert states[number] == "seen"
    send_back(first.id, remark="重报", by=world.rights("bureau"), now=timezone.now())
    tiles.forget()
    assert number not in seen(client, "reports", "number")


def test_a_lifted_zone_is_gone(furnished, client_of: Browser):
    HazardZone.objects.filter(area_id=JIA).update(lifted_at=timezone.now())
    tiles.forget()
    assert seen(client_of("bureau"), "zones") == {YI, BING}


# ------------------------------------------------------------------ doors


@pytest.mark.parametrize("path", ["/tiles/", address("villages"), "/tiles/none/1/0/0.mvt"])
def test_strangers_are_asked_to_sign_in(db, path):
    response = Client().get(path)
    assert response.status_code == 401
    assert response.json() == {"number": "401.1", "message": "请先登录", "errors": {}}


@pytest.mark.parametrize(
    "path",
    [
        "/tiles/none/10/843/417.mvt",
        "/tiles/villages/7/0/0.mvt",
        "/tiles/villages/15/0/0.mvt",
        "/tiles/villages/10/1024/0.mvt",
        "/tiles/villages/10/0/1024.mvt",
        f"/tiles/villages/{10**30}/0/0.mvt",
        f"/tiles/villages/11/{10**30}/0.mvt",
    ],
)
def test_what_is_not_there_is_not_found(client_of: Browser, path):
    client = client_of("bureau")
    assert client.get(path).json() == {"number": "404.1", "message": "没有找到", "errors": {}}
    client.cookies["django_language"] = "en"
    response = client.get(path)
    assert (response.status_code, response.json()["message"]) == (404, "Not found")


@pytest.mark.parametrize(
    "path", ["/tiles/villages/-1/0/0.mvt", "/tiles/villages/a/0/0.mvt", "/tiles/villages/1.5/0/0.mvt"]
)
def test_what_is_no_number_is_not_found(client_of: Browser, path):
    assert client_of("bureau").get(path).status_code == 404


def test_tiles_are_read_only(client_of: Browser):
    assert client_of("bureau").post(address("villages")).status_code == 405


def test_the_index_tells_the_layers(client_of: Browser):
    known = client_of("jia_a").get("/tiles/").json()["layers"]
    assert sorted(known) == LAYERS
    assert known["villages"]["fields"] == ["code", "name", "parent", "population", "approximate"]
    for name, layer in known.items():
        assert layer["minzoom"] < layer["maxzoom"] == (9 if name == "districts" else 14)
        assert layer["version"] == tiles.version(layers.get(name))


# ------------------------------------------------------------------ caching


def test_a_browser_asks_and_is_told_that_nothing_changed(furnished, client_of: Browser):
    client = client_of("jia_a")
    first = client.get(address("shelters"))
    assert first["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Accept-Encoding"} <= {part.strip() for part in first["Vary"].split(",")}
    again = client.get(address("shelters"), headers={"If-None-Match": f'"other", {first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    Shelter.objects.filter(area_id=JIA).update(occupancy=3)
    tiles.forget()
    changed = client.get(address("shelters"), headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert [f.properties["occupancy"] for f in decode(changed.content)["shelters"]] == [3]


def test_a_tag_of_one_reader_says_nothing_to_another(furnished, client_of: Browser):
    tag = client_of("jia_a").get(address("villages"))["ETag"]
    response = client_of("yi_a").get(address("villages"), headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert client_of("jia_b").get(address("villages"), headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_has_a_version_that_follows_its_content(furnished, layer):
    def change() -> Any:
        return {
            "districts": lambda: Area.objects.filter(pk=YI).update(population=8),
            "reports": lambda: submit(submission(a_report(YI, fix=inside(YI)), furnished.rights("yi_a"))),
            "roads": lambda: grid.build(2),
            "shelters": lambda: Shelter.objects.filter(area_id=JIA).delete(),
            "townships": lambda: Area.objects.filter(pk=EAST).update(name="东镇"),
            "villages": lambda: Area.objects.filter(pk=JIA).update(population=7),
            "zones": lambda: HazardZone.objects.filter(area_id=JIA).update(level="blue"),
        }[layer]()

    before = tiles.version(layers.get(layer))
    tiles.forget()
    assert tiles.version(layers.get(layer)) == before
    change()
    tiles.forget()
    assert tiles.version(layers.get(layer)) != before


def test_tiles_travel_packed_to_those_who_unpack(furnished, client_of: Browser):
    client = client_of("bureau")
    plain = client.get(address("villages"))
    packed = client.get(address("villages"), headers={"Accept-Encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert not plain.has_header("Content-Encoding")
    assert gzip.decompress(packed.content) == plain.content


def test_a_warm_tile_costs_the_session_only(
    furnished, client_of: Browser, django_assert_max_num_queries, django_assert_num_queries
):
    client, scope = client_of("bureau"), AreaScope.of([COUNTY])
    features(client, "villages")
    with django_assert_max_num_queries(3):  # session, person, posts
        features(client, "villages")
    with django_assert_num_queries(0):
        tiles.tile(layers.get("villages"), scope, place_of(116.53, 30.61))


def test_a_cold_tile_costs_one_statement_however_much_it_holds(furnished, django_assert_num_queries):
    layer, scope = layers.get("shelters"), AreaScope.of([COUNTY])
    for count in (0, 40):
        rows = [
            Shelter(name=str(i), area_id=JIA, point=Point(116.51, 30.61, srid=4326), capacity=1)
            for i in range(count)
        ]
        Shelter.objects.bulk_create(rows)
        tiles.forget()
        tiles.version(layer)
        with django_assert_num_queries(1):
            packed = tiles.tile(layer, scope, place_of(116.53, 30.61))
        assert len(decode(gzip.decompress(packed))["shelters"]) == 3 + count


def test_a_hundred_asking_for_a_cold_tile_cause_one_statement(db, monkeypatch):
    layer, scope, place = layers.get("villages"), AreaScope.of([COUNTY]), place_of(116.53, 30.61)
    tiles.version(layer)
    built, waiting, all_wait = [], itertools.count(1), threading.Event()

    class Coming(Future[bytes]):
        """Tells when the other 99 have come to wait."""

        def result(self, timeout: float | None = None) -> bytes:
            if next(waiting) == 99:
                all_wait.set()
            return super().result(10)

    def build(*_: Any) -> bytes:
        built.append(threading.get_ident())
        assert all_wait.wait(10), "somebody built the tile again instead of waiting"
        return b"tile"

    monkeypatch.setattr("gis.tiles.cache.Future", Coming)
    monkeypatch.setattr(tiles, "_build", build)
    monkeypatch.setattr(tiles, "_cache", Cache(tiles.KEPT_BYTES))
    with ThreadPoolExecutor(100) as pool:
        asked = [pool.submit(tiles.tile, layer, scope, place) for _ in range(100)]
        contents = {one.result(20) for one in asked}
    assert len(built) == 1
    assert [gzip.decompress(content) for content in contents] == [b"tile"]


def test_a_builder_that_fails_tells_all_and_blocks_no_one(db, monkeypatch):
    layer, scope, place = layers.get("villages"), AreaScope.of([COUNTY]), place_of(116.53, 30.61)
    outcomes = iter([ZeroDivisionError("torn"), b"tile"])

    def build(*_: Any) -> bytes:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(tiles, "_build", build)
    monkeypatch.setattr(tiles, "_cache", Cache(tiles.KEPT_BYTES))
    with pytest.raises(ZeroDivisionError):
        tiles.tile(layer, scope, place)
    assert gzip.decompress(tiles.tile(layer, scope, place)) == b"tile"


def test_the_oldest_tiles_make_room():
    cache = Cache(10)
    built = []

    def ask(name: str) -> None:
        def build() -> bytes:
            built.append(name)
            return b"1234"

        cache.get((name, "", (), (0, 0, 0)), build)

    for name in ("a", "b", "a", "c", "a", "b"):  # c pushes b out, as a was used since
        ask(name)
    assert built == ["a", "b", "c", "b"]


def test_index_is_json_that_the_map_can_read(client_of: Browser):
    assert json.loads(client_of("stranger").get("/tiles/").content)["layers"]
