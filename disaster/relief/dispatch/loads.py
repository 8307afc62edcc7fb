"""What goes onto a lorry: so many whole pieces, their weight and room, and how a paper no lorry holds is parted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from disaster.relief.stock.models import Item

EASE = 1e-9
"""Weights and volumes are decimal fractions: a lorry that is full to the gram is not overloaded."""


class Pieces(NamedTuple):
    """So many whole units of an item."""

    item: Item
    many: int


class Load(NamedTuple):
    """What one lorry takes of a paper, or all that waits of it; kilograms and cubic metres."""

    pieces: tuple[Pieces, ...]

    @property
    def kg(self) -> float:
        """Give its weight."""
        return sum(float(one.item.weight_kg) * one.many for one in self.pieces)

    @property
    def m3(self) -> float:
        """Give the room it takes."""
        return sum(float(one.item.volume_m3) * one.many for one in self.pieces)

    def goods(self) -> dict[str, int]:
        """Give item → whole units."""
        return {str(one.item.pk): one.many for one in self.pieces}


class Hold(NamedTuple):
    """What a lorry holds: kilograms and cubic metres."""

    kg: float
    m3: float

    def takes(self, load: Load) -> bool:
        """Say whether it holds all of a load."""
        return load.kg <= self.kg + EASE and load.m3 <= self.m3 + EASE


def parted(load: Load, holds: Sequence[Hold], *, turns: int) -> tuple[list[Load], Load] | None:
    """Part a load by whole units so that each part fits a lorry; one that fits stays whole.

    Lorries are filled the largest first, each once a turn, so that the parts suit the fleet. Gives
    the parts and what is left after the last turn, which nobody can carry in this plan; None
    where a single piece fits no lorry.
    """
    if any(hold.takes(load) for hold in holds):
        return [load], Load(())
    if not all(any(hold.takes(Load((Pieces(one.item, 1),))) for hold in holds) for one in load.pieces):
        return None
    parts: list[Load] = []
    rest: Sequence[Pieces] = load.pieces
    for hold in sorted(holds, reverse=True) * turns:
        part, rest = _filled(rest, hold)
        parts += [Load(tuple(part))] if part else []
    return parts, Load(tuple(rest))


def _filled(rest: Sequence[Pieces], hold: Hold) -> tuple[list[Pieces], list[Pieces]]:
    """Fill a lorry item by item; gives what it takes and what is left."""
    kg, m3 = hold
    taken, left = [], []
    for item, many in rest:
        weight, room = float(item.weight_kg), float(item.volume_m3)
        fit = min(
            many,
            int((kg + EASE) / weight) if weight else many,
            int((m3 + EASE) / room) if room else many,
        )
        kg, m3 = kg - fit * weight, m3 - fit * room
        taken += [Pieces(item, fit)] if fit else []
        left += [Pieces(item, many - fit)] if fit < many else []
    return taken, left
