"""OGC API – Features: what the standard asks, in four coordinate systems, to each reader their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pyproj import Transformer

from disaster.people import tokens
from disaster.people.models import Person
from gis.models import HazardZone, Shelter
from gis.ogc import collections
from tests.world import BING, COUNTY, JIA, YI, World, square

pytestmark = pytest.mark.django_db
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
NOW = datetime.now(UTC).replace(microsecond=0)


def a_zone(area: str = JIA, west: float = 116.505, **fields: Any) -> HazardZone:
    values = {
        "name": "后山",
        "kind": "landslide",
        "level": "red",
        "area_id": area,
        "boundary": square(west, 30.605, 0.004),
        "valid_from": NOW,
    }
    return HazardZone.objects.create(**{**values, **fields})


def a_shelter(area: str = JIA, name: str = "小学", lon: float = 116.51, lat: float = 30.61) -> Shelter:
    from django.contrib.gis.geos import Point

    return Shelter.objects.create(name=name, area_id=area, point=Point(lon, lat, srid=4326), capacity=200)


def answer(client: Client, path: str, **asked: Any) -> Any:
    response = client.get(f"/ogc/{path}", asked)
    assert response.status_code == 200, response.content
    return response.json()


def test_every_page_links_to_the_next(world: World, client_of: Callable[[str], Client]) -> None:
    client = client_of("bureau")
    landing = answer(client, "")
    links = {each["rel"]: each["href"] for each in landing["links"]}
    assert {"self", "service-desc", "conformance", "data"} <= set(links)
    for href in links.values():
        assert client.get(href).status_code == 200
    listed = answer(client, "collections")["collections"]
    assert {"areas", "shelters", "zones", "reports"} <= {one["id"] for one in listed}
    for one in listed:
        assert f"{EPSG}4490" in one["crs"]
        own = {each["rel"]: each["href"] for each in one["links"]}
        assert client.get(own["self"]).json()["id"] == one["id"]
        assert client.get(own["items"]).json()["type"] == "FeatureCollection"
    described = answer(client, "api")
    assert described["openapi"].startswith("3.0")
    assert "/collections/zones/items" in described["paths"]


def test_pages_give_each_feature_once_in_a_fixed_order(
    world: World, client_of: Callable[[str], Client]
) -> None:
    wanted = {str(a_shelter(name=f"点{number}").pk) for number in range(7)}
    client, seen, href = client_of("bureau"), [], "/ogc/collections/shelters/items?limit=3"
    while href:
        body = client.get(href).json()
        assert body["numberMatched"] == 7
        assert body["numberReturned"] == len(body["features"]) <= 3
        seen += [feature["id"] for feature in body["features"]]
        href = next((each["href"] for each in body["links"] if each["rel"] == "next"), "")
    assert seen == sorted(wanted)


def test_one_feature_is_the_one_of_the_list(world: World, client_of: Callable[[str], Client]) -> None:
    zone, client = a_zone(), client_of("bureau")
    body = answer(client, f"collections/zones/items/{zone.pk}")
    listed = answer(client, "collections/zones/items")["features"][0]
    assert {key: body[key] for key in ("id", "geometry", "properties")} == {
        key: listed[key] for key in ("id", "geometry", "properties")
    }
    assert body["properties"]["level"] == "red"
    assert body["properties"]["valid_from"] == f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
    for wrong in ("x", "00000000-0000-0000-0000-000000000000"):
        assert client.get(f"/ogc/collections/zones/items/{wrong}").status_code == 404
    assert client.get("/ogc/collections/nothing/items").status_code == 404


@pytest.mark.parametrize("code", ["4326", "4490", "4548", ""])
def test_each_coordinate_system_keeps_its_axis_order(
    world: World, client_of: Callable[[str], Client], code: str
) -> None:
    """EPSG says latitude (northing) first; pyproj, which keeps the authority's order, is the judge."""
    shelter, client = a_shelter(), client_of("bureau")
    uri = f"{EPSG}{code}" if code else CRS84
    response = client.get("/ogc/collections/shelters/items", {"crs": uri})
    assert response.headers["Content-Crs"] == f"<{uri}>"
    given = response.json()["features"][0]["geometry"]["coordinates"]
    wanted = (116.51, 30.61) if not code else (30.61, 116.51)
    if code == "4548":
        wanted = Transformer.from_crs("EPSG:4490", "EPSG:4548").transform(30.61, 116.51)
    assert given == pytest.approx(wanted, abs=1e-3 if code == "4548" else 1e-9)
    single = client.get(f"/ogc/collections/shelters/items/{shelter.pk}", {"crs": uri})
    assert single.json()["geometry"]["coordinates"] == given
    assert single.headers["Content-Crs"] == f"<{uri}>"
    x, y = wanted
    near = 100 if code == "4548" else 0.001
    box = f"{x - near},{y - near},{x + near},{y + near}"
    asked = {"bbox": box, "bbox-crs": uri}
    assert answer(client, "collections/shelters/items", **asked)["numberMatched"] == 1
    asked["bbox"] = f"{x + near},{y + near},{x + 2 * near},{y + 2 * near}"
    assert answer(client, "collections/shelters/items", **asked)["numberMatched"] == 0


def test_boxes_with_heights_and_over_the_antimeridian(
    world: World, client_of: Callable[[str], Client]
) -> None:
    a_shelter()
    client = client_of("bureau")
    for box, found in [
        ("116,30,0,117,31,100", 1),
        ("170,-10,-170,10", 0),
        ("116,30,-170,31", 1),
        ("117,30,116,31", 0),
        ("-180,-90,180,90", 1),
    ]:
        assert answer(client, "collections/shelters/items", bbox=box)["numberMatched"] == found, box


