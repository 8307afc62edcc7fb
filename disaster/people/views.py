"""Pages of signing in and out, and the door for phones that keep no form."""

from __future__ import annotations

import json
from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST

from disaster import problems
from disaster.people.models import Person
from disaster.problems import Problem


def enter(request: HttpRequest, account: str, password: str) -> Person:
    """Sign a person in; :mod:`disaster.people.signals` sets how long the session lasts.

    Raises
    ------
    Problem
        401.2 if account or password is wrong, whichever it is.
    """
    person = authenticate(request, username=account, password=password)
    if not isinstance(person, Person):
        raise locked_problem() if getattr(request, "axes_locked_out", False) else problems.WRONG_PASSWORD()
    login(request, person)
    return person


def locked_problem() -> Problem:
    """Say for how long the account is locked."""
    wait = get_cool_off()
    minutes = round(wait.total_seconds() / 60) if wait else 15
    return problems.LOCKED_OUT(minutes=minutes, retry_after_s=minutes * 60)


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer a locked-out sign-in, at the page or at the API."""
    problem = locked_problem()
    if request.path.startswith("/api/"):
        return _told(problem)
    return _page(request, problem, status=problem.kind.status)


@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show and take the sign-in form; it needs no script."""
    if request.method == "GET":
        return _page(request, None)
    try:
        person = enter(request, request.POST.get("account", ""), request.POST.get("password", ""))
    except Problem as problem:
        return _page(request, problem, status=problem.kind.status)
    return _in_own_language(request, person, HttpResponseRedirect(_next(request)))


@csrf_exempt  # it carries no session yet: the password itself is the proof
@require_POST
def api_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with JSON ``{"account", "password"}``, sent as ``application/json``."""
    try:
        account, password = _credentials(request)
    except (ValueError, KeyError, TypeError, RecursionError):
        return _told(problems.NOT_JSON())
    try:
        person = enter(request, account, password)
    except Problem as problem:
        return _told(problem)
    told = {"person": str(person.pk), "name": person.name, "csrf": get_token(request)}
    return _in_own_language(request, person, JsonResponse(told))


def _credentials(request: HttpRequest) -> tuple[str, str]:
    """Read account and password.

    A foreign page can send any body, but not this content type, without asking us first:
    it can't sign a visitor in under an account of its own.
    """
    if request.content_type != "application/json":
        raise ValueError("not sent as JSON")
    body = json.loads(request.body)
    account, password = str(body["account"]), str(body["password"])
    (account + password).encode()  # half a character can't be looked up: a UnicodeEncodeError is a ValueError
    return account, password


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to their page: officers to the phone page, desks to the map."""
    rights = request.rights  # type: ignore[attr-defined]
    if rights is None:
        return redirect(settings.LOGIN_URL)
    if rights.posts and not rights.is_desk:
        return redirect("/field/")
    if rights.sees.prefixes:
        return redirect("/map/")
    return render(request, "home.html")


def _in_own_language(request: HttpRequest, person: Person, response: HttpResponse) -> HttpResponse:
    """Speak the account's language from now on, unless this browser has chosen one."""
    if person.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            person.language,
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else settings.LOGIN_REDIRECT_URL


def _page(request: HttpRequest, problem: Problem | None, status: int = 200) -> HttpResponse:
    context = {
        "problem": problem.message(get_language() or "") if problem else "",
        "account": request.POST.get("account", ""),
        "next": request.POST.get("next") or request.GET.get("next") or "",
    }
    return render(request, "sign_in.html", context, status=status)


def _told(problem: Problem) -> HttpResponse:
    response = JsonResponse(problem.told(get_language() or ""), status=problem.kind.status)
    if problem.retry_after_s:
        response["Retry-After"] = str(round(problem.retry_after_s))
    return response
