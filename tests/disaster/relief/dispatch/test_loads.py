"""A transfer that no lorry holds goes in several loads: parted by whole units, sent, signed for and missed one by one."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from disaster.problems import Problem
from disaster.relief.dispatch import queries, services, steps, waybills
from disaster.relief.dispatch.loads import Hold, Load, Pieces, parted
from disaster.relief.dispatch.models import Draft, Stop, Trip, Vehicle
from disaster.relief.dispatch.ways import stops_of
from disaster.relief.receipts import queries as receipt_queries
from disaster.relief.receipts import services as receipts
from disaster.relief.receipts.custody import custody
from disaster.relief.receipts.models import Case
from disaster.relief.stock import papers
from disaster.relief.stock import services as stock
from disaster.relief.stock.models import Batch, Document, Item, Movement
from tests.disaster.relief.dispatch.made import FAR, a_lorry, confirmed, crossing, done, drafted, near, store
from tests.disaster.relief.stock.made import a_place, goods, ordered, taken_in
from tests.gis import grid
from tests.world import World

FULL = 83
"""Quilts of 3.6 kg that a lorry of 300 kg holds."""


def big(world: World, quilts: int = 2 * FULL + 10) -> Document:
    grid.build()
    home = store()
    taken_in(world, home, goods(quantity=quilts + 50))
    return ordered(world, home, near(), quilts)


def lorries(world: World, paper: Document) -> list[Vehicle]:
    small = {"capacity_kg": 300, "capacity_m3": Decimal(20)}
    return [
        a_lorry(world, paper.source, "bing_a", "皖H00001", **small),
        a_lorry(world, paper.source, "yi_a", "皖H00002", **small),
    ]


def two_loads(world: World) -> tuple[Document, list[Trip]]:
    """A paper in two loads, each with its trip, the first load first."""
    paper = big(world, 2 * FULL)
    trips = confirmed(world, drafted(world, [paper], lorries(world, paper)))
    return paper, sorted(trips, key=lambda one: one.stops.get().load)


def driver(trip: Trip) -> str:
    return "bing_a" if trip.vehicle.plate == "皖H00001" else "yi_a"


def sign(world: World, paper: Document, load: int, missing: int = 0, by: str = "jia_a") -> None:
    ((batch, left),) = papers.on_the_way(paper, load or None).items()
    hand = receipts.Signed(
        id=uuid.uuid4(),
        document=paper.pk,
        load=load,
        counts={batch: {"received": left - missing}},
        signer=by,
        reason="少了" if missing else "",
        taken_at=timezone.now(),
    )
    receipts.sign(hand, by=world.rights(by), now=timezone.now())
    paper.refresh_from_db()


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 900), st.integers(0, 60)), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(1, 60), st.integers(1, 40)), min_size=1, max_size=4),
    st.integers(1, 3),
)
def test_parting_loses_no_piece_and_overloads_no_lorry(
    rows: list[tuple[int, int, int]], fleet: list[tuple[int, int]], turns: int
) -> None:
    pieces = [
        Pieces(Item(key=f"i{at}", weight_kg=Decimal(kg) / 10, volume_m3=Decimal(m3) / 100), many)
        for at, (many, kg, m3) in enumerate(rows)
    ]
    holds = [Hold(float(kg), float(m3)) for kg, m3 in fleet]
    found = parted(Load(tuple(pieces)), holds, turns=turns)
    if found is None:
        assert any(not any(hold.takes(Load((Pieces(one.item, 1),))) for hold in holds) for one in pieces)
        return
    parts, rest = found
    assert all(any(hold.takes(part) for hold in holds) for part in parts)
    assert len(parts) <= max(1, len(holds) * turns)
    sums: dict[str, int] = {}
    for one in (*parts, rest):
        for key, many in one.goods().items():
            assert many > 0
            sums[key] = sums.get(key, 0) + many
    assert sums == {one.item.key: one.many for one in pieces}


@pytest.mark.django_db
def test_a_paper_no_lorry_holds_is_parted_over_lorries_and_what_is_left_waits(world: World) -> None:
    paper = big(world)
    draft = drafted(world, [paper], lorries(world, paper))
    plan = draft.plans["cheapest"]
    assert sorted(one["goods"]["quilt"] for row in plan["trips"] for one in row["visits"]) == [FULL, FULL]
    assert [(one["why"], one["goods"]) for one in plan["left"]] == [("no_room", {"quilt": 10})]
    trips = confirmed(world, draft)
    assert sorted(stop.load for stop in Stop.objects.filter(trip__in=trips)) == [1, 2]
    scope = world.rights("keeper").where("trip.plan")
    assert [one.pk for one in queries.waiting(scope)] == [paper.pk]
    assert queries.loads([paper])[paper.pk].goods() == {"quilt": 10}


@pytest.mark.django_db
def test_what_is_too_heavy_piece_by_piece_is_said(world: World) -> None:
    paper = big(world, 5)
    draft = drafted(world, [paper], [a_lorry(world, paper.source, capacity_kg=3)])
    assert [one["why"] for one in draft.plans["soonest"]["left"]] == ["too_heavy"]


@pytest.mark.django_db
def test_two_loads_are_sent_and_signed_for_one_by_one_and_the_paper_closes_with_the_last(
    world: World,
) -> None:
    paper, (first, second) = two_loads(world)
    done(world, first, "depart", by=driver(first))
    paper.refresh_from_db()
    assert paper.state == Document.State.PARTLY
    sign(world, paper, 1)
    assert paper.state == Document.State.PARTLY
    done(world, second, "depart", by=driver(second))
    paper.refresh_from_db()
    assert paper.state == Document.State.SENT
    sign(world, paper, 2)
    assert (paper.state, Case.objects.count(), paper.receipts.count()) == (Document.State.CLOSED, 0, 2)


@pytest.mark.django_db
def test_what_is_missing_is_missing_from_one_lorry(world: World) -> None:
    paper, (first, second) = two_loads(world)
    done(world, first, "depart", by=driver(first))
    done(world, second, "depart", by=driver(second))
    coming = receipt_queries.coming(world.rights("jia_a").where("stock.receive"))
    assert [(one["load"], one["of"], one["trip"]) for one in coming] == [
        (1, 2, first.token),
        (2, 2, second.token),
    ]
    with pytest.raises(Problem) as refused:
        sign(world, paper, 0)
    assert "load" in refused.value.errors
    sign(world, paper, 2, missing=13)
    case = Case.objects.get()
    assert (case.load, case.quantity, case.holder) == (2, 13, second.driver.name)
    assert paper.state == Document.State.SENT
    chain = custody(Batch.objects.get())
    assert [(hop.load, hop.missing, hop.signed) for hop in chain.stopped] == [(2, 13, True)]
    sign(world, paper, 1)
    assert (paper.state, Case.objects.count()) == (Document.State.OPEN, 1)
    receipts.settle(
        case.pk, resolution="lost", words="途中遗失", by=world.rights("bureau"), now=timezone.now()
    )
    paper.refresh_from_db()
    assert paper.state == Document.State.CLOSED


@pytest.mark.django_db
def test_no_more_is_planned_than_was_ordered_also_by_two_clerks(world: World) -> None:
    paper = big(world, 2 * FULL)
    fleet = lorries(world, paper)
    drafts = [drafted(world, [paper], fleet) for _ in range(2)]
    trips = confirmed(world, drafts[0])
    with pytest.raises(Problem) as refused:
        confirmed(world, drafts[1])
    assert refused.value.kind.number in ("409.50", "409.52")
    stop = Stop.objects.get(trip=trips[0])
    stop.pk = None
    stop.order = 9
    with pytest.raises(IntegrityError), transaction.atomic():
        stop.save(force_insert=True)


@pytest.mark.django_db
def test_what_was_not_sent_may_be_left_and_the_rest_closes(world: World) -> None:
    paper, (first, second) = two_loads(world)
    done(world, first, "depart", by=driver(first))
    stock.cancel(paper.pk, reason="路断,不再发", by=world.rights("bureau"), now=timezone.now())
    sign(world, paper, 1)
    assert paper.state == Document.State.CLOSED
    sent = Stop.objects.get(trip=first).goods["quilt"]
    assert paper.lines.get().ordered == sent
    with pytest.raises(Problem) as refused:
        done(world, second, "depart", by=driver(second))
    assert refused.value.kind.number == "409.51"


@pytest.mark.django_db
def test_no_lorry_leaves_for_a_rest_that_was_taken_back(world: World) -> None:
    paper, (first, second) = two_loads(world)
    done(world, first, "depart", by=driver(first))
    stock.cancel(paper.pk, reason="路断,不再发", by=world.rights("bureau"), now=timezone.now())
    for state in ("sent", "open"):
        paper.refresh_from_db()
        assert paper.state == state
        with pytest.raises(Problem) as refused:
            done(world, second, "depart", by=driver(second))
        assert refused.value.kind.number == "409.51"
        if state == "sent":
            sign(world, paper, 1, missing=3)


@pytest.mark.django_db
def test_what_was_sent_at_the_desk_under_its_load_is_driven_all_the_same(world: World) -> None:
    paper, (first, second) = two_loads(world)
    for trip in (first, second):
        stop = trip.stops.get()
        stock.send(paper.pk, goods=stop.goods, load=stop.load, by=world.rights("keeper"), now=timezone.now())
    done(world, second, "depart", by=driver(second))
    second.refresh_from_db()
    assert second.state == Trip.State.AWAY


@pytest.mark.django_db
def test_a_whole_paper_planned_anew_is_no_second_load(world: World) -> None:
    grid.build()
    home = store()
    taken_in(world, home, goods(quantity=50))
    paper, lorry = ordered(world, home, near(), 10), a_lorry(world, home)
    for _ in range(2):
        (trip,) = confirmed(world, drafted(world, [paper], [lorry]))
        (carried,) = waybills.papers(stops_of(trip))
        assert (carried.stop.load, carried.is_part) == (1, False)
        services.cancel(trip.pk, reason="改期", by=world.rights("keeper"), now=timezone.now())


@pytest.mark.django_db
def test_the_rest_of_a_paper_is_told_as_a_part_of_it(world: World) -> None:
    _, trips = two_loads(world)
    assert [waybills.papers(stops_of(one))[0].is_part for one in trips] == [True, True]


@pytest.mark.django_db
@pytest.mark.parametrize("quilts", [2 * FULL, 2 * FULL + 10])
def test_a_draft_numbers_loads_as_they_leave_and_how_many_only_where_nothing_waits(
    world: World, quilts: int
) -> None:
    paper = big(world, quilts)
    away = a_place("远库", point=crossing(*FAR))
    far = a_lorry(world, away, "yi_a", "皖H00003", capacity_kg=300, capacity_m3=Decimal(20))
    fleet = [far, lorries(world, paper)[0]]
    draft = drafted(world, [paper], fleet)
    for plan in steps.plans(draft, "zh-hans"):
        assert [trip["starts"] for trip in plan["trips"]] == sorted(trip["starts"] for trip in plan["trips"])
        drops = [one for trip in plan["trips"] for one in trip["visits"] if one["is_drop"]]
        waits = quilts > 2 * FULL
        said = "第 {} 车(另有余量):棉被 83 床" if waits else "第 {} 车/共 2 车:棉被 83 床"
        assert [one["part"] for one in drops] == [said.format(1), said.format(2)]
        assert [one["part"] for one in plan["left"]] == (["余 棉被 10 床"] if waits else [])
    trips = confirmed(world, draft)
    made = Stop.objects.filter(trip__in=trips, is_drop=True).order_by("trip__number", "order")
    assert list(made.values_list("load", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_a_draft_of_a_rest_goes_on_counting_after_what_left(world: World) -> None:
    paper = big(world, 2 * FULL)
    first, second = lorries(world, paper)

    def said(lorry: Vehicle) -> tuple[str, Draft]:
        draft = drafted(world, [paper], [lorry])
        (visit,) = steps.plans(draft, "zh-hans")[0]["trips"][0]["visits"]
        return visit["part"], draft

    part, draft = said(first)
    assert part == "第 1 车(另有余量):棉被 83 床"
    (trip,) = confirmed(world, draft)
    done(world, trip, "depart", by=driver(trip))
    part, draft = said(second)
    assert part == "第 2 车/共 2 车:棉被 83 床"
    (trip,) = confirmed(world, draft)
    assert (trip.stops.get().load, queries.in_parts(stops_of(trip))) == (2, {trip.stops.get().pk})


@pytest.mark.django_db
def test_what_a_plan_leaves_out_and_what_no_lorry_holds_are_one_rest(world: World) -> None:
    paper = big(world)
    fleet, now = lorries(world, paper), timezone.now()
    draft = drafted(world, [paper], fleet, starts_at=now, ends_at=now + timedelta(minutes=1))
    (plan, _) = steps.plans(draft, "en")
    assert (plan["trips"], [one["part"] for one in plan["left"]]) == ([], ["left: Quilt 176 床"])


@pytest.mark.django_db
@pytest.mark.parametrize("lacks", ["goods", "load"])
def test_a_draft_from_before_papers_went_in_loads_is_refused_in_words(world: World, lacks: str) -> None:
    paper = big(world, 10)
    draft = drafted(world, [paper], lorries(world, paper))
    for row in draft.plans["cheapest"]["trips"]:
        for visit in row["visits"]:
            del visit[lacks]
    draft.save()
    with pytest.raises(Problem) as refused:
        confirmed(world, draft)
    assert list(refused.value.errors) == ["aim"]
    assert not Trip.objects.exists()


@pytest.mark.django_db
def test_nothing_of_a_load_arrives_without_a_receipt_of_its_own(world: World) -> None:
    paper, (first, second) = two_loads(world)
    done(world, first, "depart", by=driver(first))
    done(world, second, "depart", by=driver(second))
    sign(world, paper, 1)
    row = paper.movements.filter(load=2).get()
    row.pk, row.source, row.target, row.quantity = None, row.target, paper.target, 1
    with pytest.raises(IntegrityError), transaction.atomic():
        _insert_at_once(row)


def _insert_at_once(row: Movement) -> None:
    row.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
