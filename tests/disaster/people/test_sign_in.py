"""Signing in: by name or number, counted failures, and answers that give nothing away."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.core.serializers import serialize
from django.test import Client
from django.utils import timezone

from tests.world import PASSWORD

PHONE = "13805560001"


@pytest.fixture
def officer(world):
    person = world["jia_a"]
    person.phone = PHONE
    person.save()
    return person


def at_page(client, account, password=PASSWORD, next="", **extra):
    return client.post("/sign-in/", {"account": account, "password": password, "next": next}, **extra)


def at_api(client, body, content_type="application/json", **extra):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post("/api/sign-in", text, content_type=content_type, **extra)


def signed_in(client):
    return client.get("/api/me").status_code == 200


# Who gets in.


@pytest.mark.parametrize("account", ["jia_a", " jia_a ", PHONE, "138 0556 0001", "１３８０５５６０００１"])
def test_name_and_number_both_open_the_door(officer, client, account):
    answer = at_page(client, account)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/api/me").json()["person"]["username"] == "jia_a"


def test_the_json_door_tells_who_came_in(officer, client):
    answer = at_api(client, {"account": PHONE, "password": PASSWORD})
    assert answer.status_code == 200
    assert {key: answer.json()[key] for key in ("person", "name")} == {
        "person": str(officer.pk),
        "name": "甲一",
    }
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/api/token").status_code == 401
    assert strict.post("/api/token", headers={"X-CSRFToken": answer.json()["csrf"]}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        "", "{", "[]", "5", "null", '"x"', "{}", '{"account": "jia_a"}', '{"password": "x"}',
        b"\xff", "[" * 100_000, '{"account": "\\ud800", "password": "x"}', '{"account": "x", "password": "\\udfff"}',
    ],
)  # fmt: skip
def test_what_is_no_json_of_ours_is_told_so(db, client, body):
    answer = at_api(client, body)
    assert (answer.status_code, answer.json()["number"]) == (400, "400.1")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_foreign_page_cannot_sign_a_visitor_in(officer, client, kind):
    """These are the content types a page elsewhere may send without asking."""
    answer = at_api(client, {"account": "jia_a", "password": PASSWORD}, kind)
    assert answer.json()["number"] == "400.1"
    assert not signed_in(client)


def test_a_disabled_account_gets_the_answer_of_a_wrong_password(officer, client):
    officer.is_active = False
    officer.save()
    assert at_api(client, {"account": "jia_a", "password": PASSWORD}).json()["number"] == "401.2"


def test_an_account_disabled_later_is_out_at_once(officer, client):
    at_page(client, "jia_a")
    assert signed_in(client)
    type(officer).objects.filter(pk=officer.pk).update(is_active=False)
    assert not signed_in(client)


# What a guesser learns: nothing.


def test_a_wrong_password_and_an_unknown_account_are_told_alike_and_cost_the_same(
    officer, client, monkeypatch
):
    hashed = []
    encode, verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *a: hashed.append(1) or encode(*a))
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *a: hashed.append(1) or verify(*a))
    answers, costs = [], []
    for account in ("jia_a", PHONE, "nobody-here", "13900000000"):
        hashed.clear()
        answer = at_api(client, {"account": account, "password": "wrong"})
        answers.append((answer.status_code, answer.json()))
        costs.append(len(hashed))
    assert answers[0][1]["message"] == "账号或密码不对"
    assert answers == [answers[0]] * 4
    assert answers[0][0] == 401
    assert costs == [1, 1, 1, 1]


def test_the_page_says_the_same_to_both_and_keeps_the_account(officer, client):
    for account in ("jia_a", "nobody-here"):
        answer = at_page(client, account, "wrong")
        assert answer.status_code == 401
        assert "账号或密码不对" in answer.content.decode()
        assert f'value="{account}"' in answer.content.decode()


@pytest.mark.parametrize(
    "account", ["jia_a\0", "\0", "a" * 100_000, "'; DROP TABLE people_person; --", "张三"]
)
def test_odd_accounts_are_only_wrong(officer, client, account):
    assert at_page(client, account, "wrong").status_code == 401
    assert at_api(client, {"account": account, "password": "wrong"}).status_code == 401


@pytest.mark.parametrize(
    ("account", "password"), [("", "x"), ("jia_a", ""), ("jia_a", "\0"), ("jia_a", "长" * 9999)]
)
def test_odd_passwords_are_only_wrong(officer, client, account, password):
    assert at_page(client, account, password).status_code == 401


# Failures are counted.


def fail(client, times, account="jia_a", **extra):
    return [
        at_api(client, {"account": account, "password": "wrong"}, **extra).status_code for _ in range(times)
    ]


def test_five_failures_lock_name_and_number_together(officer, client):
    assert fail(client, 3) + fail(client, 1, PHONE) == [401] * 4
    told = at_api(client, {"account": "138 0556 0001", "password": "wrong"})
    assert (told.status_code, told.json()["number"], told["Retry-After"]) == (429, "429.2", "900")
    assert told.json()["message"] == "多次输错密码,请 15 分钟后再试"
    for account in ("jia_a", PHONE):
        assert at_api(client, {"account": account, "password": PASSWORD}).status_code == 429
    page = at_page(client, "jia_a")
    assert page.status_code == 429
    assert "15 分钟后再试" in page.content.decode()
    assert not signed_in(client)


def test_the_lock_speaks_english_when_asked(officer, client):
    client.cookies["django_language"] = "en"
    fail(client, 5)
    assert "try again in 15 minutes" in at_page(client, "jia_a").content.decode()


def test_another_address_and_another_account_are_not_locked(officer, client):
    fail(client, 5, REMOTE_ADDR="10.0.0.1")
    assert at_page(client, "jia_a", REMOTE_ADDR="10.0.0.1").status_code == 429
    assert at_page(client, "jia_b", REMOTE_ADDR="10.0.0.1").status_code == 302
    assert at_page(client, "jia_a", REMOTE_ADDR="10.0.0.2").status_code == 302


def test_an_unknown_account_is_locked_like_a_known_one(world, client):
    assert fail(client, 5, "nobody-here") == [401] * 4 + [429]


def test_after_the_wait_the_door_opens_again(officer, client):
    fail(client, 5)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert at_page(client, "jia_a").status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert at_page(client, "jia_a").status_code == 302


def test_success_forgets_the_failures(officer, client):
    fail(client, 4)
    assert at_page(client, PHONE).status_code == 302
    assert fail(Client(), 4) == [401] * 4


def test_the_failure_table_keeps_neither_number_nor_password(officer, client):
    for account in (PHONE, "13900000000"):
        at_page(client, account, "wrong-secret", next=f"/?q={account}")
        at_page(client, account, "wrong-secret")
        client.post(f"/sign-in/?q={account}", {"account": account, "password": "wrong-secret"})
        at_api(client, {"account": account, "password": "wrong-secret"})
        client.post("/admin/login/", {"username": account, "password": "wrong-secret"})
    kept = serialize("json", AccessAttempt.objects.all())
    assert AccessAttempt.objects.count() == 2
    assert '"username": "jia_a"' in kept
    for secret in (PHONE, "13900000000", "wrong-secret"):
        assert secret not in kept


# The session.


def test_the_session_key_changes_at_sign_in(officer, client):
    client.get("/sign-in/")
    session = client.session
    session["basket"] = "kept"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    at_page(client, "jia_a")
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.parametrize(
    ("account", "hours"),
    [("jia_a", 180 * 24), ("east", 12), ("bureau", 12), ("leader", 12), ("keeper", 12), ("admin", 12)],
)
@pytest.mark.parametrize("door", ["page", "api"])
def test_a_desk_is_signed_out_after_a_day_and_a_phone_after_a_season(world, client, account, hours, door):
    if door == "page":
        at_page(client, account)
    else:
        at_api(client, {"account": account, "password": PASSWORD})
    assert client.session.get_expiry_age() == hours * 3600
    assert client.cookies["sessionid"]["max-age"] == hours * 3600


def test_the_administrations_own_door_ends_with_the_day_too(world, client):
    answer = client.post("/admin/login/", {"username": "admin", "password": PASSWORD, "next": "/admin/"})
    assert answer.status_code == 302
    assert client.cookies["sessionid"]["max-age"] == 12 * 3600


def test_signing_out_ends_the_session(officer, client):
    at_page(client, "jia_a")
    key = client.cookies["sessionid"].value
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert not signed_in(client)
    assert not Session.objects.filter(session_key=key).exists()


# Where one goes next.


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
    ],
)
def test_the_way_on_never_leads_elsewhere(officer, client, target):
    assert at_page(client, "jia_a", next=target)["Location"] == "/"


def test_the_way_on_leads_to_our_own_pages(officer, client):
    assert at_page(client, "jia_a", next="/field/?a=1#/write")["Location"] == "/field/?a=1#/write"


@pytest.mark.parametrize(
    ("account", "page"),
    [
        ("nobody", "/sign-in/"), ("jia_a", "/field/"), ("jia_b", "/field/"), ("east", "/map/"),
        ("bureau", "/map/"), ("leader", "/map/"), ("auditor", "/map/"),
    ],
)  # fmt: skip
def test_home_sends_everybody_to_their_page(client_of, account, page):
    assert client_of(account).get("/")["Location"] == page


@pytest.mark.parametrize(
    ("account", "words"), [("keeper", "没有地图页面"), ("stranger", "没有任何岗位"), ("admin", "/admin/")]
)
def test_whoever_has_no_page_is_told_so(client_of, account, words):
    answer = client_of(account).get("/")
    assert answer.status_code == 200
    assert words in answer.content.decode()
