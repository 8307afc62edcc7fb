"""The sample county, and a clean memory of places."""

from __future__ import annotations

from typing import Any

import pytest

from gis import locate, sample_county, tiles


@pytest.fixture(autouse=True)
def _forget() -> Any:
    locate.reload()
    tiles.forget()
    yield
    locate.reload()
    tiles.forget()


@pytest.fixture
def county(db: Any) -> str:
    """潜山市 as the product ships it; gives what its loader said."""
    said = sample_county.load()
    locate.reload()
    return said
