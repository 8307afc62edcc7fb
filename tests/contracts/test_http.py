"""What holds for every answer over HTTP: headers, tokens, bad bodies, and a fuzzed API."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from django.test import Client

from tests.world import JIA, PASSWORD, World, a_report

pytestmark = pytest.mark.django_db


def frame(**change: Any) -> dict[str, Any]:
    report = json.loads(msgspec.json.Encoder(decimal_format="number").encode(a_report(JIA)))
    return {"type": "report.submit", "sent_at": datetime.now(UTC).isoformat(), "report": {**report, **change}}


def post(client: Client, body: Any, **options: Any) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.post("/api/reports", data, content_type="application/json", **options)


def test_without_the_pages_token_nothing_is_changed(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    told = client.post(
        "/api/sign-in",
        json.dumps({"account": "jia_a", "password": PASSWORD}),
        content_type="application/json",
    ).json()
    refused = post(client, frame())
    assert (refused.status_code, refused.json()["number"]) == (401, "401.3")
    assert post(client, frame(), headers={"X-CSRFToken": told["csrf"]}).status_code == 201


@pytest.mark.parametrize("path", ["/sign-in/", "/map/", "/field/", "/api/me"])
def test_pages_carry_their_guards(client_of: Callable[[str], Client], path: str) -> None:
    answer = client_of("bureau").get(path)
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    for rule in (
        "default-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "media-src 'self' blob:",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ):
        assert rule in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert "microphone=(self)" in answer["Permissions-Policy"]
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/api/me", "/api/feed/snapshot", "/api/totals"])
def test_personal_answers_are_kept_by_nobody(client_of: Callable[[str], Client], path: str) -> None:
    assert client_of("bureau").get(path)["Cache-Control"] == "no-store"


def test_the_catalogue_is_sent_once(client_of: Callable[[str], Client]) -> None:
    client = client_of("jia_a")
    first = client.get("/api/catalogue", headers={"Accept-Encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip"
    assert len(first.content) < 12_000
    assert client.get("/api/catalogue", headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("body", "status", "number"),
    [
        (b"not json", 400, "400.1"),
        (b"", 400, "400.1"),
        (b"\xff\xfe", 400, "400.1"),
        (b"[" * 100_000, 413, "413.1"),
        (b'{"type":"ping"}', 400, "400.4"),
        (b'{"type":"report.submit","report":NaN}', 400, "400.1"),
        (b'{"a":"' + b"x" * 10_000_000 + b'"}', 413, "413.1"),
    ],
    ids=["words", "nothing", "bytes", "brackets", "another message", "NaN", "ten megabytes"],
)
def test_a_bad_body_is_answered_by_number(
    client_of: Callable[[str], Client], body: bytes, status: int, number: str
) -> None:
    answer = post(client_of("jia_a"), body)
    assert (answer.status_code, answer.json()["number"]) == (status, number)


def test_the_socket_and_http_give_the_same_receipt_for_a_repeat(client_of: Callable[[str], Client]) -> None:
    client, body = client_of("jia_a"), frame()
    first = post(client, body)
    assert first.status_code == 201
    assert post(client, body).json() == first.json()
    other = post(client, {**body, "report": {**body["report"], "text": "不同"}})
    assert (other.status_code, other.json()["number"]) == (409, "409.1")


def test_a_return_needs_a_remark(world: World, client_of: Callable[[str], Client]) -> None:
    body = frame()
    post(client_of("jia_a"), body)
    url = f"/api/reports/{body['report']['id']}/return"
    east = client_of("east")
    for remark in ("", "   ", "长" * 501):
        answer = east.post(url, json.dumps({"remark": remark}), content_type="application/json")
        assert answer.status_code == 400
        assert "退回意见" in answer.json()["errors"]["remark"]
    assert east.post(url, json.dumps({"remark": ["x"]}), content_type="application/json").status_code == 400
    assert (
        east.post(url, json.dumps({"remark": "请核对"}), content_type="application/json").json()["state"]
        == "returned"
    )
    again = east.post(url, json.dumps({"remark": "又"}), content_type="application/json")
    assert (again.status_code, again.json()["number"]) == (409, "409.2")


@pytest.mark.parametrize(
    "path", ["/api/reports/not-a-uuid", "/api/totals?event=x", "/api/totals?area=abc", "/api/nowhere"]
)
def test_nonsense_addresses_are_no_crash(client_of: Callable[[str], Client], path: str) -> None:
    assert client_of("bureau").get(path).status_code in {400, 404}
