"""Differences: every hop closes or somebody answers for it, and somebody else than who had the goods settles it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.journal.models import Entry
from disaster.problems import Problem
from disaster.relief.receipts import custody, services
from disaster.relief.receipts.models import Case
from disaster.relief.stock import papers
from disaster.relief.stock import services as stock
from disaster.relief.stock.models import Balance, Batch, Document, Place
from tests.disaster.relief.receipts.made import a_case, a_village_point, granted, issue
from tests.disaster.relief.stock.made import a_place, east_point, goods, ordered, send, signed, taken_in
from tests.world import JIA, World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def paper(world: World) -> Document:
    """Forty quilts on their way from the county to the eastern township, sent by the keeper."""
    store = a_place()
    taken_in(world, store)
    return send(world, ordered(world, store, east_point(), 40))


def quilts(kind: Place.Kind) -> int:
    return sum(row.quantity for row in Balance.objects.filter(place__kind=kind))


def counted(
    world: World, paper: Document, reason: str = "清点不符", account: str = "east", **counts: int
) -> None:
    signed(world, paper, {Batch.objects.get().pk: counts}, account, reason)


def settled(
    world: World, case: Case, resolution: str, account: str = "bureau", words: str = "已查清"
) -> Case:
    return services.settle(
        case.pk, resolution=resolution, words=words, by=world.rights(account), now=timezone.now()
    )


def refused(act: Callable[[], Any]) -> Problem:
    with pytest.raises(Problem) as caught:
        act()
    return caught.value


def test_thirteen_missing_quilts_open_a_case_with_an_owner_and_a_clock(world: World, paper: Document) -> None:
    counted(world, paper, "短少13床", received=27)
    case = Case.objects.get()
    assert (case.kind, case.quantity, case.holder, case.area_code) == ("short", 13, "库管", "340882101000")
    assert (case.due - case.opened_at, case.reason) == (timedelta(hours=72), "短少13床")
    (hop,) = custody.custody(Batch.objects.get()).stopped
    assert (hop.source, hop.target, hop.sent, hop.received, hop.missing, hop.case) == (
        "市储备库",
        "东乡储备点",
        40,
        27,
        13,
        case.number,
    )


def test_what_is_found_later_settles_itself_bit_by_bit(world: World, paper: Document) -> None:
    counted(world, paper, received=27)
    counted(world, paper, received=3)
    assert Case.objects.get().quantity == 10
    counted(world, paper, received=10)
    case = Case.objects.get()
    assert (case.state, case.resolution) == ("settled", "found")
    paper.refresh_from_db()
    assert paper.state == "closed"
    assert custody.custody(Batch.objects.get()).closes


@pytest.mark.parametrize(
    ("resolution", "lost", "at_source"), [("lost", 13, 60), ("paid", 13, 60), ("at_source", 0, 73)]
)
def test_what_became_of_the_missing_is_booked(
    world: World, paper: Document, resolution: str, lost: int, at_source: int
) -> None:
    counted(world, paper, received=27)
    settled(world, Case.objects.get(), resolution)
    paper.refresh_from_db()
    assert (paper.state, quilts(Place.Kind.LOST), quilts(Place.Kind.TRANSIT)) == ("closed", lost, 0)
    assert Balance.objects.get(place=paper.source).quantity == at_source
    assert refused(lambda: settled(world, Case.objects.get(), resolution)).kind.number == "409.2"


def test_damaged_ones_are_scrapped_at_once_and_still_answered_for(world: World, paper: Document) -> None:
    counted(world, paper, "雨淋", received=38, damaged=2)
    case = Case.objects.get()
    assert (case.kind, case.quantity, quilts(Place.Kind.SCRAP)) == ("damaged", 2, 2)
    paper.refresh_from_db()
    assert paper.state == "closed", "every quilt of the paper is accounted for"
    assert not custody.custody(Batch.objects.get()).closes, "the case is not"
    settled(world, case, "spoilt")
    assert custody.custody(Batch.objects.get()).closes


def test_what_is_over_is_booked_as_found_or_was_miscounted(world: World, paper: Document) -> None:
    counted(world, paper, "多2床", received=40, over=2)
    point = paper.target
    assert Balance.objects.get(place=point).quantity == 40
    settled(world, Case.objects.get(), "booked")
    assert (Balance.objects.get(place=point).quantity, quilts(Place.Kind.COUNT)) == (42, -2)


def test_nothing_is_over_while_some_is_missing(world: World, paper: Document) -> None:
    assert list(refused(lambda: counted(world, paper, received=30, over=2)).errors) == ["counts"]
    assert list(refused(lambda: counted(world, paper, "", received=40, over=2)).errors) == ["reason"]
    assert not Case.objects.exists()


def test_nobody_settles_their_own_difference(world: World, paper: Document) -> None:
    counted(world, paper, received=27)
    assert list(refused(lambda: settled(world, Case.objects.get(), "lost", "east")).errors) == ["by"]


def test_who_may(world: World, paper: Document) -> None:
    counted(world, paper, received=27, account="bureau")
    case = Case.objects.get()
    told = {
        who: refused(lambda who=who: settled(world, case, "lost", who)).kind.number
        for who in ("east", "jia_a", "west", "keeper", "leader", "foreign")
    }
    assert told == {
        # A township reviewer sees to what moves no goods; writing off is the county's.
        **{"east": "403.1", "keeper": "403.1", "leader": "403.1"},
        **{"jia_a": "404.1", "west": "404.1", "foreign": "404.1"},
    }
    assert Case.objects.get().state == "open"


@pytest.mark.parametrize(
    ("resolution", "words", "named"), [("spoilt", "x", "resolution"), ("lost", " ", "words")]
)
def test_what_is_wrong_is_named(
    world: World, paper: Document, resolution: str, words: str, named: str
) -> None:
    counted(world, paper, received=27)
    case = Case.objects.get()
    assert list(refused(lambda: settled(world, case, resolution, words=words)).errors) == [named]


def test_a_batch_closes_when_all_of_it_ended_and_every_case_is_settled(world: World) -> None:
    point = a_village_point(world, quilts=100)
    batch = Balance.objects.get(place=point).batch
    by, now = world.rights("bureau"), timezone.now()

    def close() -> str:
        return refused(lambda: services.close_batch(batch.pk, by=by, now=now)).kind.number

    application = granted(world)
    issue(world, application, point)
    assert close() == "409.60"
    _scrap(world, point, batch, 98)
    services.close_batch(batch.pk, by=by, now=now)
    batch.refresh_from_db()
    assert batch.closed_by == "市局"
    # What a household gives back opens it again.
    services.take_back(
        services.GivenBack(
            id=application.pk,
            application=application.pk,
            place=point.pk,
            goods={"quilt": {"whole": 1}},
            signer="张守田",
            reason="迁出",
            taken_at=now,
        ),
        by=world.rights("jia_a"),
        now=now,
    )
    batch.refresh_from_db()
    assert batch.closed_at is None


def test_a_batch_with_an_open_case_does_not_close(world: World, paper: Document) -> None:
    counted(world, paper, received=38, damaged=2)
    batch = Batch.objects.get()
    _scrap(world, paper.target, batch, 38)
    _scrap(world, paper.source, batch, 60)
    by = world.rights("bureau")
    assert refused(lambda: services.close_batch(batch.pk, by=by, now=timezone.now())).kind.number == "409.65"
    settled(world, Case.objects.get(), "replaced")
    services.close_batch(batch.pk, by=by, now=timezone.now())


def _scrap(world: World, place: Place, batch: Batch, quantity: int) -> None:
    stock.scrap(
        uuid4(),
        place=place.pk,
        batch=batch.pk,
        quantity=quantity,
        reason="霉变",
        by=world.rights("bureau"),
        now=timezone.now(),
    )


def test_pages_and_doors(world: World, client_of: Browser, paper: Document) -> None:
    counted(world, paper, "短少13床", received=27)
    case, batch = Case.objects.get(), Batch.objects.get()
    bureau = client_of("bureau")
    told = bureau.get("/api/cases").json()
    assert [(one["quantity"], one["item"], one["lon"]) for one in told["open"]] == [(13, "棉被", 116.5)]
    chain = bureau.get(f"/api/stock/batches/{batch.pk}/custody").json()
    assert (chain["closes"], chain["hops"][0]["missing"], chain["hops"][0]["target"]) == (
        False,
        13,
        "东乡储备点",
    )
    assert "13 床" in bureau.get("/cases/").content.decode()
    page = bureau.get(f"/stock/batches/{batch.pk}/").content.decode()
    assert "有 13 床 停在下面几程" in page
    assert case.number in page
    assert 'name="resolution"' not in client_of("east").get("/cases/").content.decode(), "they signed for it"
    answer = bureau.post(
        f"/api/cases/{case.pk}/settle",
        {"resolution": "lost", "words": "途中遗失"},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["case"]["state"]) == (200, "settled")
    assert bureau.get("/api/cases").json()["open"] == []


def test_the_cases_page_costs_the_same_for_one_and_for_twenty(world: World, client_of: Browser) -> None:
    store, point, client = a_place(), a_place("甲村储备点", JIA), client_of("bureau")
    taken_in(world, store, goods(quantity=400))
    costs = []
    for more in (1, 19):
        for _ in range(more):
            paper = send(world, ordered(world, store, point, 5))
            counted(world, paper, received=4, account="jia_a")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/cases/").status_code == 200
        costs.append(len(asked))
    assert Case.objects.count() == 20
    assert costs[0] == costs[1]


def test_a_case_is_given_to_another_person_with_a_reason_that_stays(world: World, paper: Document) -> None:
    counted(world, paper, received=27)
    case = Case.objects.get()
    assert case.holder == world["keeper"].name

    def given(who: str, reason: str = "驾驶员途中转交", by: str = "bureau") -> Case:
        return services.reassign(
            case.pk, person=world[who].pk, reason=reason, by=world.rights(by), now=timezone.now()
        )

    assert list(refused(lambda: given("bing_a", reason="")).errors) == ["reason"]
    assert list(refused(lambda: given("keeper")).errors) == ["person"]
    assert list(refused(lambda: given("foreign")).errors) == ["person"]
    assert refused(lambda: given("bureau", by="keeper")).kind.number == "403.1"
    assert given("bureau").holder == world["bureau"].name
    step = case.handovers.get()
    assert (step.before, step.after, step.reason) == (
        world["keeper"].name,
        world["bureau"].name,
        "驾驶员途中转交",
    )
    assert Entry.objects.filter(verb="difference.reassigned", object_id=str(case.pk)).count() == 1
    # Whoever answers for it does not settle it.
    assert list(refused(lambda: settled(world, case, "lost")).errors) == ["by"]


def test_ten_cases_on_the_page_cost_the_statements_of_one(world: World, client_of: Browser) -> None:
    bureau, costs = client_of("bureau"), []
    for more in (1, 9):
        for _ in range(more):
            a_case(world)
        with CaptureQueriesContext(connection) as asked:
            page = bureau.get("/cases/").content.decode()
        costs.append(len(asked))
    assert costs[0] == costs[1]
    assert page.count("换责任人</summary>") == 10


def test_page_and_service_agree_on_who_is_bound_when_a_paper_went_in_two_loads(
    world: World, client_of: Browser
) -> None:
    store, point = a_place(), east_point()
    taken_in(world, store)
    paper = ordered(world, store, point, 40)
    for load, account in enumerate(("bureau", "keeper"), start=1):
        stock.send(paper.pk, goods={"quilt": 20}, load=load, by=world.rights(account), now=timezone.now())
    ((batch, left),) = papers.on_the_way(paper, 1).items()
    hand = services.Signed(
        id=uuid4(),
        document=paper.pk,
        load=1,
        counts={batch: {"received": left - 3}},
        signer="东乡",
        reason="短少",
        taken_at=timezone.now(),
    )
    services.sign(hand, by=world.rights("east"), now=timezone.now())
    case = Case.objects.get()
    Case.objects.update(holder="库管", holder_id=world["keeper"].pk)
    page = client_of("bureau").get("/cases/").content.decode()
    assert 'name="resolution"' not in page, "they sent the load that is short, though not the last"
    assert "换责任人</summary>" not in page
    assert list(refused(lambda: settled(world, case, "lost")).errors) == ["by"]


@pytest.mark.parametrize("account", ["bureau", "east"])
def test_whoever_is_bound_by_a_difference_does_not_hand_it_on(
    world: World, client_of: Browser, account: str
) -> None:
    """The bureau answers for it, the township signed: with another holder each would be free to settle it."""
    store = a_place()
    taken_in(world, store)
    counted(world, send(world, ordered(world, store, east_point(), 40), "bureau"), received=27)
    case = Case.objects.get()
    problem = refused(
        lambda: services.reassign(
            case.pk,
            person=world["keeper"].pk,
            reason="不归我管",
            by=world.rights(account),
            now=timezone.now(),
        )
    )
    assert list(problem.errors) == ["by"]
    assert "换责任人</summary>" not in client_of(account).get("/cases/").content.decode()
