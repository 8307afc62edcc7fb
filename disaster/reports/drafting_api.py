"""The door where a message becomes a draft (一句话报灾). Nothing is stored here."""

from __future__ import annotations

from itertools import accumulate
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Router, Schema

from disaster import problems
from disaster.people.http import answer, reader
from disaster.people.scope import require
from disaster.problems import FieldError, Words
from disaster.reports.messages import MAX_TEXT
from disaster.reports.sentence import Draft, Found, FoundArea, FoundHazard, FoundTime, Place, parse
from disaster.reports.sentence.times import BEIJING
from disaster.reports.shown import views
from gis.models import Area
from gis.scope import AreaScope

router = Router(tags=["reports"])

TOO_LONG = Words("文字太长,最多 {limit} 字", "The text is too long, at most {limit} characters")


class Message(Schema):
    """What somebody wrote or said, in their words."""

    text: str


@router.post("/reports/draft", summary="Read a message into a draft")
def draft(request: HttpRequest, body: Message) -> HttpResponse:
    """Read a message; places are those the reader may report for, by one statement."""
    rights = reader(request)
    scope = rights.where("report.submit")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    if len(body.text) > MAX_TEXT:
        raise problems.BAD_FIELDS({"text": FieldError(TOO_LONG, {"limit": MAX_TEXT})})
    today = timezone.now().astimezone(BEIJING).date()
    return answer(shown(parse(body.text, places=places_in(scope), today=today), body.text))


@router.get("/reports/standing/{area}/{event}", summary="What a new report of an area is written upon")
def standing(request: HttpRequest, area: str, event: UUID) -> HttpResponse:
    """Give the newest version of an area's report in an event, or null: figures are cumulative."""
    require(reader(request), "report.submit", area)
    versions = views(
        "report.area_code = %s AND report.event_id = %s AND report.superseded_by IS NULL",
        [area, event],
        order="report.serial",
    )
    return answer({"report": versions[-1] if versions else None})


def places_in(scope: AreaScope) -> list[Place]:
    """Give the villages and townships of a scope with what they lie in, by one statement."""
    levels = (Area.Level.VILLAGE, Area.Level.TOWNSHIP)
    rows = Area.objects.within(scope).filter(level__in=levels).order_by("code")
    return [Place(*row) for row in rows.values_list("code", "name", "parent__name")]


def shown(found: Draft, text: str) -> dict[str, Any]:
    """Give a draft as JSON; spans are counted in UTF-16 units, as a browser counts its strings."""
    at = [0, *accumulate(1 + (ord(char) > 0xFFFF) for char in text)]
    area, moment, hazard = found.area, found.occurred_at, found.hazard
    return {
        "area": area and {"code": area.code, **_marked(area, at)},
        "occurred_at": moment and {"at": moment.at, **_marked(moment, at)},
        "hazard": hazard and {"key": hazard.key, **_marked(hazard, at)},
        "figures": [
            {
                "key": figure.key,
                "value": figure.value,
                "entered": figure.entered,
                "unit": figure.unit,
                "also": [_span(*span, at) for span in figure.also],
                **_marked(figure, at),
            }
            for figure in found.figures
        ],
        "leftover": [_span(*span, at) for span in found.leftover],
    }


def _span(start: int, end: int, at: list[int]) -> dict[str, int]:
    return {"start": at[start], "end": at[end]}


def _marked(found: Found | FoundArea | FoundTime | FoundHazard, at: list[int]) -> dict[str, Any]:
    english = (get_language() or "").startswith("en")
    why = found.why and (found.why.en if english else found.why.zh)
    return {**_span(found.start, found.end, at), "sure": found.sure, "why_unsure": why or ""}
