"""HTTP doors of shelters: on the list, open and closed, people in and out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from disaster import problems
from disaster.people.http import answer, reader
from disaster.people.scope import Rights
from disaster.refuge import queries, reading, shelters, stays
from disaster.refuge.models import Household, Passage
from disaster.rules import book
from gis.models import Shelter
from gis.shown import shelter_view

router = Router(tags=["shelters"])
BIGINT = 2**31


class Entered(Schema):
    """A shelter as it is entered; ``lon`` and ``lat`` are EPSG:4326. Without ``keeper_phone`` the kept number stays."""

    name: str = ""
    area: str
    lon: float
    lat: float
    usable_area_m2: int = Field(ge=-BIGINT, lt=BIGINT)
    kind: str = "short"
    level: str = "township"
    setting: str = "indoor"
    code: str = ""
    address: str = ""
    route: str = ""
    is_accessible: bool = False
    keeper: str = ""
    keeper_phone: str | None = None
    facilities: list[str] = Field(default_factory=list)


class Changed(Entered):
    """A shelter changed, upon the version that was read."""

    version: int


class Why(Schema):
    """Why a shelter opens or closes."""

    reason: str = ""


class Coming(Schema):
    """People coming in; ``id`` is the writer's own, so that a repeat is the same. ``head`` makes them a household."""

    id: UUID
    persons: int = Field(ge=-BIGINT, lt=BIGINT)
    village: str = ""
    head: str = ""
    reason: str = ""


class Going(Schema):
    """People going; of a household, or of those that were only counted."""

    id: UUID
    persons: int = Field(ge=-BIGINT, lt=BIGINT)
    village: str = ""
    household: UUID | None = None


@router.get("/shelters", summary="The shelters")
def listed(request: HttpRequest) -> HttpResponse:
    """Give the shelters of the reader's areas with occupancy and what bars them, the fullest first."""
    rows = queries.standing(_seen(reader(request)), now=timezone.now(), language=reading.language())
    return answer({"shelters": [queries.told(row) for row in rows]})


@router.get("/shelters/choices", summary="Words a shelter may be described by")
def choices(request: HttpRequest) -> HttpResponse:
    """Give types with their area a person, levels, settings and facilities in the reader's language."""
    language = reading.language()
    return answer(
        {
            "kinds": [
                {"key": key, "name": str(name), "m2_a_person": book.value(f"shelter.m2.{key}")}
                for key, name in Shelter.Kind.choices
            ],
            "levels": [{"key": key, "name": str(name)} for key, name in Shelter.Level.choices],
            "settings": [{"key": key, "name": str(name)} for key, name in Shelter.Setting.choices],
            "facilities": [
                {"key": one.key, "name": one.name(language)} for one in book.codes("shelter_facility")
            ],
        }
    )


@router.post("/shelters", summary="Put a shelter on the list")
def enter(request: HttpRequest, body: Entered) -> HttpResponse:
    """Enter a shelter; its capacity follows from its usable area."""
    shelter = shelters.make(_entry(body), by=reader(request), now=timezone.now())
    return answer({"shelter": shelter_view(shelter), "version": shelter.version}, 201)


@router.get("/shelters/{shelter_id}", summary="A shelter with who is inside")
def one(request: HttpRequest, shelter_id: UUID) -> HttpResponse:
    """Give a shelter with its households and latest passages."""
    shelter = queries.one_shelter(shelter_id, by=reader(request))
    return answer(
        {
            "shelter": shelter_view(shelter),
            "version": shelter.version,
            "households": queries.households(shelter),
            "passages": queries.passages(shelter),
        }
    )


@router.put("/shelters/{shelter_id}", summary="Change a shelter")
def change(request: HttpRequest, shelter_id: UUID, body: Changed) -> HttpResponse:
    """Change a shelter upon the version that was read."""
    entry = _entry(body)
    shelter = shelters.change(shelter_id, entry, version=body.version, by=reader(request), now=timezone.now())
    return answer({"shelter": shelter_view(shelter), "version": shelter.version})


@router.post("/shelters/{shelter_id}/open", summary="Open a shelter")
def open_(request: HttpRequest, shelter_id: UUID, body: Why) -> HttpResponse:
    """Open a shelter to people."""
    rights = reader(request)
    shelter = queries.one_shelter(shelter_id, by=rights)
    shelters.open_shelter(shelter, reason=body.reason, by=rights, now=timezone.now())
    return answer({"shelter": shelter_view(queries.one_shelter(shelter_id, by=rights))})


@router.post("/shelters/{shelter_id}/close", summary="Close a shelter")
def close(request: HttpRequest, shelter_id: UUID, body: Why) -> HttpResponse:
    """Close a shelter; who is inside stays counted."""
    rights = reader(request)
    shelter = queries.one_shelter(shelter_id, by=rights)
    shelters.close_shelter(shelter, reason=body.reason, by=rights, now=timezone.now())
    return answer({"shelter": shelter_view(queries.one_shelter(shelter_id, by=rights))})


@router.post("/shelters/{shelter_id}/in", summary="Check people in")
def come(request: HttpRequest, shelter_id: UUID, body: Coming) -> HttpResponse:
    """Take people in; beyond the capacity with a reason alone."""
    passage = stays.check_in(
        shelter_id,
        passage=body.id,
        persons=body.persons,
        village=body.village,
        head=body.head,
        reason=body.reason,
        by=reader(request),
        now=timezone.now(),
    )
    return answer(_counted(passage))


@router.post("/shelters/{shelter_id}/out", summary="Check people out")
def go(request: HttpRequest, shelter_id: UUID, body: Going) -> HttpResponse:
    """Let people go."""
    passage = stays.check_out(
        shelter_id,
        passage=body.id,
        persons=body.persons,
        village=body.village,
        household=body.household,
        by=reader(request),
        now=timezone.now(),
    )
    return answer(_counted(passage))


@router.post("/shelters/{shelter_id}/phone", summary="The keeper's number in clear")
def phone(request: HttpRequest, shelter_id: UUID) -> HttpResponse:
    """Give the keeper's telephone number; who looked stands in the journal."""
    rights = reader(request)
    shelter = queries.one_shelter(shelter_id, by=rights)
    return answer({"phone": shelters.reveal(shelter, by=rights, now=timezone.now())})


@router.post("/households/{household_id}/reveal", summary="A head of household's name in clear")
def head(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """Give the name; who looked stands in the journal."""
    rights = reader(request)
    household = Household.objects.select_related("shelter").filter(pk=household_id).first()
    if household is None:
        raise problems.NOT_FOUND()
    return answer({"head": stays.reveal(household, by=rights, now=timezone.now())})


def _entry(body: Entered) -> shelters.Entry:
    given: dict[str, Any] = body.model_dump()
    given.pop("version", None)
    return shelters.Entry(**given)


def _counted(passage: Passage) -> dict[str, Any]:
    return {"id": passage.pk, "occupancy": passage.occupancy, "at": passage.at}


def _seen(rights: Rights) -> Any:
    scope = rights.where("shelter.see")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return scope
