"""The desk's pages and doors of notices and complaints."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.relief.disclosure.models import Case, Notice
from disaster.relief.needs.models import Programme
from tests.disaster.relief.disclosure.made import a_programme, applied, jpeg, now_posted, objected
from tests.world import BING, JIA, YI, World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def notice(world: World, programme: Programme) -> Notice:
    for name in ("张三", "李四"):
        applied(programme, name=name)
    return now_posted(world, programme)


def send(client: Client, method: str, path: str, body: Any) -> Any:
    return client.generic(method, path, json.dumps(body), content_type="application/json")


def test_a_call_is_entered_at_its_line_and_the_caller_is_told_a_code(
    client_of: Browser, notice: Notice
) -> None:
    body = {
        "id": str(uuid.uuid4()),
        "kind": "objection",
        "words": "他家有小轿车",
        "notice": str(notice.pk),
        "line": 2,
        "name": "赵六",
        "phone": "13900001234",
    }
    told = send(client_of("jia_a"), "POST", "/api/complaints", body)
    assert told.status_code == 201
    case = Case.objects.get()
    assert (len(told.json()["code"]), case.channel, case.received_by) == (8, "telephone", "甲一")
    assert notice.entries.get(place=2).application.held_at is not None
    page = client_of("jia_a").get(f"/complaints/{case.pk}/").content.decode()
    assert "暂停发放" in page
    for private in ("赵六", "13900001234", "139****1234"):
        assert private not in page
    east = client_of("east")
    assert "139****1234" in east.get(f"/complaints/{case.pk}/").content.decode()
    shown = send(east, "POST", f"/api/complaints/{case.pk}/reveal", {"why": "电话核实"})
    assert shown.json() == {"name": "赵六", "phone": "13900001234"}
    wrong = send(client_of("jia_a"), "POST", "/api/complaints", {**body, "id": str(uuid.uuid4()), "line": 9})
    assert wrong.status_code == 404


def test_each_state_shows_its_one_next_step_to_whoever_may_take_it(
    client_of: Browser, notice: Notice
) -> None:
    case = objected(notice.entries.first(), at=timezone.now())
    east = client_of("east")

    def page(client: Client) -> str:
        return client.get(f"/complaints/{case.pk}/").content.decode()

    assert "下一步:受理" in page(east)
    assert "下一步" not in page(client_of("jia_a"))
    send(east, "POST", f"/api/complaints/{case.pk}/take", {})
    assert "下一步:答复" in page(east)
    assert "不由首问责任人 东审 答复的原因" in page(client_of("bureau"))
    send(east, "POST", f"/api/complaints/{case.pk}/answer", {"words": "查过了"})
    assert "下一步:办结" in page(east)
    send(east, "POST", f"/api/complaints/{case.pk}/settle", {"upheld": True, "words": "属实"})
    assert "下一步" not in page(east)
    assert "有异议,待复核" in page(east)


def test_complaints_on_conduct_are_not_listed_for_the_village(client_of: Browser, notice: Notice) -> None:
    case = objected(notice.entries.first(), kind="conduct", at=timezone.now())
    assert case.number not in client_of("jia_a").get("/complaints/").content.decode()
    assert client_of("jia_a").get(f"/complaints/{case.pk}/").status_code == 404
    assert client_of("jia_a").get(f"/api/complaints/{case.pk}").status_code == 404
    assert case.number in client_of("east").get("/complaints/").content.decode()


def test_a_photograph_comes_through_the_door_and_is_seen_at_the_desk(
    client_of: Browser, notice: Notice
) -> None:
    home = f"/api/disclosure/notices/{notice.pk}/photos"
    officer = client_of("jia_a")
    undated = officer.generic("PUT", home, jpeg(), content_type="image/jpeg")
    assert (undated.status_code, list(undated.json()["errors"])) == (400, ["taken_on"])
    kept = officer.generic("PUT", home, jpeg(timezone.now()), content_type="image/jpeg")
    assert (kept.status_code, kept.json()["stated"]) == (201, False)
    assert "下一步:上传张贴照片" not in officer.get(f"/complaints/notices/{notice.pk}/").content.decode()
    small = officer.get(f"{home}/{kept.json()['hash']}/thumb")
    assert (small["Content-Type"], small["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert client_of("yi_a").get(f"{home}/{kept.json()['hash']}/thumb").status_code == 404


def test_who_waits_for_a_notice_is_listed_village_by_village(
    client_of: Browser, programme: Programme, notice: Notice
) -> None:
    applied(programme, area=YI)
    applied(programme, area=BING, state="issued")
    page = client_of("bureau").get("/complaints/notices/").content.decode()
    assert "评议公示 1 户" in page
    assert "发放公示 1 户" in page
    east = client_of("east").get("/complaints/notices/").content.decode()
    assert "发放公示" not in east.split('id="notices"')[0]
    assert notice.number in east


PAGES = (
    "/complaints/",
    "/complaints/?which=done",
    "/complaints/new/",
    "/complaints/notices/",
    "/api/complaints",
)


def test_lists_cost_the_same_for_few_and_for_many(world: World, client_of: Browser) -> None:
    client = client_of("bureau")

    def cost() -> list[int]:
        found = []
        for path in PAGES:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            found.append(len(captured))
        return found

    def fill(count: int) -> None:
        for area in (JIA, YI):
            batch = a_programme()
            for _ in range(count):
                applied(batch, area=area)
            made = now_posted(world, batch, area=area)
            for line in made.entries.all():
                objected(line, at=timezone.now())
            applied(batch, area=area)

    fill(1)
    few = cost()
    fill(30)
    assert cost() == few
    assert max(few) <= 8


def test_a_case_and_a_notice_cost_the_same_whatever_hangs_on_them(
    world: World, client_of: Browser, programme: Programme
) -> None:
    client = client_of("bureau")
    costs = []
    for area, count in ((JIA, 1), (BING, 40)):
        for _ in range(count):
            applied(programme, area=area)
        made = now_posted(world, programme, area=area)
        cases = [objected(line, at=timezone.now()) for line in made.entries.all()]
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/complaints/notices/{made.pk}/")
            client.get(f"/complaints/{cases[0].pk}/")
        costs.append(len(captured))
    assert costs[0] == costs[1]
