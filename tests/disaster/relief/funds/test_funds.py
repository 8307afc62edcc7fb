"""Money as double entry: what came is free, planned, at the bank, paid or given back, and never more."""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from disaster.journal.models import Entry as Journal
from disaster.relief.funds import services
from disaster.relief.funds.models import Account, Answer, Balance, Entry, PayBatch, Quota, Voucher
from disaster.relief.needs import services as needs
from disaster.relief.needs.entries import HouseholdEntry
from disaster.relief.needs.models import Application, Grant, Household
from tests.disaster.relief.funds.made import (
    YUAN,
    a_programme,
    a_quota,
    answer,
    answered,
    granted,
    held,
    lines,
    made,
    number,
    refused,
    released,
    second,
)
from tests.world import BING, COUNTY, EAST, JIA, YI, World

pytestmark = pytest.mark.django_db
FREE, PLANNED, BANK, PAID = (
    Account.Kind.FREE,
    Account.Kind.PLANNED,
    Account.Kind.BANK,
    Account.Kind.PAID,
)


def settled(application: Application) -> int:
    return Grant.objects.get(application=application, item=None).settled


def correct(world: World, application: Application, **fields: Any) -> None:
    """The village corrects what the bank refused."""
    it = Household.objects.get(pk=application.household_id)
    known = {
        "area": it.area_id,
        "name": it.name,
        "members": it.members,
        "types": ["ordinary"],
        "bank": it.bank,
        "card": it.card,
    }
    entry = HouseholdEntry(**{**known, **fields})
    needs.change(it.pk, entry, version=it.version, by=world.rights("jia_a"), now=timezone.now())


def verbs() -> list[str]:
    return list(
        Journal.objects.filter(verb__startswith="fund.").order_by("id").values_list("verb", flat=True)
    )


def test_a_quota_is_money_the_level_above_owes(world: World) -> None:
    quota = a_quota(world, 500 * YUAN)
    assert (held(FREE, quota), held(Account.Kind.CENTRAL, quota)) == (500 * YUAN, -500 * YUAN)
    assert Voucher.objects.get().number.startswith("ZB20")
    assert verbs() == ["fund.quota_received"]


def test_money_goes_to_the_bank_and_on_to_the_household(world: World) -> None:
    programme = a_programme()
    wang, li = granted(programme, 300 * YUAN), granted(programme, 200 * YUAN, YI)
    quota = a_quota(world)
    batch = made(world, programme, quota)
    assert [(line.serial, line.amount) for line in lines(batch)] == [(1, 300 * YUAN), (2, 200 * YUAN)]
    assert (batch.remark, batch.number[:4]) == ("冬春救助", "FF20")
    assert (held(FREE, quota), held(BANK, quota), held(PAID, quota)) == (500 * YUAN, 500 * YUAN, 0)
    services.release(batch.pk, by=second(), now=timezone.now())
    batch.refresh_from_db()
    assert answered(world, batch) == (2, 0, 0)
    assert (held(FREE, quota), held(BANK, quota), held(PAID, quota)) == (500 * YUAN, 0, 500 * YUAN)
    assert (settled(wang), settled(li)) == (300 * YUAN, 200 * YUAN)
    batch.refresh_from_db()
    assert (batch.state, {line.state for line in lines(batch)}) == ("answered", {"paid"})
    assert number(lambda: made(world, programme, quota)) == "409.31"


def test_two_people_make_and_release(world: World) -> None:
    programme, quota = a_programme(), a_quota(world)
    granted(programme)
    batch = made(world, programme, quota)
    now = timezone.now()
    assert number(lambda: services.release(batch.pk, by=world.rights("bureau"), now=now)) == "409.32"
    assert number(lambda: services.release(batch.pk, by=world.rights("auditor"), now=now)) == "403.1"
    assert services.release(batch.pk, by=world.rights("leader"), now=now).state == "released"
    assert number(lambda: services.release(batch.pk, by=second(), now=now)) == "409.2"
    batch.refresh_from_db()
    with pytest.raises(IntegrityError, match="batch_released_by_another"), transaction.atomic():
        PayBatch.objects.update(released_by_id=batch.made_by_id)


