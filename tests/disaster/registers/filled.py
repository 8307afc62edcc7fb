"""Entries of the registers, filled in as a clerk would; any field may be given."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from disaster.registers.entries import CasualtyEntry, HomeEntry
from disaster.registers.identity import check_digit
from tests.world import JIA


def a_number(sequence: int = 1, *, born: str = "19560412", place: str = "340824") -> str:
    """A valid identity number; an odd ``sequence`` is a man's, an even one a woman's."""
    first = f"{place}{born}{sequence:03d}"
    return first + check_digit(first)


def casualty_body(event: Any, **fields: Any) -> dict[str, Any]:
    values = {
        "event": str(event.id),
        "area": JIA,
        "name": "张三丰",
        "identity": a_number(),
        "phone": "13812345678",
        "status": "missing",
        "sex": "male",
        "hazard": "flood.flash",
        "occurred_at": (timezone.now() - timedelta(hours=3)).isoformat(),
        "place": "龙湾组小河边",
        "cause": "drowning",
        "capacity": "villager",
        "address": "甲村一组12号",
        "family_contact": "张小丰",
    }
    return {**values, **fields}


def home_body(event: Any, **fields: Any) -> dict[str, Any]:
    values = {
        "event": str(event.id),
        "area": JIA,
        "name": "李四光",
        "identity": a_number(3),
        "phone": "13912345678",
        "hazard": "flood",
        "occurred_at": (timezone.now() - timedelta(hours=3)).isoformat(),
        "household_types": ["minimum_living", "watched_edge"],
        "members": 4,
        "structure": "brick_wood",
        "rooms_collapsed": 2,
        "rooms_slight": 1,
        "rebuild_way": "same_site",
        "rooms_to_rebuild": 2,
    }
    return {**values, **fields}


def a_casualty(event: Any, **fields: Any) -> CasualtyEntry:
    return CasualtyEntry.model_validate(casualty_body(event, **fields))


def a_home(event: Any, **fields: Any) -> HomeEntry:
    return HomeEntry.model_validate(home_body(event, **fields))
