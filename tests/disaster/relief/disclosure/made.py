"""Households posted in a village, and pictures of the paper on its wall, for tests."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone
from PIL import ExifTags, Image

from disaster.problems import Problem
from disaster.relief.disclosure import services
from disaster.relief.disclosure.models import Case, Entry, Notice
from disaster.relief.disclosure.services.cases import Told
from disaster.relief.needs.models import Application, Grant, Household, Programme
from disaster.rules import book
from disaster.rules.models import Rule
from tests.world import COUNTY, JIA, World

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=book.BEIJING)
"""A Monday morning of a month without festivals."""


def a_programme(**fields: Any) -> Programme:
    values = {
        "number": f"DC{uuid.uuid4().hex[:6]}",
        "name": "2025—2026年度冬春救助",
        "kind": "DC",
        "area_id": COUNTY,
        "starts_on": date(2025, 12, 1),
        "ends_on": date(2026, 5, 31),
        "opened_at": MONDAY - timedelta(days=90),
        "opened_by": "市局",
    }
    return Programme.objects.create(**{**values, **fields})


def applied(
    programme: Programme, *, area: str = JIA, state: str = "assessed", fen: int = 0, **fields: Any
) -> Application:
    """A household with everything that is private, and its application as far as it has come."""
    mark = uuid.uuid4().hex[:8]
    household = Household(
        area_id=area,
        group=fields.pop("group", "一组"),
        name=fields.pop("name", "王五"),
        members=fields.pop("members", 3),
        types=fields.pop("types", ["minimum_living", "disabled_poor"]),
        address=fields.pop("address", "甲村一组12号"),
        bank="潜山农商行",
        point=Point(*fields.pop("at", (116.512345, 30.612345)), srid=4326),
        entered_at=MONDAY,
        entered_by="甲一",
        changed_at=MONDAY,
    )
    household.identity = fields.pop("identity", f"34082419{int(mark, 16) % 10**10:010d}")
    household.phone = fields.pop("phone", f"139{int(mark, 16) % 10**8:08d}")
    household.card = fields.pop("card", f"62170000{int(mark, 16):011d}")
    household.save()
    application = Application.objects.create(
        number=f"DC{mark}",
        programme=programme,
        household=household,
        area_id=area,
        state=state,
        applied_at=MONDAY,
        changed_at=MONDAY,
        **{"persons": 2, "grain_kg": 50, "heating_yuan": 200, "medical_yuan": 60, **fields},
    )
    if fen:
        Grant.objects.create(application=application, quantity=fen, decided_at=MONDAY, decided_by="市局")
    return application


def jpeg(taken: datetime | None = None, colour: str = "teal") -> bytes:
    """A photograph, with the time its camera wrote."""
    picture = Image.new("RGB", (80, 60), colour)
    exif = picture.getexif()
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken.astimezone(
            book.BEIJING
        ).strftime("%Y:%m:%d %H:%M:%S")
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def posted(
    world: World,
    programme: Programme,
    *,
    area: str = JIA,
    stage: str = "assessed",
    at: datetime = MONDAY,
    by: str = "bureau",
) -> Notice:
    """A notice of whoever waits for one in a village."""
    return services.post(
        uuid.uuid4(), programme=programme.pk, area=area, stage=stage, by=world.rights(by), now=at
    )


def photographed(world: World, notice: Notice, at: datetime = MONDAY) -> Notice:
    """The same with a photograph taken then."""
    services.add_photo(notice.pk, jpeg(at), taken_on=None, by=world.rights("bureau"), now=at)
    notice.refresh_from_db()
    return notice


def on_the_wall(
    world: World, ids: Sequence[uuid.UUID], at: datetime, stage: str = "assessed"
) -> list[Notice]:
    """Give applications that were posted their paper and its photograph, village by village."""
    rows = Application.objects.filter(pk__in=ids).select_related("programme")
    villages = {(row.programme_id, row.area_id): row.programme for row in rows}
    return [
        photographed(world, posted(world, programme, area=area, stage=stage, at=at), at)
        for (_, area), programme in villages.items()
    ]


def objected(
    line: Entry | None, *, words: str = "他家有小轿车", at: datetime = MONDAY, **fields: Any
) -> Case:
    """An objection by the public to a line of a notice."""
    told = Told(**{"kind": "objection", "words": words, "entry": line.pk if line else None, **fields})
    return services.open_case(uuid.uuid4(), told, by=None, now=at)


def ruled(key: str, value: Any, area: str = "") -> None:
    """Let a rule have another value, here or everywhere."""
    Rule.objects.filter(key=key, area_code=area).delete()
    Rule.objects.create(key=key, value=value, area_code=area, valid_from=date(2020, 3, 8), source="试")
    book.forget()


def now_posted(world: World, programme: Programme, **fields: Any) -> Notice:
    """A notice that runs today."""
    return posted(world, programme, at=timezone.now(), **fields)


def refused(number: str) -> pytest.RaisesExc[Problem]:
    """Expect a problem of this number."""
    return pytest.raises(Problem, match=f"'{re.escape(number)}'")
