"""The officer's page on a flooded village's network: what it weighs before the first tap (PERFORMANCE.md P21)."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from tests.e2e.conftest import Site
from tests.e2e.field_steps import officer_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

LIMIT = 100 * 1024
HEADERS = 300
"""What an answer's head weighs, about."""


def weight(answer: Response) -> int:
    """Bytes on the wire: a file as its deployment's compressed copy, an answer of the API as it was sent."""
    if answer.status in (204, 304) or 300 <= answer.status < 400:
        return HEADERS
    body = answer.body()
    was_packed = "content-encoding" in answer.headers
    packs = urlsplit(answer.url).path.startswith("/static/") and not was_packed
    return HEADERS + (len(gzip.compress(body, 9)) if packs or was_packed else len(body))


def test_the_first_tap_costs_at_most_a_hundred_kilobytes(live: Site, phone: Callable[..., Page]) -> None:
    account, _ = officer_of(live, 105)
    page = phone(account, service_workers="block")
    expect(page.locator("#write")).to_be_visible()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.evaluate(
        "indexedDB.databases().then((all) => Promise.all(all.map(({ name }) => indexedDB.deleteDatabase(name))))"
    )
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")

    page.reload()
    expect(page.locator("#write")).to_be_enabled()

    weights = {urlsplit(answer.url).path: weight(answer) for answer in answers}
    assert "/field/" in weights
    assert "/api/catalogue" in weights
    heaviest = sorted(weights.items(), key=lambda item: -item[1])
    assert sum(weights.values()) <= LIMIT, heaviest
