"""The wall's page: a shell for a screen nobody touches; its content comes by the feed and the API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from disaster.people.pages import desk_page
from disaster.people.scope import Rights


@desk_page("duty.see")
def page(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the duty room's board to whoever sees what is owed."""
    return render(request, "briefings/wall.html")
