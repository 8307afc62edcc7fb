"""What a request knows of its reader, what that costs, and the language it is answered in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from disaster.people import middleware
from disaster.people.models import Person, Posting
from disaster.people.scope import rights_of, rights_of_many
from tests.world import JIA, PASSWORD, WEST, World

pytestmark = pytest.mark.django_db
COOKIE = settings.LANGUAGE_COOKIE_NAME


@pytest.mark.parametrize("account", ["nobody", "jia_a", "bureau"])
def test_a_page_that_reads_no_rights_costs_no_statement(
    client_of: Callable[[str], Client], django_assert_num_queries: Any, account: str
) -> None:
    client = client_of(account)
    with django_assert_num_queries(0):
        assert client.get("/field/").status_code == 200


def test_reading_rights_costs_session_person_and_posts_once(
    client_of: Callable[[str], Client], django_assert_num_queries: Any
) -> None:
    client = client_of("bureau")
    with django_assert_num_queries(3):
        assert client.get("/")["Location"] == "/map/"


def test_a_strangers_rights_cost_nothing(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/")["Location"] == "/sign-in/"


def test_a_stranger_has_no_rights_and_no_scope() -> None:
    seen: list[Any] = []
    passes = middleware.rights(lambda request: seen.append((request.rights, request.area_scope)))  # type: ignore[attr-defined,func-returns-value,arg-type,return-value]
    passes(RequestFactory().get("/"))
    assert seen == [(None, None)]


@pytest.mark.parametrize("number", [1, 12])
def test_the_rights_of_many_cost_one_statement(
    world: World, django_assert_num_queries: Any, number: int
) -> None:
    ids = [person.pk for person in world.people.values()][:number]
    with django_assert_num_queries(1):
        found = rights_of_many(ids, on=date(2026, 1, 1))
    assert len(found) == number
    with django_assert_num_queries(1):
        assert rights_of(world["jia_a"], on=date(2026, 1, 1)) == found[world["jia_a"].pk]


def test_many_posts_of_one_person_come_together(world: World) -> None:
    Posting.objects.create(person=world["jia_a"], role="reviewer", area_id=WEST, valid_from=date(2026, 6, 1))
    before = rights_of(world["jia_a"], on=date(2026, 5, 31))
    after = rights_of(world["jia_a"], on=date(2026, 6, 1))
    assert (before.is_desk, after.is_desk) == (False, True)
    assert after.home == JIA
    assert after.may("report.review", WEST)
    assert not after.may("report.review", JIA)
    assert after.sees.prefixes == (JIA, WEST[:9])


PAGES = {
    "zh-hans": ("登录", "账号或手机号", "密码"),
    "en": ("Sign in", "User name or phone number", "Password"),
}


@pytest.mark.parametrize("language", PAGES)
def test_the_sign_in_page_speaks_both_languages(client: Client, language: str) -> None:
    client.post("/i18n/setlang/", {"language": language, "next": "/sign-in/"})
    answer = client.get("/sign-in/")
    assert answer["Content-Language"] == language
    page = answer.content.decode()
    assert f'<html lang="{language}">' in page
    assert all(word in page for word in PAGES[language])


def test_a_foreign_browser_chooses_nothing(client: Client) -> None:
    """Many phones are sold with an English browser: only a tap on the switch counts."""
    page = client.get("/sign-in/", headers={"accept-language": "en-US,en;q=0.9,fr"})
    assert page["Content-Language"] == "zh-hans"
    client.cookies[COOKIE] = "xx"
    assert client.get("/sign-in/")["Content-Language"] == "zh-hans"


def enter(client: Client, account: str = "bureau") -> Any:
    body = json.dumps({"account": account, "password": PASSWORD})
    return client.post("/api/sign-in", body, content_type="application/json")


def test_the_language_of_the_account_is_spoken_from_the_sign_in_on(world: World, client: Client) -> None:
    Person.objects.filter(username="bureau").update(language="en")
    enter(client)
    assert client.get("/api/me").json()["language"] == "en"


def test_what_this_browser_chose_goes_before_the_account(world: World, client: Client) -> None:
    Person.objects.filter(username="bureau").update(language="en")
    client.cookies[COOKIE] = "zh-hans"
    enter(client)
    assert client.get("/api/me").json()["language"] == "zh-hans"


def test_an_account_without_a_language_chooses_nothing(world: World, client: Client) -> None:
    assert COOKIE not in enter(client).cookies


HOMES = {
    "jia_a": "/field/",
    "east": "/map/",
    "bureau": "/map/",
    "leader": "/map/",
    "auditor": "/map/",
    "nobody": "/sign-in/",
}


@pytest.mark.parametrize(("account", "page"), HOMES.items())
def test_everybody_is_led_to_their_page(client_of: Callable[[str], Client], account: str, page: str) -> None:
    assert client_of(account).get("/")["Location"] == page


def test_who_has_no_page_is_told_why(client_of: Callable[[str], Client]) -> None:
    assert "没有任何岗位" in client_of("stranger").get("/").content.decode()
    assert "没有地图页面" in client_of("keeper").get("/").content.decode()
    assert 'href="/admin/"' in client_of("admin").get("/").content.decode()


def test_after_a_wrong_password_only_the_password_is_typed_again(world: World, client: Client) -> None:
    fresh = client.get("/sign-in/").content.decode()
    again = client.post("/sign-in/", {"account": "jia_a", "password": "wrong"}).content.decode()
    assert [_focused(page) for page in (fresh, again)] == ["account", "password"]


def _focused(page: str) -> str:
    (field,) = re.findall(r'<input name="(\w+)"[^>]*\bautofocus\b', page)
    return str(field)
