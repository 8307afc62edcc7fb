"""The board: its figures are what needs says, read another way; what is late; who sees which village."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.relief.board import festival, queries
from disaster.relief.board.figures import CLOTHING, MONEY, rolled_up, total
from disaster.relief.board.late import late
from disaster.relief.disclosure.services.cases import Told, open_case
from disaster.relief.needs.models import Application, Grant, Programme
from disaster.relief.plan.models import Scenario, Share
from disaster.relief.receipts import services
from disaster.relief.stock import papers
from disaster.relief.stock import services as stock
from disaster.relief.stock.models import Document
from disaster.relief.stock.past import transfers_at
from gis.scope import AreaScope
from tests.disaster.relief.board.made import a_programme, an_application, at_random, granted
from tests.disaster.relief.stock.made import a_place, east_point, ordered, send, taken_in
from tests.world import BING, COUNTY, EAST, JIA, YI, World

pytestmark = pytest.mark.django_db
ALL = AreaScope.of([COUNTY])


def by_hand(programme: Programme, area: str) -> dict[str, Any]:
    """The figures of a village, counted row by row."""
    counted = {"submitted", "passed", "approved", "issued", "disclosed", "archived"}
    mine = [one for one in Application.objects.filter(programme=programme) if one.area_id == area]
    heard = [one for one in mine if one.state in counted]
    found: dict[str, Any] = {
        "households": len(heard),
        "persons": sum(one.persons for one in heard),
        CLOTHING: [sum(one.clothing for one in heard), 0, 0],
        MONEY: [100 * sum(one.heating_yuan + one.water_yuan for one in heard), 0, 0],
    }
    for grant in Grant.objects.select_related("application"):
        one = grant.application
        if one not in mine:
            continue
        amounts = [grant.quantity if one.state in counted else grant.settled, grant.settled]
        for key in [grant.item_id or MONEY, *([CLOTHING] if grant.item_id in ("quilt", "coat") else [])]:
            cell = found.setdefault(key, [0, 0, 0])
            cell[1], cell[2] = cell[1] + amounts[0], cell[2] + amounts[1]
    return found


@pytest.mark.parametrize("seed", range(6))
def test_figures_are_the_applications_counted_one_by_one(world: World, seed: int) -> None:
    programme, chance = a_programme(), random.Random(seed)
    at_random(programme, [JIA, YI, BING], chance, 25)
    at_random(a_programme(), [JIA, YI], chance, 5)  # another round of help is another matter
    rows = queries.villages(programme, ALL)
    for area in (JIA, YI, BING):
        row, wanted = rows[area], by_hand(programme, area)
        assert (row.households, row.persons) == (wanted.pop("households"), wanted.pop("persons"))
        cells = {key: [cell.need, cell.granted, cell.settled] for key, cell in row.cells.items()}
        assert cells == wanted
    towns = rolled_up(rows, 9)
    assert total(towns.values()) == total(rows.values())
    assert towns[EAST].persons == rows[JIA].persons + rows[YI].persons


def test_the_plan_in_force_says_what_is_needed(world: World) -> None:
    programme = a_programme()
    granted(an_application(programme, JIA, clothing=2), "quilt", 1)
    made = {"made_at": timezone.now(), "made_by": "市局", "made_by_id": 1, "position": 0}
    for number, (state, need) in enumerate([("draft", 9), ("approved", 5)], start=1):
        one = Scenario.objects.create(
            programme=programme, area_id=COUNTY, number=number, policy="least", state=state, **made
        )
        Share.objects.create(scenario=one, area_id=JIA, item_id="quilt", persons=2, need=need, given=1)
    cell = queries.villages(programme, ALL)[JIA].cell("quilt")
    assert (cell.need, cell.granted, cell.settled, cell.percent, cell.missing) == (5, 1, 0, 0, 1)


@pytest.mark.parametrize("count", [1, 60])
def test_a_programme_costs_one_statement(world: World, django_assert_num_queries: Any, count: int) -> None:
    programme = a_programme()
    at_random(programme, [JIA, YI, BING], random.Random(1), count)
    festival.ahead(date(2026, 11, 26))  # the rules are read once for all
    with django_assert_num_queries(1):
        queries.villages(programme, ALL)


def test_each_reader_gets_their_own_villages(client_of: Callable[[str], Client]) -> None:
    programme = a_programme()
    for area in (JIA, YI, BING):
        granted(an_application(programme, area), "quilt", 2, 1)
    for account, areas in (
        ("bureau", [JIA, YI, BING]),
        ("east", [JIA, YI]),
        ("jia_a", [JIA]),
        ("foreign", []),
    ):
        body = client_of(account).get("/api/relief/villages?item=quilt").json()
        assert list(body["areas"]) == areas, account
        assert all(row == [1, 2, 0, 2, 1] for row in body["areas"].values())
    assert client_of("foreign").get(f"/api/relief/villages?programme={programme.pk}").status_code == 404
    assert client_of("east").get(f"/relief/board/?area={BING}").status_code == 404
    assert client_of("bureau").get("/api/relief/villages?item=gold").status_code == 404


def test_the_page_shows_the_figures_and_opens_a_township(client_of: Callable[[str], Client]) -> None:
    programme = a_programme()
    granted(an_application(programme, JIA), None, 400_000, 130_000)
    page = client_of("bureau").get("/relief/board/").content.decode()
    assert all(words in page for words in ("东乡", "4,000", "1,300", "到户 32%"))
    assert "甲村" in client_of("bureau").get(f"/relief/board/?area={EAST}").content.decode()


def test_pages_cost_the_same_whatever_they_show(
    client_of: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    programme = a_programme()
    client = client_of("bureau")
    at_random(programme, [JIA, YI, BING], random.Random(2), 40)
    for path in ("/relief/board/", "/api/relief/villages", "/api/relief/late"):
        with django_assert_max_num_queries(16):
            assert client.get(path).status_code == 200


def test_days_to_spring_festival_are_counted_from_the_dated_table() -> None:
    assert festival.ahead(date(2026, 11, 26)) == (date(2027, 2, 5), 71)
    assert festival.ahead(date(2027, 2, 5)) == (date(2027, 2, 5), 0)
    assert festival.ahead(date(2027, 2, 6)) == (date(2028, 1, 25), 353)
    assert festival.ahead(date(2050, 1, 1)) is None
    assert festival.within(date(2026, 12, 1), date(2027, 5, 31)) == date(2027, 2, 5)


def test_what_is_late_is_told_where_it_is_late(world: World) -> None:
    store, point = a_place(), east_point()
    taken_in(world, store)
    waits = ordered(world, store, point, 5)
    spoken = ordered(world, store, point, 1, is_verbal=True)
    gone = send(world, ordered(world, store, point, 7))
    now = timezone.now()
    assert late(ALL, now=now) == []
    soon = now + timedelta(hours=25)
    assert [(one.kind, str(waits.number) in one.say("zh-hans")) for one in late(ALL, now=soon)] == [
        ("send", True),
        ("send", False),
    ]
    later = {(one.kind, one.url.split("/")[3]) for one in late(ALL, now=now + timedelta(hours=49))}
    assert later == {
        ("send", str(waits.pk)),
        ("send", str(spoken.pk)),
        ("paper", str(spoken.pk)),
        ("receive", str(gone.pk)),
    }
    assert late(AreaScope.of([BING]), now=now + timedelta(days=9)) == []
    Document.objects.filter(pk=gone.pk).update(state="cancelled", closed_at=now)
    assert ("receive", str(gone.pk)) not in {
        (one.kind, one.url.split("/")[3]) for one in late(ALL, now=now + timedelta(hours=49))
    }


def test_each_load_of_a_paper_is_late_by_itself(world: World) -> None:
    """Two loads and a rest: the paper's own times are the last load's, and hid the first and what was left."""
    store, point, start = a_place(), east_point(), timezone.now()
    taken_in(world, store)
    paper = ordered(world, store, point, 30)

    def at(hours: float) -> datetime:
        return start + timedelta(hours=hours)

    def load(number: int, hours: float) -> None:
        by = world.rights("keeper")
        stock.send(paper.pk, goods={"quilt": 10}, load=number, by=by, now=at(hours))

    def told(hours: float, **asked: bool) -> list[tuple[str, datetime]]:
        return [(one.kind, one.since) for one in late(ALL, now=at(hours), **asked)]

    def counted(hours: float) -> tuple[int, int, int]:
        return transfers_at(ALL, moment=at(hours))

    load(1, 1)
    load(2, 40)
    assert told(50) == [("receive", at(1 + 48))]
    assert told(70) == [("receive", at(49)), ("send", at(40 + 24))]
    assert late(ALL, now=at(70))[1].say("en").startswith("Rest of order")
    assert told(70, is_past=True) == told(70)
    load(3, 80)
    assert told(70, is_past=True) == [("receive", at(49)), ("send", at(64))], (
        "it waited, though it went later"
    )
    assert [kind for kind, _ in told(81)] == ["receive"]
    ((batch, left),) = papers.on_the_way(paper, 2).items()
    hand = services.Signed(
        id=uuid.uuid4(),
        document=paper.pk,
        load=2,
        counts={batch: {"received": left}},
        signer="东",
        taken_at=at(41),
    )
    services.sign(hand, by=world.rights("east"), now=at(41))
    assert told(50) == [("receive", at(49))], "the second load was signed for, the first was not"
    assert [counted(hours) for hours in (0.5, 30, 50)] == [(1, 0, 0), (0, 1, 0), (0, 1, 0)]
    ((batch, left),) = papers.on_the_way(paper, 1).items()
    services.sign(
        services.Signed(
            id=uuid.uuid4(),
            document=paper.pk,
            load=1,
            counts={batch: {"received": left}},
            signer="东",
            taken_at=at(51),
        ),
        by=world.rights("east"),
        now=at(51),
    )
    assert [counted(hours) for hours in (50, 52)] == [(0, 1, 0), (0, 0, 1)]
    assert told(52) == []


def test_what_is_found_later_moves_no_signature(world: World) -> None:
    """The load came when it was first signed for; who signs for what is found has a receipt of their own."""
    store, point, start = a_place(), a_place("甲村储备点", JIA), timezone.now()
    taken_in(world, store)
    paper = send(world, ordered(world, store, point, 30))

    def at(hours: float) -> datetime:
        return start + timedelta(hours=hours)

    def sign(hours: float, received: int, by: str) -> None:
        ((batch, _),) = papers.on_the_way(paper).items()
        hand = services.Signed(
            id=uuid.uuid4(),
            document=paper.pk,
            counts={batch: {"received": received}},
            signer=by,
            reason="清点不符",
            taken_at=at(hours),
        )
        services.sign(hand, by=world.rights(by), now=at(hours))

    def told(hours: float) -> list[tuple[str, datetime]]:
        found = late(ALL, now=at(hours), is_past=True)
        return [(one.kind, one.since) for one in found if one.kind in ("receive", "lies")]

    sign(2, 17, "jia_a")
    sign(60, 13, "east")
    load = paper.loads.get()
    assert (load.signed_at, load.signed_by) == (at(2), world.rights("jia_a").name)
    assert [(one.stored_at, one.by_name) for one in paper.receipts.order_by("stored_at")] == [
        (at(2), world.rights("jia_a").name),
        (at(60), world.rights("east").name),
    ]
    assert [transfers_at(ALL, moment=at(hours)) for hours in (1, 30, 61)] == [(0, 1, 0), (0, 0, 1), (0, 0, 1)]
    assert told(50) == [], "it was signed for in time, whatever was missing"
    assert told(2 + 73) == [], "the last of it came on the third day"
    assert told(60 + 73) == [("lies", at(60 + 72))]


def test_a_board_does_not_add_up_every_movement_there_ever_was(world: World) -> None:
    def asked(**how: bool) -> int:
        with CaptureQueriesContext(connection) as seen:
            late(ALL, now=timezone.now(), **how)
        return sum("stock_movement" in one["sql"] for one in seen)

    taken_in(world, a_place())
    assert asked() == 0
    assert asked(is_past=True) > 0


def test_that_somebody_complained_of_them_is_not_told_to_a_village(
    world: World, client_of: Callable[[str], Client]
) -> None:
    numbers = {}
    for kind in ("conduct", "goods"):
        case = open_case(
            uuid.uuid4(),
            Told(kind=kind, words="请核实", area=JIA),
            by=None,
            now=timezone.now() - timedelta(days=90),
        )
        numbers[case.number] = kind
    told = {
        account: {
            numbers[number]
            for number in numbers
            if number in client_of(account).get("/api/relief/late").content.decode()
        }
        for account in ("jia_a", "east", "bureau")
    }
    assert told == {"jia_a": {"goods"}, "east": {"conduct", "goods"}, "bureau": {"conduct", "goods"}}


def test_goods_that_lie_at_a_village_are_late(world: World) -> None:
    store, point = a_place(), a_place("甲村储备点", JIA)
    taken_in(world, store)
    paper = send(world, ordered(world, store, point, 7))
    counts = {batch: {"received": left} for batch, left in papers.on_the_way(paper).items()}
    services.sign(
        services.Signed(
            id=uuid.uuid4(), document=paper.pk, counts=counts, signer="甲一", taken_at=timezone.now()
        ),
        by=world.rights("jia_a"),
        now=timezone.now(),
    )
    assert late(ALL, now=timezone.now() + timedelta(hours=71)) == []
    (one,) = late(ALL, now=timezone.now() + timedelta(hours=73))
    assert (one.kind, one.area, one.say("en")) == (
        "lies",
        JIA,
        "甲村储备点 holds 7 that no household has yet",
    )


def test_money_that_was_approved_and_is_not_paid_in_time_is_late(world: World) -> None:
    programme, today = a_programme(), timezone.localdate()
    long_ago, lately = today - timedelta(days=60), today - timedelta(days=3)
    for area, ended, settled, fields in (
        (JIA, long_ago, 0, {}),
        (YI, long_ago, 9_000, {}),
        (JIA, lately, 0, {}),  # its days run still
        (YI, long_ago, 26_000, {}),  # paid
        (YI, long_ago, 0, {"held_at": timezone.now(), "held_why": "异议"}),
        (BING, long_ago, 0, {"state": "stopped"}),
    ):
        one = an_application(programme, area, notice_until=ended, **fields)
        granted(one, None, 26_000, settled)
    Grant.objects.update(decided_at=timezone.now() - timedelta(days=70))
    (found,) = [one for one in late(ALL, now=timezone.now()) if one.kind == "unpaid"]
    assert found.area == EAST
    assert found.say("zh-hans") == "东乡 2 户 430.00 元资金已核准未到户"
    assert str(programme.pk) in found.url
    assert found.since.date() > long_ago + timedelta(days=13), "ten working days after the notice"
    assert [one for one in late(AreaScope.of([BING]), now=timezone.now()) if one.kind == "unpaid"] == []
