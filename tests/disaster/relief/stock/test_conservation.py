"""Conservation over any sequence of operations (stateful): in = out + held, never below nothing, replay = balances."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from disaster.problems import Problem
from disaster.relief.stock import papers, queries, services
from disaster.relief.stock.checks import Wanted
from disaster.relief.stock.models import Balance, Batch, Document, Place
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
        self.bureau, self.keeper = self.world.rights("bureau"), self.world.rights("keeper")

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

    def accounted(self, paper: Document, batch: uuid.UUID, is_lost: bool) -> Document:
        return services.account_for(
            paper.pk, batch, is_lost=is_lost, reason="查实", by=self.bureau, now=timezone.now()
        )

    @rule(which=st.integers(0, 50), is_lost=st.booleans())
    def account_for(self, which: int, is_lost: bool) -> None:
        if self.papers:
            paper = self.papers[which % len(self.papers)]
            for batch in papers.on_the_way(paper):
                self.tried(lambda batch=batch: self.accounted(paper, batch, is_lost))

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
            max_examples=25, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
