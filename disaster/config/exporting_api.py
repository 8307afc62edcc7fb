"""HTTP doors of the export: what may be chosen, and the file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Router, Schema
from pydantic import Field

from disaster.config import exporting
from disaster.people.http import answer, handed, reader

router = Router(tags=["gis"])


class Wanted(Schema):
    """A selection on the map, and the kind of file."""

    collections: list[str]
    form: str = "geojson"
    outline: dict[str, Any] | None = None
    area: str = ""
    filters: dict[str, dict[str, str]] = Field(default_factory=dict)


@router.get("/map/collections", summary="What a selection may hold")
def offered(request: HttpRequest) -> HttpResponse:
    """Name the collections that may be exported."""
    return answer({"collections": exporting.offered(get_language() or "zh-hans")})


@router.post("/map/export", summary="A map selection as a file")
def export(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    """Give GeoJSON, GeoPackage, Shapefile (zip), KML or CSV with HXL tags, and put it on record."""
    selection = exporting.Selection(**wanted.dict())
    written = exporting.export(
        selection, by=reader(request), now=timezone.now(), language=get_language() or "zh-hans"
    )
    return handed(written.name, written.content, written.type)
