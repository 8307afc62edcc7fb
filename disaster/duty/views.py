"""The duty page: who is on time, due, late or unreachable, and whom to call first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from disaster.duty import board, services, silence
from disaster.duty.model import Owed
from disaster.duty.models import Call
from disaster.duty.reminders import queries as reminders
from disaster.duty.upward import owed_upward
from disaster.people.pages import desk_page
from disaster.people.scope import Rights
from gis.models import Area
from gis.scope import AreaScope, pad

STATES = (
    ("unreachable", _("联系不上")),
    ("late", _("迟报")),
    ("due", _("临近")),
    ("ontime", _("按时")),
)
CAUSES = {"first": _("初报"), "daily": _("续报"), "drought": _("旱灾续报"), "verified": _("核报")}
CALLED_FIRST = 30
"""How many of the call list are shown: nobody telephones further before it has changed."""


@desk_page("duty.see")
def page(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the board by township, the desks above, and the ranked call list."""
    now = timezone.now()
    scope = rights.where("duty.see")
    owed = board.owed(scope=scope, now=now)
    event = request.GET.get("event", "")
    state = request.GET.get("state", "")
    township = request.GET.get("township", "")
    shown = [
        one
        for one in owed
        if (not event or str(one.event) == event)
        and (not state or one.state == state)
        and (not township or one.area.startswith(township[:9]))
    ]
    silent = silence.ranked(scope=scope, now=now, owed=shown)[:CALLED_FIRST]
    masked = services.masked_numbers([one.owed.area for one in silent], now=now)
    townships = dict(Area.objects.filter(level=Area.Level.TOWNSHIP).values_list("code", "name"))
    return render(
        request,
        "duty/board.html",
        {
            "now": now,
            "events": {str(one.event): one.event_name for one in owed},
            "event": event,
            "state": state,
            "township": township,
            "township_names": {code: name for code, name in sorted(townships.items()) if scope.covers(code)},
            "states": STATES,
            "counts": _counts(one for one in owed if one.level == "village"),
            "desks": [_tile(one, now) for one in shown if one.level != "village"],
            "townships": _by_township(shown, townships, now),
            "silent": [_silent(one, townships, masked) for one in silent],
            "upward": owed_upward(scope=scope, now=now),
            "calls": _calls(scope),
            "reminders": reminders.recent(scope=scope),
            "may_call": bool(rights.where("duty.call").prefixes),
            "may_remind": bool(rights.where("duty.remind").prefixes),
            "home": rights.home,
        },
    )


def _counts(owed: Iterable[Owed]) -> list[dict[str, Any]]:
    found = list(owed)
    return [
        {"key": key, "name": name, "count": sum(one.state == key for one in found)} for key, name in STATES
    ]


_URGENCY = {key: place for place, (key, _name) in enumerate(STATES)}


def _by_township(owed: Sequence[Owed], names: dict[str, str], now: datetime) -> list[dict[str, Any]]:
    """Group villages under their townships; who is most urgent comes first, in both."""
    groups: dict[str, list[Owed]] = {}
    for one in owed:
        if one.level == "village":
            groups.setdefault(pad(one.area[:9]), []).append(one)
    blocks = [
        {
            "code": code,
            "name": names.get(code, code),
            "counts": _counts(villages),
            "tiles": [
                _tile(one, now)
                for one in sorted(villages, key=lambda item: (_URGENCY[item.state], item.due_at))
            ],
            "urgent": min((_URGENCY[one.state], one.due_at) for one in villages),
        }
        for code, villages in groups.items()
    ]
    return sorted(blocks, key=lambda block: block["urgent"])


def _tile(one: Owed, now: datetime) -> dict[str, Any]:
    return {"owed": one, "cause": CAUSES[one.cause], "minutes": one.minutes_left(now)}


def _silent(
    one: silence.Silent, townships: dict[str, str], masked: dict[str, list[services.Number]]
) -> dict[str, Any]:
    return {
        "it": one,
        "numbers": masked.get(one.owed.area, []),
        "township": townships.get(pad(one.owed.area[:9]), ""),
        "why": one.why(get_language() or "zh-hans"),
    }


def _calls(scope: AreaScope) -> list[Call]:
    inside = Q(pk__in=[])
    for prefix in scope.prefixes:
        inside |= Q(area_code__startswith=prefix)
    return list(Call.objects.filter(inside)[:20])
