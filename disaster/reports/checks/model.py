"""What a check is, and the words for a figure, a sum, a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from disaster.problems import FieldError, Words

Op = Literal[
    "ge", "sum", "needs", "implies", "alone", "ratio", "within", "falls", "omits", "unchanged", "evidence", "place", "season"
]  # fmt: skip
"""How a check is evaluated; a figure that is absent was not reported.

``ge``       left and some of right present: left ≥ Σ right. With ``least`` given, only where
             at least that many of right are present.
``sum``      left and all of right present: |left − Σ right| ≤ tolerance.
``needs``    left absent and Σ right > 0: left is missing.
``implies``  left > 0 and right present: right > 0.
``alone``    left > 0: right has to be present.
``ratio``    left and right present, right > 0: low ≤ left ÷ right ≤ high (None: no bound).
``within``   left ≤ factor × the number of the context named by right, where it is known.
``falls``    a cumulative figure is lower than in the previous version.
``omits``    a cumulative figure above 0 in the previous version is absent from this one.
``unchanged`` in a 零报告, no figure differs from the previous version (absent counts as 0).
``evidence`` people dead or missing, and neither a position nor a photo.
``place``    the position lies outside the township.
``season``   the hazard does not belong to the month, in Beijing time, of the occurrence.
"""
Severity = Literal["hard", "soft"]


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One 校核关系 as data: the phone evaluates the same rows.

    ``hard`` has to be corrected, ``soft`` wants a second look and a note under ``key``.
    ``anchor`` is the field path the message stands at. ``words`` carry the names and units
    of both fields; ``{left_value}`` and ``{right_value}`` are filled in, for a sum of
    several figures with the sum; for a figure not named in the row, ``{zh}``, ``{en}``,
    ``{unit}`` and ``{unit_en}`` too. ``kinds``: kinds of report it applies to, empty for all.
    ``months``: hazard → months it does not belong to. ``source`` says where the relation or its number comes from.
    """

    key: str
    severity: Severity
    op: Op
    left: str
    right: tuple[str, ...]
    anchor: str
    words: Words
    source: str
    tolerance: Decimal = Decimal(0)
    least: int = 1
    low: Decimal | None = None
    high: Decimal | None = None
    factor: Decimal = Decimal(1)
    kinds: tuple[str, ...] = ()
    months: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def error(self, left: str = "", right: str = "", **names: str) -> FieldError:
        """Say that the check does not hold."""
        values = {"left_value": left, "right_value": right, **names}
        return FieldError(self.words, values, self.severity == "soft", self.key)


def plain(value: Decimal) -> str:
    """Write a number for people, without an exponent or idle zeros.

    >>> plain(Decimal("12.50")), plain(Decimal("1E+2")), plain(Decimal("0.00"))
    ('12.5', '100', '0')
    """
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
