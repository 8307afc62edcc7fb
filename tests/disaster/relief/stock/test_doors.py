"""The pages and doors of stock: forms that name what is wrong, and pages as cheap for many places as for few."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from disaster.relief.stock.models import Balance, Document, Place
from tests.disaster.relief.stock.made import a_place, east_point, ordered, send, sign, taken_in
from tests.world import BING, COUNTY, EAST, JIA, YI, World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def test_an_allotment_comes_in_with_every_item_a_batch_of_its_own(world: World, client_of: Browser) -> None:
    store = a_place()
    answer = post(
        client_of("keeper"),
        "/api/stock/incoming",
        id=str(uuid.uuid4()),
        kind="upper",
        place=str(store.pk),
        reference="皖应急〔2026〕7号",
        goods={
            "quilt": {"quantity": 1260, "price": "128.00", "expires_on": "2034-01-01"},
            "coat": {"quantity": 360, "price": "96"},
        },
    )
    assert answer.status_code == 201
    assert answer.json()["document"]["goods"] == {"coat": 360, "quilt": 1260}
    page = client_of("leader").get("/stock/").content.decode()
    assert all(text in page for text in ("1260", "360", "195840.00"))


@pytest.mark.parametrize(
    ("goods", "named"),
    [
        ({}, "goods"),
        ({"quilt": {"quantity": 0}}, "goods.quilt.quantity"),
        ({"sofa": {"quantity": 1}}, "goods.sofa"),
        ({"quilt": {"quantity": 1, "price": "-1"}}, "goods.quilt.price"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(
    world: World, client_of: Browser, goods: dict[str, Any], named: str
) -> None:
    store = a_place()
    answer = post(
        client_of("keeper"),
        "/api/stock/incoming",
        id=str(uuid.uuid4()),
        kind="purchase",
        place=str(store.pk),
        goods=goods,
    )
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [named])
    assert not Document.objects.exists()


def test_a_township_orders_from_its_own_point_to_its_villages(world: World, client_of: Browser) -> None:
    store, point, village = a_place(), east_point(), a_place("甲村储备点", JIA)
    taken_in(world, store)
    document = ordered(world, store, point, 40)
    send(world, document)
    sign(world, document, "east")
    goods = {"quilt": 15}
    told = post(
        client_of("east"),
        "/api/stock/orders",
        id=str(uuid.uuid4()),
        source=str(point.pk),
        target=str(village.pk),
        goods=goods,
    )
    assert told.status_code == 201
    sent = post(client_of("east"), f"/api/stock/documents/{told.json()['document']['id']}/send")
    assert (sent.status_code, Balance.objects.get(place=point).quantity) == (200, 25)
    beyond = post(
        client_of("east"),
        "/api/stock/orders",
        id=str(uuid.uuid4()),
        source=str(store.pk),
        target=str(point.pk),
        goods=goods,
    )
    assert beyond.status_code in (403, 404)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": " "}, "name"),
        ({"name": "东乡储备点"}, "name"),
        ({"kind": "supplier"}, "kind"),
        ({"lon": 500.0}, "lon"),
    ],
)
def test_a_place_is_entered_with_what_it_needs(
    world: World, client_of: Browser, fields: dict[str, Any], named: str
) -> None:
    east_point()
    entry = {"id": str(uuid.uuid4()), "name": "二号点", "area": EAST, "lon": 116.5, "lat": 30.6}
    answer = post(client_of("east"), "/api/stock/places", **{**entry, **fields})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [named])
    assert post(client_of("east"), "/api/stock/places", **entry).status_code == 201
    assert post(client_of("east"), "/api/stock/places", **entry).status_code == 201
    assert Place.objects.filter(name="二号点").count() == 1


@pytest.mark.parametrize("address", ["/stock/", "/api/stock"])
def test_many_places_cost_what_few_do(world: World, client_of: Browser, address: str) -> None:
    store, client = a_place(), client_of("bureau")
    taken_in(world, store)
    costs = []
    for number, areas in enumerate([[JIA], [YI, BING, EAST] * 12]):
        for at, area in enumerate(areas):
            point = a_place(f"点{number}-{at}", area, point=Point(116.5, 30.6, srid=4326))
            ordered(world, store, point, 1)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_a_page_opens_for_each_thing(world: World, client_of: Browser) -> None:
    store, point = a_place(), east_point()
    taken_in(world, store)
    document = ordered(world, store, point, 7, is_verbal=True)
    client = client_of("bureau")
    batch = Balance.objects.get(place=store).batch_id
    for address in (
        f"/stock/?area={COUNTY}",
        f"/stock/places/{store.pk}/",
        f"/stock/documents/{document.pk}/",
        f"/stock/batches/{batch}/",
        "/stock/in/",
        f"/stock/order/?source={store.pk}",
        "/stock/places/new/",
    ):
        page = client.get(address)
        assert page.status_code == 200, address
    assert client.get("/stock/?area=11").status_code == 404


@pytest.mark.parametrize("area", ["340882", "340882abcdef", "三四〇八八二一〇一二〇一", "340881000000"])
@pytest.mark.parametrize("page", ["/stock/", "/relief/board/"])
def test_an_odd_or_foreign_area_in_the_address_is_not_found(
    world: World, client_of: Browser, page: str, area: str
) -> None:
    assert client_of("bureau").get(page, {"area": area}).status_code == 404
