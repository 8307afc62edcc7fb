"""HTTP doors of the registers. Every answer is masked; only ``reveal`` shows private data whole."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

import pydantic
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema

from disaster import problems
from disaster.people.http import answer, reader
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.registers import queries, services
from disaster.registers.entries import ENTRIES, Entry
from disaster.registers.models import mask_name
from disaster.registers.shown import show, show_version
from gis.scope import AreaScope

router = Router(tags=["registers"])

Kind = Literal["casualties", "homes"]
UNREADABLE = Words("内容格式不对", "This can't be read")
LARGEST_PAGE = 200


class Wanted(Schema):
    """Which rows a list gives."""

    event: UUID | None = None
    area: str = ""
    state: str = ""
    offset: int = 0
    limit: int = 50


class Reason(Schema):
    """Why something is done."""

    why: str = ""


class NewStatus(Reason):
    """What has become of a person, and how that is known."""

    status: str = ""


@router.get("/registers/duplicates", summary="Rows that may be the same person's")
def duplicates(request: HttpRequest, event: UUID | None = None) -> HttpResponse:
    """Give pairs of rows with one identity number, or one name in one village."""
    rights = reader(request)
    return answer({"pairs": pairs(queries.alike(scope=scope_of(rights), event=event), to=rights)})


@router.get("/registers/{kind}", summary="A register")
def listed(request: HttpRequest, kind: Kind, wanted: Query[Wanted]) -> HttpResponse:
    """Give a part of a register in the reader's area, or in one area inside it."""
    rights = reader(request)
    page = queries.rows(
        kind,
        scope=scope_of(rights, wanted.area),
        event=wanted.event,
        state=wanted.state,
        offset=min(max(wanted.offset, 0), 1_000_000),
        limit=min(max(wanted.limit, 1), LARGEST_PAGE),
    )
    return answer({"rows": [show(row, to=rights) for row in page.rows], "total": page.total})


@router.get("/registers/{kind}/{row_id}", summary="One row with its history")
def one(request: HttpRequest, kind: Kind, row_id: UUID) -> HttpResponse:
    """Give a row, what happened to it, who saw it whole, and what resembles it."""
    rights = reader(request)
    found = queries.detail(kind, row_id, by=rights)
    return answer(
        {
            "row": show(found.row, to=rights),
            "history": [show_version(version, to=rights) for version in found.history],
            "readings": [{"by": seen.by_name, "why": seen.why, "at": seen.at} for seen in found.readings],
            "alike": pairs(queries.alike(scope=scope_of(rights), row=row_id), to=rights),
        }
    )


@router.post("/registers/{kind}", summary="Enter a row")
def enter(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Put a person or a household on the register; the body is an entry of that register."""
    rights = reader(request)
    row = services.enter(kind, _entry(request, kind), by=rights, now=timezone.now())
    return answer(_kept(row, rights), 201)


@router.put("/registers/{kind}/{row_id}", summary="Correct a row")
def change(request: HttpRequest, kind: Kind, row_id: UUID) -> HttpResponse:
    """Correct a row, with the reason; private values left out stay as they are."""
    rights = reader(request)
    row = services.change(kind, row_id, _entry(request, kind), by=rights, now=timezone.now())
    return answer(_kept(row, rights))


@router.post("/registers/casualties/{row_id}/status", summary="Change a person's status")
def change_status(request: HttpRequest, row_id: UUID, body: NewStatus) -> HttpResponse:
    """Say that a missing person was found, dead or alive."""
    rights = reader(request)
    row = services.change_status(row_id, status=body.status, why=body.why, by=rights, now=timezone.now())
    return answer({"row": show(row, to=rights)})


@router.post("/registers/{kind}/{row_id}/withdraw", summary="Withdraw a row")
def withdraw(request: HttpRequest, kind: Kind, row_id: UUID, body: Reason) -> HttpResponse:
    """Take a row out of force; it is kept."""
    rights = reader(request)
    row = services.withdraw(kind, row_id, why=body.why, by=rights, now=timezone.now())
    return answer({"row": show(row, to=rights)})


@router.post("/registers/{kind}/{row_id}/reveal", summary="See private data whole")
def reveal(request: HttpRequest, kind: Kind, row_id: UUID, body: Reason) -> HttpResponse:
    """Give name, identity and telephone number in full, for a reason that is journaled."""
    whole = services.reveal(kind, row_id, why=body.why, by=reader(request), now=timezone.now())
    return answer(whole._asdict())


def scope_of(rights: Rights, area: str = "") -> AreaScope:
    """Give the areas whose registers this person sees, or one of them.

    Raises
    ------
    Problem
        403.1 if they see no register at all; for an area, 403.1 or 404.1 as :func:`require`.
    """
    if not area:
        scope = rights.where("register.see")
        if not scope.prefixes:
            raise problems.NOT_ALLOWED()
        return scope
    if len(area) != 12 or not (area.isascii() and area.isdigit()):
        raise problems.NOT_FOUND()
    require(rights, "register.see", area)
    return AreaScope.of([area])


def pairs(found: list[queries.Alike], *, to: Rights) -> list[dict[str, Any]]:
    """Show pairs of rows; of one out of sight, the village and a masked name alone."""
    return [{"why": pair.why, "one": _side(pair.one, to), "other": _side(pair.other, to)} for pair in found]


def _side(side: queries.Side, to: Rights) -> dict[str, Any]:
    in_sight = to.may("register.see", side.area)
    full = to.may("register.write", side.area)
    told = side._asdict() | {"in_sight": in_sight, "name": side.name if full else mask_name(side.name)}
    return told | ({"number": side.number} if in_sight else {"id": None, "number": "", "entered_by": ""})


def _kept(row: services.Row, rights: Rights) -> dict[str, Any]:
    """Answer with the row, and warn of rows that resemble it."""
    alike = queries.alike(scope=scope_of(rights), row=row.id)
    return {"row": show(row, to=rights), "warnings": pairs(alike, to=rights)}


def _entry(request: HttpRequest, kind: Kind) -> Entry:
    """Read the body as an entry of a register.

    Raises
    ------
    Problem
        400.1 if it is no JSON, 400.2 with the fields that can't be read.
    """
    try:
        return ENTRIES[kind].model_validate_json(request.body)
    except pydantic.ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
    if any(item["type"] == "json_invalid" for item in wrong):
        raise problems.NOT_JSON()
    fields = {str(item["loc"][0]) if item["loc"] else "body": FieldError(UNREADABLE) for item in wrong}
    raise problems.BAD_FIELDS(fields)
