"""Opening a desk page: who is not signed in signs in first, who has no business there is told so."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from disaster import problems
from disaster.people.scope import Rights
from disaster.problems import Problem

View = Callable[..., HttpResponse]


def desk_page(verb: str) -> Callable[[View], View]:
    """Make a view a desk page for whoever may do ``verb`` somewhere.

    The view gets the reader's rights as its second argument. A :class:`Problem` it raises
    is shown as a page with the problem's status and words.
    """

    def wrap(view: View) -> View:
        @require_safe
        @login_required
        @ensure_csrf_cookie
        @never_cache
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            rights: Rights = request.rights  # type: ignore[attr-defined]
            try:
                if not rights.where(verb).prefixes:
                    raise problems.NOT_ALLOWED()
                return view(request, rights, *args, **kwargs)
            except Problem as problem:
                return refused(request, problem)

        return page

    return wrap


def page_number(request: HttpRequest, pages: int) -> int:
    """Give the page asked for by ``?page=``, the first or last there is for anything else."""
    text = request.GET.get("page", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1
    return min(max(asked, 1), pages)


def refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Show a problem as a page of its own."""
    told = problem.told(get_language() or "zh-hans")
    return render(request, "refused.html", {"problem": told}, status=problem.kind.status)
