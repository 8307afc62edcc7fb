"""HTTP doors of a household's members: enter, correct, take off."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from disaster.people.http import answer, reader
from disaster.relief.needs import services, shown
from disaster.relief.needs.entries import MemberEntry
from disaster.relief.needs.models import Household

router = Router(tags=["needs"])
BIGINT = 2**31


class Person(Schema):
    """A member of a household; codes of the lists member_relation and member_mark."""

    name: str = ""
    identity: str | None = None
    relation: str = ""
    marks: list[str] = Field(default_factory=list)


class Entered(Person):
    """A member to be entered; the id is the writer's own."""

    id: UUID


class Corrected(Person):
    """A member as it is corrected, written upon a version of the household; a number left out stays."""

    version: int = Field(ge=0, lt=BIGINT)


class Removed(Schema):
    """Why a member is taken off, upon a version of the household."""

    version: int = Field(ge=0, lt=BIGINT)
    why: str = ""


@router.post("/relief/households/{household_id}/members", summary="Enter a member of a household")
def enter(request: HttpRequest, household_id: UUID, body: Entered) -> HttpResponse:
    """Enter a person of a household besides its head."""
    entry = MemberEntry(**{**body.model_dump(exclude={"id"}), "identity": body.identity or ""})
    home = services.enter_member(household_id, body.id, entry, by=reader(request), now=timezone.now())
    return _told(request, home, 201)


@router.put("/relief/households/{household_id}/members/{member_id}", summary="Correct a member")
def change(request: HttpRequest, household_id: UUID, member_id: UUID, body: Corrected) -> HttpResponse:
    """Correct a member; a number left out stays as it is."""
    entry = MemberEntry(**body.model_dump(exclude={"version"}))
    home = services.change_member(
        household_id, member_id, entry, version=body.version, by=reader(request), now=timezone.now()
    )
    return _told(request, home)


@router.post("/relief/households/{household_id}/members/{member_id}/remove", summary="Take a member off")
def remove(request: HttpRequest, household_id: UUID, member_id: UUID, body: Removed) -> HttpResponse:
    """Take a member off a household, for a reason that is kept."""
    home = services.remove_member(
        household_id, member_id, why=body.why, version=body.version, by=reader(request), now=timezone.now()
    )
    return _told(request, home)


def _told(request: HttpRequest, home: Household, status: int = 200) -> HttpResponse:
    rights = reader(request)
    people = [shown.member(one, home, to=rights) for one in home.people.all()]
    return answer({"version": home.version, "members": people}, status)
