"""A person's tokens: made, shown once, used by another program, revoked by nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from disaster.journal.models import Entry
from disaster.people.models import ApiToken
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_token_is_made_shown_once_used_and_revoked(
    world: World, client_of: Callable[[str], Client]
) -> None:
    client = client_of("east")
    answer = client.post("/tokens/", {"name": "QGIS"})
    [secret] = re.findall(r"zq_[\w-]{40,}", answer.content.decode())
    again = client.get("/tokens/").content.decode()
    assert "QGIS" in again
    assert secret not in again
    header = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert Client().get("/ogc/collections", **header).status_code == 200
    token = ApiToken.objects.get()
    assert secret.encode() not in bytes(token.digest)
    assert (token.ends_at - token.made_at).days == 180
    assert client_of("west").post(f"/tokens/{token.pk}/revoke").status_code == 404
    assert Client().get("/ogc/collections", **header).status_code == 200
    assert client.post(f"/tokens/{token.pk}/revoke").status_code == 302
    assert Client().get("/ogc/collections", **header).status_code == 401
    assert list(Entry.objects.order_by("id").values_list("verb", "actor", "put")) == [
        ("api_token.made", "东审", "[]"),
        ("api_token.revoked", "东审", "[]"),
    ]


def test_a_token_needs_a_purpose_and_a_post(world: World, client_of: Callable[[str], Client]) -> None:
    assert client_of("east").post("/tokens/", {"name": " "}).status_code == 400
    assert client_of("east").post("/tokens/", {"name": "长" * 61}).status_code == 400
    assert client_of("stranger").post("/tokens/", {"name": "QGIS"}).status_code == 403
    assert not ApiToken.objects.exists()


def test_a_token_opens_no_page_and_no_other_door(world: World, client_of: Callable[[str], Client]) -> None:
    client = client_of("bureau")
    [secret] = re.findall(r"zq_[\w-]{40,}", client.post("/tokens/", {"name": "QGIS"}).content.decode())
    header = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert Client().get("/api/me", **header).status_code == 401
    assert Client().get("/map/", **header).status_code == 302
    assert (
        Client().post("/api/map/export", "{}", content_type="application/json", **header).status_code == 401
    )
