"""Villages told of a zone, what they answer, who is silent, and what leaves through the channels."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from disaster.duty.reminders.models import Channel
from disaster.duty.reminders.send import Sent
from disaster.events import zones
from disaster.journal.models import Entry
from disaster.problems import Problem
from disaster.warnings import deliver, notices, settle, tokens
from disaster.warnings.alerts.receive import receive
from disaster.warnings.models import Confirmation, Delivery, Notice
from gis.models import HazardZone
from tests.disaster.warnings.written import SENDER, area, cap, geocode, stamp
from tests.world import BING, COUNTY, EAST, JIA, WEST, YI, World, square

pytestmark = pytest.mark.django_db


def a_zone(world: World, *, west: float = 116.505, side: float = 0.03, **fields: Any) -> HazardZone:
    """A zone over parts of villages 甲 and 乙, unless said otherwise."""
    values: dict[str, Any] = {
        "name": "甲河两岸",
        "kind": "flood",
        "level": "red",
        "area_code": EAST,
        "boundary": square(west, 30.605, side),
        "source": "巡查",
        "valid_from": timezone.now(),
        "valid_to": None,
        **fields,
    }
    return zones.draw_zone(**values, by=world.rights("bureau"), now=timezone.now())


def told(world: World, account: str = "bureau", zone: HazardZone | None = None, **more: Any) -> list[Notice]:
    return notices.send(zone or a_zone(world), by=world.rights(account), now=timezone.now(), **more)


def answered(world: World, notice: Notice, account: str = "jia_a", **fields: Any) -> Notice:
    values: dict[str, Any] = {"confirmation": uuid.uuid4(), "answer": "received", **fields}
    return notices.confirm(notice.pk, by=world.rights(account), now=timezone.now(), **values)


def number_of(call: Callable[[], Any]) -> str:
    with pytest.raises(Problem) as caught:
        call()
    return caught.value.kind.number


def test_each_village_inside_is_told_once(world: World) -> None:
    zone = a_zone(world)
    made = told(world, zone=zone, instruction="立即转移")
    assert {row.area_id: row.instruction for row in made} == {JIA: "立即转移", YI: "立即转移"}
    assert all(0 < row.people < 1000 for row in made), "about as many as live in the part inside"
    assert [row.issuer for row in made] == ["市局", "市局"]
    assert number_of(lambda: told(world, zone=zone)) == "400.2"
    assert Notice.objects.count() == 2


def test_a_village_the_zone_only_touches_is_not_told(world: World) -> None:
    zone = a_zone(world, west=116.50, side=0.01, boundary=square(116.50, 30.60))
    assert [row.area_id for row in told(world, zone=zone)] == [JIA]


def test_a_township_tells_its_own_villages(world: World) -> None:
    zone = a_zone(world, side=0.05, area_code=COUNTY)
    assert [row.area_id for row in told(world, "west", zone)] == [BING]
    assert [row.area_id for row in told(world, "east", zone)] == [JIA, YI]


@pytest.mark.parametrize(
    ("account", "number"), [("jia_a", "403.1"), ("leader", "403.1"), ("west", "404.1"), ("foreign", "404.1")]
)
def test_who_may_not_tell_is_refused(world: World, account: str, number: str) -> None:
    zone = a_zone(world, area_code=JIA, side=0.005)
    assert number_of(lambda: told(world, account, zone)) == number
    assert not Notice.objects.exists()


def test_nobody_is_told_of_what_is_over(world: World) -> None:
    lifted = zones.lift_zone(a_zone(world), by=world.rights("bureau"), now=timezone.now())
    assert number_of(lambda: told(world, zone=lifted)) == "400.2"
    past = a_zone(world, valid_from=timezone.now() - timedelta(hours=2), valid_to=timezone.now())
    assert number_of(lambda: told(world, zone=past)) == "400.2"


def test_the_answers(world: World) -> None:
    notice = told(world, villages=[JIA])[0]
    assert answered(world, notice).answer == "received"
    moved = answered(world, notice, answer="moved", persons=37)
    assert (moved.answer, moved.persons, moved.answered_by) == ("moved", 37, "甲一")
    helped = answered(world, notice, "jia_b", answer="help", words="冲锋舟一艘")
    assert (helped.answer, helped.words, helped.persons) == ("help", "冲锋舟一艘", 37)
    assert Confirmation.objects.count() == 3
    assert Entry.objects.filter(verb="notice.confirmed").count() == 3


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"answer": "moved"}, "persons"),
        ({"answer": "moved", "persons": -1}, "persons"),
        ({"answer": "moved", "persons": 10**9}, "persons"),
        ({"answer": "help"}, "words"),
        ({"answer": "help", "words": " "}, "words"),
        ({"answer": "received", "words": "x" * 501}, "words"),
        ({"answer": "sent"}, "answer"),
        ({"answer": "gone"}, "answer"),
    ],
)
def test_a_wrong_answer_is_named(world: World, fields: dict[str, Any], field: str) -> None:
    notice = told(world, villages=[JIA])[0]
    with pytest.raises(Problem) as caught:
        answered(world, notice, **fields)
    assert list(caught.value.errors) == [field]
    assert not Confirmation.objects.exists()


def test_an_answer_sent_twice_is_kept_once(world: World) -> None:
    notice, identity = told(world, villages=[JIA])[0], uuid.uuid4()
    said = timezone.now() - timedelta(minutes=2)
    for _ in range(2):
        answered(world, notice, answer="moved", persons=5, confirmation=identity, said_at=said)
    assert Confirmation.objects.count() == 1
    assert Entry.objects.filter(verb="notice.confirmed").count() == 1
    other = {"answer": "moved", "persons": 6, "confirmation": identity}
    assert number_of(lambda: answered(world, notice, **other)) == "409.1"


def test_the_newest_said_counts_whenever_it_arrives(world: World) -> None:
    notice, now = told(world, villages=[JIA])[0], timezone.now()
    answered(world, notice, answer="moved", persons=9, said_at=now - timedelta(minutes=1))
    late = answered(world, notice, answer="received", said_at=now - timedelta(minutes=30))
    assert (late.answer, late.persons) == ("moved", 9)
    assert Confirmation.objects.count() == 2


@pytest.mark.parametrize(("account", "number"), [("yi_a", "404.1"), ("west", "404.1"), ("leader", "403.1")])
def test_nobody_answers_for_a_village_that_is_not_theirs(world: World, account: str, number: str) -> None:
    notice = told(world, villages=[JIA])[0]
    assert number_of(lambda: answered(world, notice, account)) == number


def test_a_notice_ends_with_its_zone_and_can_still_be_answered(world: World) -> None:
    notice = told(world, villages=[JIA])[0]
    zones.lift_zone(notice.zone, by=world.rights("bureau"), now=timezone.now())
    assert settle.settle(now=timezone.now()) == 1
    assert answered(world, notice, answer="moved", persons=3).closed_at is not None


def test_who_is_silent_is_ranked_by_danger_and_people(world: World) -> None:
    few = told(world, zone=a_zone(world, west=116.519, side=0.002), villages=[JIA])[0]
    many = told(world, zone=a_zone(world, west=116.52, side=0.019), villages=[YI])[0]
    mild = told(world, zone=a_zone(world, west=116.54, side=0.02, area_code=WEST, level="yellow"))[0]
    heard = told(world, zone=a_zone(world, west=116.50, side=0.004), villages=[JIA])[0]
    answered(world, heard)
    silent = notices.silent(by=world.rights("bureau"), now=timezone.now())
    assert [row.pk for row in silent] == [many.pk, few.pk, mild.pk]
    assert [row.pk for row in notices.silent(by=world.rights("west"), now=timezone.now())] == [mild.pk]


def take(data: bytes) -> Any:
    return receive(data, way="post", by=tokens.feeder("气象台", COUNTY), now=timezone.now()).alert


def test_an_update_tells_whom_it_newly_reaches_and_ends_whom_it_no_longer_does(world: World) -> None:
    take(cap("a-1", areas=area(geocode(JIA)) + area(geocode(YI))))
    first = {row.area_id: row for row in Notice.objects.all()}
    answered(world, first[YI], "yi_a")
    refers = f"{SENDER},a-1,{stamp(timezone.now())}"
    take(cap("a-2", msgType="Update", references=refers, areas=area(geocode(YI)) + area(geocode(BING))))

    assert HazardZone.objects.filter(lifted_at=None).count() == 1, "changed, not drawn anew"
    open_rows = {row.area_id: row for row in Notice.objects.filter(closed_at=None)}
    assert sorted(open_rows) == [YI, BING]
    assert open_rows[YI].pk == first[YI].pk, "the same at the same level is no news"
    assert open_rows[YI].answer == "received"


def test_an_update_to_yellow_is_told_to_those_who_were_told_of_orange(world: World) -> None:
    take(cap("a-1"))
    refers = f"{SENDER},a-1,{stamp(timezone.now())}"
    take(cap("a-2", msgType="Update", references=refers, severity="Moderate", areas=area(geocode(EAST))))
    assert [(row.area_id, row.level) for row in Notice.objects.filter(closed_at=None)] == [(JIA, "yellow")]


def a_channel(area_code: str = EAST, *, group: bool = False) -> None:
    channel = Channel(name="群" if group else "短信", area_code=area_code)
    channel.url = "wecombot://key" if group else "jsons://gateway.example/{phone}"
    channel.save()


def test_officers_are_reached_through_the_channels_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[tuple[str, str]] = []

    def gateway(channels: Any, *, phone: str, title: str, body: str) -> Sent:
        left.append((title, body))
        assert [channel.name for channel in channels] == ["短信"]
        return Sent(len(left) != 2, "短信")

    monkeypatch.setattr(deliver, "deliver", gateway)
    a_channel()
    told(world, zone=a_zone(world, side=0.05, area_code=COUNTY), instruction="立即转移。")
    assert Delivery.objects.count() == 3, "two officers of 甲, one of 乙; no channel reaches 丙"
    assert deliver.send_waiting(now=timezone.now()) == 2
    assert deliver.send_waiting(now=timezone.now()) == 0
    assert sorted(Delivery.objects.values_list("outcome", flat=True)) == ["failed", "sent", "sent"]
    assert left[0][0] == "预警:甲村"
    assert "市局" in left[0][1]
    assert "立即转移" in left[0][1]
    assert Entry.objects.filter(verb="notice.delivered").count() == 3


def test_a_group_hears_once_of_all_its_villages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[str] = []

    def gateway(channels: Any, *, phone: str, title: str, body: str) -> Sent:
        if not channels:
            return Sent(False, "")
        left.append(title)
        return Sent(True, channels[0].name)

    monkeypatch.setattr(deliver, "deliver", gateway)
    a_channel(group=True)
    told(world, zone=a_zone(world, side=0.05, area_code=COUNTY))
    assert deliver.send_waiting(now=timezone.now()) == 3
    assert left == ["预警:甲村、乙村"]


def test_without_a_channel_nothing_waits(world: World) -> None:
    told(world)
    assert not Delivery.objects.exists()


def test_the_page_shows_alerts_answers_and_whom_to_call(
    world: World, client_of: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    take(cap("a-1", headline="暴雨&lt;b&gt;橙色"))
    take(cap("a-2", status="Exercise", headline="只是演练"))
    zone = a_zone(world)
    rows = told(world, zone=zone)
    answered(world, rows[0], answer="help", words="船<i>")
    client = client_of("bureau")
    with django_assert_max_num_queries(16):
        page = client.get("/warnings/").content.decode()
    assert "暴雨&lt;b&gt;橙色" in page
    assert "只是演练" in page
    assert "船&lt;i&gt;" in page
    assert page.index(f'data-zone="{zone.pk}"') < page.index(
        "data-zone=", page.index(f'data-zone="{zone.pk}"') + 20
    )
    west = client_of("west").get("/warnings/").content.decode()
    assert "船" not in west


def test_an_officer_is_told_of_the_own_village_alone(
    world: World, client_of: Callable[[str], Client]
) -> None:
    told(world)
    for account, villages in (("jia_a", [JIA]), ("bing_a", []), ("east", [JIA, YI])):
        objects = client_of(account).get("/api/feed/snapshot").json()["objects"]
        assert sorted(one["area"] for one in objects if one["object"] == "notice") == villages
