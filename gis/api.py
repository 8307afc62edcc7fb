"""The map's HTTP doors: the index of layers, and their tiles, each scoped to its reader.

Middleware above gives every request ``area_scope``: an :class:`AreaScope`, None for strangers.
"""

from __future__ import annotations

import gzip
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from gis import layers, tiles
from gis.scope import AreaScope
from gis.tiles import readers
from gis.tiles.door import ASK_AGAIN, MVT, is_named

_WORDS = {
    "401.1": ("请先登录", "Sign in first"),
    "404.1": ("没有找到", "Not found"),
}


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """List the layers with their zooms, fields and versions."""
    if _scope(request) is None:
        return problem("401.1")
    known = {layer.name: _about(layer) for layer in layers.all()}
    return JsonResponse({"layers": known}, headers={"Cache-Control": "no-store"})


@require_safe
def tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponseBase:
    """Give one tile of what the reader may see; an empty one where there is nothing."""
    scope, known, place = _scope(request), layers.get(layer), (z, x, y)
    if scope is None:
        return problem("401.1")
    if known is None or not tiles.exists(known, place):
        return problem("404.1")
    name = f'W/"{tiles.tag(known, scope, place)}"'
    readers.remember(request.META.get("HTTP_COOKIE", ""), request.META.get("HTTP_AUTHORIZATION", ""), scope)
    fresh = is_named(name, request.headers.get("If-None-Match", ""))
    response = HttpResponse(status=304) if fresh else _content(request, tiles.tile(known, scope, place))
    response["ETag"], response["Cache-Control"] = name, ASK_AGAIN
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return response


def _content(request: HttpRequest, packed: bytes) -> HttpResponse:
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(gzip.decompress(packed), content_type=MVT)
    return HttpResponse(packed, content_type=MVT, headers={"Content-Encoding": "gzip"})


def _scope(request: HttpRequest) -> AreaScope | None:
    scope: AreaScope | None = getattr(request, "area_scope", None)
    return scope


def _about(layer: layers.Layer) -> dict[str, Any]:
    return {
        "minzoom": layer.minzoom,
        "maxzoom": layer.maxzoom,
        "fields": list(layer.fields),
        "version": tiles.version(layer),
    }


def problem(number: str) -> JsonResponse:
    """Refuse, in the reader's language."""
    chinese, english = _WORDS[number]
    words = english if (get_language() or "").startswith("en") else chinese
    return JsonResponse(
        {"number": number, "message": words, "errors": {}},
        status=int(number.split(".", maxsplit=1)[0]),
        headers={"Cache-Control": "no-store"},
        json_dumps_params={"ensure_ascii": False},
    )
