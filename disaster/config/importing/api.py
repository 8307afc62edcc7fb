"""HTTP doors of the wizard: a file comes in once, is looked at as often as wanted, and taken over once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import shapely
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import File, Router, Schema, UploadedFile
from pydantic import Field
from shapely.geometry import mapping

from disaster import problems
from disaster.config.importing import files, kinds, services
from disaster.config.importing.check import Checked, Plan
from disaster.config.importing.faults import Fault
from disaster.config.importing.kinds import KINDS, Kind
from disaster.people.http import answer, reader
from disaster.problems import FieldError, Words
from gis.formats import Table

router = Router(tags=["gis"])
_SHOWN_ERRORS, _SHOWN_ROWS, _SHOWN_SHAPES = 200, 50, 1_000
_SAMPLES = 3
_DRAWN_DEGREES = 0.00005
"""Outlines are drawn to five metres."""
UNKNOWN_KIND = Words("不认识 {what}", "{what} is unknown")


class Wanted(Schema):
    """How the file is to be read."""

    kind: str
    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    crs: str = ""
    repair: bool = False


@router.post("/map/imports", summary="A file of places")
def upload(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
    """Read GeoJSON, GeoPackage, Shapefile (zip), KML or CSV and keep it for a day; nothing changes yet."""
    by = reader(request)
    services.require_somewhere(by)
    kept = files.keep(file.name or "", file.chunks(), person_id=by.person_id)
    columns = _columns(kept.table)
    shapes = {row.shape.geom_type for row in kept.table.rows if row.shape is not None}
    return answer(
        {
            "id": kept.id,
            "name": kept.name,
            "rows": len(kept.table.rows),
            "columns": columns,
            "shapes": sorted(shapes),
            "declared": str(kept.table.declared),
            "projected": kept.table.projected,
            "kind": kinds.guess_kind(list(columns), polygons=bool(shapes & {"Polygon", "MultiPolygon"})),
            "kinds": [_described(kind, get_language() or "zh-hans") for kind in KINDS.values()],
            "guesses": {name: kinds.guess(kind, list(columns)) for name, kind in KINDS.items()},
        },
        201,
    )


@router.post("/map/imports/{file_id}/preview", summary="What a file would become")
def preview(request: HttpRequest, file_id: UUID, wanted: Wanted) -> HttpResponse:
    """Check every row and give drafts, errors and notices, and what the datum seems to be."""
    checked = services.preview(file_id, _plan(wanted), by=reader(request), now=timezone.now())
    return answer(_shown(checked, get_language() or "zh-hans"))


@router.post("/map/imports/{file_id}/apply", summary="Take a file over")
def apply(request: HttpRequest, file_id: UUID, wanted: Wanted) -> HttpResponse:
    """Make everything real, or answer with every error and change nothing."""
    done = services.take_over(file_id, _plan(wanted), by=reader(request), now=timezone.now())
    return answer(done._asdict(), 201)


def _plan(wanted: Wanted) -> Plan:
    if wanted.kind not in KINDS:
        raise problems.BAD_FIELDS({"kind": FieldError(UNKNOWN_KIND, {"what": wanted.kind[:30]})})
    return Plan(wanted.kind, wanted.columns, wanted.constants, wanted.crs, wanted.repair)


def _described(kind: Kind, language: str) -> dict[str, Any]:
    """Give a kind's fields with their words and choices."""
    word = -1 if language.startswith("en") else 0
    return {
        "name": kind.name,
        "title": kind.words.say(language),
        "fields": [
            {
                "name": field.name,
                "title": field.words.say(language),
                "needed": field.needed,
                "choices": [[code, words[word]] for code, words in (field.choices or {}).items()],
            }
            for field in kind.fields
        ],
    }


def _columns(table: Table) -> dict[str, list[str]]:
    """Give each column with its first values, in the file's order."""
    columns: dict[str, list[str]] = {}
    for row in table.rows:
        for name, value in row.values.items():
            samples = columns.setdefault(name, [])
            if value and len(samples) < _SAMPLES and value not in samples:
                samples.append(value[:60])
    return columns


def _shown(checked: Checked, language: str) -> dict[str, Any]:
    verdict = checked.verdict
    errors = sorted(checked.errors, key=lambda fault: (fault.row, fault.field))
    return {
        "good": len(checked.drafts),
        "errors": [_told(fault, language) for fault in errors[:_SHOWN_ERRORS]],
        "error_count": len(errors),
        "notices": [_told(fault, language) for fault in checked.notices[:_SHOWN_ERRORS]],
        "datum": {
            "likely": verdict.likely,
            "shifted": verdict.is_shifted,
            "shift_m": round(verdict.shift_m),
            "east_m": round(verdict.east_m),
            "north_m": round(verdict.north_m),
            "compared": verdict.compared,
        },
        "table": [
            {"row": draft.row, "area": draft.area, **draft.values} for draft in checked.drafts[:_SHOWN_ROWS]
        ],
        "features": {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": mapping(shapely.simplify(draft.shape, _DRAWN_DEGREES)),
                    "properties": {"row": draft.row, "level": draft.values.get("level", "")},
                }
                for draft in checked.drafts[:_SHOWN_SHAPES]
            ],
        },
    }


def _told(fault: Fault, language: str) -> dict[str, Any]:
    return {"row": fault.row, "field": fault.field, "words": fault.say(language)}
