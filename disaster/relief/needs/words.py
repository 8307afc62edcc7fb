"""The words of acts and fields on the pages of needs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disaster.people.scope import Rights
from disaster.relief.needs.models import Application, Household
from disaster.relief.needs.services.acting import BY_SYSTEM
from disaster.relief.needs.states import NEXT, acts_from

ACTS: dict[str, Any] = {
    "apply": _("申请"),
    "amend": _("修改申请"),
    "verify": _("核实"),
    "assess": _("村级评议"),
    "post": _("村级公示"),
    "object": _("登记异议"),
    "submit": _("上报乡镇"),
    "move": _("随户迁移"),
    "visit": _("入户抽查"),
    "pass": _("乡镇审核通过"),
    "approve": _("县级审批"),
    "grant": _("调整核准数"),
    "recall": _("收回核准"),
    "return": pgettext_lazy("relief", "退回村里"),
    "reject": _("不予救助"),
    "withdraw": _("撤回"),
    "stop": _("停发"),
    "settle": _("到户"),
    "unsettle": _("退回"),
    "issue": _("发放完毕"),
    "hold": _("暂停"),
    "release": _("恢复"),
    "refuse": _("银行退票"),
    "disclose": _("发放公示"),
    "archive": _("回访归档"),
}
"""Act → its name, steps that move no state among them."""
GRAVE = frozenset({"reject", "withdraw", "stop", "return"})
"""Acts that end or undo: shown apart, in the colour of caution."""
NEEDS: dict[str, Any] = {
    "grain_kg": (_("口粮"), _("公斤")),
    "clothing": (_("衣被"), _("件")),
    "heating_yuan": (_("取暖"), _("元")),
    "medical_yuan": (_("伤病"), _("元")),
    "water_yuan": (_("饮水"), _("元")),
    "other_yuan": (_("其他"), _("元")),
}
"""What is needed, in words, and its unit."""


def acts_of(rights: Rights, state: str = "", area: str = "") -> list[dict[str, Any]]:
    """Give the acts somebody may do, on what is in a state (or any), the ordinary ones first."""
    names = acts_from(state) if state else list(NEXT)
    return [
        {"key": name, "name": ACTS[name], "says_why": NEXT[name].says_why, "is_grave": name in GRAVE}
        for name in names
        if name not in BY_SYSTEM and _may(rights, NEXT[name].verb, area)
    ]


def _may(rights: Rights, verb: str, area: str) -> bool:
    return rights.may(verb, area) if area else bool(rights.where(verb).prefixes)


def asked_of(row: Application) -> list[tuple[Any, int, Any]]:
    """Give what an application asks for: name, number, unit."""
    return [(name, many, unit) for key, (name, unit) in NEEDS.items() if (many := getattr(row, key))]


def label(name: str) -> str:
    """Give a household's field in words, for its history."""
    known = {
        "identity": _("身份证号"),
        "phone": _("联系电话"),
        "card": _("一卡通账号"),
        "area": _("行政村"),
        "member": _("家庭成员"),
    }
    if name in known:
        return str(known[name])
    column: Any = Household._meta.get_field(name)
    return str(column.verbose_name)