def test_a_refusal_gives_the_money_back_and_is_paid_again_with_another_card(world: World) -> None:
    programme, quota = a_programme(), a_quota(world)
    wang, li = granted(programme, 300 * YUAN), granted(programme, 200 * YUAN)
    batch = released(world, programme, quota)
    assert answered(world, batch, [li.number]) == (1, 1, 0)
    assert (held(FREE, quota), held(BANK, quota), held(PAID, quota)) == (700 * YUAN, 0, 300 * YUAN)
    li.refresh_from_db()
    assert (li.state, settled(li), settled(wang)) == ("approved", 0, 300 * YUAN)
    assert li.household.card_refused_why == "账户状态异常"
    wang.refresh_from_db()
    assert wang.state == "issued"
    assert number(lambda: made(world, programme, quota)) == "409.31"
    correct(world, li, card="6217000099990000123")
    again = released(world, programme, quota)
    assert [(line.application, line.card_masked) for line in lines(again)] == [(li, "****0123")]
    assert answered(world, again) == (1, 0, 0)
    assert (settled(li), held(PAID, quota)) == (200 * YUAN, 500 * YUAN)


def test_a_name_that_was_wrong_is_corrected_and_paid(world: World) -> None:
    programme, quota = a_programme(), a_quota(world)
    wang = granted(programme)
    answered(world, released(world, programme, quota), [wang.number])
    correct(world, wang, name="王武")
    assert [line.name for line in lines(made(world, programme, quota))] == ["王武"]


def test_the_bank_may_be_asked_again_with_the_same_card_by_name(world: World) -> None:
    programme, quota = a_programme(), a_quota(world)
    wang = granted(programme)
    answered(world, released(world, programme, quota), [wang.number])
    assert number(lambda: made(world, programme, quota)) == "409.31"
    again = released(world, programme, quota, applications=[wang.pk])
    assert answered(world, again) == (1, 0, 0)
    wang.refresh_from_db()
    assert (wang.state, wang.household.card_refused_why) == ("issued", "")


def test_the_same_answer_twice_is_one_answer(world: World) -> None:
    programme, quota = a_programme(), a_quota(world)
    granted(programme)
    wang = granted(programme)
    batch = released(world, programme, quota)
    data = answer(batch, [wang.number])
    by, now = world.rights("bureau"), timezone.now()
    first = services.read_answer(batch.pk, data, by=by, now=now)
    entries = Entry.objects.count()
    assert services.read_answer(batch.pk, data, by=by, now=now) == first
    assert (Entry.objects.count(), Answer.objects.count()) == (entries, 1)
    other = refused(lambda: services.read_answer(batch.pk, answer(batch), by=by, now=now))
    assert (other.kind.number, sorted(other.errors)) == ("400.30", ["row.3", "row.4"])


@pytest.mark.parametrize(
    "fields",
    [
        {"held_at": timezone.now()},
        {"state": "passed"},
        {"card": ""},
        {"notice_until": timezone.localdate()},
    ],
    ids=["held", "not approved", "no card", "the notice runs"],
)
def test_who_may_not_be_paid_is_left_out(world: World, fields: dict[str, Any]) -> None:
    programme, quota = a_programme(), a_quota(world)
    granted(programme, **fields)
    ready = granted(programme)
    batch = made(world, programme, quota)
    assert [line.application for line in lines(batch)] == [ready]
    assert number(lambda: made(world, programme, quota)) == "409.31"


def test_the_dead_are_not_paid(world: World) -> None:
    programme, quota = a_programme(), a_quota(world)
    wang = granted(programme)
    Household.objects.filter(pk=wang.household_id).update(state="deceased")
    assert number(lambda: made(world, programme, quota)) == "409.31"


def test_whoever_is_held_before_the_release_drops_out(world: World) -> None:
    programme, quota = a_programme(), a_quota(world)
    wang, li = granted(programme, 300 * YUAN), granted(programme, 200 * YUAN)
    batch = made(world, programme, quota)
    Application.objects.filter(pk=wang.pk).update(held_at=timezone.now(), held_why="有异议")
    services.release(batch.pk, by=second(), now=timezone.now())
    assert {line.application: line.state for line in lines(batch)} == {wang: "dropped", li: "waiting"}
    assert (held(FREE, quota), held(BANK, quota)) == (800 * YUAN, 200 * YUAN)
    Application.objects.filter(pk=wang.pk).update(held_at=None)
    assert [line.application for line in lines(made(world, programme, quota))] == [wang]


