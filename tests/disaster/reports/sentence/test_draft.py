"""The door where a message becomes a draft, and what a proxy report must say of its call."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from disaster.people.scope import Rights
from disaster.problems import Problem
from disaster.reports.drafting_api import places_in
from disaster.reports.messages import Proxy
from disaster.reports.services import submit
from gis.models import Area
from tests.world import EAST, JIA, World, a_report, submission

pytestmark = pytest.mark.django_db


def ask(client: Client, text: str) -> Any:
    return client.post("/api/reports/draft", json.dumps({"text": text}), content_type="application/json")


@pytest.fixture
def named(world: World) -> str:
    Area.objects.filter(code=JIA).update(name="龙湾村")
    return "龙湾村"


def test_a_message_becomes_a_draft(world: World, client_of: Callable[[str], Client], named: str) -> None:
    text = "😀龙湾村倒房3户5间,转移约41人,雨量120毫米"
    answer = ask(client_of("jia_a"), text)

    draft = answer.json()
    assert answer.status_code == 200
    assert draft["area"]["code"] == JIA
    found = {figure["key"]: figure for figure in draft["figures"]}
    assert (found["houses_collapsed_homes"]["value"], found["houses_collapsed_homes"]["sure"]) == (3, True)
    assert (found["evacuated_early"]["entered"], found["evacuated_early"]["sure"]) == (41, False)
    assert found["evacuated_early"]["why_unsure"]
    # A browser counts the emoji as two.
    units = text.encode("utf-16-le")
    words = [units[2 * span["start"] : 2 * span["end"]].decode("utf-16-le") for span in draft["leftover"]]
    assert words == ["120"]


def test_why_in_english(world: World, client_of: Callable[[str], Client]) -> None:
    client = client_of("east")
    client.cookies["django_language"] = "en"
    answer = ask(client, "转移约41人")
    assert answer.json()["figures"][0]["why_unsure"].isascii()


def test_a_text_too_long_names_the_field(world: World, client_of: Callable[[str], Client]) -> None:
    answer = ask(client_of("east"), "雨" * 2001)
    assert answer.status_code == 400
    assert answer.json()["errors"].keys() == {"text"}


def test_places_are_one_statement_and_the_readers_own(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scope = world.rights("east").where("report.submit")
    with django_assert_num_queries(1):
        places = places_in(scope)
    assert {place.code for place in places} == {EAST, JIA, "340882101202"}


def test_the_newest_version_stands(world: World, client_of: Callable[[str], Client]) -> None:
    event = world.event()
    client = client_of("east")
    address = f"/api/reports/standing/{JIA}/{event.id}"
    assert client.get(address).json() == {"report": None}
    filed = a_report(JIA, event=event.id)
    submit(submission(filed, world.rights("jia_a")))
    assert client.get(address).json()["report"]["id"] == str(filed.id)


def by_phone(rights: Rights, **fields: Any) -> Any:
    return submission(a_report(JIA, proxy=Proxy("phone", **fields)), rights)


def test_a_report_by_telephone_names_its_caller(world: World) -> None:
    with pytest.raises(Problem) as refused:
        submit(by_phone(world.rights("east"), caller=" "))
    assert refused.value.errors.keys() == {"proxy.caller"}
    with pytest.raises(Problem) as refused:
        submit(
            by_phone(world.rights("east"), caller="王某", called_at=datetime.now(UTC) + timedelta(hours=1))
        )
    assert refused.value.errors.keys() == {"proxy.called_at"}
    assert submit(by_phone(world.rights("east"), caller="王某", called_at=datetime.now(UTC))).area == JIA
