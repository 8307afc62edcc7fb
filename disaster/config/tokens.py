"""A person's tokens for other programs (QGIS and the like): made, shown once, revoked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from disaster.people import tokens
from disaster.people.http import reader
from disaster.people.models import ApiToken
from disaster.people.pages import refused
from disaster.problems import Problem
from disaster.rules import book


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Show one's own tokens; a POST makes another and shows its secret, this once."""
    secret = told = ""
    if request.method == "POST":
        now = timezone.now()
        try:
            _, secret = tokens.make(
                name=request.POST.get("name", ""),
                ends_at=now + timedelta(days=book.value("token.days")),
                by=reader(request),
                now=now,
            )
        except Problem as problem:
            if problem.kind.status == 403:
                return refused(request, problem)
            told = next(iter(problem.told(get_language() or "zh-hans")["errors"].values()), "")
    own = ApiToken.objects.filter(person_id=reader(request).person_id)
    shown = {
        "tokens": own,
        "secret": secret,
        "told": told,
        "days": book.value("token.days"),
        "now": timezone.now(),
        "address": request.build_absolute_uri(reverse("ogc")),
    }
    return render(request, "tokens.html", shown, status=400 if told else 200)


@require_POST
@login_required
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End one of one's own tokens."""
    try:
        tokens.revoke(token_id, by=reader(request), now=timezone.now())
    except Problem as problem:
        return refused(request, problem)
    return HttpResponseRedirect(reverse("tokens"))


urlpatterns = [
    path("tokens/", page, name="tokens"),
    path("tokens/<uuid:token_id>/revoke", revoke, name="token-revoke"),
]
