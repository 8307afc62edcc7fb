"""What every test of disclosure starts from."""

from __future__ import annotations

from typing import Any

import pytest

from disaster.relief.needs.models import Programme
from disaster.rules import book
from tests.disaster.relief.disclosure.made import a_programme
from tests.world import World


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Any) -> Any:
    """Pictures lie aside, and what a test makes of the rules is gone with it."""
    settings.MEDIA_ROOT = tmp_path
    yield
    book.forget()


@pytest.fixture
def programme(world: World) -> Programme:
    """One round of winter relief in the county."""
    return a_programme()
