"""Conservation over any sequence of operations (stateful): in = out + held, never below nothing, replay = balances.

What households have is what was settled upon their grants and signed for; what is missing has its case.
"""

from __future__ import annotations

import os
import uuid
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from disaster.people.scope import Rights
from disaster.problems import Problem
from disaster.relief.needs.models import Grant
from disaster.relief.receipts import services as receipts
from disaster.relief.receipts.models import Case, Issue
from disaster.relief.stock import papers, queries, services
from disaster.relief.stock.checks import Wanted
from disaster.relief.stock.models import Balance, Batch, Document, Place
from tests.disaster.relief.needs.made import a_programme
from tests.disaster.relief.receipts.made import give_back, granted, issue
from tests.disaster.relief.stock.made import a_place, goods, signed, taken_in
from tests.world import COUNTY, EAST, WEST, World

ITEMS = st.sampled_from(["quilt", "coat", "water"])
SOME = st.integers(1, 60)


class Stock(RuleBasedStateMachine):
    """A county's stores, with clerks who do anything that the pages offer."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.mark = transaction.savepoint()
        self.came: Counter[str] = Counter()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.mark)

    @initialize()
    def build(self) -> None:
        self.places = [a_place(), a_place("东乡储备点", EAST), a_place("西乡储备点", WEST)]
        self.papers: list[Document] = []
        programme = a_programme(self.world)
        self.homes = [granted(self.world, 6, programme) for _ in range(3)]
        self.bureau, self.keeper = self.world.rights("bureau"), self.world.rights("keeper")
        for place in self.places:
            taken_in(self.world, place, goods("quilt", 20))
            self.came["quilt"] += 20
        # Whoever signs can't settle: the county's other coordinator does.
        self.deputy = Rights(0, "副职", self.bureau.posts)

    def tried(self, act: Any) -> Any:
        try:
            with transaction.atomic():
                return act()
        except Problem:
            return None

    @rule(
        item=ITEMS,
        quantity=SOME,
        at=st.integers(0, 2),
        kind=st.sampled_from(["purchase", "upper", "donation"]),
    )
    def come(self, item: str, quantity: int, at: int, kind: str) -> None:
        intent = EAST if kind == "donation" else ""
        taken_in(self.world, self.places[at], goods(item, quantity, intent=intent), kind=kind)
        self.came[item] += quantity

    @rule(item=ITEMS, quantity=SOME, start=st.integers(0, 2), end=st.integers(0, 2))
    def order(self, item: str, quantity: int, start: int, end: int) -> None:
        found = self.tried(
            lambda: services.order(
                uuid.uuid4(),
                source=self.places[start].pk,
                target=self.places[end].pk,
                lines=[Wanted(item, quantity)],
                by=self.bureau,
                now=timezone.now(),
            )
        )
        if found:
            self.papers.append(found)

    @rule(which=st.integers(0, 50))
    def send(self, which: int) -> None:
        if self.papers:
            paper = self.papers[which % len(self.papers)]
            self.tried(lambda: services.send(paper.pk, by=self.keeper, now=timezone.now()))

    @rule(which=st.integers(0, 50), shares=st.tuples(*[st.integers(0, 40)] * 3))
    def receive(self, which: int, shares: tuple[int, int, int]) -> None:
        if self.papers:
            paper = self.papers[which % len(self.papers)]
            names = ("received", "damaged", "returned")
            counts = {batch: dict(zip(names, shares, strict=True)) for batch in papers.on_the_way(paper)}
            self.tried(lambda: signed(self.world, paper, counts, "bureau", "清点"))

    @rule(which=st.integers(0, 50), over=st.integers(0, 3))
    def receive_all(self, which: int, over: int) -> None:
        if self.papers:
            paper = self.papers[which % len(self.papers)]
            left = papers.on_the_way(paper)
            counts = {batch: {"received": quantity, "over": over} for batch, quantity in left.items()}
            self.tried(lambda: signed(self.world, paper, counts, "bureau", "清点"))

    def settled(self, case: Case, is_lost: bool) -> Case:
        result = {"damaged": "spoilt", "over": "booked"}.get(case.kind, "lost" if is_lost else "at_source")
        return receipts.settle(case.pk, resolution=result, words="查实", by=self.deputy, now=timezone.now())

    @rule(which=st.integers(0, 50), is_lost=st.booleans())
    def settle(self, which: int, is_lost: bool) -> None:
        if self.papers:
            paper = self.papers[which % len(self.papers)]
            for case in Case.objects.filter(document=paper, state=Case.State.OPEN):
                self.tried(lambda case=case: self.settled(case, is_lost))

    @rule(which=st.integers(0, 2), at=st.integers(0, 2), quantity=st.integers(1, 4))
    def issue(self, which: int, at: int, quantity: int) -> None:
        """Somebody of 甲村 is given quilts out of any place, as far as granted and there."""
        home = self.homes[which]
        self.tried(lambda: issue(self.world, home, self.places[at], quantity, "bureau"))

    @rule(which=st.integers(0, 2), at=st.integers(0, 2), whole=st.integers(0, 2), damaged=st.integers(0, 1))
    def give_back(self, which: int, at: int, whole: int, damaged: int) -> None:
        have = [home for home in self.homes if home.grants.filter(settled__gt=0).exists()]
        if not have:
            return
        home, place = have[which % len(have)], self.places[at]
        self.tried(lambda: give_back(self.world, home, place, "bureau", whole=whole, damaged=damaged))

    @rule(which=st.integers(0, 50), at=st.integers(0, 2), quantity=SOME)
    def scrap(self, which: int, at: int, quantity: int) -> None:
        batches = list(Batch.objects.order_by("number"))
        if batches:
            batch = batches[which % len(batches)].pk
            place = self.places[at].pk
            self.tried(
                lambda: services.scrap(
                    uuid.uuid4(),
                    place=place,
                    batch=batch,
                    quantity=quantity,
                    reason="霉变",
                    by=self.bureau,
                    now=timezone.now(),
                )
            )

    @rule(which=st.integers(0, 50), at=st.integers(0, 2), found=st.integers(0, 80))
    def count(self, which: int, at: int, found: int) -> None:
        batches = list(Batch.objects.order_by("number"))
        if batches:
            batch, place = batches[which % len(batches)].pk, self.places[at].pk
            self.tried(
                lambda: services.count(
                    uuid.uuid4(),
                    place=place,
                    counted={batch: found},
                    reason="盘点",
                    by=self.bureau,
                    now=timezone.now(),
                )
            )

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        rows = list(Balance.objects.select_related("place", "batch"))
        assert all(row.quantity >= 0 for row in rows if row.place.kind in Place.OURS)
        assert sum(row.quantity for row in rows) == 0
        outside = (Place.Kind.SUPPLIER, Place.Kind.UPPER, Place.Kind.DONOR)
        for item, quantity in self.came.items():
            assert quantity == -sum(
                row.quantity for row in rows if row.batch.item_id == item and row.place.kind in outside
            )
        kept = {(row.place_id, row.batch_id): row.quantity for row in rows if row.quantity}
        assert queries.replayed() == kept

    @invariant()
    def what_households_have_is_what_was_settled_and_signed_for(self) -> None:
        outside = Balance.objects.filter(place__kind=Place.Kind.HOUSEHOLD).aggregate(sum=Sum("quantity"))[
            "sum"
        ]
        settled = Grant.objects.filter(item="quilt").aggregate(sum=Sum("settled"))["sum"]
        signs = {Issue.Kind.GIVEN: 1, Issue.Kind.BACK: -1}
        signed_for = sum(signs[one.kind] * one.quantity for one in Issue.objects.all())
        assert (outside or 0) == (settled or 0) == signed_for

    @invariant()
    def what_is_missing_has_its_case(self) -> None:
        missing = {
            (paper.pk, batch): quantity
            for paper in Document.objects.filter(state=Document.State.OPEN)
            for batch, quantity in papers.on_the_way(paper).items()
        }
        open_cases = Case.objects.filter(kind=Case.Kind.SHORT, state=Case.State.OPEN)
        assert {(one.document_id, one.batch_id): one.quantity for one in open_cases} == missing

    @invariant()
    def a_closed_paper_has_nothing_on_its_way(self) -> None:
        for paper in Document.objects.filter(state=Document.State.CLOSED, kind=Document.Kind.TRANSFER):
            assert papers.on_the_way(paper) == {}


@pytest.mark.django_db
def test_stock_is_conserved(world: World) -> None:
    machine = type("Here", (Stock,), {"world": world})
    assert COUNTY
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=int(os.environ.get("ZAIQING_FUZZ", "12")),
            stateful_step_count=18,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
