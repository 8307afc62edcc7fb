"""``{{ fen|yuan }}``: amounts as people read them."""

from __future__ import annotations

from django import template

from disaster.relief.funds.money import yuan as written

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """Write fen as yuan with thousands marks; a dash where there is none.

    >>> yuan(374000000), yuan(0), yuan(None)
    ('3,740,000.00', '0.00', '—')
    """
    if fen is None:
        return "—"
    whole, _, part = written(fen).partition(".")
    return f"{int(whole):,}.{part}" if whole != "-0" else f"-0.{part}"
