"""The wizard's page: an empty shell; what it shows comes from the API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from disaster.people.pages import desk_page
from disaster.people.scope import Rights


@desk_page("map.import")
def page(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the wizard to coordinators."""
    return render(request, "importing.html")
