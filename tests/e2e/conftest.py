"""The real server and real browsers for journeys."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from realtime.client import Phone
from tests.e2e.api_steps import PASSWORD, sign_in
from tests.live import Live, a_plain_report

# Journeys run beside the other tests: what is awaited may take its time on a loaded machine.
expect.set_options(timeout=30_000)
UNSEALED = (
    "SELECT count(*) FROM journal_entry entry LEFT JOIN journal_seal seal ON seal.entry_id = entry.id"
    " WHERE seal.entry_id IS NULL"
)
CHROMIUM = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    # A microphone that hums, where there is none.
    "--use-fake-device-for-media-stream",
    *(
        "--disable-component-update",
        "--disable-sync",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
    ),
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, with software graphics."""
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium", "args": CHROMIUM}


class Site(Live):
    """The live server with what journeys need besides."""

    def __enter__(self) -> Site:
        super().__enter__()
        return self

    def villages(self) -> list[tuple[str, str, str]]:
        """Code, name and township code of every village."""
        with self.database.connect() as connection:
            return connection.execute(
                "SELECT code, name, parent_id FROM places_area WHERE level = 'village' ORDER BY code"
            ).fetchall()

    def file_report(self, account: str, area: str, **fields: Any) -> dict[str, Any]:
        """File a report over a real websocket, and give the receipt once the feed tells of it."""

        async def go() -> dict[str, Any]:
            async with Phone(self.url, account, PASSWORD) as phone:
                return await phone.file(a_plain_report(area, **fields), patience_s=60)

        # Playwright keeps a loop running in this thread.
        with ThreadPoolExecutor(1) as aside:
            receipt = aside.submit(asyncio.run, go()).result(90)
        self.sealed()
        return receipt

    def sealed(self) -> None:
        """Wait until all that was written stands in the feed: a page opened then shows it from the start."""
        until = time.monotonic() + 30
        with self.database.connect() as connection:
            while connection.execute(UNSEALED).fetchone() != (0,):
                assert time.monotonic() < until, "the sealer does not work"
                time.sleep(0.02)


@pytest.fixture(scope="module")
def live(sample: Live, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A server for the journeys of one file, started as users start it, on a database of its own.

    No file finds what another left behind: a zone drawn over the county, a store of goods, a death.
    """
    with Site(request.module.__name__.rpartition(".")[2], like=sample) as site:
        yield site


@pytest.fixture
def all_open(live: Site) -> Iterator[None]:
    """Leave no road closed behind."""
    yield
    with live.database.connect() as connection:
        connection.execute("UPDATE places_closure SET lifted_at = now() WHERE lifted_at IS NULL")


@pytest.fixture
def signed_in_context(live: Site, browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Give a context of an account, in a browser of its own where one is given.

    It signs in as a program would, with no page: the form has journeys of its own.
    """
    contexts: list[BrowserContext] = []

    def open_context(account: str, *, through: Browser = browser, **options: Any) -> BrowserContext:
        context = through.new_context(locale="zh-CN", base_url=live.url, **options)
        contexts.append(context)
        sign_in(context, account)
        return context

    yield open_context
    for context in contexts:
        context.close()


@pytest.fixture
def signed_in(signed_in_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Open a page for an account."""

    def open_page(account: str, path: str, **options: Any) -> Page:
        page = signed_in_context(account, **options).new_page()
        page.goto(path)
        return page

    return open_page


@pytest.fixture
def phone(signed_in: Callable[..., Page]) -> Callable[..., Page]:
    """An officer's phone: 360 × 740, touch, with a position in 龙湾."""

    def open_phone(account: str, path: str = "/field/", **options: Any) -> Page:
        chosen = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, **options}
        return signed_in(account, path, **chosen)

    return open_phone


@pytest.fixture
def desk(signed_in: Callable[..., Page]) -> Callable[..., Page]:
    """A desk at the bureau: 1366 × 768."""

    def open_desk(account: str = "bureau", path: str = "/map/", **options: Any) -> Page:
        return signed_in(account, path, **{"viewport": {"width": 1366, "height": 768}, **options})

    return open_desk
