"""How fast one drives: by class of road and slope. The numbers are a dated rule of a room above."""

from __future__ import annotations

from collections.abc import Callable, Mapping

SHIPPED: Mapping[str, float] = {
    "motorway": 90.0,
    "national": 60.0,
    "provincial": 50.0,
    "county": 40.0,
    "township": 30.0,
    "village": 20.0,
    "track": 12.0,
}
"""Kilometres an hour, from the design speeds of JTG B01-2014 for hills and mountains."""
OFF_ROAD_KMH = 4.0
"""On foot between a place and the road."""
SLOPE = 0.04
"""A hundredth of slope takes four hundredths longer, uphill and downhill."""

_given: Callable[[], Mapping[str, float]] = lambda: SHIPPED  # noqa: E731


def use(give: Callable[[], Mapping[str, float]]) -> None:
    """Take the speeds from somewhere else: a room above has them as dated rows."""
    global _given
    _given = give


def now() -> dict[str, float]:
    """Give the speeds in force, in km/h by class."""
    return {**SHIPPED, **_given()}


def seconds(kind: str, length_m: float, climb: float | None, speeds: Mapping[str, float]) -> float:
    """Say how long a piece of road takes."""
    return length_m / (speeds[kind] / 3.6) * (1 + SLOPE * abs(climb or 0.0))
