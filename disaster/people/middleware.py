"""What every request knows of its reader: language, rights, and the areas in sight."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from disaster.people.scope import Rights, rights_of
from disaster.people.tokens import rights_of_token
from gis.scope import AreaScope

GetResponse = Callable[[HttpRequest], HttpResponse]
_LANGUAGES = dict(settings.LANGUAGES)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""What a token may do: reading alone."""


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
    """Give the request ``rights`` and ``area_scope``, looked up when first read.

    A stranger has neither (None). A signed-in person without a post has rights that allow
    nothing. An address that reads neither costs no statement.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        kind: Any = type(request)
        request.__class__ = _with_reader(kind)
        return get_response(request)

    return middleware


class _Reader(HttpRequest):
    """A request that knows who reads: mixed into whatever class the server made it of."""

    @cached_property
    def rights(self) -> Rights | None:
        bearer = self.headers.get("Authorization", "")
        if bearer.startswith("Bearer ") and self.method in _READING:
            return rights_of_token(bearer.removeprefix("Bearer ").strip())
        if settings.SESSION_COOKIE_NAME not in self.COOKIES or not self.user.is_authenticated:
            return None
        return rights_of(self.user, on=timezone.localdate())

    @cached_property
    def area_scope(self) -> AreaScope | None:
        return self.rights.sees if self.rights else None


@lru_cache
def _with_reader(kind: type[Any]) -> type[Any]:
    return type(kind.__name__, (_Reader, kind), {})
