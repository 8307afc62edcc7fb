"""The catalogue as data for the phone: indicators, hazards, checks, kinds of report.

The phone evaluates the very rows the server evaluates; ``tests/disaster/reports/
check_vectors.json`` holds cases that both sides must agree on. The server counts in
decimals: a phone counts in hundredths, or 100 − 99.99 is more than 0.01. At one field
the first broken row is told, where "ge" rows with a single right side go before the others.
Pure: no Django here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec

from disaster.reports.checks import HARD, MU_PER_HECTARE, SOFT, TOO_LARGE, ZERO_CHANGES, Check, Limits
from disaster.reports.hazards import HAZARDS, Hazard
from disaster.reports.indicators import INDICATORS, Indicator

LIMITS = Limits(ahead=timedelta(minutes=5), oldest=timedelta(days=366))
"""As shipped (rules ``report.clock_ahead``, ``report.oldest``)."""

KINDS = (
    {"key": "first", "zh": "初报", "en": "First report"},
    {"key": "followup", "zh": "续报", "en": "Follow-up"},
    {"key": "verified", "zh": "核报", "en": "Verified report"},
    {"key": "zero", "zh": "零报告", "en": "Zero report"},
)


def catalogue(
    soft: Iterable[Check] = SOFT, hazards: Iterable[Hazard] = HAZARDS, limits: Limits = LIMITS
) -> dict[str, Any]:
    """Give the whole catalogue, ready for JSON; ``version`` changes with any of it.

    ``soft`` and ``hazards`` are those in force (:mod:`disaster.reports.rulebook`). Shapes:

    - ``indicators`` [{key, zh, en, unit, unit_en, type "int"|"dec2", parent, order, number,
      aspect null|"total"|"current", accepts_mu, main, group, hint_zh, hint_en,
      official_code, cumulative}]
    - ``hazards`` [{key, zh, en, icon, parent}]
    - ``checks`` [{key, severity, op, left, right[], anchor, tolerance, least, low, high,
      factor, kinds[], months{}, zh, en}], see :class:`disaster.reports.checks.Check`;
      numbers are plain JSON numbers, ``low`` and ``high`` may be null
    - ``kinds`` [{key, zh, en}], ``mu_per_hectare``, ``too_large``
    - ``times`` {ahead_min, oldest_days}: how far a report's times may be off
    """
    content: dict[str, Any] = {
        "indicators": [_indicator(indicator) for indicator in INDICATORS],
        "hazards": [_hazard(hazard) for hazard in hazards],
        "checks": [_check(check) for check in (*HARD, ZERO_CHANGES, *soft)],
        "kinds": list(KINDS),
        "mu_per_hectare": int(MU_PER_HECTARE),
        "too_large": int(TOO_LARGE),
        "times": {
            "ahead_min": int(limits.ahead.total_seconds() // 60),
            "oldest_days": limits.oldest.days,
        },
    }
    written = msgspec.json.encode(content, order="deterministic")
    return {"version": hashlib.sha256(written).hexdigest()[:16], **content}


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {**asdict(indicator), "cumulative": indicator.cumulative}


def _hazard(hazard: Hazard) -> dict[str, Any]:
    return asdict(hazard)


def _check(check: Check) -> dict[str, Any]:
    return {
        "key": check.key,
        "severity": check.severity,
        "op": check.op,
        "left": check.left,
        "right": list(check.right),
        "anchor": check.anchor,
        "tolerance": float(check.tolerance),
        "least": check.least,
        "low": _number(check.low),
        "high": _number(check.high),
        "factor": float(check.factor),
        "kinds": list(check.kinds),
        "months": {hazard: list(months) for hazard, months in check.months.items()},
        "zh": check.words.zh,
        "en": check.words.en,
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
