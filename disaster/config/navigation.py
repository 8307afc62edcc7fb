"""The desk's menu: which page each person may open, in one list."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disaster.people.scope import Rights


class Entry(NamedTuple):
    """One page: the verb that opens it, its address's name, its title."""

    verb: str
    name: str
    title: Any


MENU: tuple[Entry, ...] = (
    Entry("report.see", "map", _("地图")),
    Entry("report.review", "review", _("审核")),
    Entry("warning.see", "warnings", _("预警")),
    Entry("shelter.see", "shelters", _("避难场所")),
    Entry("evacuation.see", "evacuation", _("转移安置")),
    Entry("need.see", "relief-board", pgettext_lazy("menu", "救助看板")),
    Entry("need.see", "relief", _("救助")),
    Entry("stock.see", "stock", _("物资")),
    Entry("case.see", "complaints", _("公示与投诉")),
    Entry("fund.see", "funds", _("资金")),
    Entry("trip.see", "trips", _("运输")),
    Entry("duty.see", "duty", _("值班")),
    Entry("report.see", "events", pgettext_lazy("menu", "灾害过程")),
    Entry("report.see", "table", _("汇总")),
    Entry("briefing.see", "briefings", _("专报")),
    Entry("register.see", "registers", _("台账")),
    Entry("report.file_for", "file", pgettext_lazy("menu", "代报")),
    Entry("map.import", "import", _("导入")),
)
"""In the order of a day's work: what came in, who is missing, what it adds up to."""


def menu(request: HttpRequest) -> dict[str, Any]:
    """Give the entries of the reader's menu to every template."""
    rights: Rights | None = getattr(request, "rights", None)
    if rights is None:
        return {"menu": []}
    return {
        "menu": [
            {
                "url": reverse(entry.name),
                "title": entry.title,
                "here": request.path.startswith(reverse(entry.name)),
            }
            for entry in MENU
            if rights.where(entry.verb).prefixes
        ]
    }
