"""Who is at the socket: a browser by its session, a program by a signed token."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from disaster.people.sessions import Bearer

__all__ = ["Bearer", "bearer_of", "language_of", "origin_is_ours"]


def _header(scope: dict[str, Any], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def _cookies(scope: dict[str, Any]) -> SimpleCookie:
    try:
        return SimpleCookie(_header(scope, b"cookie"))
    except CookieError:
        return SimpleCookie()


def bearer_of(scope: dict[str, Any]) -> Bearer | None:
    """Give what a socket shows to prove who it is; None when it shows nothing."""
    kind, _, token = _header(scope, b"authorization").partition(" ")
    if kind.lower() == "bearer" and token:
        return Bearer("token", token.strip())
    session = _cookies(scope).get(settings.SESSION_COOKIE_NAME)
    return Bearer("session", session.value) if session else None


def language_of(scope: dict[str, Any]) -> str:
    """Give the reader's language: the cookie of the language switch, else Chinese."""
    chosen = _cookies(scope).get(settings.LANGUAGE_COOKIE_NAME)
    return chosen.value if chosen and chosen.value in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def origin_is_ours(scope: dict[str, Any]) -> bool:
    """Say whether a socket was opened by one of our own pages.

    A browser always names the Origin, so a page elsewhere can't use a reader's session. A
    program names none, and has no session that others could misuse.
    """
    origin = _header(scope, b"origin")
    if not origin:
        return True
    return origin in settings.CSRF_TRUSTED_ORIGINS or urlsplit(origin).netloc == _header(scope, b"host")
