"""The desk's menu: which page each person may open, in one list."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disaster.people.scope import Rights


class Entry(NamedTuple):
    """One page: the group it stands in, the verb that opens it, its address's name, its title."""

    group: str
    verb: str
    name: str
    title: Any


GROUPS: dict[str, Any] = {
    "map": _("地图"),
    "disaster": pgettext_lazy("menu", "灾情"),
    "safety": pgettext_lazy("menu", "避险"),
    "relief": pgettext_lazy("menu", "救助"),
    "data": pgettext_lazy("menu", "数据"),
}
"""In the order of a day: what came in, who is in danger, who is helped."""

MENU: tuple[Entry, ...] = (
    Entry("map", "report.see", "map", _("地图")),
    Entry("map", "duty.see", "wall", _("值班大屏")),
    Entry("disaster", "report.review", "review", _("审核")),
    Entry("disaster", "duty.see", "duty", _("值班")),
    Entry("disaster", "report.see", "events", pgettext_lazy("menu", "灾害过程")),
    Entry("disaster", "report.see", "table", _("汇总")),
    Entry("disaster", "register.see", "registers", _("台账")),
    Entry("disaster", "report.file_for", "file", pgettext_lazy("menu", "代报")),
    Entry("disaster", "briefing.see", "briefings", _("专报")),
    Entry("safety", "warning.see", "warnings", _("预警")),
    Entry("safety", "shelter.see", "shelters", _("避难场所")),
    Entry("safety", "evacuation.see", "evacuation", _("转移安置")),
    Entry("relief", "need.see", "relief-board", pgettext_lazy("menu", "救助看板")),
    Entry("relief", "need.see", "relief", _("救助对象")),
    Entry("relief", "fund.see", "funds", _("资金")),
    Entry("relief", "plan.see", "plan", pgettext_lazy("menu", "分配")),
    Entry("relief", "stock.see", "stock", _("物资")),
    Entry("relief", "trip.see", "trips", _("运输")),
    Entry("relief", "case.see", "complaints", _("公示与投诉")),
    Entry("data", "map.import", "import", _("导入")),
)
"""Within a group in the order of the work."""


def menu(request: HttpRequest) -> dict[str, Any]:
    """Give the reader's menu to every template: ``menu`` flat, ``menu_groups`` as they stand in the bar.

    Of several entries whose address the page lies below, the longest is where the reader is.
    """
    rights: Rights | None = getattr(request, "rights", None)
    if rights is None:
        return {"menu": [], "menu_groups": []}
    open_to = [(entry, reverse(entry.name)) for entry in MENU if rights.where(entry.verb).prefixes]
    below = [url for _entry, url in open_to if request.path.startswith(url)]
    here = max(below, key=len, default="")
    shown = [
        {"group": entry.group, "url": url, "title": entry.title, "here": url == here}
        for entry, url in open_to
    ]
    groups = [
        {"title": title, "entries": entries, "here": any(entry["here"] for entry in entries)}
        for key, title in GROUPS.items()
        if (entries := [entry for entry in shown if entry["group"] == key])
    ]
    return {"menu": shown, "menu_groups": groups}
