"""HTTP doors of disclosure: notices posted, photographed, ended; cases entered, taken on, answered, settled."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Field, Query, Router, Schema

from disaster import problems
from disaster.people.http import answer, reader
from disaster.relief.disclosure import queries, services
from disaster.relief.disclosure.models import Case, Notice
from disaster.relief.disclosure.services.cases import Told, code_of
from disaster.relief.disclosure.services.photos import path_of
from disaster.rules import book

router = Router(tags=["disclosure"])
Page = Annotated[int, Query(ge=1, lt=10_000)]


class Posting(Schema):
    """Which village's households are posted: at the assessment, or of what was issued."""

    id: UUID
    programme: UUID
    area: str
    stage: str = Notice.Stage.ASSESSED


class Why(Schema):
    """Why something is done."""

    why: str = ""


class Entered(Schema):
    """What somebody said to an officer; ``line`` of a ``notice`` if it is about one household."""

    id: UUID
    kind: str
    words: str = ""
    channel: str = Case.Channel.TELEPHONE
    area: str = ""
    line: int | None = Field(None, ge=1, lt=2**31)
    notice: UUID | None = None
    name: str = ""
    phone: str = ""


class Answered(Schema):
    """An answer; ``why`` says why somebody else than the first handler gives it."""

    words: str = ""
    why: str = ""


class Settled(Schema):
    """Whether a case is upheld, and what was found."""

    upheld: bool = False
    words: str = ""


class Decided(Schema):
    """Whether a case gets longer time; a refusal says why."""

    granted: bool = False
    words: str = ""


@router.post("/disclosure/notices", summary="Post a public notice")
def post(request: HttpRequest, body: Posting) -> HttpResponse:
    """Post whoever in a village waits for a notice; the same id sent again is the same notice."""
    made = services.post(
        body.id,
        programme=body.programme,
        area=body.area,
        stage=body.stage,
        by=reader(request),
        now=timezone.now(),
    )
    return answer({"notice": _notice(made)}, 201)


@router.put("/disclosure/notices/{notice_id}/photos", summary="A photograph of the posted notice")
def add_photo(request: HttpRequest, notice_id: UUID, taken_on: date | None = None) -> HttpResponse:
    """Keep the body as a dated photograph; ``taken_on`` where its EXIF tells no time."""
    try:
        data = request.body
    except RequestDataTooBig:
        raise problems.TOO_LARGE(limit=f"{settings.MAX_PHOTO_BYTES // 1024 // 1024} MB") from None
    kept = services.add_photo(notice_id, data, taken_on=taken_on, by=reader(request), now=timezone.now())
    return answer({"hash": kept.hash, "taken_on": kept.taken_on, "stated": kept.is_stated}, 201)


@router.get(
    "/disclosure/notices/{notice_id}/photos/{photo_hash}/{size}",
    summary="A notice's photograph",
    url_name="disclosure_photo",
)
def photo(request: HttpRequest, notice_id: UUID, photo_hash: str, size: str) -> HttpResponse:
    """Give a photograph, ``full`` or ``thumb``."""
    found = queries.one_notice(notice_id, by=reader(request))
    known = size in ("full", "thumb") and found.photos.filter(hash=photo_hash).exists()
    if not known or not default_storage.exists(path_of(photo_hash, size)):
        raise problems.NOT_FOUND()
    with default_storage.open(path_of(photo_hash, size)) as file:
        data = file.read()
    return HttpResponse(
        data,
        content_type="image/jpeg",
        headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
    )


