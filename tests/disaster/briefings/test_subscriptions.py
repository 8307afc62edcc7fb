"""Subscriptions against a real gateway on this machine, under a clock we hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from disaster.briefings.models import Briefing, Subscription, Telling
from disaster.briefings.subscriptions.engine import Round, tell
from disaster.briefings.subscriptions.services import subscribe
from disaster.duty.reminders import services as reminders
from disaster.duty.reminders.models import Channel
from disaster.events.models import Event
from disaster.journal.models import Entry
from disaster.people.models import Person, Posting
from disaster.problems import Problem
from disaster.rules.models import Rule
from gis.models import Area
from tests.beside import beside
from tests.disaster.duty.test_reminders import Gateway
from tests.disaster.relief.board.made import a_programme
from tests.rows import report_row, store_rows
from tests.world import BING, COUNTY, EAST, JIA, WEST, World

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 7, 5, 10, 0, tzinfo=UTC)  # 18:00 in Beijing
SEVEN = datetime(2026, 7, 5, 23, 0, tzinfo=UTC)  # 07:00 of 6 July in Beijing
PHONE = "13800000009"
ADDRESS = "https://zaiqing.example"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()
    yield made
    made.close()


@pytest.fixture
def storm(world: World, gateway: Gateway, settings: Any) -> Event:
    settings.ADDRESS = ADDRESS
    for account, phone in (("leader", PHONE), ("bureau", "13800000008"), ("east", "13800000007")):
        person = Person.objects.get(pk=world[account].pk)
        person.phone = phone
        person.save()
    a_channel(gateway.url)
    event = world.event(started_at=EVENING - timedelta(hours=6), hazard="flood")
    dead(world, event, JIA, 0, at=EVENING - timedelta(hours=5))
    return event


def a_channel(url: str, name: str = "短信") -> None:
    made = Channel(name=name, area_code=COUNTY)
    made.url = url
    made.save()


def dead(world: World, event: Event, area: str, many: int, *, at: datetime) -> None:
    figures = {"affected": 40, "dead": many}
    store_rows([report_row(world, event=event, area=area, at=at, figures=figures)])


def wants(world: World, account: str = "leader", **fields: Any) -> Subscription:
    values = {"kind": "event", "area": COUNTY, "trigger": "daily", "now": EVENING}
    return subscribe(**{**values, **fields}, by=world.rights(account))


def reading(client: Client, briefing: Briefing) -> dict[str, str]:
    """Who is listed on a briefing's page, and whether they have read it."""
    page = client.get(f"/briefings/{briefing.pk}/").content.decode()
    listed = page[page.index('id="readers"') :]
    return dict(re.findall(r"<li><b>(.*?)</b> <span[^>]*>(..)", listed))


def test_at_seven_each_morning_once_with_a_link_to_the_page(
    world: World, storm: Event, gateway: Gateway, client_of: Callable[[str], Client]
) -> None:
    wants(world)
    wants(world, "bureau")
    wants(world, "east", area=EAST)
    minutes = {minute: tell(now=SEVEN + timedelta(minutes=minute)).sent for minute in range(-3, 4)}
    assert minutes == {-3: 0, -2: 0, -1: 0, 0: 3, 1: 0, 2: 0, 3: 0}
    assert tell(now=SEVEN + timedelta(days=1)).sent == 3, "and the next morning again"

    county, township = Briefing.objects.filter(as_of=SEVEN).order_by("area_id")
    assert (county.area_id, township.area_id) == (COUNTY, EAST), "two who want the same get the same"
    assert county.made_by == "系统(订阅)"
    heard = {path.rsplit("/", 1)[1]: body for path, body in gateway.heard[:3]}
    assert f"{ADDRESS}/briefings/{county.pk}/" in heard[PHONE]["message"]
    assert f"{ADDRESS}/briefings/{township.pk}/" in heard["13800000007"]["message"]
    assert "40" not in heard[PHONE]["message"].split("http")[0].replace(f"{SEVEN:%d}", ""), "no figure"

    # Each opening is on record, and the bureau sees who has read and who has not.
    assert reading(client_of("bureau"), county) == {"市局": "已读", "领导": "未读"}
    assert client_of("leader").get(f"/briefings/{county.pk}/").status_code == 200
    assert reading(client_of("bureau"), county) == {"市局": "已读", "领导": "已读"}
    assert 'id="readers"' not in client_of("auditor").get(f"/briefings/{county.pk}/").content.decode()
    assert Entry.objects.filter(verb="briefing.sent").count() == 6


