"""What every request knows of its reader: language, rights, and the areas in sight."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from disaster.people.scope import Rights, rights_of

GetResponse = Callable[[HttpRequest], HttpResponse]
_LANGUAGES = dict(settings.LANGUAGES)


def language(get_response: GetResponse) -> GetResponse:
    """Speak the language the reader chose, else Chinese; a foreign browser chooses nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = chosen if chosen in _LANGUAGES else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return middleware


def rights(get_response: GetResponse) -> GetResponse:
    """Give the request ``rights`` and ``area_scope``.

    A stranger has neither (None), and costs no statement. A signed-in person without a
    post has rights that allow nothing.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        person = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        found: Rights | None = None
        if person is not None and person.is_authenticated:  # request.user is lazy: ask it, not its type
            found = rights_of(person, on=timezone.localdate())
        request.rights = found  # type: ignore[attr-defined]
        request.area_scope = found.sees if found else None  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
