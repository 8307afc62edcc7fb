"""HTTP doors of needs: programmes, households, applications, and one act on hundreds of them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Field, Router, Schema
from ninja.params.functions import Query

from disaster import problems
from disaster.people.http import answer, handed, reader
from disaster.people.scope import Rights
from disaster.relief.needs import cover, forms, listing, queries, reading, services, shown
from disaster.relief.needs.entries import ApplicationEntry, HouseholdEntry
from disaster.relief.needs.listing import Asked
from disaster.relief.needs.services import ProgrammeEntry
from disaster.relief.needs.services.acting import MOST
from disaster.rules import book

router = Router(tags=["needs"])
BIGINT = 2**31
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE, MOST_PAGE = 100, 1000


class Opened(Schema):
    """A programme as it is opened."""

    id: UUID
    name: str = ""
    kind: str = ""
    area: str
    starts_on: date
    ends_on: date
    event: UUID | None = None


class Home(Schema):
    """A household as it is entered; EPSG:4326."""

    area: str
    name: str = ""
    members: int = Field(1, ge=-BIGINT, lt=BIGINT)
    group: str = ""
    identity: str | None = None
    phone: str | None = None
    card: str | None = None
    bank: str = ""
    types: list[str] = Field(default_factory=list)
    address: str = ""
    lon: float | None = None
    lat: float | None = None


class Changed(Home):
    """A household as it is corrected, written upon a version; numbers left out stay."""

    version: int = Field(ge=0, lt=BIGINT)
    why: str = ""


class Wanted(Schema):
    """What a household applies for."""

    persons: int = Field(1, ge=-BIGINT, lt=BIGINT)
    origin: str = "self"
    grain_kg: int = Field(0, ge=-BIGINT, lt=BIGINT)
    clothing: int = Field(0, ge=-BIGINT, lt=BIGINT)
    heating_yuan: int = Field(0, ge=-BIGINT, lt=BIGINT)
    medical_yuan: int = Field(0, ge=-BIGINT, lt=BIGINT)
    water_yuan: int = Field(0, ge=-BIGINT, lt=BIGINT)
    other_yuan: int = Field(0, ge=-BIGINT, lt=BIGINT)
    months: list[int] = Field(default_factory=list)
    hardships: list[str] = Field(default_factory=list)
    is_key: bool | None = None
    over_limit_why: str = ""
    remarks: str = ""


class Registered(Home):
    """A household to be put on the register; the id is the writer's own."""

    id: UUID


class Entered(Registered, Wanted):
    """A household and what it applies for, from one form."""

    application: UUID


class Applied(Wanted):
    """What a household on the register applies for."""

    id: UUID
    household: UUID


class Amended(Wanted):
    """An application's figures, written upon a version."""

    version: int = Field(ge=0, lt=BIGINT)


class Why(Schema):
    """A reason."""

    why: str = ""


class Marked(Why):
    """What became of a household: deceased, moved, living."""

    state: str = ""


class Where(Schema):
    """A choice of applications, instead of their ids."""

    programme: UUID
    state: str = ""
    area: str = ""
    type: str = ""
    key: bool = False
    held: bool = False
    sample: bool = False
    words: str = ""


class Act(Why):
    """One act on many: by ``ids``, or by ``where``; ``yuan_a_person`` left out is the standard's."""

    act: str = ""
    ids: list[UUID] = Field(default_factory=list)
    where: Where | None = None
    until: date | None = None
    goods: dict[str, int] = Field(default_factory=dict)
    yuan_a_person: int | None = Field(None, ge=-BIGINT, lt=BIGINT)


@router.get("/relief/programmes", summary="Programmes with their totals")
def programmes(request: HttpRequest) -> HttpResponse:
    """Give the programmes of the reader's areas, the open ones first; money in fen."""
    rows = listing.programmes(queries.seen(reader(request)))
    return answer({"programmes": [{**shown.programme(one), **totals._asdict()} for one, totals in rows]})


@router.post("/relief/programmes", summary="Open a programme")
def open_programme(request: HttpRequest, body: Opened) -> HttpResponse:
    """Open a programme (救助批次)."""
    entry = ProgrammeEntry(**body.model_dump(exclude={"id"}))
    made = services.open_programme(body.id, entry, by=reader(request), now=timezone.now())
    return answer({"programme": shown.programme(made)}, 201)


