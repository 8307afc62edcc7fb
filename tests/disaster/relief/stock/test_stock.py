"""Stock as double entry: what comes in goes out or is there, whoever moves it and however often."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from disaster.problems import Problem
from disaster.relief.stock import ledger, pick, queries, services
from disaster.relief.stock.checks import Wanted
from disaster.relief.stock.models import Balance, Batch, Document, Movement, Place
from gis.scope import AreaScope
from tests.disaster.relief.stock.made import a_place, east_point, goods, on, ordered, send, sign, taken_in
from tests.world import COUNTY, EAST, WEST, World

pytestmark = pytest.mark.django_db


def stock(place: Place) -> Counter[str]:
    sums: Counter[str] = Counter()
    for item, quantity in Balance.objects.filter(place=place).values_list("batch__item_id", "quantity"):
        sums[item] += quantity
    return sums


def kind(of: Place.Kind) -> Place:
    return Place.objects.get(kind=of)


def refused(act: Callable[[], Any]) -> Problem:
    with pytest.raises(Problem) as caught:
        act()
    return caught.value


def number(act: Callable[[], Any]) -> str:
    return refused(act).kind.number


def test_goods_come_in_as_batches_and_the_supplier_owes_them(world: World) -> None:
    store = a_place()
    document = taken_in(world, store, goods("quilt", 300), goods("coat", 40))
    assert stock(store) == {"quilt": 300, "coat": 40}
    assert stock(kind(Place.Kind.SUPPLIER)) == {"quilt": -300, "coat": -40}
    assert document.number.startswith("CG20")
    assert [batch.number for batch in Batch.objects.all()] == [f"{document.number}-1", f"{document.number}-2"]


def test_a_transfer_is_one_paper_with_two_confirmations_by_two_people(world: World) -> None:
    store, point = a_place(), east_point()
    taken_in(world, store)
    document = ordered(world, store, point, 60)
    assert (document.state, stock(store)["quilt"]) == ("ordered", 100)
    send(world, document)
    assert (stock(store)["quilt"], stock(kind(Place.Kind.TRANSIT))["quilt"]) == (40, 60)
    assert list(refused(lambda: sign(world, document, "keeper")).errors) == ["received_by"]
    sign(world, document)
    document.refresh_from_db()
    assert (document.state, stock(point)["quilt"], stock(kind(Place.Kind.TRANSIT))["quilt"]) == (
        "closed",
        60,
        0,
    )


def test_thirteen_missing_quilts_keep_the_paper_open_until_somebody_answers(world: World) -> None:
    store, point = a_place(), east_point()
    taken_in(world, store)
    document = send(world, ordered(world, store, point, 60))
    assert list(refused(lambda: sign(world, document, received=47)).errors) == ["reason"]
    document = sign(world, document, received=45, damaged=2, reason="雨淋")
    assert document.state == "open"
    assert stock(kind(Place.Kind.TRANSIT))["quilt"] == 13
    batch = Batch.objects.get().pk

    def lost(account: str) -> Document:
        return services.account_for(
            document.pk,
            batch,
            is_lost=True,
            reason="途中遗失,已报案",
            by=world.rights(account),
            now=timezone.now(),
        )

    assert number(lambda: lost("keeper")) == "403.1"
    lost("bureau")
    assert number(lambda: lost("bureau")) == "409.2"
    document.refresh_from_db()
    assert document.state == "closed"
    assert (stock(kind(Place.Kind.LOST))["quilt"], stock(kind(Place.Kind.SCRAP))["quilt"]) == (13, 2)
    way = queries.custody(Batch.objects.get())
    assert [(row["quantity"], row["target"]) for row in way] == [
        (100, "市储备库"),
        (60, "在途"),
        (45, "东乡储备点"),
        (2, "已报废"),
        (13, "已核销"),
    ]


def test_what_comes_back_is_in_stock_again(world: World) -> None:
    store, point = a_place(), east_point()
    taken_in(world, store)
    document = send(world, ordered(world, store, point, 30))
    document = sign(world, document, received=20, returned=10, reason="规格不符")
    assert (document.state, stock(store)["quilt"], stock(point)["quilt"]) == ("closed", 80, 20)


def test_more_than_was_sent_is_not_signed_for(world: World) -> None:
    store, point = a_place(), east_point()
    taken_in(world, store)
    document = send(world, ordered(world, store, point, 30))
    assert list(refused(lambda: sign(world, document, received=31)).errors) == ["arrived"]
    assert list(refused(lambda: sign(world, document, received=40, returned=-10)).errors) == ["arrived"]


def test_nobody_orders_or_sends_what_is_not_there(world: World) -> None:
    store, point = a_place(), east_point()
    taken_in(world, store, goods(quantity=50))
    assert number(lambda: ordered(world, store, point, 51)) == "409.9"
    first, second = ordered(world, store, point, 40), ordered(world, store, point, 40)
    send(world, first)
    assert number(lambda: send(world, second)) == "409.9"
    assert (
        services.cancel(second.pk, reason="库存不足", by=world.rights("bureau"), now=timezone.now()).state
        == "cancelled"
    )


def test_what_expires_first_goes_first_and_the_expired_never(world: World) -> None:
    store, point = a_place(), east_point()
    for year in (2030, 2029, 2020):
        taken_in(world, store, goods("water", 10, expires_on=on(year)))
    document = send(world, ordered(world, store, point, 15, item="water"))
    sent = {one.batch.expires_on: one.quantity for one in document.movements.all()}
    assert sent == {on(2029): 10, on(2030): 5}
    assert number(lambda: ordered(world, store, point, 6, item="water")) == "409.9"


def test_a_gift_goes_where_its_donor_meant_it_to(world: World) -> None:
    store, east, west = a_place(), east_point(), a_place("西乡储备点", WEST)
    taken_in(world, store, goods(quantity=30, intent=EAST, intent_words="给东乡的孩子"), kind="donation")
    taken_in(world, store, goods(quantity=10))
    assert number(lambda: ordered(world, store, west, 11)) == "409.9"
    document = send(world, ordered(world, store, east, 20))
    assert {one.batch.intent for one in document.movements.all()} == {EAST}


def test_an_order_by_word_of_mouth_owes_its_paper(world: World) -> None:
    store, point = a_place(), east_point()
    taken_in(world, store)
    document = ordered(world, store, point, 10, is_verbal=True)
    assert document.paper_due == document.made_at + timedelta(hours=48)
    services.bring_paper(
        document.pk, reference="潜应急调〔2026〕7号", by=world.rights("bureau"), now=timezone.now()
    )
    document.refresh_from_db()
    assert (document.paper_due, document.reference) == (None, "潜应急调〔2026〕7号")


def test_a_stock_take_puts_the_books_right_with_a_reason(world: World) -> None:
    store = a_place()
    taken_in(world, store)
    batch = Batch.objects.get()
    by, now = world.rights("bureau"), timezone.now()

    def found(quantity: int, reason: str = "") -> Document:
        return services.count(
            uuid.uuid4(), place=store.pk, counted={batch.pk: quantity}, reason=reason, by=by, now=now
        )

    assert list(refused(lambda: found(97)).errors) == ["reason"]
    found(97, "鼠咬霉变未登记")
    assert (stock(store)["quilt"], stock(kind(Place.Kind.COUNT))["quilt"]) == (97, 3)
    found(99, "复盘找到2床")
    assert stock(store)["quilt"] == 99
    found(99)
    services.scrap(uuid.uuid4(), place=store.pk, batch=batch.pk, quantity=9, reason="霉变", by=by, now=now)
    assert stock(store)["quilt"] == 90
    assert (
        number(
            lambda: services.scrap(
                uuid.uuid4(), place=store.pk, batch=batch.pk, quantity=91, reason="霉变", by=by, now=now
            )
        )
        == "409.9"
    )


def test_what_moved_while_it_was_counted_is_no_difference(world: World) -> None:
    store, point = a_place(), east_point()
    taken_in(world, store)
    batch, now = Batch.objects.get().pk, timezone.now()
    send(world, ordered(world, store, point, 30))

    def found(books: int) -> Document:
        return services.count(
            uuid.uuid4(),
            place=store.pk,
            counted={batch: 70},
            books={batch: books},
            reason="",
            by=world.rights("bureau"),
            now=now,
        )

    assert list(refused(lambda: found(100)).errors) == [f"counted.{batch}"]
    found(70)
    assert (stock(store)["quilt"], stock(kind(Place.Kind.COUNT))["quilt"]) == (70, 0)


def test_a_repeat_is_the_same(world: World) -> None:
    store, once = a_place(), uuid.uuid4()
    for _ in range(2):
        services.take_in(
            once,
            kind="purchase",
            place=store.pk,
            batches=[goods()],
            by=world.rights("keeper"),
            now=timezone.now(),
        )
    assert stock(store)["quilt"] == 100
    assert (
        number(
            lambda: services.order(
                once,
                source=store.pk,
                target=east_point().pk,
                lines=[Wanted("quilt", 1)],
                by=world.rights("bureau"),
                now=timezone.now(),
            )
        )
        == "409.1"
    )


@pytest.mark.parametrize(
    ("batch", "field"),
    [
        (goods("sofa"), "goods.sofa"),
        (goods(quantity=0), "goods.quilt.quantity"),
        (goods(price=-1), "goods.quilt.price"),
        (goods(made_on=on(2026), expires_on=on(2025)), "goods.quilt.expires_on"),
        (goods(intent="34088"), "intent"),
        (goods(intent="999999999999"), "intent"),
    ],
)
def test_what_is_wrong_is_named(world: World, batch: Any, field: str) -> None:
    assert field in refused(lambda: taken_in(world, a_place(), batch)).errors
    assert not Movement.objects.exists()


def test_who_may(world: World) -> None:
    store, point = a_place(), east_point()
    taken_in(world, store)

    def ask(account: str) -> str:
        return number(
            lambda: services.order(
                uuid.uuid4(),
                source=store.pk,
                target=point.pk,
                lines=[Wanted("quilt", 1)],
                by=world.rights(account),
                now=timezone.now(),
            )
        )

    assert (ask("keeper"), ask("leader"), ask("east"), ask("foreign")) == ("403.1", "403.1", "404.1", "404.1")


def test_the_database_itself_keeps_the_ledger(world: World) -> None:
    store = a_place()
    document = taken_in(world, store)
    movement = Movement.objects.get()
    for act in (
        lambda: Movement.objects.filter(pk=movement.pk).update(quantity=1),
        lambda: movement.delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    with pytest.raises(IntegrityError, match="stock_never_below_nothing"), transaction.atomic():
        Movement.objects.create(
            document=document,
            batch=movement.batch,
            source=store,
            target=movement.source,
            quantity=101,
            at=timezone.now(),
            by_name="",
        )


def test_least_stock_and_expiry_are_told(world: World) -> None:
    store = a_place()
    soon = timezone.localdate() + timedelta(days=100)
    taken_in(world, store, goods("quilt", 20))
    taken_in(world, store, goods("quilt", 5, expires_on=soon))
    table = queries.table(AreaScope.of([COUNTY]), today=timezone.localdate())
    (row,), at = table.rows, [item.pk for item in table.items].index("quilt")
    assert row.cells[at] == queries.Cell(25, 475, 5)
    assert row.worth == 25 * Decimal("120.50")


@pytest.mark.django_db(transaction=True)
def test_clerks_at_once_never_give_more_than_there_is(world: World) -> None:
    """Eight orders of 30 out of 100 are sent at once: three go, five are told, and nothing is lost."""
    store, point = a_place(), east_point()
    taken_in(world, store)
    papers = [ordered(world, store, point, 30) for _ in range(8)]
    start, told = threading.Barrier(8), []

    def clerk(document: Document) -> None:
        start.wait()
        try:
            send(world, document)
            told.append("sent")
        except Problem as problem:
            told.append(problem.kind.number)
        finally:
            connection.close()

    clerks = [threading.Thread(target=clerk, args=(document,)) for document in papers]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join()
    assert sorted(told) == ["409.9"] * 5 + ["sent"] * 3
    assert (stock(store)["quilt"], stock(kind(Place.Kind.TRANSIT))["quilt"]) == (10, 90)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_database_still_refuses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both clerks have looked and seen enough before either writes: unguarded, the last quilts go twice."""
    store, point = a_place(), east_point()
    taken_in(world, store, goods(quantity=40))
    papers = [ordered(world, store, point, 40) for _ in range(2)]
    looked, choose, told = threading.Barrier(2), pick.pick, []

    def look(*args: Any, **named: Any) -> Any:
        chosen = choose(*args, **named)
        looked.wait(20)
        return chosen

    def unlocked(batches: Any) -> dict[uuid.UUID, Batch]:
        return Batch.objects.select_related("item").in_bulk(set(batches))

    def clerk(document: Document) -> None:
        try:
            send(world, document)
            told.append("sent")
        except IntegrityError as error:
            told.append(
                "stock_never_below_nothing" if "stock_never_below_nothing" in str(error) else str(error)
            )
        finally:
            connection.close()

    monkeypatch.setattr(pick, "pick", look)
    monkeypatch.setattr(ledger, "lock", unlocked)
    clerks = [threading.Thread(target=clerk, args=(document,)) for document in papers]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join()
    assert sorted(told) == ["sent", "stock_never_below_nothing"]
    assert stock(store)["quilt"] == 0
