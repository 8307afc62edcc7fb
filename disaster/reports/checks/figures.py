"""Reading figures and holding them against the hard relations: the hot path.

Measured in microseconds, so the relations are indexed once by the figures they need, and
a figure of zero, which can break nothing but a sum, is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from disaster.problems import FieldError, Words
from disaster.reports.checks.model import Check, plain
from disaster.reports.checks.relations import CENT, HARD
from disaster.reports.indicators import BY_KEY

MU_PER_HECTARE = Decimal(15)
"""亩 in a 公顷."""
TOO_LARGE = Decimal(10) ** 10
"""No county has ten thousand million of anything; a larger figure is a slip of the thumb."""

UNKNOWN = Words("没有名为“{key}”的灾情指标", "There is no indicator “{key}”")
NOT_A_NUMBER = Words("{zh}要填数字", "{en} must be a number")
NEGATIVE = Words("{zh}不能是负数(填了 {value})", "{en} can't be negative ({value} given)")
TOO_MUCH = Words("{zh}太大,请核对", "{en} is too large; check it")
NOT_WHOLE = Words("{zh}要填整数(填了 {value})", "{en} must be a whole number ({value} given)")
NO_MU = Words("{zh}的单位是{unit},不能用亩填写", "{en} can't be given in mu")

_ZERO, _ONE = Decimal(0), Decimal(1)


def canonical_figures(
    figures: Mapping[str, Decimal], units: Mapping[str, str]
) -> tuple[dict[str, Decimal], dict[str, FieldError]]:
    """Bring figures into the form's units, and name those that are no such figure.

    ``units`` names the figures given in 亩 (``"mu"``); they become hectares. Areas, lengths
    and money are rounded half up to two decimals, as the form holds no more: refusing a
    third decimal would only annoy. Counts must be whole. A unit without its figure is idle.

    Returns the good figures in the order given, and errors by field path.
    """
    good: dict[str, Decimal] = {}
    errors: dict[str, FieldError] = {}
    for key, value in figures.items():
        indicator = BY_KEY.get(key)
        if indicator is None:
            errors[f"figures.{key[:40]}"] = FieldError(UNKNOWN, {"key": key[:40]}, check="unknown_figure")
            continue
        if not value:
            good[key] = _ZERO
        elif words := _refusal(value):
            errors[f"figures.{key}"] = _about(words, key, value)
        elif indicator.type == "int":
            if value == (whole := value.quantize(_ONE)):
                good[key] = whole
            else:
                errors[f"figures.{key}"] = _about(NOT_WHOLE, key, value)
        else:
            hectares = value / MU_PER_HECTARE if units.get(key) == "mu" and indicator.accepts_mu else value
            good[key] = hectares.quantize(CENT, ROUND_HALF_UP)
    for key in units:
        if key in figures and (indicator := BY_KEY.get(key)) and not indicator.accepts_mu:
            named = {"zh": indicator.zh, "en": indicator.en, "unit": indicator.unit}
            errors[f"units.{key}"] = FieldError(NO_MU, named, check="no_mu")
    return good, errors


def _refusal(value: Decimal) -> Words | None:
    if not value.is_finite():
        return NOT_A_NUMBER
    if value < 0:
        return NEGATIVE
    return TOO_MUCH if value >= TOO_LARGE else None


_KEYS = {
    NOT_A_NUMBER: "not_a_number",
    NEGATIVE: "negative",
    TOO_MUCH: "too_large",
    NOT_WHOLE: "not_whole",
}


def _about(words: Words, key: str, value: Decimal) -> FieldError:
    indicator = BY_KEY[key]
    named = {"zh": indicator.zh, "en": indicator.en, "value": f"{value:.12g}"}
    return FieldError(words, named, check=_KEYS[words])


def _by_part() -> dict[str, tuple[tuple[str, Check], ...]]:
    """Index the relations of two figures by the one that may be too large."""
    index: dict[str, list[tuple[str, Check]]] = {}
    for check in HARD:
        if check.op == "ge" and len(check.right) == 1:
            index.setdefault(check.right[0], []).append((check.left, check))
    return {key: tuple(rows) for key, rows in index.items()}


def _by_any() -> dict[str, tuple[Check, ...]]:
    """Index the other relations by each figure that wakes them."""
    index: dict[str, list[Check]] = {}
    for check in HARD:
        if check.op != "ge" or len(check.right) > 1:
            for key in (check.left,) if check.op == "implies" else check.right:
                index.setdefault(key, []).append(check)
    return {key: tuple(rows) for key, rows in index.items()}


_PARTS = _by_part()
_OTHERS = _by_any()
_OTHER_KEYS = frozenset(_OTHERS)


def figures_errors(figures: Mapping[str, Decimal]) -> dict[str, FieldError]:
    """Hold figures, as :func:`canonical_figures` gives them, against the hard relations.

    An absent figure was not reported and breaks nothing, but for a whole whose parts are
    there. Returns errors by field path.
    """
    errors: dict[str, FieldError] = {}
    get = figures.get
    for key, value in figures.items():
        if value and key in _PARTS:
            for left, check in _PARTS[key]:
                whole = get(left)
                if whole is not None and value > whole:
                    errors.setdefault(check.anchor, check.error(plain(whole), plain(value)))
    if _OTHER_KEYS.isdisjoint(figures):
        return errors
    for check in dict.fromkeys(check for key in figures if key in _OTHERS for check in _OTHERS[key]):
        if (broken := _broken(check, figures)) is not None:
            errors.setdefault(check.anchor, broken)
    return errors


def _broken(check: Check, figures: Mapping[str, Decimal]) -> FieldError | None:
    left = figures.get(check.left)
    right = [figures[key] for key in check.right if key in figures]
    total = sum(right, _ZERO)
    if left is None:
        fails = check.op == "needs" and total > 0
    elif check.op == "sum":
        fails = len(right) == len(check.right) and abs(left - total) > check.tolerance
    elif check.op == "implies":
        fails = bool(right) and left > 0 and not total
    else:
        fails = check.op == "ge" and len(right) >= check.least and total > left + check.tolerance
    return check.error(plain(left) if left is not None else "", plain(total)) if fails else None
