"""The base map's HTTP doors: what may be chosen, tiles of a file of ours, relief. For whoever is signed in."""

from __future__ import annotations

import gzip
import hashlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from gis import basemap
from gis.api import problem
from gis.basemap import relief

_A_DAY = "private, max-age=86400"


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """Tell what the map may lay under the layers."""
    if getattr(request, "area_scope", None) is None:
        return problem("401.1")
    return JsonResponse(basemap.choices(), headers={"Cache-Control": "no-store"})


@require_safe
def stored(request: HttpRequest, slot: str, z: int, x: int, y: int) -> HttpResponseBase:
    """Give a tile of a PMTiles file."""
    if getattr(request, "area_scope", None) is None:
        return problem("401.1")
    found = basemap.stored(slot, (z, x, y))
    if found is None:
        return problem("404.1")
    if found.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
        return _given(request, found.content, found.kind, packed=True)
    return _given(request, gzip.decompress(found.content) if found.packed else found.content, found.kind)


@require_safe
def shade(request: HttpRequest, z: int, x: int, y: int) -> HttpResponseBase:
    """Give a tile of heights in Terrarium's coding."""
    if getattr(request, "area_scope", None) is None:
        return problem("401.1")
    found = relief.tile((z, x, y))
    return problem("404.1") if found is None else _given(request, found, "image/png")


def _given(request: HttpRequest, content: bytes, kind: str, *, packed: bool = False) -> HttpResponse:
    tag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    same = request.headers.get("If-None-Match", "") == tag
    response = HttpResponse(status=304) if same else HttpResponse(content, content_type=kind)
    response["ETag"], response["Cache-Control"] = tag, _A_DAY
    if packed and not same:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return response
