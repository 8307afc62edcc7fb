"""Deliveries for other programs: where goods go, what and how far, to each reader their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from tests.disaster.relief.stock.made import a_place, ordered, send, taken_in
from tests.world import EAST, WEST, World

pytestmark = pytest.mark.django_db
ITEMS = "/ogc/collections/deliveries/items"


def told(client: Client) -> list[dict[str, Any]]:
    answer = client.get(ITEMS)
    assert answer.status_code == 200, answer.content
    return answer.json()["features"]


def test_a_transfer_stands_where_it_arrives_and_names_nobody(
    world: World, client_of: Callable[[str], Client]
) -> None:
    store, east = a_place(), a_place("东乡储备点", EAST, point=Point(116.55, 30.62, srid=4326))
    west = a_place("西乡储备点", WEST)
    taken_in(world, store)
    paper = ordered(world, store, east, 40)
    ordered(world, store, west, 5)
    send(world, paper)
    (one,) = [each for each in told(client_of("bureau")) if each["properties"]["target"] == "东乡储备点"]
    assert one["geometry"]["coordinates"] == [116.55, 30.62]
    shown = one["properties"]
    assert (shown["number"], shown["state"], shown["source"]) == (paper.number, "sent", store.name)
    assert "40" in shown["goods"]
    assert [bool(shown[name]) for name in ("made_at", "sent_at", "received_at")] == [True, True, False]
    assert world["keeper"].name not in str(one)
    assert len(told(client_of("bureau"))) == 2
    assert [each["properties"]["target"] for each in told(client_of("east"))] == ["东乡储备点"]
