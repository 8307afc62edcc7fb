"""What a clerk fills in: one row of either register, as it arrives."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints

from disaster.registers.models import CASUALTIES, HOMES, Kind


def _printable(text: str) -> str:
    """Refuse what a database text can't hold."""
    if "\0" in text:
        raise ValueError("null character")
    return text


_Safe = AfterValidator(_printable)
Key = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40), _Safe]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), _Safe]
Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), _Safe]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Rooms = Annotated[int, Field(ge=0, le=999)]
Yuan = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]


class Entry(Schema):
    """What both registers ask for.

    ``identity`` and ``phone`` are left out (None) to keep what is known, as a form does that
    was shown them masked; an empty text takes them away. ``lon`` and ``lat`` are degrees in
    ``datum``. ``version`` is the one this change was written upon.
    """

    model_config = ConfigDict(extra="forbid")

    event: UUID
    area: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
    name: Key = ""
    identity: Key | None = None
    phone: Key | None = None
    address: Line = ""
    hazard: Key = ""
    occurred_at: AwareDatetime
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    datum: Literal["wgs84", "cgcs2000", "gcj02", "bd09"] = "wgs84"
    remarks: Long = ""
    version: int | None = None
    why: Long = ""


class CasualtyEntry(Entry):
    """One person of 应急统表8. A change leaves ``status`` as it is: that is a verb of its own."""

    status: Literal["dead", "missing", "alive"] = "missing"
    sex: Literal["male", "female"]
    birth_date: date | None = None
    age: Annotated[int, Field(ge=0, le=150)] | None = None
    ethnicity: Key = ""
    residence: Line = ""
    is_resident: bool = True
    place: Line = ""
    cause: Key = ""
    capacity: Key = ""
    family_contact: Key = ""
    comfort_yuan: Yuan | None = None


class HomeEntry(Entry):
    """One household of 应急统表9."""

    household_types: Annotated[list[Key], Field(max_length=20, default_factory=list)]
    members: Annotated[int, Field(ge=0, le=99)] = 0
    structure: Key = ""
    rooms_collapsed: Rooms = 0
    rooms_severe: Rooms = 0
    rooms_slight: Rooms = 0
    rebuild_way: Key = ""
    rooms_to_rebuild: Rooms = 0
    rooms_to_repair: Rooms = 0
    subsidy_yuan: Yuan | None = None
    insured: bool = False
    completed_on: date | None = None
    photos: Annotated[list[Hash], Field(max_length=20, default_factory=list)]


ENTRIES: dict[Kind, type[CasualtyEntry] | type[HomeEntry]] = {CASUALTIES: CasualtyEntry, HOMES: HomeEntry}
"""The entry of each register."""