def test_the_hour_is_a_dated_rule(world: World, storm: Event) -> None:
    wants(world)
    Rule.objects.create(
        key="briefing.daily_at", value="08:30", valid_from=SEVEN.date(), source="市局通知", area_code=COUNTY
    )
    assert tell(now=SEVEN + timedelta(minutes=89)).sent == 0
    assert tell(now=SEVEN + timedelta(minutes=90)).sent == 1


def test_who_subscribes_after_seven_waits_for_the_next_morning(world: World, storm: Event) -> None:
    wants(world, now=SEVEN + timedelta(hours=1))
    assert tell(now=SEVEN + timedelta(hours=2)).sent == 0
    assert tell(now=SEVEN + timedelta(days=1)).sent == 1


def test_a_figure_is_told_when_it_is_reached_and_again_only_when_it_grows(world: World, storm: Event) -> None:
    wants(world, trigger="figure", figure="dead", limit=Decimal(1))
    wants(world, trigger="figure", figure="affected", limit=Decimal(1000))
    assert tell(now=EVENING).sent == 0
    dead(world, storm, BING, 1, at=EVENING + timedelta(minutes=5))
    assert tell(now=EVENING + timedelta(minutes=6)) == Round(1, 0, 0)
    for hours in (1, 13, 37):
        assert tell(now=EVENING + timedelta(hours=hours)).sent == 0, "nothing new"
    dead(world, storm, JIA, 2, at=EVENING + timedelta(hours=38))
    assert tell(now=EVENING + timedelta(hours=39)).sent == 1
    dead(world, storm, BING, 3, at=EVENING + timedelta(hours=39, minutes=5))
    assert tell(now=EVENING + timedelta(hours=39, minutes=6)).sent == 0, "once a day and cause"
    assert tell(now=EVENING + timedelta(hours=62)).sent == 1
    assert [int(row.value or 0) for row in Telling.objects.order_by("at")] == [1, 3, 5]


def test_a_figure_that_could_not_be_told_is_told_the_next_day(
    world: World, storm: Event, gateway: Gateway
) -> None:
    wants(world, trigger="figure", figure="dead", limit=Decimal(1))
    dead(world, storm, BING, 1, at=EVENING)
    gateway.works = False
    assert tell(now=EVENING + timedelta(minutes=1)) == Round(0, 1, 0)
    gateway.works = True
    assert tell(now=EVENING + timedelta(hours=1)) == Round(0, 0, 0), "not again the same day"
    assert tell(now=EVENING + timedelta(days=1)) == Round(1, 0, 0)
    assert tell(now=EVENING + timedelta(days=2)) == Round(0, 0, 0), "nothing new since it was told"


def test_a_level_of_response_is_a_threshold_too(world: World, storm: Event) -> None:
    wants(world, trigger="response", limit=Decimal(3))
    dead(world, storm, BING, 2, at=EVENING)
    assert tell(now=EVENING + timedelta(minutes=1)).sent == 0, "two dead are level 4"
    dead(world, storm, BING, 4, at=EVENING + timedelta(minutes=2))
    assert tell(now=EVENING + timedelta(minutes=3)).sent == 1


def test_a_drought_hits_by_its_share_of_residents(world: World, storm: Event) -> None:
    wants(world, trigger="response", limit=Decimal(1))
    figures = {"drought_relief": 150}
    store_rows([report_row(world, event=storm, area=BING, at=EVENING, figures=figures)])
    assert tell(now=EVENING).sent == 0, "nobody knows how many live there"
    Area.objects.filter(pk=COUNTY).update(population=1000)
    assert tell(now=EVENING).sent == 1


def test_relief_is_told_each_morning(world: World, storm: Event) -> None:
    a_programme(opened_at=EVENING)
    wants(world, kind="relief")
    assert tell(now=SEVEN).sent == 1
    assert Briefing.objects.get().kind == "relief"


