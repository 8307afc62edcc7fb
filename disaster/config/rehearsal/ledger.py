"""An independent calculation: what the tables ought to say, from a diary of what was done.

Nothing of the product is imported here, on purpose: sums, conversions and the rule of
which version counts are written a second time, in the plainest way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

MU_IN_HECTARE = 15


@dataclass
class Page:
    """One version of one area's report, and what became of it."""

    area: str
    report: object
    arrived: datetime
    figures: dict[str, Fraction]
    returned: datetime | None = None
    passed: datetime | None = None
    approved: datetime | None = None


@dataclass
class Ledger:
    """The diary: one page for each version, in the order of arrival."""

    pages: list[Page] = field(default_factory=list)
    people: dict[str, list[tuple[datetime, str, str]]] = field(default_factory=dict)
    """Area → (when, who, dead or missing or found)."""
    homes: dict[str, int] = field(default_factory=dict)

    def filed(
        self,
        area: str,
        report: object,
        at: datetime,
        figures: Mapping[str, float],
        mu: Mapping[str, str] | None = None,
    ) -> Page:
        """Note a version; figures named in ``mu`` are in 亩."""
        page = Page(
            area, report, at, {key: statutory(value, key in (mu or {})) for key, value in figures.items()}
        )
        self.pages.append(page)
        return page

    def page(self, report: object) -> Page:
        """Find the page of a report."""
        return next(page for page in self.pages if page.report == report)

    def newest(self, area: str, cutoff: datetime, basis: str = "received") -> Page | None:
        """Give the version that counts for an area: the last to arrive that had not gone back."""
        counts = None
        for page in self.pages:
            if page.area != area or (page.returned is not None and page.returned <= cutoff):
                continue
            since = {
                "received": page.arrived,
                "passed": min((m for m in (page.passed, page.approved) if m), default=None),
                "approved": page.approved,
            }[basis]
            if since is not None and since <= cutoff:
                counts = page
        return counts

    def sums(self, cutoff: datetime, basis: str = "received") -> dict[str, dict[str, Fraction]]:
        """Add up every village, township and county, as of a cutoff."""
        tables: dict[str, dict[str, Fraction]] = {}
        for area in sorted({page.area for page in self.pages}):
            page = self.newest(area, cutoff, basis)
            if page is None:
                continue
            for code in dict.fromkeys([area, area[:9] + "000", area[:6] + "000000"]):
                table = tables.setdefault(code, {})
                for key, value in page.figures.items():
                    table[key] = table.get(key, Fraction(0)) + value
        return tables


def statutory(value: float, in_mu: bool) -> Fraction:
    """Turn a figure as it was typed into the form's unit, with the form's two decimals."""
    exact = Fraction(str(value))
    if not in_mu:
        return exact
    hundredths = exact / MU_IN_HECTARE * 100
    whole, rest = divmod(hundredths, 1)
    return Fraction(int(whole) + (1 if rest >= Fraction(1, 2) else 0), 100)