@router.post("/relief/programmes/{programme_id}/close", summary="Close a programme")
def close_programme(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Close a programme: nothing more is applied for."""
    done = services.close_programme(programme_id, by=reader(request), now=timezone.now())
    return answer({"programme": shown.programme(done)})


@router.get("/relief/programmes/{programme_id}", summary="A programme by village")
def programme(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Give the villages with their need, what was granted and what arrived."""
    rights = reader(request)
    found = queries.one_programme(programme_id, by=rights)
    rows = queries.village_needs(queries.seen(rights), found.pk)
    return answer({"programme": shown.programme(found), "villages": [shown.needs(row) for row in rows]})


@router.get("/relief/programmes/{programme_id}/applications", summary="A programme's applications")
def applications(
    request: HttpRequest,
    programme_id: UUID,
    state: str = "",
    area: str = "",
    type: str = "",
    key: bool = False,
    held: bool = False,
    sample: bool = False,
    words: str = "",
    offset: int = Query(0, ge=-BIGINT, lt=BIGINT),
    limit: int = Query(PAGE, ge=-BIGINT, lt=BIGINT),
) -> HttpResponse:
    """Give some applications with their grants and what speaks against them; ``limit`` up to 1000."""
    rights = reader(request)
    found = queries.one_programme(programme_id, by=rights)
    asked = Asked(
        state=state, area=_area(area), type=type, key=key, held=held, sample=sample, words=words[:40]
    )
    page = listing.page(
        found,
        queries.seen(rights),
        asked,
        on=book.today(),
        offset=max(0, min(offset, BIGINT)),
        limit=max(1, min(limit, MOST_PAGE)),
    )
    lines = [shown.line(one, to=rights, language=_language()) for one in page.lines]
    return answer({"total": page.total, "applications": lines})


@router.post("/relief/programmes/{programme_id}/entries", summary="Enter a household and its application")
def enter(request: HttpRequest, programme_id: UUID, body: Entered) -> HttpResponse:
    """Put a household on the register and apply for it, both or neither."""
    home, wanted = _home(body), _wanted(body)
    made = services.enter_and_apply(
        body.id,
        home,
        application_id=body.application,
        programme=programme_id,
        entry=wanted,
        by=reader(request),
        now=timezone.now(),
    )
    return answer({"household": body.id, "application": shown.application(made)}, 201)


@router.post("/relief/programmes/{programme_id}/applications", summary="Apply for a household")
def apply(request: HttpRequest, programme_id: UUID, body: Applied) -> HttpResponse:
    """Apply for a household that is on the register."""
    made = services.apply(
        body.id,
        programme=programme_id,
        household=body.household,
        entry=_wanted(body),
        by=reader(request),
        now=timezone.now(),
    )
    return answer({"application": shown.application(made)}, 201)


@router.post("/relief/households", summary="Enter a household")
def enter_household(request: HttpRequest, body: Registered) -> HttpResponse:
    """Put a household on the register."""
    made = services.enter(body.id, _home(body), by=reader(request), now=timezone.now())
    return answer({"household": shown.household(made, to=reader(request))}, 201)


@router.get("/relief/households/{household_id}", summary="A household's file")
def household(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """Give a household, its numbers masked, with its applications."""
    rights = reader(request)
    found = queries.one_household(household_id, by=rights)
    lines = listing.file_of(found, on=book.today())
    return answer(
        {
            "household": shown.household(found, to=rights),
            "applications": [shown.line(one, to=rights, language=_language()) for one in lines],
        }
    )


@router.put("/relief/households/{household_id}", summary="Correct a household")
def change(request: HttpRequest, household_id: UUID, body: Changed) -> HttpResponse:
    """Correct a household; private numbers left out stay as they are."""
    home = HouseholdEntry(**body.model_dump(exclude={"version", "why"}))
    done = services.change(
        household_id, home, version=body.version, why=body.why, by=reader(request), now=timezone.now()
    )
    return answer({"household": shown.household(done, to=reader(request))})


@router.post("/relief/households/{household_id}/mark", summary="A head died, a household moved")
def mark(request: HttpRequest, household_id: UUID, body: Marked) -> HttpResponse:
    """Say what became of a household; its open applications stop."""
    done = services.mark(household_id, body.state, why=body.why, by=reader(request), now=timezone.now())
    return answer({"household": shown.household(done, to=reader(request))})


@router.post("/relief/households/{household_id}/reveal", summary="A household's numbers in full")
def reveal(request: HttpRequest, household_id: UUID, body: Why) -> HttpResponse:
    """Show the private numbers once, for a reason that is kept."""
    whole = services.reveal(household_id, why=body.why, by=reader(request), now=timezone.now())
    return answer(whole._asdict())


@router.put("/relief/applications/{application_id}", summary="Amend an application")
def amend(request: HttpRequest, application_id: UUID, body: Amended) -> HttpResponse:
    """Change what is applied for, while the village has it."""
    done = services.amend(
        application_id, _wanted(body), version=body.version, by=reader(request), now=timezone.now()
    )
    return answer({"application": shown.application(done)})


@router.post("/relief/applications/{application_id}/visit", summary="Note a visit")
def visit(request: HttpRequest, application_id: UUID, body: Why) -> HttpResponse:
    """Note what the township found at a household (入户抽查)."""
    done = services.visit(application_id, body.why, by=reader(request), now=timezone.now())
    return answer({"application": shown.application(done)})


@router.post("/relief/act", summary="One act on many applications")
def act(request: HttpRequest, body: Act) -> HttpResponse:
    """Do one act on up to 1000 applications; each is answered by itself, an approval of goods with what the stock lacks."""
    rights, now = reader(request), timezone.now()
    granted = _granted(body)
    done = services.act_many(
        body.act, _chosen(body, rights), by=rights, now=now, why=body.why, until=body.until, **granted
    )
    told = shown.answered(done, _language())
    if body.act == "approve":
        approved = [one.id for one in done if one.done]
        told["cover"] = shown.covered(cover.of(approved, granted["goods"], on=book.today()), _language())
    return answer(told)


@router.post("/relief/act/cover", summary="Whether the stock reaches for an approval")
def act_cover(request: HttpRequest, body: Act) -> HttpResponse:
    """Say of each item what an approval would grant, what waits from before, and what there is; nothing is changed."""
    rights, granted = reader(request), _granted(body)
    found = services.approvable(_chosen(body, rights), by=rights, now=timezone.now(), **granted)
    rows = cover.of(found, granted["goods"], on=book.today())
    return answer({"households": len(found), "items": shown.covered(rows, _language())})


def _chosen(body: Act, rights: Rights) -> list[UUID]:
    """Give the applications that an act is about."""
    if body.where is None:
        return list(body.ids)
    found = queries.one_programme(body.where.programme, by=rights)
    asked = Asked(**{**body.where.model_dump(exclude={"programme"}), "area": _area(body.where.area)})
    return listing.ids(found, queries.seen(rights), asked, most=MOST)


def _granted(body: Act) -> dict[str, Any]:
    """Give what an approval grants: goods a household, fen a person."""
    return {
        "goods": {item: many for item, many in body.goods.items() if many},
        "fen_a_person": None if body.yuan_a_person is None else body.yuan_a_person * 100,
    }


@router.get(
    "/relief/programmes/{programme_id}/forms/{form}",
    summary="A statutory form of relief",
    url_name="relief-form",
)
def get_form(request: HttpRequest, programme_id: UUID, form: str, area: str = "") -> HttpResponse:
    """Give 应急统表10 (``register``, masked), 应急统表6 (``needed``), 7 (``helped``), or a blank ``template``."""
    rights = reader(request)
    return handed(*forms.export(form, programme_id, area=_area(area), by=rights, now=timezone.now()), XLSX)


@router.post("/relief/programmes/{programme_id}/register", summary="应急统表10 with full numbers")
def whole_register(request: HttpRequest, programme_id: UUID, body: Why) -> HttpResponse:
    """Give 应急统表10 with full numbers, for a reason that is kept."""
    made = forms.export_whole(programme_id, why=body.why, by=reader(request), now=timezone.now())
    return handed(*made, XLSX)


@router.post("/relief/programmes/{programme_id}/import", summary="Households from a workbook")
def import_register(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Enter the households, applications and members of a filled template; all of them or none."""
    try:
        data = request.body
    except RequestDataTooBig:
        raise problems.TOO_LARGE(limit=f"{reading.limits().packed // 1024 // 1024} MB") from None
    made = reading.import_register(programme_id, data, by=reader(request), now=timezone.now())
    return answer({"entered": made.households, "members": made.members}, 201)


def _home(body: Home) -> HouseholdEntry:
    names = Home.model_fields
    given: dict[str, Any] = body.model_dump(include=set(names))
    for name in _NUMBERS:
        given[name] = given[name] or ""
    return HouseholdEntry(**given)


def _wanted(body: Wanted) -> ApplicationEntry:
    return ApplicationEntry(**body.model_dump(include=set(Wanted.model_fields)))


_NUMBERS = frozenset({"identity", "phone", "card"})


def _area(text: str) -> str:
    """Let an area's code through, refuse (404.1) what is none."""
    if text and (len(text) != 12 or not (text.isascii() and text.isdigit())):
        raise problems.NOT_FOUND()
    return text


def _language() -> str:
    return get_language() or "zh-hans"
