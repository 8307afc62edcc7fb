"""The soft checks (核实性校核): what may be true, but wants a second look and a note.

Relations from the domain rules §2.6. The form names them but mostly gives no numbers; the
numbers are dated rules (``check.*``), handed in by :mod:`disaster.reports.rulebook`. The
shipped ones are wide on purpose: a warning that is usually wrong teaches an officer to type
"已核实" without looking. Pure: no Django here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from disaster.problems import Words
from disaster.reports.checks.model import Check, plain
from disaster.reports.indicators import BY_KEY
from disaster.rules.catalogue import CATALOGUE

_FORM = "《自然灾害情况统计调查制度》(应急〔2020〕19号) 核实性校核"
_DEFAULT = "project default"
_LATER = ("followup", "verified")
_VERIFIED = ("verified",)


class Numbers(NamedTuple):
    """The numbers of the doubts: the rules ``check.*`` in force on a day."""

    rooms_per_home: Decimal
    village_factor: Decimal
    loss_per_person: Decimal
    loss_per_room_low: Decimal
    loss_per_room_high: Decimal
    seasons: Mapping[str, tuple[int, ...]]

    @classmethod
    def read(cls, value: Callable[[str], Any]) -> Numbers:
        """Read them through a function that gives a rule's value."""
        return cls(
            rooms_per_home=value("check.rooms_per_home"),
            village_factor=value("check.village_factor"),
            loss_per_person=value("check.loss_per_person"),
            loss_per_room_low=value("check.loss_per_room_low"),
            loss_per_room_high=value("check.loss_per_room_high"),
            seasons={str(row["hazard"]): tuple(row["months"]) for row in value("check.seasons")},
        )


def _soft(
    key: str, op: str, left: str, right: tuple[str, ...], anchor: str, zh: str, en: str, **rest: object
) -> Check:
    given: dict[str, object] = {"source": _FORM, **rest}
    return Check(key, "soft", op, left, right, anchor, Words(zh, en), **given)  # type: ignore[arg-type]


def _rooms_a_home(damage: str, most: Decimal) -> Check:
    rooms, homes = BY_KEY[f"houses_{damage}_homes_rooms"], BY_KEY[f"houses_{damage}_homes"]
    return _soft(
        f"rooms_per_home.{damage}",
        "ratio",
        rooms.key,
        (homes.key,),
        f"figures.{rooms.key}",
        f"{rooms.zh}({{left_value}}间)与{homes.zh}({{right_value}}户)相比,平均每户超过{plain(most)}间,请核实",
        f"{rooms.en} ({{left_value}}) is over {plain(most)} rooms for each of {homes.en} ({{right_value}}); check it",
        high=most,
        source=f"{_FORM}: 户均间数 1–10",
    )


def _given_at_last(left: str, right: str) -> Check:
    cause, effect = BY_KEY[left], BY_KEY[right]
    return _soft(
        f"complete.{right}",
        "alone",
        left,
        (right,),
        f"figures.{right}",
        f"填了{cause.zh}({{left_value}}{cause.unit}),核报时还要填写{effect.zh}",
        f"With {cause.en} ({{left_value}}) given, the verified report needs {effect.en} too",
        kinds=_VERIFIED,
    )


def _yuan(wan: Decimal) -> str:
    return f"{wan * 10_000:,.0f}"


