"""The warnings page: what others warn of, which villages were told, who has answered, whom to call."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disaster.people.pages import desk_page
from disaster.people.scope import Rights
from disaster.rules import book
from disaster.warnings import notices, queries

COUNTS = (
    ("help", _("需要支援")),
    ("sent", _("未回复")),
    ("received", _("已收到")),
    ("moved", _("已转移")),
)
CALLED_FIRST = 30


@desk_page("warning.see")
def page(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show alerts, zones with the villages told, and the call list; the page follows the feed."""
    now = timezone.now()
    scope = rights.where("warning.see")
    told = queries.zones_told(scope)
    silent = notices.silent(by=rights, now=now)
    late = now - timedelta(minutes=book.value("notice.silent_after"))
    return render(
        request,
        "warnings/page.html",
        {
            "now": now,
            "alerts": queries.recent_alerts(scope),
            "told": told,
            "counts": [
                {"key": key, "name": name, "count": sum(one.counts[key] for one in told)}
                for key, name in COUNTS
            ],
            "names": dict(COUNTS),
            "persons": sum(one.persons for one in told),
            "silent": [{"it": row, "late": row.sent_at <= late} for row in silent[:CALLED_FIRST]],
            "silent_more": max(0, len(silent) - CALLED_FIRST),
            "may_send": bool(rights.where("notice.send").prefixes),
            "may_call": bool(rights.where("duty.call").prefixes),
        },
    )
