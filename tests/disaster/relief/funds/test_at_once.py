"""Clerks at once: the last money is paid once. Each race first shows how it is lost without what guards it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from disaster.problems import Problem
from disaster.relief.funds import ledger, services
from disaster.relief.funds.models import Account, PayBatch, PayLine, Quota
from disaster.relief.needs.models import Programme
from tests.disaster.relief.funds.made import YUAN, a_programme, a_quota, answer, granted, held, released
from tests.world import BING, JIA, YI, World

pytestmark = [pytest.mark.django_db(transaction=True)]
VILLAGES = [JIA, YI, BING]


@contextmanager
def nothing_guards(monkeypatch: pytest.MonkeyPatch, clerks: int) -> Iterator[None]:
    """No quota is locked, and every clerk has looked before any of them writes."""
    looked, check = threading.Barrier(clerks), ledger._check

    def look(*args: Any) -> None:
        check(*args)
        looked.wait(20)

    def unlocked(quotas: Any) -> dict[uuid.UUID, Quota]:
        return {quota.pk: quota for quota in Quota.objects.filter(pk__in=set(quotas)).order_by("pk")}

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "lock", unlocked)
        patched.setattr(ledger, "_check", look)
        yield


def at_once(acts: list[Callable[[], Any]]) -> list[str]:
    """Do all at the same moment; give what each was told, sorted."""
    start, told = threading.Barrier(len(acts)), []

    def clerk(act: Callable[[], Any]) -> None:
        start.wait(20)
        try:
            act()
            told.append("done")
        except Problem as problem:
            told.append(problem.kind.number)
        except IntegrityError as error:
            told.append("the database" if "money_never_below_nothing" in str(error) else str(error))
        finally:
            connection.close()

    clerks = [threading.Thread(target=clerk, args=(act,)) for act in acts]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join()
    return sorted(told)


def returns(world: World, quota: Quota, fen: int) -> Callable[[], Any]:
    """Give money back: the shortest way to spend what is free."""
    by, now = world.rights("bureau"), timezone.now()
    return lambda: services.return_up(
        uuid.uuid4(), quota=quota.pk, amount=fen, reference="1号", reason="结余", by=by, now=now
    )


def pays(world: World, programme: Programme, quota: Quota, village: str) -> Callable[[], Any]:
    by, now = world.rights("bureau"), timezone.now()
    return lambda: services.make_batch(
        uuid.uuid4(), programme=programme.pk, villages=[village], quotas=[quota.pk], by=by, now=now
    )


def test_without_lock_and_constraint_the_last_money_is_spent_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    quota = a_quota(world, 100 * YUAN)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE funds_balance DROP CONSTRAINT money_never_below_nothing")
    try:
        with nothing_guards(monkeypatch, 2):
            assert at_once([returns(world, quota, 100 * YUAN)] * 2) == ["done", "done"]
        assert held(Account.Kind.FREE, quota) == -100 * YUAN
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE funds_balance, funds_entry")
            cursor.execute(
                "ALTER TABLE funds_balance ADD CONSTRAINT money_never_below_nothing"
                " CHECK (amount >= 0 OR may_owe)"
            )


def test_without_the_lock_the_database_still_refuses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    quota = a_quota(world, 100 * YUAN)
    with nothing_guards(monkeypatch, 2):
        assert at_once([returns(world, quota, 100 * YUAN)] * 2) == ["done", "the database"]
    assert held(Account.Kind.FREE, quota) == 0


def test_the_last_money_is_paid_once(world: World) -> None:
    """Three programmes want 60 each of the last 100: one is paid, two are told in words."""
    quota = a_quota(world, 100 * YUAN)
    acts = []
    for village in VILLAGES:
        programme = a_programme()
        granted(programme, 60 * YUAN, village)
        acts.append(pays(world, programme, quota, village))
    assert at_once(acts) == ["409.34", "409.34", "done"]
    assert (held(Account.Kind.FREE, quota), held(Account.Kind.BANK, quota)) == (40 * YUAN, 60 * YUAN)


def test_clerks_of_one_programme_pay_a_household_once(world: World) -> None:
    programme, quota = a_programme(), a_quota(world, 1000 * YUAN)
    granted(programme, 60 * YUAN)
    assert at_once([pays(world, programme, quota, JIA)] * 3) == ["409.31", "409.31", "done"]
    assert (PayLine.objects.count(), held(Account.Kind.BANK, quota)) == (1, 60 * YUAN)


def test_a_plan_and_a_payment_share_what_there_is(world: World) -> None:
    quota, programme = a_quota(world, 100 * YUAN), a_programme()
    granted(programme, 80 * YUAN, JIA)
    by, now = world.rights("bureau"), timezone.now()
    acts = [
        pays(world, programme, quota, JIA),
        lambda: services.reserve(quota.pk, uuid.uuid4(), {YI: 80 * YUAN}, by=by, now=now),
    ]
    told = at_once(acts)
    assert told in (["409.30", "done"], ["409.34", "done"])
    assert held(Account.Kind.FREE, quota) == 20 * YUAN


def test_an_answer_uploaded_by_two_at_once_counts_once(world: World) -> None:
    programme, quota = a_programme(), a_quota(world, 100 * YUAN)
    granted(programme, 80 * YUAN)
    batch: PayBatch = released(world, programme, quota)
    data, by, now = answer(batch), world.rights("bureau"), timezone.now()
    read = lambda: services.read_answer(batch.pk, data, by=by, now=now)  # noqa: E731
    assert at_once([read, read]) == ["done", "done"]
    assert held(Account.Kind.PAID, quota) == 80 * YUAN
