"""What every test may use."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db.models.signals import post_delete, post_save
from django.test import Client
from hypothesis import settings

from disaster.relief.disclosure import public_page
from disaster.reports import places
from disaster.rules import book
from disaster.rules.models import Code, Rule
from tests import emptied
from tests import world as worlds
from tests.live import Live

# A busy machine is no fault of an example: hypothesis would fail one that takes 200 ms. A change is judged
# by the same examples however often; ZAIQING_FUZZ=300 looks for new ones, and for as many at the API.
settings.register_profile("zaiqing", deadline=None, derandomize="ZAIQING_FUZZ" not in os.environ)
settings.load_profile("zaiqing")
emptied.instead_of_flush()
# A password's work is for who steals the table; here it is done hundreds of times. The live servers do all of it.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


def pytest_collection_finish() -> None:
    """What all tests share stays to the end: looking through it for garbage again and again costs an eighth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def _believed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What one test learned is not believed by the next, but for all of this one.

    On a slow machine a test outlives the seconds for which rules and places are believed, and would count
    the statements of reading them anew.
    """
    monkeypatch.setattr(book, "BELIEVED_S", 3600.0)
    monkeypatch.setattr(places, "BELIEVED_S", 3600.0)
    places.forget()
    public_page.forget()
    known, written = book._rows, []

    def note(**_: Any) -> None:
        written.append(True)

    for sender in (Rule, Code):
        post_save.connect(note, sender)
        post_delete.connect(note, sender)
    yield
    for sender in (Rule, Code):
        post_save.disconnect(note, sender)
        post_delete.disconnect(note, sender)
    if written or (known is not None and book._rows is not known):  # rules of its own, rolled back by now
        book.forget()


@pytest.fixture(scope="session")
def sample() -> Iterator[Live]:
    """The sample county before anybody came, with no server: what each live server's is a copy of."""
    site = Live("sample")
    try:
        site.prepare()
        yield site
    finally:
        site.__exit__()


@pytest.fixture
def world(db: Any) -> worlds.World:
    """The small county of :mod:`tests.world`."""
    return worlds.build()


@pytest.fixture
def client_of(world: worlds.World) -> Callable[[str], Client]:
    """Give a signed-in browser of an account; ``nobody`` is not signed in."""

    def make(account: str) -> Client:
        client = Client()
        if account != "nobody":
            client.force_login(world[account], backend="disaster.people.backends.NameOrPhoneBackend")
        return client

    return make
