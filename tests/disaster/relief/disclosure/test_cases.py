"""Objections and complaints: payment stops while one is open, somebody answers for it, in its time."""

from __future__ import annotations

import threading
import uuid
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from disaster.journal.models import Entry as JournalEntry
from disaster.people.models import Person, Posting
from disaster.people.scope import rights_of
from disaster.problems import Problem
from disaster.relief.disclosure import queries, services
from disaster.relief.disclosure.models import Case, Notice
from disaster.relief.disclosure.services.cases import Told, code_of
from disaster.relief.funds import services as funds
from disaster.relief.funds.models import PayBatch
from disaster.relief.needs import services as needs
from disaster.relief.needs.models import Application, Programme
from disaster.rules import book
from tests import world as worlds
from tests.disaster.relief.disclosure.made import (
    MONDAY,
    a_programme,
    applied,
    objected,
    posted,
    refused,
    ruled,
)
from tests.disaster.relief.funds.made import a_quota
from tests.world import COUNTY, EAST, JIA, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def notice(world: World, programme: Programme) -> Notice:
    """Two households on the wall of village 甲."""
    for name in ("张三", "李四"):
        applied(programme, name=name)
    return posted(world, programme)


def settled(world: World, case: Case, *, upheld: bool, account: str = "east", at: datetime = MONDAY) -> Case:
    by = world.rights(account)
    services.take(case.pk, by=by, now=at)
    services.answer(case.pk, words="已入户核查", by=by, now=at)
    return services.settle(case.pk, is_upheld=upheld, words="核查完毕", by=by, now=at)


def application_of(case: Case) -> Application:
    return Application.objects.get(pk=case.application_id)


def test_an_objection_holds_the_application_and_its_settlement_lets_it_go(
    world: World, notice: Notice
) -> None:
    case = objected(notice.entries.get(place=1))
    held = application_of(case)
    assert (held.held_at, held.state) == (MONDAY, "posted")
    assert case.number in held.held_why
    other = notice.entries.get(place=2).application
    assert other.held_at is None
    settled(world, case, upheld=False)
    assert application_of(case).held_at is None


def test_the_hold_ends_with_the_last_open_case(world: World, notice: Notice) -> None:
    line = notice.entries.get(place=1)
    first, second = objected(line), objected(line, words="人口多报")
    settled(world, first, upheld=False)
    assert application_of(first).held_at is not None
    settled(world, second, upheld=False)
    assert application_of(first).held_at is None


@pytest.mark.parametrize(
    ("state", "after"),
    [
        ("posted", "objected"),
        ("submitted", "applied"),
        ("passed", "applied"),
        ("approved", "stopped"),
        ("issued", "issued"),
    ],
)
def test_an_upheld_objection_sends_the_application_back(
    world: World, notice: Notice, state: str, after: str
) -> None:
    line = notice.entries.get(place=1)
    Application.objects.filter(pk=line.application_id).update(state=state)
    case = settled(world, objected(line), upheld=True)
    found = application_of(case)
    assert (found.state, found.held_at, case.state) == (after, None, "upheld")
    line.refresh_from_db()
    assert line.is_current is (after == "issued")


def test_who_was_objected_to_is_assessed_and_posted_anew(world: World, notice: Notice) -> None:
    case = settled(world, objected(notice.entries.get(place=1)), upheld=True)
    needs.act("assess", case.application_id, by=world.rights("jia_a"), now=MONDAY)
    again = posted(world, notice.programme, at=MONDAY + DAY)
    assert again.round == 2
    assert [one.application_id for one in again.entries.all()] == [case.application_id]


def test_whoever_takes_a_case_first_answers_for_it(world: World, notice: Notice) -> None:
    case = objected(notice.entries.get(place=1))
    east, bureau = world.rights("east"), world.rights("bureau")
    services.take(case.pk, by=east, now=MONDAY)
    with refused("409.2"):
        services.take(case.pk, by=bureau, now=MONDAY)
    with refused("409.75"):
        services.answer(case.pk, words="查过了", by=bureau, now=MONDAY)
    answered = services.answer(case.pk, words="查过了", why="东审出差", by=bureau, now=MONDAY)
    assert (answered.first_name, answered.state) == ("东审", "answered")
    services.settle(case.pk, is_upheld=False, words="不属实", by=bureau, now=MONDAY)
    assert [one.act for one in case.steps.all()] == ["opened", "taken", "answered", "closed"]
    verbs = JournalEntry.objects.filter(object_kind="case").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["case.opened", "case.taken", "case.answered", "case.settled"]


