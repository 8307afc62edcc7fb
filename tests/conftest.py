"""What every test may use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from disaster.reports import places
from tests import world as worlds


@pytest.fixture(autouse=True)
def _forget_places() -> None:
    """What one test learned of places is not believed by the next."""
    places.forget()


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
