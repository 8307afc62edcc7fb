"""The statutory checks (校核关系): data in ``relations`` and ``doubts``, evaluated in between.

``canonical_figures`` brings figures into the form's units; ``figures_errors`` holds them
against the hard relations; ``zero_errors`` guards the 零报告; ``times_errors`` the times;
``soft_errors`` asks for a second look. The phone evaluates the same rows, published by
:mod:`disaster.reports.catalogue`. Pure: no Django here.
"""

from disaster.reports.checks.doubts import SOFT, Numbers, build
from disaster.reports.checks.figures import MU_PER_HECTARE, TOO_LARGE, canonical_figures, figures_errors
from disaster.reports.checks.model import Check
from disaster.reports.checks.relations import HARD
from disaster.reports.checks.soft import ZERO_CHANGES, Arranged, Context, arrange, soft_errors, zero_errors
from disaster.reports.checks.times import Limits, times_errors

ALL: tuple[Check, ...] = (*HARD, ZERO_CHANGES, *SOFT)
"""Every check, hard ones first."""

__all__ = [
    "ALL",
    "HARD",
    "MU_PER_HECTARE",
    "SOFT",
    "TOO_LARGE",
    "ZERO_CHANGES",
    "Arranged",
    "Check",
    "Context",
    "Limits",
    "Numbers",
    "arrange",
    "build",
    "canonical_figures",
    "figures_errors",
    "soft_errors",
    "times_errors",
    "zero_errors",
]
