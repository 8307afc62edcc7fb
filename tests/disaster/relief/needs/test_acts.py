"""The procedure: any sequence of acts keeps to its table, waits for what it must, and two hands never do one act twice."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disaster.problems import Problem
from disaster.relief.needs import evidence, guards, services
from disaster.relief.needs.models import Application, Grant, Step
from disaster.relief.needs.services import Row, Settled
from disaster.relief.needs.states import BEFORE_ISSUE, NEXT
from tests.disaster.relief.needs.made import a_household, a_programme, act, applied, brought, many, need
from tests.world import World

pytestmark = pytest.mark.django_db
ACCOUNTS = ["jia_a", "yi_a", "east", "west", "bureau", "leader", "foreign"]


@pytest.fixture
def no_guards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Needs alone, without what the rooms above ask."""
    monkeypatch.setattr(guards, "_guards", {})
    return


def refused(doing: Callable[[], Any]) -> str:
    with pytest.raises(Problem) as caught:
        doing()
    return caught.value.kind.number


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(NEXT)), st.sampled_from(ACCOUNTS), st.booleans()), max_size=25
    )
)
def test_no_sequence_of_acts_leaves_the_table(
    world: World, no_guards: None, steps: list[tuple[str, str, bool]]
) -> None:
    mark = transaction.savepoint()
    one = applied(world, a_programme(world))
    now = timezone.now()
    for name, account, waits in steps:
        now += timedelta(days=9 if waits else 0)
        before = Application.objects.get(pk=one.pk).state
        rights = world.rights(account)
        try:
            (answer,) = services.act_many(name, [one.pk], by=rights, now=now, why="因故", fen_a_person=100)
            done = answer.done
        except Problem:
            done = False
        after = Application.objects.get(pk=one.pk).state
        if done:
            assert name != "issue"
            assert before in NEXT[name].leaves
            assert after == NEXT[name].leads_to
            assert rights.may(NEXT[name].verb, one.area_id)
        else:
            assert after == before
    states = [(step.before, step.after) for step in Step.objects.filter(application=one).order_by("id")]
    assert all(first[1] == second[0] for first, second in itertools.pairwise(states))
    assert Grant.objects.filter(application=one).exists() == ("approved" in {after for _, after in states})
    transaction.savepoint_rollback(mark)


def test_each_of_many_is_answered_by_itself(world: World) -> None:
    programme = a_programme(world)
    ids = [one.pk for one in many(world, programme, 3)]
    act(world, "verify", ids[:1], "jia_a")
    answers = act(world, "verify", ids, "jia_a")
    assert [answer.done for answer in answers] == [False, True, True]
    assert answers[0].problem is not None
    assert answers[0].problem.kind.number == "409.2"
    assert refused(lambda: act(world, "verify", ids, "yi_a")) == "404.1"
    assert refused(lambda: act(world, "verify", ids, "leader")) == "403.1"
    assert refused(lambda: act(world, "return", ids, "east")) == "400.2"
    assert refused(lambda: act(world, "issue", ids, "bureau")) == "400.2"


def test_a_village_waits_until_its_notice_is_over_and_nothing_against_it_is_open(
    world: World, no_guards: None
) -> None:
    one = applied(world, a_programme(world))
    brought(world, [one.pk], "post")
    posted = Application.objects.get(pk=one.pk)
    assert posted.posted_on
    assert posted.notice_until
    assert (posted.notice_until - posted.posted_on).days == 7
    now = timezone.now()
    (answer,) = act(world, "submit", [one.pk], "jia_a", now + timedelta(days=7))
    assert answer.problem is not None
    assert answer.problem.kind.number == "409.21"
    services.hold(one.pk, "群众反映", by=None, now=now)
    (answer,) = act(world, "submit", [one.pk], "jia_a", now + timedelta(days=8))
    assert answer.problem is not None
    assert answer.problem.kind.number == "409.20"
    services.release(one.pk, "查无此事", by=world.rights("east"), now=now)
    (answer,) = act(world, "submit", [one.pk], "jia_a", now + timedelta(days=8))
    assert answer.state == "submitted"
    early = posted.posted_on + timedelta(days=3)
    other = applied(world, one.programme, a_household(world))
    brought(world, [other.pk], "assess")
    assert refused(lambda: act(world, "post", [other.pk], "jia_a", until=early)) == "400.2"


def test_one_pair_of_eyes_does_not_pass_and_approve(world: World) -> None:
    one = applied(world, a_programme(world))
    brought(world, [one.pk], "submit")
    later = timezone.now() + timedelta(days=20)
    act(world, "pass", [one.pk], "bureau", later)
    (answer,) = act(world, "approve", [one.pk], "bureau", later)
    assert answer.problem is not None
    assert answer.problem.kind.number == "409.25"


def test_what_is_above_the_limit_needs_the_villages_reason(world: World) -> None:
    programme = a_programme(world)
    home = a_household(world)
    with pytest.raises(Problem) as caught:
        applied(world, programme, home, heating_yuan=1001)
    assert set(caught.value.errors) == {"over_limit_why"}
    one = applied(world, programme, home)
    brought(world, [one.pk], "pass")
    later = timezone.now() + timedelta(days=20)
    (answer,) = act(world, "approve", [one.pk], "bureau", later, fen_a_person=501_00)
    assert answer.problem is not None
    assert answer.problem.kind.number == "409.27"
    (answer,) = act(world, "approve", [one.pk], "bureau", later, fen_a_person=500_00)
    assert answer.done


