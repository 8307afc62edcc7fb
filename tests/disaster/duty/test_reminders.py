"""Rounds of reminding against a real gateway on this machine, under a clock we hold."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from disaster.duty.reminders import services
from disaster.duty.reminders.engine import remind
from disaster.duty.reminders.models import Channel, Holding, Reminder
from disaster.journal.models import Entry
from disaster.people.models import Person
from disaster.problems import Problem
from tests.rows import report_row, store_rows
from tests.world import BING, COUNTY, EAST, JIA, YI, World

pytestmark = pytest.mark.django_db

RAIN = datetime(2026, 7, 5, 2, 0, tzinfo=UTC)  # 10:00 in Beijing; village first reports are due at 10:30


class Gateway:
    """An SMS gateway: keeps what it was told, and can be out of order."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.works = True
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if gateway.works:
                    gateway.heard.append((self.path, body))
                self.send_response(200 if gateway.works else 500)
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.server.server_address[1]}/sms/{{phone}}"

    def phones(self) -> list[str]:
        return [path.rsplit("/", 1)[1] for path, _ in self.heard]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()
    yield made
    made.close()


PHONES = {"jia_a": "13800000001", "jia_b": "13800000002", "yi_a": "13800000003", "east": "13800000004"}


@pytest.fixture
def storm(world: World, gateway: Gateway) -> Any:
    for account, phone in PHONES.items():
        person = Person.objects.get(pk=world[account].pk)
        person.phone = phone
        person.save()
    channel(gateway.url)
    event = world.event(started_at=RAIN, hazard="flood")
    store_rows([report_row(world, event=event, area=BING, at=at(5), figures={"affected": 1})])
    return event


def channel(url: str, name: str = "短信", order: int = 0) -> None:
    made = Channel(name=name, area_code=COUNTY, order=order)
    made.url = url
    made.save()


def at(minutes: float) -> datetime:
    return RAIN + timedelta(minutes=minutes)


def test_a_then_b_then_the_township_each_once(storm: Any, gateway: Gateway) -> None:
    heard: dict[int, list[str]] = {}
    for minute in range(0, 120):
        before = len(gateway.heard)
        remind(now=at(minute))
        if len(gateway.heard) > before:
            heard[minute] = gateway.phones()[before:]
    assert heard == {
        20: [PHONES["jia_a"], PHONES["yi_a"]],
        35: [PHONES["jia_b"], PHONES["east"]],  # 乙村 has no B岗: its township hears at once
        50: [PHONES["east"]],
    }
    assert Reminder.objects.filter(outcome="sent").count() == 5


def test_a_village_that_reports_is_left_in_peace(world: World, storm: Any, gateway: Gateway) -> None:
    remind(now=at(20))
    store_rows([report_row(world, event=storm, area=area, at=at(25)) for area in (JIA, YI)])
    remind(now=at(60))
    assert sorted(gateway.phones()) == [PHONES["jia_a"], PHONES["yi_a"]]


def test_the_message_names_the_village_and_the_deadline(storm: Any, gateway: Gateway) -> None:
    remind(now=at(20))
    _, body = gateway.heard[0]
    assert "甲村" in body["message"]
    assert "07-05 10:30" in body["message"]


def test_a_gateway_out_of_order_is_noted_and_the_next_is_tried(storm: Any, gateway: Gateway) -> None:
    gateway.works = False
    remind(now=at(20))
    assert set(Reminder.objects.values_list("outcome", flat=True)) == {"failed"}
    spare = Gateway()
    try:
        channel(spare.url, "备用", 1)
        remind(now=at(36))
        assert PHONES["jia_b"] in spare.phones()
        assert Reminder.objects.get(person__username="jia_b").channel == "备用"
    finally:
        spare.close()


def test_the_stop_switch_is_a_switch(world: World, storm: Any, gateway: Gateway) -> None:
    services.stop(area_code=EAST, reason="演练结束", by=world.rights("east"), now=at(1))
    remind(now=at(20))
    assert gateway.heard == []
    assert set(Holding.objects.values_list("why", flat=True)) == {"stopped"}
    with pytest.raises(Problem):
        services.stop(area_code=EAST, reason="再停", by=world.rights("bureau"), now=at(2))
    services.resume(area_code=EAST, by=world.rights("bureau"), now=at(21))
    remind(now=at(22))
    assert sorted(gateway.phones()) == [PHONES["jia_a"], PHONES["yi_a"]]


def test_each_reminder_is_in_the_journal_and_names_no_number(storm: Any, gateway: Gateway) -> None:
    remind(now=at(20))
    rows = Entry.objects.filter(verb="reminder.sent")
    assert {row.area_code for row in rows} == {JIA, YI}
    assert not any(phone in str(row.__dict__) for row in rows for phone in PHONES.values())


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_tell_each_person_once(storm: Any, gateway: Gateway) -> None:
    together = threading.Barrier(4)

    def one_round() -> None:
        together.wait(10)
        try:
            remind(now=at(20))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(one_round) for _ in range(4)]:
            done.result(30)
    assert sorted(gateway.phones()) == [PHONES["jia_a"], PHONES["yi_a"]]


def test_an_address_is_sealed_and_a_wrong_one_is_refused(world: World) -> None:
    with pytest.raises(Problem) as caught:
        services.add_channel(name="x", area_code=COUNTY, url="nonsense", by=world.rights("admin"), now=RAIN)
    assert list(caught.value.errors) == ["url"]
    services.add_channel(
        name="机器人", area_code=COUNTY, url="wecombot://secret-key", by=world.rights("admin"), now=RAIN
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT channel::text FROM duty_channel channel")
        assert "secret-key" not in cursor.fetchone()[0]


def test_the_desk_sees_what_was_said_and_held(
    storm: Any, gateway: Gateway, client_of: Callable[[str], Client]
) -> None:
    remind(now=at(20))
    told = client_of("bureau").get("/api/duty/reminders").json()
    assert {row["area"] for row in told["said"]} == {JIA, YI}
    assert "1380000" not in json.dumps(told)
    assert client_of("west").get("/api/duty/reminders").json()["said"] == []