def test_a_case_is_answered_before_it_is_settled(world: World, notice: Notice) -> None:
    case = objected(notice.entries.get(place=1))
    east = world.rights("east")
    services.take(case.pk, by=east, now=MONDAY)
    with refused("409.2"):
        services.settle(case.pk, is_upheld=True, words="成立", by=east, now=MONDAY)


@pytest.mark.parametrize(
    ("came", "accept", "settle"),
    [
        (MONDAY, date(2026, 3, 3), date(2026, 3, 9)),
        # On the eve of the holidays: Saturday the 14th is worked, then nine days nobody is in.
        (datetime(2026, 2, 13, 16, tzinfo=book.BEIJING), date(2026, 2, 14), date(2026, 2, 27)),
        (datetime(2026, 2, 16, 10, tzinfo=book.BEIJING), date(2026, 2, 24), date(2026, 2, 28)),
    ],
)
def test_clocks_run_on_working_days(
    world: World, notice: Notice, came: datetime, accept: date, settle: date
) -> None:
    case = objected(notice.entries.get(place=1), at=came)
    assert (case.accept_due, case.settle_due) == (accept, settle)


def test_late_ones_are_flagged(world: World, notice: Notice) -> None:
    case = objected(notice.entries.get(place=1))
    by = world.rights("bureau")

    def late(on: date) -> list[Case]:
        return list(queries.cases("late", by=by, on=on))

    assert late(date(2026, 3, 3)) == []
    assert late(date(2026, 3, 4)) == [case], "nobody took it on in a working day"
    services.take(case.pk, by=by, now=MONDAY)
    assert late(date(2026, 3, 9)) == []
    assert late(date(2026, 3, 10)) == [case]
    assert queries.counts(by=by, on=date(2026, 3, 10)) == (1, 1, 1, 0)
    services.answer(case.pk, words="查过了", by=by, now=MONDAY)
    services.settle(case.pk, is_upheld=False, words="不属实", by=by, now=MONDAY)
    assert late(date(2026, 3, 10)) == []


def test_days_are_an_areas_own_rule(world: World, notice: Notice) -> None:
    ruled("case.settle_days", 3, EAST)
    assert objected(notice.entries.get(place=1)).settle_due == date(2026, 3, 5)


def test_name_and_telephone_are_sealed_and_shown_for_a_reason_alone(world: World, notice: Notice) -> None:
    case = objected(notice.entries.get(place=1), name="赵六", phone="139 0000 1234")
    with connection.cursor() as cursor:
        cursor.execute("SELECT disclosure_case::text FROM disclosure_case")
        (row,) = cursor.fetchone()
    assert "赵六" not in row
    assert "13900001234" not in row
    with refused("400.2"):
        services.reveal(case.pk, why="", by=world.rights("east"), now=MONDAY)
    with refused("403.1"):
        services.reveal(case.pk, why="想看", by=world.rights("jia_a"), now=MONDAY)
    shown = services.reveal(case.pk, why="电话核实", by=world.rights("east"), now=MONDAY)
    assert (shown.name, shown.phone) == ("赵六", "13900001234")
    assert JournalEntry.objects.filter(verb="case.revealed", actor="东审").count() == 1


def test_a_complaint_on_conduct_is_no_business_of_the_village(world: World, notice: Notice) -> None:
    line = notice.entries.get(place=1)
    conduct, plain = objected(line, kind="conduct"), objected(line)
    assert set(queries.in_sight(world.rights("jia_a"))) == {plain}
    assert set(queries.in_sight(world.rights("auditor"))) == {conduct, plain}
    with refused("404.1"):
        queries.one_case(conduct.pk, by=world.rights("jia_a"))
    assert not queries.in_sight(world.rights("west")).exists()


