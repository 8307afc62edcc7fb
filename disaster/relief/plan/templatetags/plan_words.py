"""Quantities, shares and items as plans show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from disaster.relief.plan.inputs import FEN, MONEY

register = template.Library()


@register.filter
def amount(quantity: int, item: str) -> int:
    """Show a quantity in the item's unit: money, kept in fen, in yuan."""
    return quantity // FEN if item == MONEY else quantity


@register.filter
def grouped(number: float) -> str:
    """Show a number without a fraction, its thousands parted."""
    return f"{number:,.0f}"


@register.filter
def percent(share: float) -> str:
    """Show a share of more or less, with its sign."""
    return f"{100 * share:+.1f}%"


@register.simple_tag
def item_name(items: Sequence[dict[str, Any]], key: str) -> str:
    """Name an item with its unit."""
    found = next(one for one in items if one["item"] == key)
    return f"{found['name']}({found['unit']})"
