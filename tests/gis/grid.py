"""A town of straight streets for tests: a grid of nodes some 960 m apart around 116.5°E 30.6°N."""

from __future__ import annotations

from gis.roads import Way, store

WEST, SOUTH, STEP = 116.50, 30.60, 0.01


def at(column: float, row: float) -> tuple[float, float]:
    """Give a crossing's place, EPSG:4326."""
    return round(WEST + column * STEP, 6), round(SOUTH + row * STEP, 6)


def streets(size: int = 5, kind: str = "township") -> list[Way]:
    """Give ``size`` streets each way; each is one way that crosses all others at shared vertices."""
    across = [Way(n, [at(c, n) for c in range(size)], kind, f"横{n}路") for n in range(size)]
    along = [Way(size + n, [at(n, r) for r in range(size)], kind, f"纵{n}路") for n in range(size)]
    return across + along


def build(size: int = 5, kind: str = "township") -> None:
    """Store the town."""
    store(streets(size, kind), dataset="town")
