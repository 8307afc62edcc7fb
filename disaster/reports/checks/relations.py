"""The hard relations between figures (强制校核), as rows built from the form itself.

Source of every row: the 校核关系 of the 《自然灾害情况统计调查制度》 and of the validated set
of the 《特别重大自然灾害损失统计调查制度》, as gathered in the domain rules §2.6.

A figure that is absent was not reported, and nothing is concluded from it: an officer's
初报 in the rain may hold three numbers. So a relation blocks only if both sides are there.
The one exception is a part without its whole (集中安置 without 转移安置): the county adds
up the whole, and would lose those people.

Not here, because they need what a report does not carry: deaths = rows of the 台账, homes
= rows of the 台账 at 核报, one villager in two 台账, 已救助 ≤ 需救助, Σ villages = township =
county. They belong to the registers and to the review.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

from disaster.problems import Words
from disaster.reports.checks.model import Check, Op
from disaster.reports.indicators import BY_KEY

CENT = Decimal("0.01")
_SOURCE = "《自然灾害情况统计调查制度》(应急〔2020〕19号) 校核关系"
_BY_ANALOGY = "form 应急统表1: total and 其中 columns"


def _chain(*keys: str) -> list[Check]:
    """Each is at least the next one, and the next but one too, should the middle be absent."""
    pairs = sorted(combinations(range(len(keys)), 2), key=lambda pair: pair[1] - pair[0])
    return [_at_least(keys[one], keys[other]) for one, other in pairs]


def _at_least(left: str, right: str) -> Check:
    whole, part = BY_KEY[left], BY_KEY[right]
    return Check(
        key=f"{left}>={right}",
        severity="hard",
        op="ge",
        left=left,
        right=(right,),
        anchor=f"figures.{right}",
        words=Words(
            f"{part.zh}({{right_value}}{part.unit})不能大于{whole.zh}({{left_value}}{whole.unit})",
            f"{part.en} ({_en('right_value', right)}) can't exceed {whole.en} ({_en('left_value', left)})",
        ),
        source=_SOURCE,
    )


def _whole(left: str, *right: str, tolerance: Decimal = Decimal(0), source: str = _SOURCE) -> list[Check]:
    """The whole is the sum of its parts: exact if all are there, at least as much otherwise."""
    whole, parts = BY_KEY[left], [BY_KEY[key] for key in right]
    zh, en = "、".join(part.zh for part in parts), ", ".join(part.en for part in parts)
    total, unit = f"({{left_value}}{whole.unit})", whole.unit
    left_en, sum_en = _en("left_value", left), _en("right_value", left)
    words: dict[Op, Words] = {
        "sum": Words(
            f"{whole.zh}{total}应等于{zh}之和({{right_value}}{unit})",
            f"{whole.en} ({left_en}) must equal the sum of {en} ({sum_en})",
        ),
        "ge": Words(
            f"{zh}之和({{right_value}}{unit})不能大于{whole.zh}{total}",
            f"The sum of {en} ({sum_en}) can't exceed {whole.en} ({left_en})",
        ),
        "needs": Words(
            f"分项({zh})合计{{right_value}}{unit},还要填写{whole.zh}",
            f"The parts ({en}) come to {sum_en}: give {whole.en} too",
        ),
    }
    return [
        Check(f"{left}:{op}", "hard", op, left, right, f"figures.{left}", told, source, tolerance)
        for op, told in words.items()
    ]


def _casualties() -> Check:
    left, right = "affected", ("dead", "missing", "injured")
    zh, en = "、".join(BY_KEY[key].zh for key in right), ", ".join(BY_KEY[key].en for key in right)
    return Check(
        key="affected>=casualties",
        severity="hard",
        op="ge",
        left=left,
        right=right,
        anchor="figures.affected",
        words=Words(
            f"{zh}之和({{right_value}}人)不能大于受灾人口({{left_value}}人)",
            f"The sum of {en} ({{right_value}} people) can't exceed People affected ({{left_value}} people)",
        ),
        source=_SOURCE,
        least=2,
    )


def _implies(left: str, right: str) -> Check:
    cause, effect = BY_KEY[left], BY_KEY[right]
    return Check(
        key=f"{left}=>{right}",
        severity="hard",
        op="implies",
        left=left,
        right=(right,),
        anchor=f"figures.{right}",
        words=Words(
            f"{cause.zh}为{{left_value}}{cause.unit},{effect.zh}({{right_value}}{effect.unit})应大于0",
            f"With {cause.en} at {_en('left_value', left)}, {effect.en} ({_en('right_value', right)}) must be above 0",
        ),
        source=_SOURCE,
    )


def _en(value: str, key: str) -> str:
    return f"{{{value}}} {BY_KEY[key].unit_en}".strip()


def _people() -> list[Check]:
    both = ("", "_now")
    moved = [
        f"{key}{now}"
        for now in both
        for key in ("relocated", "need_relief", "drought_relief", "drought_water")
    ]
    harmed = ("dead", "missing", "injured", "seriously_injured")
    pairs = (
        "relocated",
        "relocated_central",
        "relocated_scattered",
        "shelters_used",
        "need_relief",
        "drought_relief",
        "drought_water",
    )
    return [
        *(_at_least("affected", key) for key in (*harmed, *moved)),
        _casualties(),
        _at_least("injured", "seriously_injured"),
        *(_at_least(key, f"{key}_now") for key in pairs),
        *(_at_least(f"drought_relief{now}", f"drought_water{now}") for now in both),
        *(
            row
            for now in both
            for row in _whole(f"relocated{now}", f"relocated_central{now}", f"relocated_scattered{now}")
        ),
        *(_implies(f"relocated_central{now}", f"shelters_used{now}") for now in both),
    ]


def _houses() -> list[Check]:
    rows: list[Check] = []
    for damage in ("collapsed", "severe", "slight"):
        rooms, homes_rooms, homes = (f"houses_{damage}_{what}" for what in ("rooms", "homes_rooms", "homes"))
        rows += [*_chain(rooms, homes_rooms, homes), _implies(homes_rooms, homes)]
    return rows


def _crops() -> list[Check]:
    grades = ("crops_affected", "crops_damaged", "crops_lost")
    grain = [f"{grade}_grain" for grade in grades]
    return [
        *_chain(*grades),
        *_chain(*grain),
        *(_at_least(grade, part) for grade, part in zip(grades, grain, strict=True)),
        *(_at_least(grades[one], grain[other]) for one, other in combinations(range(3), 2)),
    ]


def _sums() -> list[Check]:
    kinds = ("homes", "agriculture", "industry", "infrastructure", "public_services", "other")
    return [
        *_whole("livestock_dead", "livestock_dead_large", "livestock_dead_small"),
        *_whole(
            "livestock_thirsty", "livestock_thirsty_large", "livestock_thirsty_small", source=_BY_ANALOGY
        ),
        *_whole("loss_total", *(f"loss_{kind}" for kind in kinds), tolerance=CENT),
    ]


HARD: tuple[Check, ...] = (*_people(), *_houses(), *_crops(), *_sums())
"""Every hard relation. Where two speak about one field, the first is told."""
