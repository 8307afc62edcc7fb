"""Programmes (救助批次): opened by the county, closed when all is done."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec
from django.db import connection, transaction

from disaster import problems
from disaster.events.models import Event
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.needs import marks
from disaster.relief.needs.models import Programme
from disaster.rules import book
from gis.models import Area
from gis.scope import prefix_of

NO_NAME = Words("请填写名称,最多 {limit} 字", "Give it a name, of {limit} characters at most")
NO_KIND = Words("没有这种救助类型", "There is no such kind of relief")
NO_AREA = Words("没有这个行政区划", "There is no such area")
BAD_WINDOW = Words("救助期止不能早于救助期起", "The window can't end before it starts")
NO_EVENT = Words("没有这个灾害过程,或它与本地无关", "There is no such event here")
MAX_NAME = 60


class ProgrammeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A programme as it is opened: its kind's letters, its area, the window the need is in."""

    name: str
    kind: str
    area: str
    starts_on: date
    ends_on: date
    event: UUID | None = None


@transaction.atomic
def open_programme(
    programme_id: UUID, entry: ProgrammeEntry, *, by: Rights, now: datetime, is_sample: bool = False
) -> Programme:
    """Open a programme; the id is the writer's own, a repeat is the same.

    Raises
    ------
    Problem
        403.1/404.1 without need.approve there; 400.2 naming what is wrong.
    """
    require(by, "need.approve", entry.area)
    known: Programme | None = Programme.objects.filter(pk=programme_id).first()
    if known is not None:
        return known
    if errors := _errors(entry):
        raise problems.BAD_FIELDS(errors)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('need_programme_number')")
        serial = cursor.fetchone()[0]
    made: Programme = Programme.objects.create(
        pk=programme_id,
        number=f"{entry.kind}{now.astimezone(book.BEIJING):%Y}-{serial:03d}",
        name=entry.name.strip(),
        kind=entry.kind,
        area_id=entry.area,
        event_id=entry.event,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        opened_at=now,
        opened_by=by.name,
        is_sample=is_sample,
    )
    marks.tell_of("need.opened", "programme", str(made.pk), entry.area, by=by, now=now)
    return made


@transaction.atomic
def close_programme(programme_id: UUID, *, by: Rights, now: datetime) -> Programme:
    """Close a programme: no more applications, none goes forward; what is approved is still given.

    Raises
    ------
    Problem
        403.1/404.1; 409.22 if it is closed already.
    """
    found: Programme | None = Programme.objects.select_for_update().filter(pk=programme_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    require(by, "need.approve", str(found.area_id))
    if found.closed_at:
        raise problems.PROGRAMME_CLOSED(name=found.name)
    found.closed_at = now
    found.save(update_fields=["closed_at"])
    marks.tell_of("need.closed", "programme", str(found.pk), str(found.area_id), by=by, now=now)
    return found


def _errors(entry: ProgrammeEntry) -> dict[str, FieldError]:
    errors: dict[str, FieldError] = {}
    if not entry.name.strip() or len(entry.name.strip()) > MAX_NAME:
        errors["name"] = FieldError(NO_NAME, {"limit": MAX_NAME})
    if entry.kind not in Programme.Kind.values:
        errors["kind"] = FieldError(NO_KIND)
    if not Area.objects.filter(pk=entry.area).exists():
        errors["area"] = FieldError(NO_AREA)
    if entry.ends_on < entry.starts_on:
        errors["ends_on"] = FieldError(BAD_WINDOW)
    if entry.event:
        event = Event.objects.filter(pk=entry.event).first()
        if event is None or not (
            entry.area.startswith(prefix_of(event.area_code))
            or event.area_code.startswith(prefix_of(entry.area))
        ):
            errors["event"] = FieldError(NO_EVENT)
    return errors