def test_an_officer_enters_what_was_said_by_telephone(world: World, notice: Notice) -> None:
    told = Told(kind="unpaid", words="没收到钱", area=JIA, channel="telephone")
    key = uuid.uuid4()
    case = services.open_case(key, told, by=world.rights("jia_a"), now=MONDAY)
    assert services.open_case(key, told, by=world.rights("jia_a"), now=MONDAY) == case
    assert (case.received_by, case.channel, case.application_id) == ("甲一", "telephone", None)
    with refused("404.1"):
        services.open_case(uuid.uuid4(), told, by=world.rights("yi_a"), now=MONDAY)
    with refused("403.1"):
        services.open_case(uuid.uuid4(), told, by=world.rights("leader"), now=MONDAY)


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("words", {"words": " "}),
        ("words", {"words": "长" * 1001}),
        ("kind", {"kind": "murder"}),
        ("area", {"area": "999999999999"}),
        ("channel", {"channel": "telephone"}),
        ("phone", {"phone": "不告诉你"}),
        ("name", {"name": "长" * 41}),
        ("entry", {"entry": 987654}),
    ],
)
def test_what_is_wrong_with_a_complaint_is_named(world: World, field: str, fields: dict[str, str]) -> None:
    told = Told(**{"kind": "other", "words": "问一下", "area": JIA, **fields})
    with pytest.raises(Problem) as caught:
        services.open_case(uuid.uuid4(), told, by=None, now=MONDAY)
    assert list(caught.value.errors) == [field]


def test_codes_differ_and_follow_from_the_key(world: World) -> None:
    keys = [uuid.uuid4() for _ in range(200)]
    assert len({code_of(key) for key in keys}) == 200
    assert code_of(keys[0]) == code_of(keys[0])
    assert len(code_of(keys[0])) == 8


def test_what_is_over_has_nothing_left_to_be_held(world: World, notice: Notice) -> None:
    line = notice.entries.get(place=1)
    Application.objects.filter(pk=line.application_id).update(state="archived")
    case = objected(line)
    assert application_of(case).held_at is None
    assert settled(world, case, upheld=True).state == "upheld"


# Payment beside an objection.


def second_hand(world: World) -> Person:
    person = Person.objects.create(username="bureau2", name="市局乙", password="x")
    Posting.objects.create(person=person, role="coordinator", area_id=COUNTY, valid_from=date(2020, 1, 1))
    return person


def paid(world: World, programme: Programme) -> PayBatch:
    """A batch of whoever may be paid now, made by the bureau."""
    quota = a_quota(world)
    return funds.make_batch(
        uuid.uuid4(),
        programme=programme.pk,
        villages=[COUNTY],
        quotas=[quota.pk],
        by=world.rights("bureau"),
        now=timezone.now(),
    )


def test_a_held_household_is_not_paid_and_drops_out_of_a_batch_being_made(
    world: World, notice: Notice
) -> None:
    programme = notice.programme
    Application.objects.filter(programme=programme).update(state="approved")
    for line in notice.entries.all():
        line.application.grants.create(quantity=26_000, decided_at=MONDAY, decided_by="市局")
    first, second = notice.entries.order_by("place")
    objected(first)
    batch = paid(world, programme)
    assert [one.application_id for one in batch.lines.all()] == [second.application_id]
    case = objected(second)
    other = rights_of(second_hand(world), on=timezone.localdate())
    with refused("409.31"):
        funds.release(batch.pk, by=other, now=timezone.now())
    settled(world, case, upheld=False)
    funds.release(batch.pk, by=other, now=timezone.now())
    batch.refresh_from_db()
    assert batch.state == "released"