def test_one_need_is_met_once_whatever_the_programme_is_called(world: World) -> None:
    winter, home = a_programme(world), a_household(world)
    applied(world, winter, home)
    same = a_programme(world, name="冬春救助第二批")
    assert refused(lambda: applied(world, same, home)) == "409.23"
    emergency = applied(world, a_programme(world, name="应急", kind="YJ"), home)
    found = evidence.against([emergency], on=timezone.localdate())[emergency.pk]
    assert [(one.check, one.problem) for one in found] == [("double", None)]
    summer = a_programme(
        world, starts_on=winter.starts_on.replace(month=7), ends_on=winter.starts_on.replace(month=8)
    )
    assert applied(world, summer, home).state == "applied"


def test_a_death_stops_what_was_not_given_and_a_plan_cannot_revive_it(world: World) -> None:
    home = a_household(world)
    one = applied(world, a_programme(world), home)
    brought(world, [one.pk], "approve", goods={"quilt": 1})
    services.mark(home.pk, "deceased", why="病故", by=world.rights("jia_a"), now=timezone.now())
    assert Application.objects.get(pk=one.pk).state == "stopped"
    rights = world.rights("bureau")
    (answer,) = services.grant_many([Row(one.pk, "quilt", 2)], by=rights, now=timezone.now())
    assert answer.problem is not None
    assert answer.problem.kind.number == "409.2"
    assert refused(lambda: services.settle(one.pk, "quilt", 1, by=rights, now=timezone.now())) == "409.2"
    # What the bank had paid already is a fact.
    money = Grant.objects.get(application=one, item=None)
    services.settle(one.pk, None, money.quantity, by=rights, now=timezone.now(), happened=True)
    assert Application.objects.get(pk=one.pk).state == "stopped"


def test_a_plan_grants_and_changes_what_it_granted_but_never_below_what_arrived(world: World) -> None:
    programme = a_programme(world)
    ids = [one.pk for one in many(world, programme, 2)]
    brought(world, ids, "pass")
    later, rights = timezone.now() + timedelta(days=20), world.rights("bureau")
    rows = [Row(ids[0], "quilt", 2), Row(ids[0], None, 300_00), Row(ids[1], None, 260_00)]
    assert [one.state for one in services.grant_many(rows, by=rights, now=later)] == ["approved"] * 2
    services.settle(ids[0], "quilt", 1, by=rights, now=later)
    (answer,) = services.grant_many([Row(ids[0], "quilt", 0)], by=rights, now=later)
    assert answer.problem is not None
    assert answer.problem.kind.number == "409.24"
    services.grant_many([Row(ids[0], "quilt", 1), Row(ids[0], None, 0)], by=rights, now=later)
    assert Application.objects.get(pk=ids[0]).state == "issued"
    assert refused(lambda: services.settle(ids[1], None, 260_01, by=rights, now=later)) == "409.24"
    answers = services.settle_many([Settled(ids[1], None, 260_00)], by=rights, now=later)
    assert [one.state for one in answers] == ["issued"]


def test_a_thousand_cost_as_many_statements_as_ten(world: World, no_guards: None) -> None:
    def cost(rows: int) -> list[int]:
        ids = [one.pk for one in many(world, a_programme(world, name=f"{rows}户"), rows)]
        counts = []
        with CaptureQueriesContext(connection) as verified:
            assert all(one.done for one in act(world, "verify", ids, "jia_a"))
        counts.append(len(verified))
        Application.objects.filter(pk__in=ids).update(state="passed")
        with CaptureQueriesContext(connection) as approved:
            assert all(one.done for one in act(world, "approve", ids, goods={"quilt": 1}))
        counts.append(len(approved))
        rows_given, rights = [Settled(pk, "quilt", 1) for pk in ids], world.rights("jia_a")
        with CaptureQueriesContext(connection) as settled:
            assert all(one.done for one in services.settle_many(rows_given, by=rights, now=timezone.now()))
        return [*counts, len(settled)]

    few = cost(10)
    assert few == cost(1000)
    assert max(few) <= 16


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_clerks_at_once_do_it_once(world: World) -> None:
    one = applied(world, a_programme(world))
    start, told = threading.Barrier(4), []

    def clerk(name: str) -> None:
        start.wait()
        try:
            told.extend(answer.done for answer in act(world, name, [one.pk], "jia_a", why="撤"))
        finally:
            connection.close()

    clerks = [
        threading.Thread(target=clerk, args=(name,)) for name in ("verify", "verify", "verify", "verify")
    ]
    for each in clerks:
        each.start()
    for each in clerks:
        each.join()
    assert sorted(told) == [False, False, False, True]
    assert Step.objects.filter(application=one, act="verify").count() == 1


def test_whatever_is_open_may_be_withdrawn_with_a_reason(world: World) -> None:
    assert set(NEXT["withdraw"].leaves) == set(BEFORE_ISSUE)
    one = applied(world, a_programme(world))
    assert refused(lambda: act(world, "withdraw", [one.pk], "jia_a")) == "400.2"
    act(world, "withdraw", [one.pk], "jia_a", why="已外出务工")
    again = services.apply(
        Step.objects.get(application=one, act="withdraw").application.household.pk,
        programme=one.programme_id,
        household=one.household_id,
        entry=need(),
        by=world.rights("jia_a"),
        now=timezone.now(),
    )
    assert again.state == "applied"
