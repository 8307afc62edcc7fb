"""What whoever plans chooses."""

from __future__ import annotations

import msgspec


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What whoever plans chooses; None takes the rule in force.

    ``items`` are keys, "" is money, served in this order where limits are short; ``budget_yuan`` is
    money that is only expected, in the place of the quotas' own. ``person_yuan`` and
    ``household_yuan`` bound what a village's households get of all items together (0: no limit),
    ``spend_yuan`` what all get; ``room_kg`` is what an area (village or township, by code) can take.
    """

    items: list[str] | None = None
    least_pieces: int | None = None
    least_money_pct: int | None = None
    keep_pct: int | None = None
    budget_yuan: int | None = None
    person_yuan: int | None = None
    household_yuan: int | None = None
    spend_yuan: int | None = None
    room_kg: dict[str, int] = {}


class PinAsked(msgspec.Struct, frozen=True):
    """A village gets just so many of an item (money: fen), and why."""

    village: str
    item: str
    quantity: int
    why: str
