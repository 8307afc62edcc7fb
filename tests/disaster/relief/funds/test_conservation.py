"""Conservation over any sequence of operations (stateful): in = out + held, never below nothing, replay = balances."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from disaster.problems import Problem
from disaster.relief.funds import queries, services
from disaster.relief.funds.models import Account, Balance, PayBatch, PayLine, Quota
from disaster.relief.needs.models import Application, Grant
from tests.disaster.relief.funds.made import a_programme, a_quota, answer, granted, second
from tests.world import BING, COUNTY, JIA, YI, World

VILLAGES = st.sampled_from([JIA, YI, BING])
FEN = st.integers(1, 500)
WHICH = st.integers(0, 30)


class Money(RuleBasedStateMachine):
    """A county's money, with clerks and a bank that do anything they may."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.mark = transaction.savepoint()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.mark)

    @initialize()
    def build(self) -> None:
        self.programme = a_programme()
        self.quotas = [a_quota(self.world, 300)]
        self.plans = [uuid.uuid4(), uuid.uuid4()]
        self.bureau, self.other = self.world.rights("bureau"), second()

    def tried(self, act: Callable[..., Any], *args: Any, **fields: Any) -> None:
        try:
            with transaction.atomic():
                act(*args, **fields, now=timezone.now())
        except Problem:
            pass

    def one(self, which: int) -> Quota:
        return self.quotas[which % len(self.quotas)]

    def batch(self, which: int) -> PayBatch | None:
        found = list(PayBatch.objects.order_by("number"))
        return found[which % len(found)] if found else None

    @rule(fen=FEN, purpose=st.sampled_from(["DC", "DC", "YJ"]))
    def come(self, fen: int, purpose: str) -> None:
        self.quotas.append(a_quota(self.world, fen, purpose=purpose))

    @rule(fen=FEN, village=VILLAGES)
    def grant(self, fen: int, village: str) -> None:
        granted(self.programme, fen, village)

    @rule(which=WHICH, plan=st.integers(0, 1), amounts=st.dictionaries(VILLAGES, FEN, max_size=3))
    def reserve(self, which: int, plan: int, amounts: dict[str, int]) -> None:
        self.tried(services.reserve, self.one(which).pk, self.plans[plan], amounts, by=self.bureau)

    @rule(plan=st.integers(0, 1))
    def unreserve(self, plan: int) -> None:
        self.tried(services.unreserve, self.plans[plan], by=self.bureau)

    @rule(village=st.sampled_from([COUNTY, JIA, YI, BING]))
    def make(self, village: str) -> None:
        self.tried(
            services.make_batch,
            uuid.uuid4(),
            programme=self.programme.pk,
            villages=[village],
            quotas=[quota.pk for quota in self.quotas if quota.purpose == "DC"],
            by=self.bureau,
        )

    @rule(which=WHICH)
    def release(self, which: int) -> None:
        if found := self.batch(which):
            self.tried(services.release, found.pk, by=self.other)

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        if found := self.batch(which):
            self.tried(services.cancel, found.pk, reason="重做", by=self.bureau)

    @rule(which=WHICH, every=st.integers(1, 3))
    def answer(self, which: int, every: int) -> None:
        if (found := self.batch(which)) and found.state in PayBatch.SENT:
            numbers = list(found.lines.values_list("application__number", flat=True))
            data = answer(found, numbers[::every] if every > 1 else [])
            self.tried(services.read_answer, found.pk, data, by=self.bureau)

    @rule(which=WHICH)
    def hold_or_let_go(self, which: int) -> None:
        found = list(Application.objects.order_by("number"))
        if found:
            one = found[which % len(found)]
            held = None if one.held_at else timezone.now()
            Application.objects.filter(pk=one.pk).update(held_at=held)

    @rule(which=WHICH, fen=FEN)
    def return_up(self, which: int, fen: int) -> None:
        self.tried(
            services.return_up,
            uuid.uuid4(),
            quota=self.one(which).pk,
            amount=fen,
            reference="1号",
            reason="结余",
            by=self.bureau,
        )

    @rule(which=WHICH, other=WHICH, fen=FEN)
    def transfer(self, which: int, other: int, fen: int) -> None:
        self.tried(
            services.transfer,
            uuid.uuid4(),
            source=self.one(which).pk,
            target=self.one(other).pk,
            amount=fen,
            reference="2号",
            reason="统筹",
            by=self.bureau,
        )

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        rows = list(Balance.objects.select_related("account"))
        assert all(row.amount >= 0 for row in rows if row.account.kind not in Account.OWING)
        assert queries.replayed() == {
            (row.account_id, row.quota_id): row.amount for row in rows if row.amount
        }
        known = queries.standings()
        for quota in self.quotas:
            it = known[quota.pk]
            assert sum(row.amount for row in rows if row.quota_id == quota.pk) == 0
            assert it.received == quota.amount
            assert it.received - it.shifted == it.balance + it.paid + it.returned
            assert it.paid <= it.received - it.shifted
        assert sum(it.shifted for it in known.values()) == 0

    @invariant()
    def every_figure_opens_into_what_makes_it_up(self) -> None:
        quota = self.quotas[0]
        it = queries.standings([quota.pk])[quota.pk]
        for figure in queries.FIGURES:
            assert sum(piece.fen for piece in queries.pieces(quota, figure)) == getattr(it, figure)

    @invariant()
    def what_is_paid_is_what_reached_households(self) -> None:
        paid = sum(it.paid for it in queries.standings().values())
        settled = Grant.objects.aggregate(all=Sum("settled", default=0))["all"]
        lines = PayLine.objects.filter(state=PayLine.State.PAID).aggregate(all=Sum("amount", default=0))[
            "all"
        ]
        assert paid == settled == lines

    @invariant()
    def a_batch_holds_what_its_lines_wait_for(self) -> None:
        for found in PayBatch.objects.all():
            waiting = found.lines.filter(state=PayLine.State.WAITING).aggregate(all=Sum("amount", default=0))
            held = found.account.balances.aggregate(all=Sum("amount", default=0))
            assert waiting["all"] == held["all"]


@pytest.mark.django_db
def test_money_is_conserved(world: World) -> None:
    machine = type("Here", (Money,), {"world": world})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=int(os.environ.get("ZAIQING_FUZZ", "12")),
            stateful_step_count=18,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
