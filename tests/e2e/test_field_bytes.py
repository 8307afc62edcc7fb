"""The officer's page on a flooded village's network: what it weighs before the first tap (PERFORMANCE.md P21)."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIResponse, Page, expect

from tests.e2e.conftest import Site
from tests.e2e.field_steps import officer_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

LIMIT = 100 * 1024
HEADERS = 300
"""What an answer's head weighs, about."""


def weight(answer: APIResponse) -> int:
    """Bytes on the wire: a file as its deployment's compressed copy, an answer of the API as it is sent."""
    packed = "content-encoding" in answer.headers or urlsplit(answer.url).path.startswith("/static/")
    body = answer.body()
    return HEADERS + (len(gzip.compress(body, 9)) if packed else len(body))


def test_the_first_tap_costs_at_most_a_hundred_kilobytes(live: Site, phone: Callable[..., Page]) -> None:
    account, _ = officer_of(live, 105)
    page = phone(account, path="/sign-in/", service_workers="block")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/field/")
    expect(page.locator("#write")).to_be_enabled()

    # Asked for once more, aside: the browser soon forgets what it was answered.
    urls = [url for url in dict.fromkeys(asked) if url.startswith("http")]
    weights = {urlsplit(url).path: weight(page.request.get(url)) for url in urls}
    assert {"/field/", "/api/catalogue", "/static/field/app.js"} <= weights.keys()
    assert sum(weights.values()) <= LIMIT, sorted(weights.items(), key=lambda item: -item[1])