def test_a_batch_is_taken_back_before_the_bank_has_it(world: World) -> None:
    programme, quota = a_programme(), a_quota(world)
    granted(programme)
    batch = made(world, programme, quota)
    by, now = world.rights("bureau"), timezone.now()
    assert list(refused(lambda: services.cancel(batch.pk, reason=" ", by=by, now=now)).errors) == ["reason"]
    services.cancel(batch.pk, reason="金额有误", by=by, now=now)
    assert held(FREE, quota) == quota.amount
    assert number(lambda: services.release(batch.pk, by=second(), now=now)) == "409.2"
    assert (
        number(lambda: services.cancel(released(world, programme, quota).pk, reason="重做", by=by, now=now))
        == "409.2"
    )


def test_money_serves_its_purpose_alone(world: World) -> None:
    programme = a_programme()
    granted(programme)
    winter, relief = a_quota(world), a_quota(world, purpose="YJ")
    assert number(lambda: made(world, programme, relief)) == "409.33"

    def shift(source: Quota, target: Quota, amount: int = 100 * YUAN) -> Voucher:
        return services.transfer(
            uuid.uuid4(),
            source=source.pk,
            target=target.pk,
            amount=amount,
            reference="潜财〔2026〕9号",
            reason="统筹使用",
            by=world.rights("bureau"),
            now=timezone.now(),
        )

    other = a_quota(world, 50 * YUAN)
    assert number(lambda: shift(winter, relief)) == "409.33"
    shift(winter, other)
    assert (held(FREE, winter), held(FREE, other)) == (900 * YUAN, 150 * YUAN)
    assert held(Account.Kind.SHIFT) == 0
    assert number(lambda: shift(other, winter, 151 * YUAN)) == "409.30"
    assert verbs()[-1] == "fund.transferred"


def test_a_donors_money_stays_where_it_was_meant_for(world: World) -> None:
    programme = a_programme()
    granted(programme, 100 * YUAN, JIA)
    granted(programme, 100 * YUAN, BING)
    gift = a_quota(world, 500 * YUAN, source="donor", giver="某企业", intent=EAST)
    short = refused(lambda: made(world, programme, gift))
    assert (short.kind.number, short.params["short"], short.params["area"]) == ("409.34", "100.00", "丙村")
    rest = a_quota(world, 100 * YUAN)
    made(world, programme, rest, gift)
    assert (held(FREE, gift), held(FREE, rest)) == (400 * YUAN, 0)


def test_what_is_left_goes_back_upward(world: World) -> None:
    quota = a_quota(world)
    by, now, once = world.rights("bureau"), timezone.now(), uuid.uuid4()

    def back(voucher: uuid.UUID, amount: int) -> Voucher:
        return services.return_up(
            voucher, quota=quota.pk, amount=amount, reference="潜财〔2027〕3号", reason="结余", by=by, now=now
        )

    back(once, 300 * YUAN)
    back(once, 300 * YUAN)
    assert (held(FREE, quota), held(Account.Kind.RETURNED, quota)) == (700 * YUAN, 300 * YUAN)
    assert number(lambda: back(uuid.uuid4(), 701 * YUAN)) == "409.30"
    assert list(refused(lambda: back(uuid.uuid4(), 0)).errors) == ["amount"]


def test_a_plan_reserves_for_villages_and_they_are_paid_from_it_first(world: World) -> None:
    programme, quota, plan = a_programme(), a_quota(world, 500 * YUAN), uuid.uuid4()
    by, now = world.rights("leader"), timezone.now()
    services.reserve(quota.pk, plan, {JIA: 300 * YUAN, BING: 200 * YUAN}, by=by, now=now)
    services.reserve(quota.pk, plan, {JIA: 300 * YUAN, BING: 200 * YUAN}, by=by, now=now)
    assert (held(FREE, quota), held(PLANNED, quota)) == (0, 500 * YUAN)
    assert number(lambda: services.reserve(quota.pk, plan, {JIA: 1}, by=by, now=now)) == "409.1"
    granted(programme, 250 * YUAN, JIA)
    granted(programme, 100 * YUAN, YI)
    assert number(lambda: made(world, programme, quota)) == "409.34"
    batch = released(world, programme, quota, villages=[JIA])
    assert held(PLANNED, quota) == 250 * YUAN
    answered(world, batch, [line.application.number for line in lines(batch)])
    assert held(PLANNED, quota) == 500 * YUAN
    assert services.unreserve(plan, by=by, now=now) == 500 * YUAN
    assert held(FREE, quota) == 500 * YUAN
    services.reserve(quota.pk, plan, {YI: 100 * YUAN}, by=by, now=now)
    assert (held(FREE, quota), held(PLANNED, quota)) == (400 * YUAN, 100 * YUAN)


