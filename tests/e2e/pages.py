"""Every page of the product, as the tables of the contracts list them, in a real browser without a server.

The browser's requests are answered in this process, inside one transaction that is taken back: one small county
filled with one thing of every kind serves all pages.
"""

from __future__ import annotations

import contextvars
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.db import IntegrityError, transaction
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Route

from disaster.problems import Problem
from disaster.relief.stock.models import Place
from disaster.reports.models import Report
from disaster.reports.services import submit
from tests import world as worlds
from tests.contracts.bodies import Things
from tests.contracts.test_permissions import TABLE, a_row
from tests.held import held
from tests.world import JIA, World, a_report, submission

ORIGIN = "http://localhost"
BACKEND = "disaster.people.backends.NameOrPhoneBackend"
# Playwright keeps a loop running in this thread; nothing here awaits while the database is asked.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

NO_PAGES = ("/api/", "/tiles/", "/ogc/", "/basemap/")
FILES = (".csv", ".jpg")
LIVE = ("/field/", "/receive/", "/driver/", "/map/", "/wall/")
"""Drawn by their own code from the feed: looked at in journeys of their own, with a server."""
READERS = ("nobody", "bureau", "east", "keeper", "leader", "auditor", "jia_a")
"""Who looks at a page: the first of them who may. What is shown without signing in is looked at so."""
MORE = {
    "/sign-in/": "nobody",
    "/review/?state=approved": "bureau",
    "/nowhere/": "bureau",
    "/admin/": "root",
    "/admin/people/person/": "root",
    "/admin/people/person/add/": "root",
}
"""Pages that no table lists, with who looks at them."""


def addresses() -> dict[str, str]:
    """Address of every page → who looks at it."""
    found = dict(MORE)
    for address, answers in TABLE.items():
        method, path = address.split(" ")
        if method != "GET" or path.startswith(NO_PAGES) or path.endswith(FILES) or path in LIVE:
            continue
        reader = next((who for who in READERS if answers[who] == 200), None)
        if reader:
            found[path] = reader
    return found


def expected(address: str) -> int:
    """Give the status of a page's answer: a refusal or a way to the sign-in is not the page."""
    return 404 if address == "/nowhere/" else 200


class County:
    """One thing of every kind, and a browser's door to all pages about them."""

    def __init__(self, world: World) -> None:
        self.world = world
        filed = a_report(JIA)
        submit(submission(filed, world.rights("jia_a")))
        self.things = Things(world, Report.objects.get(id=filed.id))
        self.row = a_row(world)
        named = [name for address in addresses() for name in re.findall(r"{(\w+)}", address)]
        kinds = [name for name, made in vars(Things).items() if isinstance(made, property)]
        # Some things exclude each other: those that pages name come first.
        for number, name in enumerate(sorted(kinds, key=lambda name: name not in named), 1):
            with suppress(Problem, IntegrityError), transaction.atomic():
                getattr(self.things, name)
            # Their makers name warehouses alike; here they stand side by side.
            for place in Place.objects.filter(name__in=("市储备库", "甲村储备点")):
                Place.objects.filter(pk=place.pk).update(name=f"{place.name}{number}")

    def path(self, address: str) -> str:
        """Name the things of an address."""
        names = {"kind": "casualties", "row": self.row.id, "area": JIA, "event": uuid.UUID(int=0)}
        return address.format_map(self.things.path() | names)

    def client(self, account: str, language: str = "zh-hans") -> Client:
        """Give a browser's requests the rights of an account; ``root`` is the machine's owner."""
        client = Client(headers={"host": "localhost"}, raise_request_exception=True)
        client.cookies["django_language"] = language
        if account == "root":
            person = self.world["admin"]
            person.is_staff = person.is_superuser = True
            person.save(update_fields=["is_staff", "is_superuser"])
            client.force_login(person, backend=BACKEND)
        elif account != "nobody":
            client.force_login(self.world[account], backend=BACKEND)
        return client

    @contextmanager
    def browser(self, browser: Browser, account: str) -> Iterator[BrowserContext]:
        """Open a browser whose every request is answered here."""
        client = self.client(account)
        context = browser.new_context(base_url=ORIGIN, locale="zh-CN", service_workers="block")
        # Requests are handled in a context of their own, which would have a connection of its own.
        here = contextvars.copy_context()
        context.route("**/*", lambda route: here.copy().run(_answer, route, client))
        with transaction.atomic():
            yield context
            transaction.set_rollback(True)
        context.close()


def one_county(blocker: Any) -> Iterator[County]:
    """Make the county of a file's tests, and take it back at the end; no connection is left behind."""
    with held(blocker, worlds.build) as world:
        yield County(world)


def _answer(route: Route, client: Client) -> None:
    url = urlsplit(route.request.url)
    if url.path.startswith("/static/"):
        found = finders.find(url.path.removeprefix("/static/"))
        route.fulfill(path=Path(found)) if isinstance(found, str) else route.fulfill(status=404)
        return
    answer = client.generic(
        route.request.method, url.path, route.request.post_data_buffer or b"", QUERY_STRING=url.query
    )
    body = b"".join(answer) if answer.streaming else answer.content
    route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=body)
