"""The HTTP API against its own description: whatever is sent, it never crashes."""

from __future__ import annotations

import json
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
        max_examples=25,
        deadline=None,
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
