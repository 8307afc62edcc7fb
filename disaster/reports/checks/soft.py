"""Holding a report against the soft checks, and a 零报告 against what it must not carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import get_args

import msgspec

from disaster.problems import FieldError, Words
from disaster.reports import hazards
from disaster.reports.checks.doubts import SOFT
from disaster.reports.checks.model import Check, plain
from disaster.reports.indicators import BY_KEY
from disaster.reports.messages import Kind

_ZERO = Decimal(0)
_BEIJING = timezone(timedelta(hours=8))


class Context(msgspec.Struct, frozen=True):
    """What a report is judged by beside its own figures. What is not known is None.

    ``previous`` are the figures of the version this one follows. Populations are people of
    the report's own village and of its township; ``arable_ha`` hectares of arable land.
    """

    figures: Mapping[str, Decimal]
    previous: Mapping[str, Decimal] | None = None
    kind: Kind = "first"
    population: int | None = None
    township_population: int | None = None
    has_photo: bool = False
    has_fix: bool = False
    position_outside_township: bool = False
    arable_ha: Decimal | None = None
    hazard: str = ""
    occurred_at: datetime | None = None


ZERO_CHANGES = Check(
    key="zero_changes",
    severity="hard",
    op="unchanged",
    left="",
    right=(),
    anchor="figures.*",
    words=Words(
        "零报告不能改变数字:{zh}上次为{right_value}{unit},这次为{left_value}{unit};有变化请改用续报",
        "A zero report can't change figures: {en} was {right_value} {unit_en} and is now {left_value} {unit_en}; send a follow-up instead",
    ),
    source="《自然灾害情况统计调查制度》: 24小时零报告",
    kinds=("zero",),
)
"""A 零报告 says that nothing changed; a changed figure would be lost in it."""


def zero_errors(
    kind: str, figures: Mapping[str, Decimal], previous: Mapping[str, Decimal] | None
) -> dict[str, FieldError]:
    """Name the figures that a 零报告 must not carry: those that differ from the previous version.

    No figures at all are fine; other kinds of report are not concerned.
    """
    if kind != "zero" or not figures:
        return {}
    before = previous or {}
    return {
        f"figures.{key}": _told(ZERO_CHANGES, key, figures.get(key, _ZERO), before.get(key, _ZERO))
        for key in dict.fromkeys((*figures, *before))
        if figures.get(key, _ZERO) != before.get(key, _ZERO)
    }


def soft_errors(
    context: Context, notes: Mapping[str, str], by_kind: Arranged | None = None
) -> dict[str, FieldError]:
    """Name what wants a second look, by field path, but for what a note settles.

    ``notes`` maps a check's key to the officer's reason. A doubt about figures that stand
    unchanged since the previous version was answered then and is not raised again, but in
    a 核报, where everything is looked at once more. A 零报告 raises only doubts of place.
    ``by_kind`` are the checks in force (:func:`arrange`), the shipped ones if not given.
    """
    errors: dict[str, FieldError] = {}
    for check, find in (by_kind or _SHIPPED)[context.kind]:
        if check.left and check.left not in context.figures:
            continue
        for anchor, error in find(check, context):
            if not notes.get(check.key, "").strip():
                errors.setdefault(anchor, error)
    return errors


_Found = Iterator[tuple[str, FieldError]]


def _told(check: Check, key: str, left: Decimal, right: Decimal) -> FieldError:
    one = BY_KEY[key]
    return check.error(plain(left), plain(right), zh=one.zh, en=one.en, unit=one.unit, unit_en=one.unit_en)


def _settled(context: Context, *keys: str) -> bool:
    before = context.previous
    if before is None or context.kind == "verified":
        return False
    return all(before.get(key) == context.figures.get(key) for key in keys)


def _falls(check: Check, context: Context) -> _Found:
    for key, before in (context.previous or {}).items():
        now = context.figures.get(key)
        if now is not None and now < before and BY_KEY[key].cumulative:
            yield f"figures.{key}", _told(check, key, now, before)


def _omits(check: Check, context: Context) -> _Found:
    for key, before in (context.previous or {}).items():
        if before > 0 and key not in context.figures and BY_KEY[key].cumulative:
            yield f"figures.{key}", _told(check, key, _ZERO, before)


def _within(check: Check, context: Context) -> _Found:
    limit, value = getattr(context, check.right[0]), context.figures.get(check.left)
    if limit and value is not None and value > check.factor * limit and not _settled(context, check.left):
        yield check.anchor, check.error(plain(value), plain(Decimal(limit)))


def _ratio(check: Check, context: Context) -> _Found:
    above, below = context.figures.get(check.left), context.figures.get(check.right[0])
    if not above or not below or _settled(context, check.left, check.right[0]):
        return
    too_low = check.low is not None and above < check.low * below
    if too_low or (check.high is not None and above > check.high * below):
        yield check.anchor, check.error(plain(above), plain(below))


def _alone(check: Check, context: Context) -> _Found:
    value = context.figures.get(check.left)
    if value and check.right[0] not in context.figures and not _settled(context, check.left, check.right[0]):
        yield check.anchor, check.error(plain(value))


def _ge(check: Check, context: Context) -> _Found:
    whole, part = context.figures.get(check.left), context.figures.get(check.right[0])
    if whole is None or part is None or part <= whole or _settled(context, check.left, check.right[0]):
        return
    yield check.anchor, check.error(plain(whole), plain(part))


def _evidence(check: Check, context: Context) -> _Found:
    if context.has_fix or context.has_photo:
        return
    people = sum((context.figures.get(key, _ZERO) for key in check.right), _ZERO)
    if people:
        yield check.anchor, check.error(right=plain(people))


def _place(check: Check, context: Context) -> _Found:
    if context.position_outside_township:
        yield check.anchor, check.error()


def _season(check: Check, context: Context) -> _Found:
    main = hazards.main_of(context.hazard)
    if context.occurred_at is None or main not in check.months:
        return
    month = context.occurred_at.astimezone(_BEIJING).month
    if month in check.months[main]:
        hazard = hazards.BY_KEY[main]
        yield check.anchor, check.error(zh=hazard.zh, en=hazard.en, month=str(month))


_FINDERS: dict[str, Callable[[Check, Context], _Found]] = {
    "falls": _falls,
    "omits": _omits,
    "within": _within,
    "ratio": _ratio,
    "alone": _alone,
    "ge": _ge,
    "evidence": _evidence,
    "place": _place,
    "season": _season,
}


Arranged = Mapping[str, tuple[tuple[Check, Callable[[Check, Context], _Found]], ...]]
"""Kind of report → its checks with their evaluation, so that the hot path need not ask."""


def arrange(soft: Iterable[Check]) -> Arranged:
    """Sort soft checks by the kinds of report they apply to."""
    every = tuple(soft)
    return {
        kind: tuple(
            (check, _FINDERS[check.op])
            for check in every
            if (check.op == "place" if kind == "zero" else not check.kinds or kind in check.kinds)
        )
        for kind in get_args(Kind)
    }


_SHIPPED = arrange(SOFT)
