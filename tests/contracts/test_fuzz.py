"""Whatever is sent to the API, by its own description, or asked of a page: nothing crashes."""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings

from disaster.config.api import api
from tests.world import World

SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema())
# Signing out ends the session the others need; test_permissions tries it.
OPERATIONS = [
    operation
    for operation in (found.ok() for found in SCHEMA.get_all_operations())
    if not operation.label.endswith("/sign-out")
]


@pytest.mark.django_db
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_an_operation_survives_whatever_is_sent(world: World, operation: Any) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world["bureau"], backend="disaster.people.backends.NameOrPhoneBackend")

    @settings(
        max_examples=int(os.environ.get("ZAIQING_FUZZ", "12")),
        database=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.filter_too_much,
            HealthCheck.function_scoped_fixture,
        ],
    )
    @given(case=operation.as_strategy())
    def survive(case: Any) -> None:
        made = case.as_transport_kwargs(base_url="http://testserver")
        body = made.get("json")
        answer = client.generic(
            case.method,
            case.formatted_path,
            b"" if body is None else json.dumps(body),
            content_type="application/json",
            QUERY_STRING=urlencode(made.get("params") or {}, doseq=True),
        )
        assert answer.status_code < 500, (case.method, case.formatted_path, body, answer.content[:500])

    survive()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/evacuations", {"villages": {"340882\x00": 3}, "name": "转移"}),
        (
            "/api/map/views",
            {"name": "图", "state": {"lon": 116, "lat": 30, "zoom": 9, "filter": {"kind": "\x00"}}},
        ),
    ],
)
def test_a_text_with_a_nul_is_refused_wherever_it_stands(world: World, path: str, body: Any) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world["bureau"], backend="disaster.people.backends.NameOrPhoneBackend")
    answer = client.post(path, json.dumps(body), content_type="application/json")
    assert answer.status_code == 400, answer.content


PAGES = {
    "/review/": ("event", "township", "state", "flagged", "page"),
    "/duty/": ("event", "township", "state"),
    "/table/": ("event", "cutoff", "before", "basis", "group"),
    "/registers/": ("kind", "event", "township", "status", "page"),
    "/registers/duplicates/": ("event",),
    "/file/": ("area", "event"),
    "/evacuation/": ("zone",),
    "/ogc/collections/areas/items": ("bbox", "bbox-crs", "crs", "limit", "datetime", "after", "level"),
}
ODD = (
    *("²", "9" * 30, "-1", "\x00", "NaN", "1e999", "%", "' OR 1=1--", "340882", "34088²", "😀", "a" * 3000),
    *("2026-13-45", "2026-11-26T25:61", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    *("NaN,1,2,3", "-180,-90,180,90", "54980b52-6c1a-41d3-91d1-9f5599674526"),
)


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_a_page_survives_whatever_its_address_says(world: World, page: str) -> None:
    world.event()
    client = Client(raise_request_exception=False)
    client.force_login(world["bureau"], backend="disaster.people.backends.NameOrPhoneBackend")
    for name in PAGES[page]:
        for text in ODD:
            answer = client.get(page, {name: text})
            assert answer.status_code < 500, (name, text)
