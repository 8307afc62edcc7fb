"""Evacuation plans: who goes where, why, when a plan no longer holds, and what changes in the next."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from disaster.problems import Problem
from disaster.refuge import shelters, stays
from disaster.refuge.evacuation import explain, outlook, plans
from disaster.refuge.models import Plan
from gis.models import HazardZone, Shelter
from tests.disaster.refuge.made import a_shelter
from tests.world import BING, JIA, YI, World, square

pytestmark = pytest.mark.django_db
A_MINUTE = timedelta(minutes=1)


def a_zone(**fields: Any) -> HazardZone:
    """Red, over the western half of village 甲."""
    values = {
        "name": "甲河",
        "kind": "flood",
        "level": "red",
        "area_id": JIA,
        "boundary": square(116.50, 30.60, 0.02),
        "valid_from": timezone.now() - A_MINUTE,
    }
    return HazardZone.objects.create(**{**values, **fields})


def far(world: World, name: str, lon: float, places: int, area: str = YI) -> Shelter:
    return a_shelter(world, name=name, area=area, lon=lon, usable_area_m2=places * 2)


def plan_of(world: World, **fields: Any) -> Plan:
    return plans.make(by=world.rights("bureau"), now=timezone.now(), **fields)


def told(plan: Plan) -> dict[str, Any]:
    result: dict[str, Any] = plans.newest(plan).result
    return result


def stale(plan: Plan) -> list[str]:
    plan.refresh_from_db()
    now = timezone.now() + A_MINUTE
    return [one["key"] for one in outlook.of(plan, plans.newest(plan), now=now)]


def test_a_zones_people_go_to_shelters_outside_it_and_the_reason_is_said(world: World) -> None:
    inside = a_shelter(world)
    far(world, "乙村小学", 116.53, 600)
    far(world, "丙村小学", 116.55, 300, BING)
    result = told(plan_of(world, zone_id=a_zone().pk))
    assert {row["shelter_name"]: row["persons"] for row in result["rows"]} == {
        "乙村小学": 600,
        "丙村小学": 300,
    }
    assert inside.name not in str([row["shelter_name"] for row in result["rows"]])
    assert [row["persons"] for row in result["unplaced"]] == [100]
    assert "满" in explain.say(result["unplaced"][0]["why"], "zh-hans")
    assert "甲河" in explain.say(result["rows"][0]["why"], "zh-hans")
    assert result["how"] == "straight"
    assert result["objective"] == pytest.approx(result["bound"])


def test_a_shelter_too_close_to_a_zone_is_none(world: World) -> None:
    a_shelter(world, lon=116.5203)  # 30 m beyond its edge
    zone = a_zone()
    result = told(plan_of(world, zone_id=zone.pk))
    assert result["rows"] == []
    assert result["unplaced"][0]["why"]["key"] == "no_shelter"


def test_a_weather_warning_bars_no_shelter(world: World) -> None:
    a_shelter(world, usable_area_m2=4000)
    result = told(plan_of(world, zone_id=a_zone(kind="weather").pk))
    assert [row["persons"] for row in result["rows"]] == [1000]
    assert result["rows"][0]["why"] == {"key": "nearest"}


def test_villages_picked_by_hand_with_pins(world: World) -> None:
    one, other = far(world, "近", 116.53, 50), far(world, "远", 116.55, 50)
    pins = [{"village": YI, "shelter": str(other.pk), "persons": 20}]
    result = told(plan_of(world, villages={YI: 40}, pins=pins))
    assert {row["shelter"]: row["persons"] for row in result["rows"]} == {str(one.pk): 20, str(other.pk): 20}


def test_a_closed_shelter_makes_a_plan_outdated_and_the_next_tells_the_difference(world: World) -> None:
    near, other = far(world, "近", 116.53, 500), far(world, "远", 116.56, 500)
    by, now = world.rights("bureau"), timezone.now()
    plan = plan_of(world, villages={YI: 100})
    assert stale(plan) == []
    shelters.close_shelter(near, reason="进水", by=by, now=now)
    assert stale(plan) == ["was_closed"]
    plan, changed = plans.renew(plan.pk, version=1, by=by, now=now)
    (one,) = changed
    assert [(place["shelter"], place["persons"]) for place in one["before"]] == [("近", 100)]
    assert [(place["shelter"], place["persons"]) for place in one["after"]] == [("远", 100)]
    assert explain.say(one["why"][0], "zh-hans") == "近已关闭"
    assert plans.newest(plan).why == "近已关闭"
    assert stale(plan) == []
    with pytest.raises(Problem) as caught:
        plans.renew(plan.pk, version=1, by=by, now=now)
    assert caught.value.kind.number == "409.5"
    assert told(plan)["rows"][0]["shelter"] == str(other.pk)


def test_strangers_fill_a_shelter_but_the_plans_own_arrivals_do_not(world: World) -> None:
    shelter, by = far(world, "近", 116.53, 100), world.rights("bureau")
    plan = plan_of(world, villages={YI: 80})
    now = timezone.now()
    stays.check_in(shelter.pk, passage=uuid.uuid4(), persons=60, village=YI, by=by, now=now)
    assert stale(plan) == []
    stays.check_in(shelter.pk, passage=uuid.uuid4(), persons=30, village=BING, by=by, now=now)
    assert stale(plan) == ["was_filled"]
    plan, _ = plans.renew(plan.pk, version=1, by=by, now=now)
    assert (told(plan)["placed"], told(plan)["persons"]) == (10, 20)


def test_a_zone_that_reaches_a_shelter_or_is_changed_makes_a_plan_outdated(world: World) -> None:
    far(world, "近", 116.53, 2000)
    zone = a_zone()
    plan = plan_of(world, zone_id=zone.pk)
    a_zone(name="乙河", area_id=YI, boundary=square(116.525, 30.60))
    assert stale(plan) == ["was_barred"]
    HazardZone.objects.filter(pk=zone.pk).update(version=2)
    assert stale(plan) == ["zone_changed", "was_barred"]
    HazardZone.objects.filter(pk=zone.pk).update(lifted_at=timezone.now())
    assert "zone_over" in stale(plan)


@pytest.mark.parametrize(("account", "number"), [("jia_a", "403.1"), ("leader", "403.1"), ("west", "400.2")])
def test_who_may_plan(world: World, account: str, number: str) -> None:
    with pytest.raises(Problem) as caught:
        plans.make(villages={JIA: None}, by=world.rights(account), now=timezone.now())
    assert caught.value.kind.number == number


def test_an_ended_plan_is_not_renewed(world: World) -> None:
    far(world, "近", 116.53, 100)
    plan, by, now = plan_of(world, villages={YI: 10}), world.rights("bureau"), timezone.now()
    plans.end(plan.pk, by=by, now=now)
    with pytest.raises(Problem) as caught:
        plans.renew(plan.pk, version=1, by=by, now=now)
    assert caught.value.kind.number == "409.2"
