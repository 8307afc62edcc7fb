"""The addresses of relief, room by room: who may ask for what, and what is sent there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.contracts import (
    board_table,
    disclosure_table,
    funds_table,
    needs_table,
    plan_table,
    receipts_table,
    stock_table,
    trips_table,
)

ROOMS = (
    stock_table,
    plan_table,
    receipts_table,
    trips_table,
    board_table,
    disclosure_table,
    funds_table,
    needs_table,
)

TABLE: dict[str, dict[str, int]] = {address: row for room in ROOMS for address, row in room.TABLE.items()}
BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    address: make for room in ROOMS for address, make in room.BODIES.items()
}
