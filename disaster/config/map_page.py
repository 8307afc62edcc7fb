"""The bureau's live map: the page only; what it shows comes from the feed, scoped to the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from gis import basemap

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_required
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    """Show the live map to anyone signed in: officers see their village, the bureau its county."""
    response = render(request, "map.html")
    if hosts := basemap.hosts():
        # Read by csp.middleware: this page alone may ask the base map's hosts, and no others.
        response._csp_update = {"img-src": hosts, "connect-src": hosts}  # type: ignore[attr-defined]
    return response
