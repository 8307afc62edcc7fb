"""Plans of a small county: made, explained, pinned, planned anew, approved by three, turned into papers."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from disaster.problems import Problem
from disaster.relief.funds.models import Account, Balance, Quota
from disaster.relief.needs import services as needs
from disaster.relief.needs.models import Application, Grant, Step
from disaster.relief.plan import services
from disaster.relief.plan.inputs import MONEY
from disaster.relief.plan.models import Scenario
from disaster.relief.plan.params import Params, PinAsked
from disaster.relief.plan.solve import explain
from disaster.relief.stock.models import Document
from tests.disaster.relief.funds.made import made as a_batch
from tests.disaster.relief.funds.made import second
from tests.disaster.relief.plan.made import approved, made, passed, ready, warehouse
from tests.disaster.relief.stock.made import a_place, goods, taken_in
from tests.world import BING, COUNTY, EAST, JIA, WEST, YI, World

pytestmark = pytest.mark.django_db


def _given(scenario: Scenario, item: str | None = "quilt") -> dict[str, int]:
    return dict(scenario.shares.filter(item=item).values_list("area_id", "given"))


def _number(act: Any) -> str:
    with pytest.raises(Problem) as caught:
        act()
    return caught.value.kind.number


def test_the_worst_off_come_first(world: World) -> None:
    scenario = made(world, ready(world))
    assert _given(scenario) == {JIA: 3, YI: 2, BING: 2} or _given(scenario) == {JIA: 4, YI: 2, BING: 1}
    assert sum(_given(scenario).values()) == 7
    assert scenario.state == "draft"
    assert scenario.figures["is_proven"]
    row = next(one for one in scenario.figures["items"] if one["item"] == "quilt")
    assert (row["need"], row["given"], row["stock"]) == (12, 7, 7)
    assert row["worst"] == pytest.approx(0.5)


def test_money_is_shared_to_the_yuan(world: World) -> None:
    scenario = made(world, ready(world, yuan=2001))
    money = _given(scenario, None)
    assert sum(money.values()) == 200_100
    assert all(fen % 100 == 0 for fen in money.values())


@pytest.mark.parametrize("policy", ["proportional", "priority", "fairest", "least"])
def test_every_village_is_told_why_in_both_languages(world: World, policy: str) -> None:
    scenario = made(world, ready(world), policy)
    for share in scenario.shares.all():
        chinese, english = (explain.say(share.why, language) for language in ("zh-hans", "en"))
        assert chinese.endswith("。")
        assert english.endswith(".")
        assert "{" not in chinese + english


def test_a_pin_is_kept_and_the_rest_planned_around_it(world: World) -> None:
    scenario = made(world, ready(world))
    pin = PinAsked(BING, "quilt", 0, "已由红十字会发放")
    later, lines = services.replan(scenario.pk, pins=[pin], by=world.rights("bureau"), now=timezone.now())
    assert _given(later)[BING] == 0
    assert sum(_given(later).values()) == 7
    scenario.refresh_from_db()
    assert scenario.state == "superseded"
    line = next(one for one in lines if one.village == BING and one.item == "quilt")
    assert line.after == 0
    assert "人工指定" in line.say("zh-hans")
    # And kept once more, without being named again.
    again, lines = services.replan(later.pk, by=world.rights("bureau"), now=timezone.now())
    assert _given(again)[BING] == 0
    assert lines == []


def test_a_pin_beyond_the_need_or_without_a_reason_is_refused(world: World) -> None:
    programme = ready(world)
    for pin in (
        PinAsked(BING, "quilt", 99, "多要"),
        PinAsked(BING, "quilt", 1, ""),
        PinAsked(COUNTY, "quilt", 1, "x"),
    ):
        with pytest.raises(Problem) as caught:
            made(world, programme, pins=[pin])
        assert caught.value.kind.number == "400.2"


def test_what_cannot_be_kept_is_named_with_how_much(world: World) -> None:
    programme = ready(world, quilts=2)
    with pytest.raises(Problem) as caught:
        made(world, programme, params=Params(least_pieces=1))
    assert caught.value.kind.number == "409.40"
    assert "棉被" in caught.value.message("zh-hans")
    assert caught.value.params["least"] == "1"
    assert sum(_given(made(world, programme, params=Params(least_pieces=0))).values()) == 2


def test_a_donors_wish_is_kept(world: World) -> None:
    programme = ready(world, quilts=2)
    taken_in(world, warehouse(), goods("quilt", 6, giver="某企业", intent=WEST), kind="donation")
    scenario = made(world, programme, params=Params(least_pieces=0))
    given = _given(scenario)
    assert given[BING] == 2  # all it needs, out of what was given for it
    assert given[JIA] + given[YI] == 2  # the other four are not for them
    told = {row.area_id: explain.say(row.why, "zh-hans") for row in scenario.shares.filter(item="quilt")}
    assert "去不了这里" in told[JIA]


def test_what_is_at_a_villages_own_point_is_for_that_village(world: World) -> None:
    programme = ready(world, quilts=3)
    taken_in(world, a_place("丙村储备点", BING), goods("quilt", 50))
    scenario = made(world, programme, params=Params(least_pieces=0))
    assert _given(scenario)[BING] == 2
    assert _given(scenario)[JIA] + _given(scenario)[YI] == 3


def test_three_people_or_not_at_all(world: World) -> None:
    scenario = made(world, ready(world))
    now = timezone.now()
    assert _number(lambda: services.review(scenario.pk, by=world.rights("bureau"), now=now)) == "409.41"
    other = second()
    services.review(scenario.pk, by=other, now=now)
    assert _number(lambda: services.approve(scenario.pk, by=other, now=now)) == "409.41"
    assert _number(lambda: services.approve(scenario.pk, by=world.rights("bureau"), now=now)) == "409.41"
    assert _number(lambda: services.make_orders(scenario.pk, by=world.rights("bureau"), now=now)) == "409.2"
    services.approve(scenario.pk, by=world.rights("leader"), now=now)
    assert Scenario.objects.get(pk=scenario.pk).state == "approved"


def test_an_approved_plan_becomes_papers_money_and_grants(world: World) -> None:
    scenario = approved(world, made(world, ready(world)))
    a_place("东乡储备点", EAST, kind="point")
    later = timezone.now() + timedelta(days=20)
    services.make_orders(scenario.pk, by=world.rights("bureau"), now=later)
    scenario.refresh_from_db()
    assert scenario.state == "ordered"
    orders = scenario.figures["orders"]
    # The east's villages share their township's point; the west's village had none: one was opened.
    assert orders["documents"] == 2
    documents = Document.objects.filter(plan_paper__scenario=scenario)
    assert sum(line.ordered for one in documents for line in one.lines.filter(item="quilt")) == 7
    aside = Balance.objects.filter(account__kind=Account.Kind.PLANNED, account__plan_id=scenario.pk)
    assert sum(aside.values_list("amount", flat=True)) == 200_000
    assert orders["refused"] == {}
    assert orders["granted"] == 12
    quilts = Grant.objects.filter(application__programme=scenario.programme, item="quilt")
    assert sum(quilts.values_list("quantity", flat=True)) == 7
    money = Grant.objects.filter(application__programme=scenario.programme, item=None)
    assert sum(money.values_list("quantity", flat=True)) == 200_000


def test_a_new_plan_takes_the_unsent_orders_back(world: World) -> None:
    programme = ready(world)
    first = approved(world, made(world, programme))
    later = timezone.now() + timedelta(days=20)
    services.make_orders(first.pk, by=world.rights("bureau"), now=later)
    pin = PinAsked(BING, "quilt", 1, "核实后减少")
    second_plan, _ = services.replan(first.pk, pins=[pin], by=world.rights("bureau"), now=later)
    first.refresh_from_db()
    assert first.state == "ordered"  # in force until the other is approved
    approved(world, second_plan)
    first.refresh_from_db()
    assert first.state == "superseded"
    services.make_orders(second_plan.pk, by=world.rights("bureau"), now=later)
    open_now = Document.objects.filter(plan_paper__scenario__programme=programme, state="ordered")
    assert {one.plan_paper.scenario_id for one in open_now} == {second_plan.pk}
    assert sum(line.ordered for one in open_now for line in one.lines.filter(item="quilt")) == 7
    aside = Balance.objects.filter(account__kind=Account.Kind.PLANNED)
    assert sum(aside.values_list("amount", flat=True)) == 200_000


def test_what_a_plan_takes_back_no_household_is_promised_any_more(world: World) -> None:
    programme = ready(world)
    first = approved(world, made(world, programme))
    later = timezone.now() + timedelta(days=20)
    services.make_orders(first.pk, by=world.rights("bureau"), now=later)
    assert _given(first)[BING]
    assert _given(first)[JIA] > 1
    pins = [PinAsked(BING, "quilt", 0, "路断"), PinAsked(JIA, "quilt", 1, "核实后减少")]
    second_plan, _ = services.replan(first.pk, pins=pins, by=world.rights("bureau"), now=later)
    approved(world, second_plan)
    services.make_orders(second_plan.pk, by=world.rights("bureau"), now=later)
    promised = Grant.objects.filter(application__programme=programme, item="quilt")
    by_village = Counter[str]()
    for area, quantity in promised.values_list("application__area_id", "quantity"):
        by_village[area] += quantity
    assert by_village == Counter({area: many for area, many in _given(second_plan).items() if many})
    assert by_village[JIA] == 1
    assert BING not in by_village


def test_whom_a_plan_leaves_nothing_waits_for_the_county_again(world: World, client_of: Any) -> None:
    """The quilt of a whole village was all it was granted: what stands is what the plan in force says."""
    programme = ready(world)
    params = Params(items=["quilt"])
    first = approved(world, made(world, programme, params=params))
    later, bureau = timezone.now() + timedelta(days=20), world.rights("bureau")
    services.make_orders(first.pk, by=bureau, now=later)
    mine = Application.objects.filter(programme=programme, area=BING)
    before = {one.pk for one in mine.filter(state="approved")}
    assert before
    pins = [PinAsked(BING, "quilt", 0, "路断")]
    second_plan, _ = services.replan(first.pk, pins=pins, by=bureau, now=later)
    approved(world, second_plan)
    services.make_orders(second_plan.pk, by=bureau, now=later)
    second_plan.refresh_from_db()
    assert second_plan.figures["orders"]["recalled"] >= len(before)
    assert second_plan.figures["orders"]["unmet"] == []
    assert set(mine.values_list("state", "notice_until")) == {("passed", None)}
    assert not Grant.objects.filter(application__in=mine).exists()
    granted = Grant.objects.filter(application__programme=programme, item="quilt")
    assert sum(granted.values_list("quantity", flat=True)) == 7
    step = Step.objects.filter(application__in=before, act="recall").first()
    assert step is not None
    assert (step.before, step.after, step.why) == ("approved", "passed", f"方案 {second_plan.number}")
    page = client_of("bureau").get(f"/plan/{second_plan.pk}/").content.decode()
    assert f"没有分到的 {second_plan.figures['orders']['recalled']} 户,核准已收回" in page
    # It may be given anew: by a plan, or approved by hand.
    third, _ = services.replan(second_plan.pk, pins=[], by=bureau, now=later)
    approved(world, third)
    services.make_orders(third.pk, by=bureau, now=later)
    assert mine.filter(state="approved").count() == len(before)


def test_who_cannot_be_granted_what_the_plan_says_is_named_with_both(world: World, client_of: Any) -> None:
    programme = ready(world)
    scenario = approved(world, made(world, programme))
    one = Application.objects.filter(programme=programme, area=JIA).first()
    assert one is not None
    needs.hold(one.pk, "群众反映", by=None, now=timezone.now())
    services.make_orders(scenario.pk, by=world.rights("bureau"), now=timezone.now() + timedelta(days=20))
    scenario.refresh_from_db()
    (told,) = scenario.figures["orders"]["unmet"]
    assert told["number"] == one.number
    assert all(stands == 0 < plan for plan, stands in told["goods"].values())
    page = client_of("bureau").get(f"/plan/{scenario.pk}/").content.decode()
    assert f'{one.number}</a> 甲村 <span class="badge">待县级审批</span>' in page
    assert "现有 0" in page
    assert "群众反映" in page


def test_a_falling_need_is_told_as_the_reason(world: World) -> None:
    programme = ready(world)
    first = made(world, programme, "proportional")
    passed(world, programme, BING, 3)
    proposal = services.propose(first, now=timezone.now())
    assert any("需求由 2 增为 5" in one.say("zh-hans") for one in proposal.lines if one.village == BING)
    assert Scenario.objects.count() == 1


def test_money_at_the_bank_is_committed_and_nobody_is_given_it_again(world: World) -> None:
    programme = ready(world)
    first = approved(world, made(world, programme, "proportional"))
    later = timezone.now() + timedelta(days=20)
    services.make_orders(first.pk, by=world.rights("bureau"), now=later)
    before = _given(first, None)
    batch = a_batch(world, programme, Quota.objects.get(), villages=[JIA])
    assert batch.lines.exists()
    sent = sum(batch.lines.values_list("amount", flat=True))
    proposal = services.propose(first, now=later)
    told = next(one for one in proposal.lines if one.village == JIA and one.item == MONEY)
    assert f"{sent // 100:,} 元已送银行代发" in told.say("zh-hans")
    assert told.before - told.after == sent // 100
    assert all(one.village == JIA for one in proposal.lines if one.item == MONEY)
    later_plan, _ = services.replan(first.pk, by=world.rights("bureau"), now=later)
    # What is at the bank counts for the village that it goes to; what is left is shared as before.
    assert _given(later_plan, None) == before
    supply = {(one["item"], one["source"]): one["quantity"] for one in later_plan.figures["supply"]}
    assert supply[MONEY, "flight"] == sent // 100
    assert supply[MONEY, "planned"] == 2000 - sent // 100
    share = later_plan.shares.get(area=JIA, item=None)
    assert "已送银行代发,等回盘" in explain.say(share.why, "zh-hans")
    # Ordered, the households keep what is on its way to them.
    approved(world, later_plan)
    services.make_orders(later_plan.pk, by=world.rights("bureau"), now=later)
    money = Grant.objects.filter(application__programme=programme, item=None)
    assert sum(money.values_list("quantity", flat=True)) == 200_000


def test_a_limit_over_goods_and_money_is_kept_and_told(world: World) -> None:
    programme = ready(world, quilts=12, coats=5)
    free = made(world, programme, params=Params(least_pieces=0, least_money_pct=0))
    spent = free.figures["worth"]
    limited = made(
        world,
        programme,
        params=Params(least_pieces=0, least_money_pct=0, spend_yuan=int(spent) - 300, room_kg={EAST: 9}),
    )
    assert limited.figures["worth"] <= spent - 300
    kinds = {one["kind"]: one for one in limited.figures["limits"]}
    assert kinds["weight"]["taken"] <= 9_000
    assert kinds["weight"]["stops"]
    told = explain.say(limited.shares.get(area=JIA, item="quilt").why, "zh-hans")
    assert "最多接收 9 公斤" in told


def test_minimums_beyond_a_limit_are_refused_by_name(world: World) -> None:
    programme = ready(world)
    with pytest.raises(Problem) as caught:
        made(world, programme, params=Params(person_yuan=1))
    assert caught.value.kind.number == "409.42"
    assert "甲村 每人不超过 1 元,超出" in caught.value.message("zh-hans")
    with pytest.raises(Problem) as caught:
        made(world, programme, params=Params(room_kg={"110000000000": 5}))
    assert caught.value.kind.number == "400.2"


def test_money_that_is_only_expected_can_be_planned(world: World) -> None:
    scenario = made(
        world, ready(world, yuan=1), params=Params(budget_yuan=1500, least_money_pct=0, items=[MONEY])
    )
    assert sum(_given(scenario, None).values()) == 150_000
    assert not scenario.allocations.exclude(quota=None).exists()


def test_a_village_that_no_road_reaches_is_told_so(world: World) -> None:
    from gis.models import Area

    programme = ready(world)
    Area.objects.filter(pk=YI).update(point=None)
    scenario = made(world, programme)
    share = scenario.shares.get(area=YI, item="quilt")
    assert share.given == 0
    assert "没有避开危险区和断路的路" in explain.say(share.why, "zh-hans")
    assert scenario.figures["unreached"] == 1
    Area.objects.filter(pk=YI).update(point=Point(116.53, 30.61, srid=4326))
    proposal = services.propose(scenario, now=timezone.now())
    assert any("恢复通行" in one.say("zh-hans") for one in proposal.lines if one.village == YI) or any(
        one.village == YI and one.after for one in proposal.lines
    )
