"""The cases that the server and the phone must judge alike, in ``check_vectors.json``.

Each case: ``name``; ``figures`` as JSON numbers, ``units`` (key → "mu"); ``context`` with
``kind`` ("first" unless given), ``previous`` figures, ``population``, ``township_population``,
``arable_ha``, ``has_photo``, ``has_fix``, ``position_outside_township``, ``hazard``,
``occurred_at``; ``notes``; ``errors``: field path → key of the check told there. As on the
way of a report, hard relations are judged if all figures can be read, soft ones if no hard
one is broken.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from disaster.problems import FieldError
from disaster.reports import checks


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str = "first"
    previous: dict[str, Decimal] | None = None
    population: int | None = None
    township_population: int | None = None
    has_photo: bool = False
    has_fix: bool = False
    position_outside_township: bool = False
    arable_ha: Decimal | None = None
    hazard: str = ""
    occurred_at: datetime | None = None


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    figures: dict[str, Decimal]
    errors: dict[str, str]
    units: dict[str, str] = {}
    context: Given = Given()
    notes: dict[str, str] = {}


CASES = msgspec.json.decode(Path(__file__).with_name("check_vectors.json").read_bytes(), type=list[Case])


def judge(case: Case) -> dict[str, FieldError]:
    figures, errors = checks.canonical_figures(case.figures, case.units)
    if errors:
        return errors
    given: dict[str, Any] = msgspec.structs.asdict(case.context)
    hard = checks.figures_errors(figures) | checks.zero_errors(given["kind"], figures, given["previous"])
    return hard or checks.soft_errors(checks.Context(figures=figures, **given), case.notes)
