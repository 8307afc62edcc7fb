"""Who is behind a session or a token, at a cost that does not grow with the crowd."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.people import middleware, sessions
from disaster.people.models import Person
from disaster.people.sessions import Bearer, rights_of_bearers, token_for
from tests.world import ACCOUNTS, JIA, PASSWORD


def session_of(client: Client) -> Bearer:
    return Bearer("session", client.cookies["sessionid"].value)


def names(bearers):
    return [rights.name if rights else None for rights in rights_of_bearers(bearers)]


def test_a_crowd_costs_as_many_statements_as_one(world, client_of):
    crowd = [session_of(client_of(account)) for account in ACCOUNTS if account != "stranger"] * 3
    crowd += [Bearer("token", token_for(world[account])) for account in ACCOUNTS[:12]] + [
        Bearer("token", "x")
    ] * 2
    assert len(crowd) == 50
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        assert len(rights_of_bearers(crowd[:1])) == 1
    with CaptureQueriesContext(connection) as for_all:
        found = rights_of_bearers(crowd)
    assert len(for_all) == len(for_one) == 3
    assert [rights.person_id if rights else 0 for rights in found] == [
        *[world[account].pk for account in ACCOUNTS if account != "stranger"] * 3,
        *[world[account].pk for account in ACCOUNTS[:12]],
        *[0, 0],
    ]


def test_rights_are_those_of_the_moment(world, client_of):
    bearer = session_of(client_of("jia_a"))
    assert rights_of_bearers([bearer])[0].may("report.submit", JIA)
    world["jia_a"].postings.update(valid_to=timezone.localdate())
    found = rights_of_bearers([bearer])[0]
    assert found is None or found.posts == ()


def test_a_new_password_ends_tokens_and_sessions(world, client_of):
    bearers = [Bearer("token", token_for(world["jia_a"])), session_of(client_of("jia_a"))]
    assert names(bearers) == ["甲一", "甲一"]
    world["jia_a"].set_password("another-horse-8")
    world["jia_a"].save()
    assert names(bearers) == [None, None]


def test_a_disabled_account_ends_them_too(world, client_of):
    bearers = [Bearer("token", token_for(world["jia_a"])), session_of(client_of("jia_a"))]
    Person.objects.filter(pk=world["jia_a"].pk).update(is_active=False)
    assert names(bearers) == [None, None]


def test_signing_out_or_expiry_ends_a_session(world, client_of):
    client = client_of("jia_a")
    bearer = session_of(client)
    client.post("/sign-out/")
    other = session_of(client_of("jia_b"))
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert names([bearer, other]) == [None, None]


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a:b:c",
        signing.dumps(5, salt=sessions.TOKEN_SALT),
        signing.dumps([1], salt=sessions.TOKEN_SALT),
    ],
)
def test_what_is_no_token_opens_nothing(world, token):
    assert rights_of_bearers([Bearer("token", token)]) == [None]


def test_a_token_for_something_else_opens_nothing(world):
    person = world["jia_a"]
    other = signing.dumps([person.pk, person.get_session_auth_hash()], salt="elsewhere")
    assert rights_of_bearers([Bearer("token", other)]) == [None]


def test_an_old_token_opens_nothing(world, monkeypatch):
    token = token_for(world["jia_a"])
    monkeypatch.setattr(sessions, "TOKEN_AGE_S", -1)
    assert rights_of_bearers([Bearer("token", token)]) == [None]


# What requests cost.


def test_a_stranger_costs_no_statement(db, client, django_assert_num_queries):
    seen = []
    ask = middleware.rights(lambda request: seen.append((request.rights, request.area_scope)))
    with django_assert_num_queries(0):
        ask(RequestFactory().get("/"))
        client.get("/sign-in/")
        client.get("/api/me")
        client.get("/")
    assert seen == [(None, None)]


def test_asking_who_one_is_costs_four_statements(world, client_of, django_assert_num_queries):
    for account in ("jia_a", "bureau", "keeper"):
        client = client_of(account)
        with django_assert_num_queries(4):
            assert client.get("/api/me").status_code == 200


def test_signing_in_costs_the_same_for_everybody(world):
    def cost(account):
        with CaptureQueriesContext(connection) as done:
            answer = Client().post("/sign-in/", {"account": account, "password": PASSWORD})
        assert answer.status_code == 302
        return len(done)

    costs = {account: cost(account) for account in ("jia_a", "bureau", "stranger")}
    assert costs["jia_a"] == costs["bureau"] == costs["stranger"]
    assert costs["jia_a"] <= 16