@router.post("/disclosure/notices/{notice_id}/finish", summary="End a notice that has run its time")
def finish(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Let the notice's applications go on; why some stay is told one by one."""
    language = get_language() or ""
    done = services.finish(notice_id, by=reader(request), now=timezone.now())
    outcomes = [
        {
            "id": one.id,
            "number": one.number,
            "state": one.state,
            "problem": one.problem.told(language) if one.problem else None,
        }
        for one in done
    ]
    return answer({"outcomes": outcomes})


@router.post("/disclosure/notices/{notice_id}/take-down", summary="Take a notice down")
def take_down(request: HttpRequest, notice_id: UUID, body: Why) -> HttpResponse:
    """Take a wrong notice down before its time."""
    made = services.take_down(notice_id, why=body.why, by=reader(request), now=timezone.now())
    return answer({"notice": _notice(made)})


@router.get("/complaints", summary="Objections and complaints")
def listed(request: HttpRequest, which: str = "open", page: Page = 1) -> HttpResponse:
    """Give the cases in the reader's sight: ``open``, ``late``, ``mine`` or ``done``, 50 a page."""
    by = reader(request)
    if not by.where("case.see").prefixes:
        raise problems.NOT_ALLOWED()
    if which not in queries.LISTS:
        raise problems.NOT_FOUND()
    rows = queries.cases(which, by=by, on=book.today())[(page - 1) * 50 : page * 50]
    return answer({"cases": [_case(one) for one in rows]})


@router.post("/complaints", summary="Enter what somebody said")
def enter(request: HttpRequest, body: Entered) -> HttpResponse:
    """Enter an objection or complaint told by telephone, in person or by letter; the code is for the caller."""
    by = reader(request)
    entry = queries.line(body.notice, body.line, by=by) if body.notice else None
    told = Told(
        kind=body.kind,
        words=body.words,
        area=body.area,
        entry=entry,
        channel=body.channel,
        name=body.name,
        phone=body.phone,
    )
    made = services.open_case(body.id, told, by=by, now=timezone.now())
    return answer({"case": _case(made), "code": code_of(made.pk)}, 201)


@router.get("/complaints/{case_id}", summary="A case")
def one(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give a case with what was done about it; not who complained."""
    found = queries.one_case(case_id, by=reader(request))
    steps = found.steps.order_by("id").values("act", "words", "at", "by_name")
    return answer({"case": _case(found), "steps": list(steps)})


@router.post("/complaints/{case_id}/take", summary="Take a case on")
def take(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take a case on and answer for it to the end."""
    return _done(services.take(case_id, by=reader(request), now=timezone.now()))


@router.post("/complaints/{case_id}/answer", summary="Answer a case")
def reply(request: HttpRequest, case_id: UUID, body: Answered) -> HttpResponse:
    """Write what the complainant reads."""
    return _done(
        services.answer(case_id, words=body.words, why=body.why, by=reader(request), now=timezone.now())
    )


@router.post("/complaints/{case_id}/settle", summary="Settle a case")
def settle(request: HttpRequest, case_id: UUID, body: Settled) -> HttpResponse:
    """Close a case; what it held goes on, or, if it is upheld, goes back to be assessed anew."""
    return _done(
        services.settle(
            case_id, is_upheld=body.upheld, words=body.words, by=reader(request), now=timezone.now()
        )
    )


@router.post("/complaints/{case_id}/ask-extension", summary="Ask for longer time")
def ask_extension(request: HttpRequest, case_id: UUID, body: Why) -> HttpResponse:
    """Ask for longer time to settle a case, once, with a reason."""
    return _done(services.ask_extension(case_id, why=body.why, by=reader(request), now=timezone.now()))


@router.post("/complaints/{case_id}/extension", summary="Give or refuse longer time")
def decide_extension(request: HttpRequest, case_id: UUID, body: Decided) -> HttpResponse:
    """Decide as a leader whether a case gets longer time."""
    return _done(
        services.decide_extension(
            case_id, is_granted=body.granted, words=body.words, by=reader(request), now=timezone.now()
        )
    )


@router.post("/complaints/{case_id}/reveal", summary="Who complained")
def reveal(request: HttpRequest, case_id: UUID, body: Why) -> HttpResponse:
    """Give name and telephone in full; the reason stays on record."""
    found = services.reveal(case_id, why=body.why, by=reader(request), now=timezone.now())
    return answer({"name": found.name, "phone": found.phone})


def _done(case: Case) -> HttpResponse:
    return answer({"case": _case(case)})


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.pk,
        "number": notice.number,
        "stage": notice.stage,
        "round": notice.round,
        "area": str(notice.area_id),
        "from": notice.from_on,
        "until": notice.until_on,
    }


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": case.pk,
        "number": case.number,
        "kind": case.kind,
        "channel": case.channel,
        "state": case.state,
        "area": str(case.area_id),
        "application": case.application_id,
        "received_at": case.received_at,
        "accept_due": case.accept_due,
        "settle_due": case.settle_due,
        "first_due": case.first_due,
        "extension_why": case.extension_why,
        "awaits_extension": case.awaits_extension,
        "late": case.is_late(on=book.today()),
        "first": case.first_name,
    }
