"""What of a briefing the public may see on a map: townships alone, and no total small enough to name anybody.

Villages, shelters' guests, reasons written by hand, the journal's position and links inward stay inside. Totals of
fewer than the rule's least (``public.least``) are hidden, with as many others as it takes that nobody works them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec
from django.contrib.gis.geos import GEOSGeometry

from disaster.briefings.content import Content, Moment
from disaster.briefings.maps.ground import Ground, Shape
from disaster.relief.disclosure.cells import Cell, hidden
from gis.scope import pad

TOWNSHIP = 9
CLOSED = "断路"


def ground(inside: Ground) -> Ground:
    """Take away what is not for the public; townships that have no outline get that of their villages."""
    townships = [_outlined(one, inside.villages) for one in inside.townships]
    return inside._replace(
        outline=inside.outline or _together(one.shape for one in townships),
        townships=townships,
        villages=[],
        closures=[one._replace(reason=CLOSED) for one in inside.closures],
        shelters=[one._replace(occupancy=0) for one in inside.shelters],
    )


def _outlined(township: Shape, villages: Iterable[Shape]) -> Shape:
    if township.shape is not None:
        return township
    mine = (one.shape for one in villages if one.code[:TOWNSHIP] == township.code[:TOWNSHIP])
    return township._replace(shape=_together(mine))


def _together(parts: Iterable[GEOSGeometry | None]) -> GEOSGeometry | None:
    whole: GEOSGeometry | None = None
    for part in parts:
        if part is not None:
            whole = part if whole is None else whole.union(part)
    return whole


def content(inside: Content, *, least: int) -> Content:
    """Keep of a briefing what a public map shows: one figure by township, at each of its moments."""
    return msgspec.structs.replace(
        inside,
        lead="",
        lead_en="",
        sections=(),
        figures=(),
        moments=tuple(Moment(one.at, by_township(one.values, least=least)) for one in inside.moments),
    )


def by_township(values: Mapping[str, Decimal], *, least: int) -> dict[str, Decimal]:
    """Add villages up to townships, without those that are too few or would give others away."""
    sums: dict[str, Decimal] = {}
    for code, value in values.items():
        township = pad(code[:TOWNSHIP])
        sums[township] = sums.get(township, Decimal(0)) + value
    return shown(sums, least=least)


def shown(sums: Mapping[str, Decimal], *, least: int) -> dict[str, Decimal]:
    """Leave out totals below the least, and those that would tell them by the whole.

    >>> shown({"a": Decimal(2), "b": Decimal(8), "c": Decimal(10)}, least=5)
    {'c': Decimal('10')}
    """
    whole = Cell("whole", "", sum(int(value) for value in sums.values()))
    untold = hidden([whole, *(Cell(code, "whole", int(value)) for code, value in sums.items())], least=least)
    return {code: value for code, value in sums.items() if value and code not in untold}
