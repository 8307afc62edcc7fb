"""Which rules exist, and of which kind their values are. Pure: no Django here.

The words and values stand beside each other in ``shipped/rules.toml``; this module reads
that file once, so a key is written in one place only.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal

Kind = Literal["minutes", "days", "clock", "int", "number", "yes", "text", "table"]
"""``minutes`` and ``days`` are whole numbers; ``clock`` is "08:00" in Beijing time; ``number``
a decimal; ``table`` a list of rows, each an object."""

SHIPPED = Path(__file__).parent / "shipped"


class WrongValue(ValueError):  # noqa: N818 - a judgement, not a crash
    """A value that is not of its rule's kind."""


@dataclass(frozen=True, slots=True)
class Known:
    """One rule the product reads: its kind, unit and words."""

    key: str
    kind: Kind
    zh: str
    en: str
    unit: str
    value: Any
    source: str
    valid_from: date
    is_sample: bool

    def read(self, value: Any) -> Any:
        """Turn a stored value into the kind's Python value.

        Raises
        ------
        WrongValue
            If it is not of that kind.
        """
        try:
            return _READ[self.kind](value)
        except (TypeError, ValueError, InvalidOperation):
            raise WrongValue(f"{self.zh}: {_EXPECTS[self.kind]}") from None


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError
    return value


def _number(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise TypeError
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError
    return number


def _yes(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _table(value: Any) -> tuple[dict[str, Any], ...]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise TypeError
    return tuple(value)


_READ: dict[str, Any] = {
    "minutes": _whole,
    "days": _whole,
    "int": _whole,
    "number": _number,
    "yes": _yes,
    "text": _text,
    "clock": lambda value: time.fromisoformat(_text(value)),
    "table": _table,
}
_EXPECTS = {
    "minutes": "须为非负整数(分钟)",
    "days": "须为非负整数(天)",
    "int": "须为非负整数",
    "number": "须为数字",
    "yes": "须为 true 或 false",
    "text": "须为文字",
    "clock": "须为时刻,如 08:00",
    "table": "须为表格(列表)",
}


def _load() -> dict[str, Known]:
    rows = tomllib.loads((SHIPPED / "rules.toml").read_text(encoding="utf-8"))["rule"]
    known: dict[str, Known] = {}
    for row in rows:
        rule = Known(
            key=row["key"],
            kind=row["kind"],
            zh=row["zh"],
            en=row["en"],
            unit=row.get("unit", ""),
            value=row["value"],
            source=row["source"],
            valid_from=row.get("valid_from", date(2020, 3, 8)),
            is_sample=row.get("sample", False),
        )
        if rule.key in known:
            raise ValueError(f"rule {rule.key} is shipped twice")
        rule.read(rule.value)
        known[rule.key] = rule
    return known


CATALOGUE: dict[str, Known] = _load()
"""Every rule the product reads, by key."""