def test_the_stop_switch_and_the_cap_hold_back_and_nothing_is_forgotten(
    world: World, storm: Event, gateway: Gateway
) -> None:
    wants(world)
    by = world.rights("bureau")
    reminders.stop(area_code=COUNTY, reason="演练", by=by, now=EVENING)
    assert tell(now=SEVEN) == Round(0, 0, 1)
    tell(now=SEVEN + timedelta(minutes=1))
    assert Entry.objects.filter(verb="briefing.held").count() == 1, "told once"
    reminders.resume(area_code=COUNTY, by=by, now=SEVEN)
    cap = Rule.objects.get(key="reminder.person_hour")
    before, cap.value = cap.value, 0
    cap.save()
    assert tell(now=SEVEN + timedelta(minutes=2)) == Round(0, 0, 1)
    assert gateway.heard == []
    cap.value = before
    cap.save()
    assert tell(now=SEVEN + timedelta(minutes=3)) == Round(1, 0, 0)
    assert Briefing.objects.get().as_of == SEVEN, "of the morning all the same"


def test_a_gateway_out_of_order_is_shown_and_a_group_hears_once(
    world: World, storm: Event, gateway: Gateway
) -> None:
    wants(world)
    wants(world, "bureau")
    gateway.works = False
    assert tell(now=SEVEN) == Round(0, 2, 0)
    assert set(Telling.objects.values_list("outcome", flat=True)) == {"failed"}
    gateway.works = True
    Channel.objects.all().delete()
    a_channel(gateway.url.replace("{phone}", "group"), "企业微信群")
    assert tell(now=SEVEN + timedelta(days=1)) == Round(2, 0, 0)
    assert gateway.phones() == ["group"], "two subscribers of one group, one message"


def test_who_may_no_longer_read_is_no_longer_told(world: World, storm: Event, gateway: Gateway) -> None:
    wants(world)
    Posting.objects.filter(person=world["leader"]).update(valid_to=EVENING.date())
    assert tell(now=SEVEN) == Round(0, 0, 0)
    assert gateway.heard == []


@pytest.mark.django_db(transaction=True)
def test_two_processes_tell_once(world: World, storm: Event, gateway: Gateway) -> None:
    wants(world)

    def one_round(_: int) -> int:
        try:
            return tell(now=SEVEN).sent
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one_round, range(4))) == 1
    assert len(gateway.heard) == 1


@pytest.mark.django_db(transaction=True)
def test_subscribing_twice_at_once_is_refused_the_second_time(world: World) -> None:
    with pytest.raises(Problem) as caught:
        beside(lambda: wants(world), lambda: wants(world))
    assert list(caught.value.errors) == ["area"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"area": JIA}, "area"),
        ({"area": "x"}, "area"),
        ({"kind": "weather"}, "kind"),
        ({"trigger": "figure", "figure": "rain"}, "figure"),
        ({"trigger": "figure", "figure": "dead"}, "limit"),
        ({"trigger": "response", "limit": Decimal(5)}, "limit"),
        ({"kind": "relief", "trigger": "figure"}, "trigger"),
    ],
)
def test_what_cannot_be_is_refused_by_name(world: World, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as caught:
        wants(world, **fields)
    assert field in caught.value.errors


def test_one_manages_ones_own(world: World, client_of: Callable[[str], Client]) -> None:
    leader, bureau = client_of("leader"), client_of("bureau")
    body = {"area": COUNTY, "trigger": "figure", "figure": "dead", "limit": 1}
    made = leader.post("/api/briefings/subscriptions", body, content_type="application/json")
    assert made.status_code == 201
    again = leader.post("/api/briefings/subscriptions", body, content_type="application/json")
    assert (again.status_code, list(again.json()["errors"])) == (400, ["area"])
    assert "≥ 1" in leader.get("/briefings/subscriptions/").content.decode()
    end = f"/api/briefings/subscriptions/{made.json()['subscription']['id']}/end"
    assert bureau.post(end).status_code == 404, "nobody else's"
    assert leader.post(end).status_code == 200
    assert leader.get("/api/briefings/subscriptions").json() == {"subscriptions": []}
    verbs = Entry.objects.filter(verb__in=["briefing.subscribed", "briefing.unsubscribed"])
    assert verbs.count() == 2
    with pytest.raises(Problem) as caught:
        wants(world, "west", area=EAST)
    assert caught.value.kind.status == 404
    assert wants(world, "west", area=WEST)
