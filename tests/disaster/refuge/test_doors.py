"""The pages and doors of shelters and plans: counted once, said in words, and cheap whatever the size."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.journal.models import Entry
from disaster.refuge import shelters, stays
from disaster.refuge.evacuation import plans
from disaster.refuge.models import Passage
from gis.models import Closure, Shelter
from tests.disaster.refuge.made import a_shelter
from tests.gis import grid
from tests.world import BING, COUNTY, JIA, YI, World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def test_people_sent_twice_are_counted_once(world: World, client_of: Browser) -> None:
    shelter, once = a_shelter(world), str(uuid.uuid4())
    door = f"/api/shelters/{shelter.pk}/in"
    told = [post(client_of("jia_a"), door, id=once, persons=7, village=JIA).json() for _ in range(2)]
    assert [one["occupancy"] for one in told] == [7, 7]
    assert Passage.objects.count() == 1


def test_a_full_shelter_asks_for_the_reason_by_name(world: World, client_of: Browser) -> None:
    shelter = a_shelter(world)
    answer = post(client_of("keeper"), f"/api/shelters/{shelter.pk}/in", id=str(uuid.uuid4()), persons=101)
    assert answer.status_code == 409
    assert list(answer.json()["errors"]) == ["reason"]
    assert Shelter.objects.get().occupancy == 0


def test_the_list_masks_the_keepers_number_and_says_what_bars_a_shelter(
    world: World, client_of: Browser
) -> None:
    shelter = a_shelter(world, keeper="王五", keeper_phone="13800138000")
    (row,) = client_of("leader").get("/api/shelters").json()["shelters"]
    assert "13800138000" not in str(row)
    assert row["keeper_phone"].startswith("138")
    assert row["zones"] == []
    page = client_of("leader").get(f"/shelters/{shelter.pk}/").content.decode()
    assert "13800138000" not in page
    shown = post(client_of("auditor"), f"/api/shelters/{shelter.pk}/phone").json()
    assert shown == {"phone": "13800138000"}
    assert Entry.objects.filter(verb="shelter.revealed").count() == 1


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("path", ["/shelters/", "/api/shelters", "/evacuation/", "/api/evacuations"])
def test_a_list_costs_the_same_for_two_and_for_twenty(world: World, client_of: Browser, path: str) -> None:
    client, by = client_of("bureau"), world.rights("bureau")

    def more(count: int, word: str) -> None:
        for number in range(count):
            a_shelter(world, name=f"{word}{number}", keeper="甲", keeper_phone="13800138000")
            plans.make(villages={YI: 5}, name=f"{word}{number}", by=by, now=timezone.now())

    more(2, "先")
    few = cost(client, path)
    more(18, "后")
    assert cost(client, path) == few


def test_a_plans_page_costs_the_same_for_one_and_for_three_villages(world: World, client_of: Browser) -> None:
    for number in range(4):
        a_shelter(world, name=f"场{number}")
    by, now = world.rights("bureau"), timezone.now()
    few, many = (plans.make(villages=one, by=by, now=now) for one in ({YI: 5}, {JIA: 90, YI: 90, BING: 90}))
    client = client_of("bureau")
    assert cost(client, f"/evacuation/{few.pk}/") == cost(client, f"/evacuation/{many.pk}/")


def test_a_closed_road_makes_a_plan_outdated_and_its_proposal_goes_elsewhere(
    world: World, client_of: Browser
) -> None:
    grid.build(6)
    near, far = (
        a_shelter(world, name=name, area=area, lon=lon, lat=30.61, usable_area_m2=4000)
        for name, area, lon in (("近", YI, 116.52), ("远", BING, 116.55))
    )
    plan = plans.make(villages={JIA: 50}, by=world.rights("bureau"), now=timezone.now())
    client = client_of("bureau")
    told = client.get(f"/api/evacuations/{plan.pk}").json()
    assert ([row["shelter_name"] for row in told["rows"]], told["how"]) == (["近"], "roads")
    assert told["outdated"] == []
    Closure.objects.create(
        area_id=COUNTY,
        shape=near.point,
        radius_m=300,
        reason="塌方",
        valid_from=timezone.now(),
        by_name="市局",
    )
    told = client.get(f"/api/evacuations/{plan.pk}").json()
    assert len(told["outdated"]) == 1
    assert "近" in told["outdated"][0]
    proposal = client.get(f"/api/evacuations/{plan.pk}/proposal").json()
    assert [row["shelter"] for row in proposal["rows"]] == [str(far.pk)]
    (one,) = proposal["difference"]
    assert [[(each["shelter"], each["persons"]) for each in one[when]] for when in ("before", "after")] == [
        [("近", 50)],
        [("远", 50)],
    ]
    assert "塌方" in one["why"][0]
    page = client.get(f"/evacuation/{plan.pk}/?anew=1").content.decode()
    assert "方案已过时" in page
    assert "采用新方案" in page
    renewed = post(client, f"/api/evacuations/{plan.pk}/renew", version=1)
    assert renewed.json()["version"] == 2
    assert "方案仍然有效" in client.get(f"/evacuation/{plan.pk}/").content.decode()


def test_the_paper_has_every_row_with_room_for_a_signature(world: World, client_of: Browser) -> None:
    a_shelter(world, name="乙村<小学>", area=YI, usable_area_m2=40)
    plan = plans.make(villages={JIA: 50}, by=world.rights("east"), now=timezone.now())
    page = client_of("east").get(f"/evacuation/{plan.pk}/print/").content.decode()
    assert "责任人签字" in page
    assert "无处安置" in page
    assert "乙村&lt;小学&gt;" in page
    assert "<小学>" not in page
    assert "<svg" in page


def test_an_old_version_is_still_shown(world: World, client_of: Browser) -> None:
    by, now = world.rights("bureau"), timezone.now()
    first = a_shelter(world, name="先")
    plan = plans.make(villages={YI: 20}, by=by, now=now)
    a_shelter(world, name="后", area=YI, lon=116.53)
    shelters.close_shelter(first, by=by, now=now)
    stays.check_in(Shelter.objects.get(name="后").pk, passage=uuid.uuid4(), persons=1, by=by, now=now)
    plans.renew(plan.pk, version=1, by=by, now=now)
    client = client_of("leader")
    assert client.get(f"/api/evacuations/{plan.pk}?version=1").json()["rows"][0]["shelter_name"] == "先"
    assert client.get(f"/api/evacuations/{plan.pk}").json()["rows"][0]["shelter_name"] == "后"
    assert client.get(f"/api/evacuations/{plan.pk}?version=9").status_code == 404
    assert client.get(f"/evacuation/{plan.pk}/?version=9").status_code == 404
