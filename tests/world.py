"""A small county with one person for every role, and a stranger; made by one call.

Two townships (东, 西) of square villages around 116.5°E 30.6°N, each 0.02° wide:

    东 340882101: 甲 340882101201, 乙 340882101202      西 340882102: 丙 340882102201
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.utils import timezone

from disaster.events.models import Event
from disaster.people.models import Person, Posting
from disaster.people.scope import Rights, rights_of
from disaster.reports.messages import Fix, Report
from disaster.reports.services import Submission
from gis import locate
from gis.models import Area

COUNTY, EAST, WEST = "340882000000", "340882101000", "340882102000"
JIA, YI, BING = "340882101201", "340882101202", "340882102201"
ELSEWHERE = "340881000000"
PASSWORD = "correct-horse-7"

_PLACES = {JIA: (116.50, 30.60), YI: (116.52, 30.60), BING: (116.54, 30.60)}
_SIDE = 0.02
_POSTS = [
    ("jia_a", "甲一", "officer", JIA, "A"),
    ("jia_b", "甲二", "officer", JIA, "B"),
    ("yi_a", "乙一", "officer", YI, "A"),
    ("bing_a", "丙一", "officer", BING, "A"),
    ("east", "东审", "reviewer", EAST, ""),
    ("west", "西审", "reviewer", WEST, ""),
    ("bureau", "市局", "coordinator", COUNTY, ""),
    ("keeper", "库管", "keeper", COUNTY, ""),
    ("leader", "领导", "leader", COUNTY, ""),
    ("auditor", "审计", "auditor", COUNTY, ""),
    ("admin", "管理", "administrator", COUNTY, ""),
    ("foreign", "外县", "coordinator", ELSEWHERE, ""),
]
ACCOUNTS = [row[0] for row in _POSTS] + ["stranger"]
"""Every account; ``stranger`` has one but holds no post."""


def square(west: float, south: float, side: float = _SIDE) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((west, south, west + side, south + side)), srid=4326)


@dataclass
class World:
    """The county and its people; ``world["jia_a"]`` is a person, ``world.rights(…)`` what they may."""

    people: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, account: str) -> Person:
        return self.people[account]

    def rights(self, account: str) -> Rights:
        return rights_of(self.people[account], on=timezone.localdate())

    def event(self, **fields: Any) -> Event:
        values = {"name": "暴雨", "hazard": "flood", "area_code": COUNTY, "started_at": timezone.now()}
        return Event.objects.create(**{**values, **fields})


_password_hash = ""


def build() -> World:
    global _password_hash
    if not _password_hash:
        person = Person()
        person.set_password(PASSWORD)
        _password_hash = person.password
    _areas()
    world = World()
    people = [
        Person(username=account, name=name, password=_password_hash, is_staff=account == "admin")
        for account, name, *_ in [*_POSTS, ("stranger", "路人")]
    ]
    world.people = {person.username: person for person in Person.objects.bulk_create(people)}
    Posting.objects.bulk_create(
        Posting(person=world[account], role=role, area_id=area, post=post, valid_from=date(2020, 1, 1))
        for account, _, role, area, post in _POSTS
    )
    locate.reload()
    return world


def _areas() -> None:
    county = [
        Area(code=COUNTY, name="潜山市", level="city", population=3000),
        Area(code=ELSEWHERE, name="桐城市", level="city"),
    ]
    townships = [
        Area(code=code, name=name, level="township", parent_id=COUNTY, population=1500)
        for code, name in ((EAST, "东乡"), (WEST, "西乡"))
    ]
    villages = [
        Area(
            code=code,
            name=name,
            level="village",
            parent_id=code[:9] + "000",
            population=1000,
            boundary=square(west, south),
            point=Point(west + _SIDE / 2, south + _SIDE / 2, srid=4326),
        )
        for (code, (west, south)), name in zip(_PLACES.items(), ("甲村", "乙村", "丙村"), strict=True)
    ]
    Area.objects.bulk_create([*county, *townships, *villages])


def inside(village: str) -> Fix:
    """A satellite fix in the middle of a village."""
    west, south = _PLACES[village]
    return Fix(lon=west + _SIDE / 2, lat=south + _SIDE / 2, datum="wgs84", method="gps", accuracy_m=8.0)


def a_report(area: str = JIA, **fields: Any) -> Report:
    """A valid first report of a village; any field may be given."""
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "area": area,
        "kind": "first",
        "hazard": "flood.flash",
        "occurred_at": now - timedelta(minutes=30),
        "submitted_at": now,
        "figures": {"affected": Decimal(10)},
    }
    return Report(**{**values, **fields})


def submission(report: Report, by: Rights, *, sent_at: datetime | None = None) -> Submission:
    now = datetime.now(UTC)
    return Submission(report, by, sent_at or now, now)
