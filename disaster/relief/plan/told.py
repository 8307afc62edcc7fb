"""A plan's supply and limits in the words of its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from disaster.relief.needs.models import Application
from disaster.relief.plan.solve.model import LimitKind, Source
from disaster.relief.plan.templatetags.plan_words import amount, grouped

SOURCES: dict[Source, str | Promise] = {
    Source.STOCK: _("库存可发"),
    Source.COMING: _("在途将到"),
    Source.KEPT: _("留存不分"),
    Source.FREE: _("专户可用"),
    Source.PLANNED: _("原方案安排未付"),
    Source.EXPECTED: _("预计资金"),
    Source.FLIGHT: _("已送银行待回盘(算作已给,不再分)"),
}


def supply(
    figures: Mapping[str, Any], items: Sequence[Mapping[str, Any]]
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Give for every item what its supply is made of: (name, [(source, quantity, unit)])."""
    order = list(SOURCES)
    found = []
    for item in items:
        parts = sorted(
            (order.index(Source(one["source"])), one["quantity"])
            for one in figures.get("supply", [])
            if one["item"] == item["item"]
        )
        if parts:
            rows = [(str(SOURCES[order[at]]), f"{many:,}", str(item["unit"])) for at, many in parts]
            found.append((str(item["name"]), rows))
    return found


def unmet(
    figures: Mapping[str, Any], items: Sequence[Mapping[str, Any]], language: str
) -> list[dict[str, Any]]:
    """Give the households for which something else stands than the plan says: both in words, and why."""
    known, states = {item["item"]: item for item in items}, dict(Application.State.choices)
    return [
        {
            **one,
            "state": states[one["state"]],
            "why": one["why"][language.startswith("en")].removeprefix(one["number"]).strip(),
            "goods": [
                (str(known[key]["name"]), *(_amount(many, known[key]) for many in pair))
                for key, pair in one["goods"].items()
                if key in known
            ],
        }
        for one in figures.get("orders", {}).get("unmet", [])
    ]


def _amount(many: int, item: Mapping[str, Any]) -> str:
    return f"{grouped(amount(many, item['item']))} {item['unit']}"


def limits(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give a plan's limits with how much of each is taken, and how many villages it stops."""
    found = []
    for one in figures.get("limits", []):
        kind = LimitKind(one["kind"])
        scale = 1000 if kind is LimitKind.WEIGHT else 100
        numbers = {
            "place": one["name"],
            "whole": f"{one['whole'] // scale:,}",
            "amount": f"{one['amount'] // scale:,}",
            "taken": f"{one['taken'] // scale:,}",
        }
        found.append({"words": _words(kind) % numbers, "stops": one["stops"]})
    return found


def _words(kind: LimitKind) -> str:
    if kind is LimitKind.PERSON:
        return gettext("每人最多 %(whole)s 元")
    if kind is LimitKind.HOUSEHOLD:
        return gettext("每户最多 %(whole)s 元")
    if kind is LimitKind.WEIGHT:
        return gettext("%(place)s 本轮最多接收 %(amount)s 公斤,已安排 %(taken)s 公斤")
    return gettext("总支出最多 %(whole)s 元,还可用 %(amount)s 元,已安排 %(taken)s 元")