def test_times_narrow_what_holds_then(world: World, client_of: Callable[[str], Client]) -> None:
    a_zone(valid_to=NOW + timedelta(hours=2))
    a_zone(name="东坡", valid_from=NOW + timedelta(hours=1))
    a_zone(name="已解除", lifted_at=NOW)
    client = client_of("bureau")

    def names(period: str) -> set[str]:
        body = answer(client, "collections/zones/items", datetime=period)
        return {feature["properties"]["name"] for feature in body["features"]}

    def at(hours: float) -> str:
        return f"{NOW + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"

    assert names(at(0.5)) == {"后山"}
    assert names(at(1.5)) == {"后山", "东坡"}
    assert names(f"{at(2.5)}/..") == {"东坡"}
    assert names(f"../{at(0.5)}") == {"后山"}
    assert names("../..") == {"后山", "东坡"}
    assert names(f"{at(-2)}/{at(-1)}") == set()


def test_properties_narrow(world: World, client_of: Callable[[str], Client]) -> None:
    a_zone()
    a_zone(name="河湾", kind="flood")
    client = client_of("bureau")
    body = answer(client, "collections/zones/items", kind="flood")
    assert [feature["properties"]["name"] for feature in body["features"]] == ["河湾"]
    assert answer(client, "collections/zones/items", kind="flood", name="后山")["numberMatched"] == 0
    villages = answer(client, "collections/areas/items", level="village")
    assert {feature["id"] for feature in villages["features"]} == {JIA, YI, BING}
    assert {feature["geometry"]["type"] for feature in villages["features"]} == {"MultiPolygon"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bbox", "1,2,3"),
        ("bbox", "a,b,c,d"),
        ("bbox", "nan,0,1,1"),
        ("bbox", "0,0,inf,1"),
        ("bbox", "0,50,10,40"),
        ("bbox-crs", "EPSG:4326"),
        ("crs", f"{EPSG}3857"),
        ("limit", "0"),
        ("limit", "-1"),
        ("limit", "many"),
        ("limit", "٣"),
        ("datetime", "yesterday"),
        ("datetime", "2026-06-01T00:00:00"),
        ("datetime", "2026-06-02T00:00:00Z/2026-06-01T00:00:00Z"),
        ("datetime", "2026-13-45T00:00:00Z"),
        ("after", "x"),
        ("f", "html"),
        ("colour", "red"),
        ("name", "\0"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(
    world: World, client_of: Callable[[str], Client], name: str, text: str
) -> None:
    response = client_of("bureau").get("/ogc/collections/zones/items", {name: text})
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [name]


def test_each_reader_gets_their_own(world: World, client_of: Callable[[str], Client]) -> None:
    own, other = a_zone(JIA), a_zone(BING, name="西坡")
    client = client_of("east")
    assert [f["id"] for f in answer(client, "collections/zones/items")["features"]] == [str(own.pk)]
    assert client.get(f"/ogc/collections/zones/items/{other.pk}").status_code == 404
    assert answer(client_of("bureau"), "collections/zones/items")["numberMatched"] == 2
    assert answer(client_of("keeper"), "collections/zones/items")["numberMatched"] == 0
    assert answer(client_of("stranger"), "collections/zones/items")["numberMatched"] == 0
    nobody = client_of("nobody").get("/ogc/collections/zones/items")
    assert nobody.status_code == 401
    assert nobody.headers["WWW-Authenticate"] == "Bearer"


def bearer(world: World, account: str, **fields: Any) -> tuple[Any, dict[str, str]]:
    token, secret = tokens.make(
        name="地理信息系统",
        ends_at=fields.get("ends_at", NOW + timedelta(days=1)),
        by=world.rights(account),
        now=NOW - timedelta(days=2),
    )
    return token, {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def test_a_token_reads_as_its_person_until_revoked(world: World) -> None:
    a_zone(JIA)
    a_zone(BING, name="西坡")
    client = Client()
    token, header = bearer(world, "east")
    assert client.get("/ogc/collections/zones/items", **header).json()["numberMatched"] == 1
    assert client.get("/tiles/", **header).status_code == 200
    assert client.post("/api/events", "{}", content_type="application/json", **header).status_code == 401
    tokens.revoke(token.pk, by=world.rights("east"), now=NOW)
    assert client.get("/ogc/collections/zones/items", **header).status_code == 401


def test_a_token_ends_by_itself_and_with_the_account(world: World) -> None:
    client = Client()
    _, header = bearer(world, "east", ends_at=NOW - timedelta(seconds=1))
    assert client.get("/ogc/", **header).status_code == 401
    _, header = bearer(world, "east")
    assert client.get("/ogc/", **header).status_code == 200
    Person.objects.filter(pk=world["east"].pk).update(is_active=False)
    assert client.get("/ogc/", **header).status_code == 401
    assert client.get("/ogc/", HTTP_AUTHORIZATION="Bearer zq_guess").status_code == 401


def test_the_number_of_statements_does_not_grow(world: World, client_of: Callable[[str], Client]) -> None:
    client = client_of("bureau")

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    paths = [f"/ogc/collections/{one.name}/items" for one in collections.all()] + ["/ogc/collections"]
    a_zone(COUNTY)
    a_shelter()
    before = [cost(path) for path in paths]
    for number in range(50):
        a_zone(name=f"区{number}")
        a_shelter(name=f"点{number}")
    assert [cost(path) for path in paths] == before


def test_the_hxl_tags_are_tags() -> None:
    for one in collections.all():
        for field in one.fields.values():
            assert field.hxl.startswith("#"), field
        json.dumps(list(one.fields))
