"""Headers that Django has no setting for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]
PERMISSIONS = "geolocation=(self), microphone=(self), camera=(), payment=(), usb=()"
"""The position and voice notes are the officer's page's own; a photo is a chosen file, no camera."""
WITH_CAMERA = PERMISSIONS.replace("camera=()", "camera=(self)")
"""For a page that scans QR codes."""


def permissions(get_response: GetResponse) -> GetResponse:
    """Say which of the phone's senses a page may ask for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return middleware