def build(n: Numbers) -> tuple[Check, ...]:
    """Write every soft check with its numbers. Where two speak about one field, the first is told."""
    return (
        _soft(
            "cumulative_falls",
            "falls",
            "",
            (),
            "figures.*",
            "{zh}({left_value}{unit})比上次报告({right_value}{unit})减少,请说明原因",
            "{en} ({left_value} {unit_en}) is lower than in the last report ({right_value} {unit_en}); say why",
        ),
        _soft(
            "figure_left_out",
            "omits",
            "",
            (),
            "figures.*",
            "{zh}上次报告为{right_value}{unit},这次没有填写,请补填或说明",
            "{en} was {right_value} {unit_en} in the last report and is missing now; fill it in or say why",
        ),
        _soft(
            "affected_over_township",
            "within",
            "affected",
            ("township_population",),
            "figures.affected",
            "受灾人口({left_value}人)超过本乡镇总人口({right_value}人),请核实",
            "People affected ({left_value}) exceeds the township's population ({right_value}); check it",
        ),
        _soft(
            "affected_over_village",
            "within",
            "affected",
            ("population",),
            "figures.affected",
            f"受灾人口({{left_value}}人)超过本村人口({{right_value}}人)的{plain(n.village_factor)}倍,请核实",
            f"People affected ({{left_value}}) is over {plain(n.village_factor)} times the village's population ({{right_value}}); check it",
            factor=n.village_factor,
            # 潜山: 户籍 583,000, 常住 441,000; and visitors count as well.
            source=f"{_DEFAULT}: registered people may be 1.32 × the residents",
        ),
        _soft(
            "crops_over_arable",
            "within",
            "crops_affected",
            ("arable_ha",),
            "figures.crops_affected",
            "农作物受灾面积({left_value}公顷)超过本地耕地面积({right_value}公顷),请核实",
            "Crops affected ({left_value} ha) exceeds the arable land here ({right_value} ha); check it",
        ),
        _soft(
            "relocated_without_affected",
            "alone",
            "relocated",
            ("affected",),
            "figures.affected",
            "填了紧急转移安置人口累计值({left_value}人),没有填受灾人口,请补填或说明",
            "Relocated and sheltered (so far) ({left_value} people) is given without People affected; fill it in or say why",
            kinds=_LATER,
        ),
        _soft(
            "transition_over_relief",
            "ge",
            "need_relief",
            ("need_transition",),
            "figures.need_transition",
            "需过渡期生活救助人口({right_value}人)大于需紧急生活救助人口累计值({left_value}人),请核实",
            "In need of transitional relief ({right_value}) exceeds In need of emergency relief (so far) ({left_value}); check it",
        ),
        *(_rooms_a_home(damage, n.rooms_per_home) for damage in ("collapsed", "severe", "slight")),
        _soft(
            "loss_per_person",
            "ratio",
            "loss_total",
            ("affected",),
            "figures.loss_total",
            f"直接经济损失({{left_value}}万元)与受灾人口({{right_value}}人)相比,人均超过{plain(n.loss_per_person)}万元,请核对单位是不是万元",
            f"Direct economic loss ({{left_value}} × 10,000 yuan) is over {_yuan(n.loss_per_person)} yuan for each of the People affected ({{right_value}}); check the unit",
            high=n.loss_per_person,
            # 2013-07-05 came to 0.057; yuan typed for 万元 is off by 10,000.
            source=_DEFAULT,
        ),
        _soft(
            "loss_per_room",
            "ratio",
            "loss_homes",
            ("houses_collapsed_homes_rooms",),
            "figures.loss_homes",
            f"住房及居民家庭财产损失({{left_value}}万元)与倒塌住房间数({{right_value}}间)相比,每间不在{plain(n.loss_per_room_low)}万元到{plain(n.loss_per_room_high)}万元之间,请核实",
            f"Loss of homes and household goods ({{left_value}} × 10,000 yuan) against Rooms collapsed in homes ({{right_value}}) is not within {_yuan(n.loss_per_room_low)} to {_yuan(n.loss_per_room_high)} yuan a room; check it",
            low=n.loss_per_room_low,
            high=n.loss_per_room_high,
            kinds=_VERIFIED,
            source=_DEFAULT,
        ),
        *(
            _given_at_last(f"houses_{damage}_homes_rooms", f"houses_{damage}_homes")
            for damage in ("collapsed", "severe", "slight")
        ),
        _given_at_last("relocated_central", "shelters_used"),
        _soft(
            "casualties_without_evidence",
            "evidence",
            "",
            ("dead", "missing"),
            "fix",
            "报告了因灾死亡人口、因灾失踪人口(合计{right_value}人),但没有定位也没有照片,请核实",
            "Dead and Missing ({right_value} people in all) are reported with neither position nor photo; check it",
            kinds=("first",),
        ),
        _soft(
            "position_outside_township",
            "place",
            "",
            (),
            "fix",
            "定位不在本乡镇范围内,请核对位置或说明",
            "The position lies outside the township; check it or say why",
        ),
        _soft(
            "hazard_season",
            "season",
            "",
            (),
            "hazard",
            "{zh}一般不发生在{month}月,请核对灾种和发生时间",
            "{en} is unusual in month {month}; check the hazard and the time of occurrence",
            months=n.seasons,
            source=_DEFAULT,
        ),
    )


SHIPPED = Numbers.read(lambda key: CATALOGUE[key].read(CATALOGUE[key].value))
SOFT: tuple[Check, ...] = build(SHIPPED)
"""The soft checks with the shipped numbers."""
