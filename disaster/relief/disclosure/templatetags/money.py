"""Money in templates."""

from __future__ import annotations

from django import template

from disaster.relief.disclosure import masks

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """Write fen as yuan with two decimals; nothing for nothing."""
    return "" if fen is None else masks.yuan(fen)
