"""The registers over HTTP: masked everywhere, at a fixed number of statements, in words."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.registers import services
from disaster.registers.models import CASUALTIES, HOMES, MODELS
from disaster.rules import book
from tests.disaster.registers.filled import a_casualty, a_home, a_number, casualty_body, home_body
from tests.world import BING, EAST, JIA, YI, World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
SECRETS = [a_number(), a_number(3), "13812345678", "13912345678"]


def send(client: Client, method: str, path: str, body: Any) -> Any:
    return client.generic(method, path, json.dumps(body), content_type="application/json")


@pytest.fixture
def filled(world: World) -> dict[str, Any]:
    """One row in each register of village 甲."""
    event, by = world.event(), world.rights("east")
    casualty = services.enter(CASUALTIES, a_casualty(event), by=by, now=timezone.now())
    home = services.enter(HOMES, a_home(event), by=by, now=timezone.now())
    return {"event": event, CASUALTIES: casualty, HOMES: home}


def test_a_row_is_entered_corrected_and_told_with_its_history(world: World, client_of: Browser) -> None:
    event, client = world.event(), client_of("east")
    entered = send(client, "POST", "/api/registers/homes", home_body(event))
    assert entered.status_code == 201
    row = entered.json()["row"]
    assert (row["name"], row["identity"], row["phone"]) == (
        "李四光",
        "340824********" + a_number(3)[-4:],
        "139****5678",
    )
    path = f"/api/registers/homes/{row['id']}"
    body = home_body(event, rooms_collapsed=3, why="复核", version=1)
    assert send(client, "PUT", path, body).json()["row"]["rooms_collapsed"] == 3
    told = client.get(path).json()
    assert [version["act"] for version in told["history"]] == ["entered", "changed"]
    assert told["history"][1]["changes"] == {"rooms_collapsed": [2, 3]}
    assert send(client, "PUT", path, body).json()["number"] == "409.5"


def test_what_resembles_another_row_is_entered_with_a_warning(
    filled: dict[str, Any], client_of: Browser
) -> None:
    body = home_body(filled["event"], area=BING, identity=a_number(), name="张三丰")
    told = send(client_of("west"), "POST", "/api/registers/homes", body).json()
    [pair] = told["warnings"]
    hidden = next(side for side in (pair["one"], pair["other"]) if not side["in_sight"])
    assert (pair["why"], hidden["id"], hidden["name"], hidden["area_name"]) == (
        *("identity", None, "张**", "甲村"),
    )
    assert filled[CASUALTIES].number not in json.dumps(told)


def test_the_same_person_twice_is_refused_in_words(filled: dict[str, Any], client_of: Browser) -> None:
    body = casualty_body(filled["event"], name="张三")
    answer = send(client_of("east"), "POST", "/api/registers/casualties", body)
    assert answer.status_code == 409
    number = filled[CASUALTIES].number
    assert answer.json()["message"] == (f"这个身份证号在本过程的台账中已有记录:张三丰(甲村),编号 {number}")


@pytest.mark.parametrize(
    ("body", "number", "field"),
    [
        (b"{", "400.1", None),
        (b"[]", "400.2", "body"),
        (b'{"nonsense": 1}', "400.2", "nonsense"),
        (b'{"remarks": "a\\u0000b"}', "400.2", "remarks"),
    ],
)
def test_an_unreadable_entry_is_explained(
    world: World, client_of: Browser, body: bytes, number: str, field: str | None
) -> None:
    answer = client_of("east").generic("POST", "/api/registers/homes", body, content_type="application/json")
    told = answer.json()
    assert told["number"] == number
    assert field is None or field in told["errors"]


@pytest.mark.parametrize("account", ["east", "bureau", "auditor"])
def test_nothing_but_reveal_shows_private_data_whole(
    filled: dict[str, Any], client_of: Browser, account: str
) -> None:
    client = client_of(account)
    paths = [
        "/api/registers/duplicates",
        "/api/feed/snapshot",
        "/registers/",
        "/registers/?kind=homes",
        "/registers/duplicates/",
    ]
    for kind in (CASUALTIES, HOMES):
        paths += [
            f"/api/registers/{kind}",
            f"/api/registers/{kind}/{filled[kind].id}",
            f"/registers/{kind}/{filled[kind].id}/",
        ]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        text = answer.content.decode()
        assert not [secret for secret in SECRETS if secret in text], path
        if account == "auditor":
            assert not [name for name in ("张三丰", "李四光", "张小丰") if name in text], path
    revealed = send(
        client, "POST", f"/api/registers/casualties/{filled[CASUALTIES].id}/reveal", {"why": "信访核查"}
    )
    assert revealed.json() == {"name": "张三丰", "identity": a_number(), "phone": "13812345678"}
    assert revealed["Cache-Control"] == "no-store"
    told = client.get(f"/api/registers/casualties/{filled[CASUALTIES].id}").json()
    assert [(seen["why"]) for seen in told["readings"]] == ["信访核查"]


def test_a_list_is_filtered_and_paged(world: World, client_of: Browser) -> None:
    event, other, by = world.event(), world.event(name="台风"), world.rights("bureau")
    for sequence, (area, where) in enumerate([(JIA, event), (YI, event), (BING, event), (JIA, other)]):
        entry = a_casualty(where, area=area, identity=a_number(2 * sequence + 1))
        row = services.enter(CASUALTIES, entry, by=by, now=timezone.now())
    services.withdraw(CASUALTIES, row.id, why="误登", by=by, now=timezone.now())
    client = client_of("bureau")

    def areas(query: str) -> list[str]:
        return [row["area"] for row in client.get(f"/api/registers/casualties?{query}").json()["rows"]]

    assert areas("") == [JIA, YI, BING]
    assert areas(f"event={event.id}&area={EAST}") == [JIA, YI]
    assert areas("state=withdrawn") == [JIA]
    assert areas("state=dead") == []
    assert areas("limit=1&offset=1") == [YI]
    assert client.get("/api/registers/casualties?limit=1").json()["total"] == 3
    assert client_of("west").get(f"/api/registers/casualties?area={JIA}").status_code == 404
    assert [row["area"] for row in client_of("west").get("/api/registers/casualties").json()["rows"]] == [
        BING
    ]


def fill(world: World, count: int) -> None:
    """Rows of both registers, as many again and again as asked: one entered, the others its copies."""
    event, by = world.event(), world.rights("bureau")
    for kind, entry in ((CASUALTIES, a_casualty(event)), (HOMES, a_home(event))):
        first = services.enter(kind, entry, by=by, now=timezone.now())
        copies = []
        for sequence in range(count - 1):
            copy = deepcopy(first)
            copy.id, copy.name = uuid.uuid4(), f"第{sequence}人"
            copy.area_id, copy.identity = (JIA, YI, BING)[sequence % 3], ""
            copies.append(copy)
        MODELS[kind].objects.bulk_create(copies)


@pytest.mark.slow
def test_a_list_costs_the_same_at_ten_and_at_a_thousand_rows(
    world: World, client_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        book, "BELIEVED_S", 3600.0
    )  # filling takes a while; the rules are not read anew in it
    client = client_of("bureau")
    paths = [
        "/api/registers/casualties?limit=200",
        "/api/registers/homes?limit=200",
        "/api/registers/duplicates",
        "/registers/",
        "/registers/?kind=homes",
        "/registers/duplicates/",
    ]

    def costs() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            found.append(len(captured))
        return found

    fill(world, 10)
    costs()
    few = costs()
    fill(world, 990)
    assert costs() == few
    assert max(few) <= 12
