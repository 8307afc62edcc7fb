"""The doors of the OGC API – Features (OGC 17-069 Part 1, 18-058 Part 2), each scoped to its reader.

Middleware above gives every request ``area_scope``, by session or by token; None for strangers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis.ogc import collections, describe, params, select
from gis.ogc.collections import Collection
from gis.ogc.crs import Crs
from gis.ogc.describe import GEOJSON, link
from gis.scope import AreaScope

_WORDS = {
    "400.2": ("参数 {name} 无法读取", "The parameter {name} can't be read"),
    "401.1": ("请先登录", "Sign in first"),
    "404.1": ("没有找到", "Not found"),
}
View = Callable[..., HttpResponse]


def _door(view: View) -> View:
    """Let readers in, answer what can't be read or found as a problem, and keep nothing in caches."""

    @require_safe
    @gzip_page
    @wraps(view)
    def door(request: HttpRequest, **named: str) -> HttpResponse:
        scope: AreaScope | None = getattr(request, "area_scope", None)
        if scope is None:
            return _problem("401.1")
        try:
            response = view(request, scope, **named)
        except params.Refused as refused:
            return _problem("400.2", str(refused))
        response["Cache-Control"] = "no-store"
        return response

    return door


@_door
def landing(request: HttpRequest, scope: AreaScope) -> HttpResponse:
    """Give the landing page."""
    params.plain(request.GET)
    return _json(describe.landing(_root(request), _language()))


@_door
def conformance(request: HttpRequest, scope: AreaScope) -> HttpResponse:
    """Say which parts of the standard are kept."""
    params.plain(request.GET)
    return _json({"conformsTo": describe.CONFORMS})


@_door
def api(request: HttpRequest, scope: AreaScope) -> HttpResponse:
    """Give the OpenAPI description."""
    params.plain(request.GET)
    return _json(describe.openapi(_root(request), _language()), describe.OPENAPI)


@_door
def listed(request: HttpRequest, scope: AreaScope) -> HttpResponse:
    """List the collections."""
    params.plain(request.GET)
    return _json(describe.listed(_root(request), _language()))


@_door
def collection(request: HttpRequest, scope: AreaScope, name: str) -> HttpResponse:
    """Describe one collection."""
    params.plain(request.GET)
    known = collections.get(name)
    if known is None:
        return _problem("404.1")
    return _json(describe.collection(known, _root(request), _language()))


@_door
def items(request: HttpRequest, scope: AreaScope, name: str) -> HttpResponse:
    """Give a page of features."""
    known = collections.get(name)
    if known is None:
        return _problem("404.1")
    question = params.items(request.GET, known)
    page = select.page(
        known, scope, question.asked, crs=question.crs, limit=question.limit, after=question.after
    )
    links = [_itself(request), _parent(request, known)]
    if page.after:
        further = urlencode({**request.GET.dict(), "after": page.after}, safe=":/,")
        links.append(link(f"{request.build_absolute_uri(request.path)}?{further}", "next", GEOJSON))
    about = {
        "timeStamp": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}",
        "numberMatched": page.matched,
        "numberReturned": len(page.features),
        "links": links,
    }
    rest = json.dumps(about, ensure_ascii=False)[1:]
    return _geojson(
        f'{{"type":"FeatureCollection","features":[{",".join(page.features)}],{rest}', question.crs
    )


@_door
def item(request: HttpRequest, scope: AreaScope, name: str, key: str) -> HttpResponse:
    """Give one feature."""
    known = collections.get(name)
    own = params.key(known, key) if known else None
    if known is None or own is None:
        return _problem("404.1")
    crs = params.crs(request.GET)
    feature = select.one(known, scope, own, crs=crs)
    if feature is None:
        return _problem("404.1")
    rest = json.dumps({"links": [_itself(request), _parent(request, known)]}, ensure_ascii=False)[1:]
    return _geojson(f"{feature[:-1]},{rest}", crs)


def _itself(request: HttpRequest) -> dict[str, str]:
    return link(request.build_absolute_uri(), "self", GEOJSON)


def _parent(request: HttpRequest, known: Collection) -> dict[str, str]:
    return link(f"{_root(request)}/collections/{known.name}", "collection")


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri("/ogc")


def _language() -> str:
    return get_language() or "zh-hans"


def _geojson(text: str, crs: Crs) -> HttpResponse:
    return HttpResponse(text, content_type=GEOJSON, headers={"Content-Crs": f"<{crs.uri}>"})


def _json(body: dict[str, Any], kind: str = "application/json") -> HttpResponse:
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type=kind)


def _problem(number: str, name: str = "") -> HttpResponse:
    chinese, english = _WORDS[number]
    words = (english if _language().startswith("en") else chinese).format(name=name)
    body: dict[str, Any] = {"number": number, "message": words, "errors": {name: words} if name else {}}
    response = _json(body)
    response.status_code = int(number.split(".", maxsplit=1)[0])
    response["Cache-Control"] = "no-store"
    if response.status_code == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response
