"""How a household is shown to the public: a masked name, a coarse word for its kind, what it gets. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FULL = "full"
"""The value of ``public.name`` that shows names whole; anything else shows the surname alone."""
NO_CATEGORY = {"zh": "其他困难户", "en": "Other hardship"}
"""What a type is called that the rule does not name: never by its own word."""
OUR_KEYS = ("fen", "grain_kg", "clothing")
"""Keys of what is given that are no item of the stock."""


def name(full: str, rule: str) -> str:
    """Show a name by the rule.

    >>> name("张三丰", "surname"), name("李四", "full"), name("王", "surname")
    ('张**', '李四', '*')
    """
    full = full.strip()
    if rule == FULL:
        return full
    return "*" if len(full) < 2 else full[0] + "*" * (len(full) - 1)


def category(key: str, rows: Iterable[Mapping[str, Any]], language: str) -> str:
    """Give the public word for a household's type.

    >>> category("disabled_poor", [{"type": "minimum_living", "zh": "低保户", "en": "Allowance"}], "zh-hans")
    '其他困难户'
    """
    row = next((one for one in rows if one.get("type") == key), NO_CATEGORY)
    return str(row["en"] if language.startswith("en") else row["zh"])


def gravest(types: Sequence[str], order: Sequence[str]) -> str:
    """Give the gravest of a household's types, the first in the code list's order; "ordinary" for none.

    >>> gravest(["ordinary", "minimum_living"], ["extreme_poverty", "minimum_living", "ordinary"])
    'minimum_living'
    """
    return next((key for key in order if key in types), "ordinary")


def yuan(fen: int) -> str:
    """Write an amount in yuan with its fen.

    >>> yuan(26_050), yuan(1_234_567_00)
    ('260.50', '1,234,567.00')
    """
    return f"{fen // 100:,}.{fen % 100:02d}"