@pytest.mark.django_db(transaction=True)
def test_an_objection_that_comes_while_a_batch_goes_out_is_before_it_or_after_it() -> None:
    """The batch holds the application's lock until it is out; the hold waits for it, and stands afterwards."""
    world = worlds.build()
    programme = a_programme()
    applied(programme)
    line = posted(world, programme).entries.get()
    held = threading.Event()

    def object_to_it() -> None:
        try:
            held.set()
            objected(line)
        finally:
            connections.close_all()

    thread = threading.Thread(target=object_to_it)
    with transaction.atomic():
        locked = Application.objects.select_for_update(no_key=True).get(pk=line.application_id)
        thread.start()
        assert held.wait(10)
        thread.join(0.2)
        assert thread.is_alive(), "the hold waits for whoever pays"
        assert locked.held_at is None
        assert not Case.objects.exists()
    thread.join(10)
    assert Application.objects.get(pk=line.application_id).held_at is not None
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_case_that_comes_while_another_is_settled_keeps_the_hold() -> None:
    world = worlds.build()
    programme = a_programme()
    applied(programme)
    line = posted(world, programme).entries.get()
    first = objected(line)
    by = world.rights("east")
    services.take(first.pk, by=by, now=MONDAY)
    services.answer(first.pk, words="查过了", by=by, now=MONDAY)

    def settle() -> None:
        try:
            services.settle(first.pk, is_upheld=False, words="不属实", by=by, now=MONDAY)
        finally:
            connections.close_all()

    thread = threading.Thread(target=settle)
    with transaction.atomic():
        objected(line, words="又一件")
        thread.start()
        thread.join(0.2)
        assert thread.is_alive(), "settling waits for the case that is coming"
    thread.join(10)
    assert Case.objects.filter(state="closed").count() == 1
    assert Application.objects.get(pk=line.application_id).held_at is not None


# Longer time.


def handled(world: World, notice: Notice) -> Case:
    """An objection that the township's reviewer has taken on."""
    return services.take(objected(notice.entries.first()).pk, by=world.rights("east"), now=MONDAY)


def test_a_leader_gives_longer_time_once_for_a_reason(world: World, notice: Notice) -> None:
    case, east, leader = handled(world, notice), world.rights("east"), world.rights("leader")
    first = case.settle_due
    with refused("400.2"):
        services.ask_extension(case.pk, why=" ", by=east, now=MONDAY)
    with refused("409.75"):
        services.ask_extension(case.pk, why="要等账", by=world.rights("bureau"), now=MONDAY)
    with refused("409.2"):
        services.decide_extension(case.pk, is_granted=True, by=leader, now=MONDAY)
    services.ask_extension(case.pk, why="要等乡里的账", by=east, now=MONDAY)
    with refused("403.1"):
        services.decide_extension(case.pk, is_granted=True, by=world.rights("bureau"), now=MONDAY)
    case = services.decide_extension(case.pk, is_granted=True, by=leader, now=MONDAY)
    assert (first, case.settle_due) == (date(2026, 3, 9), date(2026, 3, 16))
    assert (case.first_due, case.extension_decided_by) == (first, leader.name)
    assert not case.is_late(on=date(2026, 3, 16))
    assert case.is_late(on=date(2026, 3, 17))
    with refused("409.76"):
        services.ask_extension(case.pk, why="再延", by=east, now=MONDAY)
    with refused("409.2"):
        services.decide_extension(case.pk, is_granted=True, by=leader, now=MONDAY)
    assert [step.act for step in case.steps.order_by("id")][-2:] == ["asked", "extended"]


def test_longer_time_refused_is_not_asked_for_again(world: World, notice: Notice) -> None:
    case, east, leader = handled(world, notice), world.rights("east"), world.rights("leader")
    services.ask_extension(case.pk, why="要等账", by=east, now=MONDAY)
    with refused("400.2"):
        services.decide_extension(case.pk, is_granted=False, by=leader, now=MONDAY)
    told = services.decide_extension(case.pk, is_granted=False, words="按期办结", by=leader, now=MONDAY)
    assert (told.settle_due, told.first_due) == (case.settle_due, None)
    with refused("409.76"):
        services.ask_extension(case.pk, why="再请", by=east, now=MONDAY)


def test_nobody_asks_or_decides_once_the_time_is_over(world: World, notice: Notice) -> None:
    case, east = handled(world, notice), world.rights("east")
    late = MONDAY + 8 * DAY
    with refused("409.77"):
        services.ask_extension(case.pk, why="忘了", by=east, now=late)
    services.ask_extension(case.pk, why="要等账", by=east, now=MONDAY + 7 * DAY)
    with refused("409.77"):
        services.decide_extension(case.pk, is_granted=True, by=world.rights("leader"), now=late)