def test_nobody_reserves_what_is_not_there_or_not_meant(world: World) -> None:
    quota = a_quota(world, 100 * YUAN, source="donor", giver="某企业", intent=EAST)
    by, now = world.rights("bureau"), timezone.now()

    def reserve(amounts: dict[str, int], who: Any = by) -> Any:
        return services.reserve(quota.pk, uuid.uuid4(), amounts, by=who, now=now)

    assert number(lambda: reserve({JIA: 101 * YUAN})) == "409.30"
    assert list(refused(lambda: reserve({JIA: 1, BING: 1})).errors) == [BING]
    assert list(refused(lambda: reserve({JIA: -5})).errors) == [JIA]
    assert number(lambda: reserve({JIA: 1}, world.rights("auditor"))) == "403.1"
    assert number(lambda: reserve({JIA: 1}, world.rights("foreign"))) == "404.1"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"number": " "}, "number"),
        ({"source": "bank"}, "source"),
        ({"purpose": "XX"}, "purpose"),
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
        ({"received_on": timezone.localdate() + timedelta(days=2)}, "received_on"),
        ({"source": "donor"}, "giver"),
        ({"source": "donor", "giver": "某企业", "intent": "110000000000"}, "intent"),
        ({"intent": EAST}, "intent"),
        ({"remarks": "长" * 201}, "remarks"),
    ],
)
def test_what_is_wrong_with_a_quota_is_named(world: World, fields: dict[str, Any], named: str) -> None:
    values = {"fen": fields.pop("amount", YUAN), **fields}
    assert named in refused(lambda: a_quota(world, **values)).errors
    assert not Entry.objects.exists()


def test_a_quota_is_entered_once(world: World) -> None:
    quota = a_quota(world, number="财建〔2026〕1号")
    assert list(refused(lambda: a_quota(world, number="财建〔2026〕1号")).errors) == ["number"]
    assert Quota.objects.get() == quota


def test_who_may_enter_a_quota(world: World) -> None:
    answers = [number(partial(a_quota, world, account=who)) for who in ("leader", "east", "foreign")]
    assert answers == ["403.1", "404.1", "404.1"]


def test_the_database_itself_keeps_the_ledger(world: World) -> None:
    quota = a_quota(world, 10 * YUAN)
    entry, voucher = Entry.objects.get(), Voucher.objects.get()
    for act in (
        lambda: Entry.objects.filter(pk=entry.pk).update(amount=1),
        lambda: entry.delete(),
        lambda: Voucher.objects.filter(pk=voucher.pk).update(reason="改"),
        lambda: Quota.objects.filter(pk=quota.pk).update(amount=1),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    with pytest.raises(IntegrityError, match="money_never_below_nothing"), transaction.atomic():
        Entry.objects.create(
            voucher=voucher,
            quota=quota,
            source=Account.objects.get(kind=FREE),
            target=Account.objects.get(kind=PAID),
            amount=10 * YUAN + 1,
        )
    assert Balance.objects.get(account__kind=FREE).amount == 10 * YUAN
    assert quota.area_id == COUNTY


def test_a_batch_that_is_sent_twice_is_one(world: World) -> None:
    programme, quota, once = a_programme(), a_quota(world), uuid.uuid4()
    granted(programme)
    by, now = world.rights("bureau"), timezone.now()
    for _ in range(2):
        services.make_batch(
            once, programme=programme.pk, villages=[COUNTY], quotas=[quota.pk], by=by, now=now
        )
    assert held(BANK, quota) == 130 * YUAN
