"""代报 and 电话速报: the township or the bureau files for a village that can't."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from disaster.events.queries import events_in
from disaster.people.pages import desk_page
from disaster.people.scope import Rights
from disaster.reports.drafting_api import places_in
from disaster.reports.messages import MAX_TEXT

WHYS = (("phone", _("电话速报")), ("unreachable", _("村里联系不上")), ("paper", _("纸质报表")))


@desk_page("report.file_for")
def page(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the form; its indicators and hazards come from the catalogue, as on the phone."""
    scope = rights.where("report.file_for")
    events = [event for event in events_in(scope) if event.closed_at is None]
    context = {"places": places_in(scope), "events": events, "whys": WHYS, "longest": MAX_TEXT}
    return render(request, "reports/filing.html", context)
