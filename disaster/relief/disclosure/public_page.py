"""Opening a page to everybody: no session, no cookie, the same for all, kept by caches, asked for in measure."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from disaster import problems
from disaster.problems import Problem
from disaster.relief.disclosure.limits import Limiter
from disaster.rules import book

View = Callable[..., HttpResponse]
PAGES, FORMS = Limiter(60), Limiter(3600)
"""Pages asked for in a minute, and forms sent in an hour, by address."""


def public_page(*methods: str) -> Callable[[View], View]:
    """Make a view a page for everybody, in Chinese or, with ``?lang=en``, in English.

    It answers every reader alike, so caches may keep it; the language is in the address, not in a
    cookie. A form's answer is kept by nobody. It is not for search engines: a list stays readable
    for some days only. No cookie counts here, so no other site can act in anybody's name.
    """

    def wrap(view: View) -> View:
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", *methods])
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            language = "en" if request.GET.get("lang") == "en" else settings.LANGUAGE_CODE
            with translation.override(language):
                try:
                    _in_measure(request)
                    response = view(request, *args, **kwargs)
                except Problem as problem:
                    response = _told(request, problem, language)
            response.headers["Content-Language"] = language
            response.headers["X-Robots-Tag"] = "noindex, noarchive"
            kept = request.method != "POST" and response.status_code == 200
            response.headers.setdefault(
                "Cache-Control", f"public, max-age={book.value('public.cache_s')}" if kept else "no-store"
            )
            return response

        return page

    return wrap


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Write a page without the request's session, rights or token: nothing of the reader is in it."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    other = request.GET.copy()
    other.pop("lang", None)
    if not language.startswith("en"):
        other["lang"] = "en"
    text = render_to_string(
        template,
        {
            **context,
            "LANGUAGE_CODE": language,
            "other_language": f"{request.path}?{other.urlencode()}" if other else request.path,
            "lang": "?lang=en" if language.startswith("en") else "",
        },
    )
    return HttpResponse(text, status=status)


def forms_in_measure(request: HttpRequest) -> None:
    """Let an address send so many forms an hour; 429.1 beyond."""
    _take(FORMS, request, int(book.value("public.forms_an_hour")))


def forget() -> None:
    """Forget who asked for what."""
    PAGES.forget()
    FORMS.forget()


def _in_measure(request: HttpRequest) -> None:
    _take(PAGES, request, int(book.value("public.pages_a_minute")))


def _take(limiter: Limiter, request: HttpRequest, size: int) -> None:
    waits = limiter.take(request.META.get("REMOTE_ADDR", ""), size=size, at_s=time.monotonic())
    if waits:
        raise problems.ASKED_TOO_OFTEN(seconds=max(1, round(waits)), retry_after_s=waits)


def _told(request: HttpRequest, problem: Problem, language: str) -> HttpResponse:
    response = show(
        request, "public/problem.html", {"problem": problem.told(language)}, status=problem.kind.status
    )
    if problem.retry_after_s is not None:
        response.headers["Retry-After"] = str(max(1, round(problem.retry_after_s)))
    return response
