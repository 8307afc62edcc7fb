"""The addresses of the board: figures are for whoever sees needs, each for their own areas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.contracts.answers import answers

READERS = ["jia_a", "jia_b", "yi_a", "bing_a", "east", "west", "bureau", "leader", "auditor", "foreign"]
SEES = answers(403, **dict.fromkeys(READERS, 200))

TABLE: dict[str, dict[str, int]] = {
    "GET /api/relief/villages": SEES,
    "GET /api/relief/late": SEES,
    "GET /relief/board/": SEES | {"nobody": 302},
}
BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {}
