"""Making a briefing, and telling that somebody opened one."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from disaster import problems
from disaster.briefings import content as contents
from disaster.briefings.content import Content
from disaster.briefings.gather import event as of_event
from disaster.briefings.gather import relief as of_relief
from disaster.briefings.models import Briefing, Opening
from disaster.events.models import Event
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.needs.models import Programme
from disaster.reports.forms.gather import event_of
from disaster.reports.rollup import Basis
from disaster.rules.book import BEIJING
from gis.models import Area

NO_PROGRAMME = Words("没有这个救助批次,或它不在本地", "There is no such programme here")
NO_AREA = Words("没有这个行政区划,或它不是县、乡两级", "There is no such county or township")
AHEAD = Words("统计截至时间不能晚于现在", "The cutoff cannot be later than now")
TOO_LONG = Words("最多 {limit} 字", "At most {limit} characters")
MAX_SIGNER = 40
BY_ITSELF = "系统(订阅)"
"""Who made a briefing that subscribers are told of."""
TURN = 0x7A71_0B1F
"""Advisory lock under which issues are numbered."""


@transaction.atomic
def make(
    *, event_id: UUID, area: str, as_of: datetime, basis: Basis, by: Rights, now: datetime, signer: str = ""
) -> Briefing:
    """Make a 灾情专报 of an event in a county or township, as of a moment.

    Raises
    ------
    Problem
        403.1/404.1 without the right there; 400.2 for an unknown event or area, a cutoff ahead.
    """
    place = _place(area, signer, by, ahead=as_of > now)
    event = event_of(event_id, by.where("briefing.make"))
    content = of_event.content(event, place, as_of=as_of, basis=basis, now=now)
    return _keep(content, place, signer, by, now, event=event)


@transaction.atomic
def make_relief(
    *, programme_id: UUID, area: str, as_of: datetime, by: Rights, now: datetime, signer: str = ""
) -> Briefing:
    """Make a 救助专报 of a programme in a county or township, as of a moment.

    Raises
    ------
    Problem
        403.1/404.1 without the right there; 400.2 for an unknown programme or area, a cutoff ahead.
    """
    place = _place(area, signer, by, ahead=as_of > now)
    programme = Programme.objects.touching(by.where("briefing.make")).filter(pk=programme_id).first()
    if programme is None:
        raise problems.BAD_FIELDS({"programme": FieldError(NO_PROGRAMME)})
    content = of_relief.content(programme, place, as_of=as_of, now=now)
    return _keep(content, place, signer, by, now, programme=programme)


def make_for_subscribers(
    subject: Event | Programme, place: Area, *, as_of: datetime, now: datetime
) -> Briefing:
    """Make the briefing that subscribers of an area are told of: nobody's act, and so nobody's right is asked."""
    if isinstance(subject, Event):
        content = of_event.content(subject, place, as_of=as_of, basis="received", now=now)
        return _keep(content, place, "", None, now, event=subject)
    content = of_relief.content(subject, place, as_of=as_of, now=now)
    return _keep(content, place, "", None, now, programme=subject)


def _place(area: str, signer: str, by: Rights, *, ahead: bool = False) -> Area:
    require(by, "briefing.make", area)
    place: Area | None = Area.objects.filter(pk=area, level__in=["city", "township"]).first()
    errors: dict[str, FieldError] = {}
    if place is None:
        errors["area"] = FieldError(NO_AREA)
    if ahead:
        errors["as_of"] = FieldError(AHEAD)
    if len(signer.strip()) > MAX_SIGNER:
        errors["signer"] = FieldError(TOO_LONG, {"limit": MAX_SIGNER})
    if errors or place is None:
        raise problems.BAD_FIELDS(errors)
    return place


def _keep(
    content: Content,
    place: Area,
    signer: str,
    by: Rights | None,
    now: datetime,
    event: Event | None = None,
    programme: Programme | None = None,
) -> Briefing:
    """Number a briefing, freeze what it says, and tell the journal."""
    data = contents.encode(content)
    briefing: Briefing = Briefing.objects.create(
        kind=content.kind,
        **_next_number(place.code, now),
        title=content.title,
        area=place,
        event=event,
        programme=programme,
        as_of=content.as_of,
        basis=content.basis,
        signer=signer.strip(),
        content=data,
        digest=hashlib.sha256(data).hexdigest(),
        made_at=now,
        made_by=by.name if by else BY_ITSELF,
    )
    append.one(
        "briefing.made",
        object_kind="briefing",
        object_id=str(briefing.pk),
        area_code=place.code,
        put=(),
        by=by,
        at=now,
    )
    return briefing


@transaction.atomic
def opened(briefing: Briefing, form: str, *, by: Rights, now: datetime) -> None:
    """Put on record that somebody read a briefing, and as what."""
    Opening.objects.create(briefing=briefing, form=form, at=now, by_id=by.person_id, by_name=by.name)
    append.one(
        "briefing.opened",
        object_kind="briefing",
        object_id=str(briefing.pk),
        area_code=str(briefing.area_id),
        put=(),
        by=by,
        at=now,
    )


def _next_number(area: str, now: datetime) -> dict[str, int]:
    """Give the next issue of the year, one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
    year = now.astimezone(BEIJING).year
    top = Briefing.objects.filter(area=area, year=year).aggregate(top=Max("serial"))["top"]
    return {"year": year, "serial": (top or 0) + 1}
