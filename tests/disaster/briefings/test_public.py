"""Maps for the public: with a review number or not at all, and nothing in them that is for inside."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from disaster.briefings import files
from disaster.briefings.maps import ground, public
from disaster.briefings.models import Briefing
from disaster.rules.models import Rule
from tests.disaster.briefings.made import a_briefing
from tests.world import EAST, JIA, WEST, YI, World

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "皖S(2026)88号"


def reviewed() -> None:
    Rule.objects.filter(key="map.approval").delete()
    Rule.objects.create(key="map.approval", value=NUMBER, valid_from=date(2020, 1, 1), source="省自然资源厅")


def addresses(briefing: Briefing) -> list[str]:
    return [f"/api/briefings/{briefing.pk}/maps/0?public=1", f"/api/briefings/{briefing.pk}/map?public=1"]


def test_without_a_review_number_nothing_is_made_and_the_words_say_what_to_do(
    world: World, client_of: Callable[[str], Client]
) -> None:
    bureau = client_of("bureau")
    for address in addresses(a_briefing(world)):
        answer = bureau.get(address)
        assert answer.status_code == 409
        assert "审图号" in answer.content.decode()


def test_the_public_variant_holds_nothing_that_is_for_inside(
    world: World, client_of: Callable[[str], Client]
) -> None:
    reviewed()
    made = a_briefing(world)
    printed, page = (client_of("bureau").get(address) for address in addresses(made))
    assert printed.content.startswith(b"\x89PNG")
    text = page.content.decode()
    assert NUMBER in text
    for inside in ("注意保密", "甲村", "乙村", JIA, YI, made.digest, "流水位置", str(made.pk), "逐项来源"):
        assert inside not in text, inside
    moments = json.loads(re.search(r"const moments = (\[.*?\]);\n", text)[1])  # type: ignore[index]
    assert moments[-1]["values"] == {EAST: 1320.0, WEST: 45.0}
    assert files.public_map(made, 2, size="A3").data.startswith(b"\x89PNG")


def test_only_who_makes_briefings_publishes_and_only_maps(
    world: World, client_of: Callable[[str], Client]
) -> None:
    reviewed()
    made = a_briefing(world)
    assert [client_of("auditor").get(address).status_code for address in addresses(made)] == [403, 403]
    assert client_of("bureau").get(f"/api/briefings/{made.pk}/pdf?public=1").status_code == 400
    assert client_of("bureau").get(f"/api/briefings/{made.pk}/maps/9?public=1").status_code == 404
    assert "公开地图" in client_of("bureau").get(f"/briefings/{made.pk}/").content.decode()
    assert "公开地图" not in client_of("auditor").get(f"/briefings/{made.pk}/").content.decode()


def test_the_ground_keeps_townships_alone(world: World) -> None:
    made = a_briefing(world)
    here = public.ground(ground.at(made.area, made.as_of))
    assert here.villages == []
    assert all(one.shape for one in here.townships), "their outline is that of their villages"


@pytest.mark.parametrize("seed", range(20))
def test_no_small_total_is_shown_or_can_be_worked_out_from_the_whole(seed: int) -> None:
    chance = random.Random(seed)
    sums = {str(at): Decimal(chance.choice([0, 1, 3, 4, 5, 9, 40])) for at in range(chance.randint(1, 7))}
    shown = public.shown(sums, least=5)
    assert all(value >= 5 for value in shown.values())
    untold = sum(sums.values()) - sum(shown.values())
    hidden = [value for code, value in sums.items() if value and code not in shown]
    assert not hidden or len(hidden) > 1 or not shown, "one alone would be the difference"
    assert untold == sum(hidden)
