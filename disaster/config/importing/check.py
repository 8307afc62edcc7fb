"""From a file's rows to drafts, with every error named by its row and field; nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import shapely
from django.db import connection
from django.utils.dateparse import parse_date, parse_datetime
from shapely.geometry import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from disaster.config.importing import places, shapes
from disaster.config.importing.faults import Fault
from disaster.config.importing.kinds import KINDS, SHELTERS, ZONES, Kind, choice
from disaster.people.scope import Rights
from disaster.problems import Words
from disaster.rules import book
from gis import datum
from gis.datum_guess import Verdict, compare
from gis.formats import FileRow, Table

MISSING = Words("{what}缺失", "{what} is missing")
TOO_LONG = Words("{what}超过 {limit} 字", "{what} is longer than {limit} characters")
GARBLED = Words("“{text}”有乱码,请另存为 UTF-8", "“{text}” is garbled: save the file as UTF-8")
UNKNOWN = Words("不认识的{what}“{text}”", "{what} “{text}” is unknown")
NOT_WHOLE = Words("{what}须为非负整数,现为“{text}”", "{what} has to be a whole number, but is “{text}”")
NO_TIME = Words("时间无法读取:“{text}”", "The time can't be read: “{text}”")
BACKWARDS = Words("失效时间须晚于生效时间", "It has to end after it begins")
NEEDS_RADIUS = Words("点须有影响半径(米)", "A point needs a radius in metres")
BAD_RADIUS = Words(
    "影响半径须为 1 至 {limit} 米,现为“{text}”", "The radius has to be 1 to {limit} m, but is “{text}”"
)
ONLY_POINT = Words("须为点位", "It has to be a point")
TWICE = Words("与第 {row} 行重复", "The same as row {row}")
CHOOSE_DATUM = Words("请选择坐标系", "Choose the coordinate system")
PROJECTED = Words("文件是投影坐标,不会再有偏移", "The file is projected: no shift applies")
BAD_NUMBER = Words("经纬度无法读取:“{lon}, {lat}”", "The position can't be read: “{lon}, {lat}”")
_MOST_NAME = 60


class Plan(NamedTuple):
    """How the person wants the file read.

    ``columns`` maps fields to columns, ``constants`` gives what holds for all rows, ``crs`` is one of
    :data:`gis.datum.DATUMS`, ``repair`` allows invalid shapes to be mended.
    """

    kind: str
    columns: Mapping[str, str]
    constants: Mapping[str, str]
    crs: str
    repair: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """One thing as it will be, EPSG:4326."""

    row: int
    area: str
    values: Mapping[str, Any]
    shape: BaseGeometry


@dataclass(slots=True)
class Checked:
    """All drafts, or what is wrong; notices do not hinder."""

    drafts: list[Draft] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)
    verdict: Verdict = Verdict("", 0.0, 0.0, 0)  # noqa: RUF009 - it is frozen


def check(table: Table, plan: Plan, *, by: Rights, now: datetime, name: str) -> Checked:
    """Check every row under a plan; ``name`` is the file's, the source where none is given."""
    checked, kind = Checked(), KINDS[plan.kind]
    known = places.known_to(by.where("map.import"))
    read = [_Row(row, kind, plan) for row in table.rows]
    checked.verdict = compare(list(places.pairs(((row.place, row.hints) for row in read), known)))
    if wrong := _wrong_crs(table, plan):
        checked.errors.append(Fault(0, "crs", wrong, {}))
    for row in read:
        row.read(known, now=now, source=name)
    _widen([row for row in read if not row.faults])
    for row in read:
        row.place_it(known)
        checked.errors += row.faults
        checked.notices += row.notices
    _refuse_twins(kind, [row for row in read if not row.faults], checked)
    checked.drafts = [row.draft() for row in read if not row.faults]
    return checked


def _wrong_crs(table: Table, plan: Plan) -> Words | None:
    if plan.crs not in datum.DATUMS:
        return CHOOSE_DATUM
    return PROJECTED if table.projected and plan.crs in ("gcj02", "bd09") else None


class _Row:
    """One row on its way to a draft; collects what is wrong with it."""

    def __init__(self, row: FileRow, kind: Kind, plan: Plan) -> None:
        self.number, self.kind, self.plan = row.number, kind, plan
        self.text = {name: self._text(row, name) for name in (each.name for each in kind.fields)}
        self.faults: list[Fault] = []
        self.notices: list[Fault] = []
        self.values: dict[str, Any] = {}
        self.area = ""
        self.shape: BaseGeometry | None = None
        self.given = self._given(row)

    def _text(self, row: FileRow, name: str) -> str:
        column = self.plan.columns.get(name, "")
        value = row.values.get(column) if column else None
        return str(value or "").strip() or self.plan.constants.get(name, "").strip()

    def _given(self, row: FileRow) -> BaseGeometry | None:
        """Give the row's own shape, else the point of its columns, in the file's datum."""
        lon, lat = self.text["lon"], self.text["lat"]
        if row.shape is not None and not row.shape.is_empty:
            return row.shape
        if not lon and not lat:
            return None
        try:
            return Point(float(lon), float(lat))
        except ValueError:
            self.fault("lon", BAD_NUMBER, lon=lon, lat=lat)
            return None

    @property
    def place(self) -> tuple[float, float] | None:
        """Where it lies in the file's datum, roughly."""
        middle = self.given.centroid if self.given is not None else None
        return (middle.x, middle.y) if middle is not None and not middle.is_empty else None

    @property
    def hints(self) -> tuple[str, str]:
        """What tells the village it belongs to: its area, its name."""
        return self.text["area"], self.text.get("name", "")

    def fault(self, name: str, words: Words, **params: Any) -> None:
        self.faults.append(Fault(self.number, name, words, params))

    def read(self, known: places.Known, *, now: datetime, source: str) -> None:
        """Read the row's values and shape."""
        for each in self.kind.fields:
            if each.needed and not self.text[each.name]:
                self.fault(each.name, MISSING, what=each.words)
            elif each.choices and self.text[each.name]:
                self.values[each.name] = choice(each, self.text[each.name])
                if self.values[each.name] is None:
                    self.fault(each.name, UNKNOWN, what=each.words, text=self.text[each.name][:30])
        self._name()
        self._area(known)
        self._shape()
        if self.kind is ZONES:
            self._times(now)
            self._radius()
            self.values["source"] = (self.text["source"] or source)[:200]
        if self.kind is SHELTERS:
            self._whole("capacity")
            self._whole("usable_area_m2")
        if self.kind is not ZONES and self.shape is not None and not isinstance(self.shape, Point):
            self.fault("shape", ONLY_POINT)

    def _name(self) -> None:
        name = self.values["name"] = self.text.get("name", "")
        if len(name) > _MOST_NAME:
            self.fault("name", TOO_LONG, what=self.kind.field("name").words, limit=_MOST_NAME)
        if "?" in name or "\ufffd" in name:
            self.fault("name", GARBLED, text=name[:20])

    def _area(self, known: places.Known) -> None:
        if self.text["area"]:
            found = known.find(self.text["area"], villages=self.kind is not ZONES)
            if isinstance(found, Words):
                self.fault("area", found, text=self.text["area"][:30])
            else:
                self.area = found

    def _shape(self) -> None:
        if self.given is None:
            if not self.faults or self.faults[-1].field != "lon":
                self.fault("shape", shapes.NO_SHAPE)
            return
        share = float(book.value("map.import.repair_share")) if self.plan.repair else None
        try:
            taken = shapes.take(
                self.given, self.plan.crs if self.plan.crs in datum.DATUMS else "wgs84", repair_share=share
            )
        except shapes.Refused as refused:
            self.fault("shape", refused.words, **refused.params)
            return
        self.shape = taken.shape
        if taken.notice is not None:
            self.notices.append(Fault(self.number, "shape", taken.notice, taken.params or {}))

    def _times(self, now: datetime) -> None:
        for name in ("valid_from", "valid_to"):
            text, self.values[name] = self.text[name], None
            if text:
                self.values[name] = _moment(text)
                if self.values[name] is None:
                    self.fault(name, NO_TIME, text=text[:30])
        self.values["valid_from"] = begins = self.values["valid_from"] or now
        if self.values["valid_to"] is not None and self.values["valid_to"] <= begins:
            self.fault("valid_to", BACKWARDS)

    def _radius(self) -> None:
        if not isinstance(self.shape, Point):
            return
        limit: int = book.value("map.import.radius_max")
        text = self.text["radius"]
        try:
            radius = float(text) if text else 0.0
        except ValueError:
            radius = -1.0
        if not text:
            self.fault("radius", NEEDS_RADIUS)
        elif not 1 <= radius <= limit:
            self.fault("radius", BAD_RADIUS, limit=limit, text=text[:20])
        self.values["radius"] = radius

    def _whole(self, name: str) -> None:
        text = self.text[name].removesuffix(".0")
        self.values[name] = 0
        if text and not (text.isascii() and text.isdigit() and int(text) < 2**31):
            self.fault(name, NOT_WHOLE, what=self.kind.field(name).words, text=text[:20])
        elif text:
            self.values[name] = int(text)

    def place_it(self, known: places.Known) -> None:
        """Find the area by the position where the row names none."""
        if self.faults or self.shape is None:
            return
        if not self.area:
            self.area = known.at(self.shape)
        if not self.area:
            self.fault("area", places.NOWHERE)
        elif not known.mine(self.area):
            self.fault("area", places.NOT_MINE)

    def draft(self) -> Draft:
        assert self.shape is not None  # noqa: S101 - a row without a shape has a fault
        return Draft(self.number, self.area, self.values, self.shape)


def _moment(text: str) -> datetime | None:
    """Read a date or time as people write it; Beijing time where no zone is named."""
    plain = text.replace("/", "-").replace("年", "-").replace("月", "-").replace("日", " ").strip()
    try:
        moment = parse_datetime(plain)
        day = parse_date(plain) if moment is None else None
    except ValueError:
        return None
    if moment is None and day is not None:
        moment = datetime(day.year, day.month, day.day, tzinfo=book.BEIJING)
    if moment is None or not 2000 <= moment.year < 2200:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=book.BEIJING)


def _widen(rows: Sequence[_Row]) -> None:
    """Turn points with a radius into circles, all by one statement."""
    round_ = [row for row in rows if row.values.get("radius") and isinstance(row.shape, Point)]
    if not round_:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsBinary(ST_Buffer(ST_GeomFromWKB(point, 4326)::geography, radius, 16)::geometry)"
            " FROM unnest(%s::bytea[], %s::float8[]) WITH ORDINALITY AS row(point, radius, n) ORDER BY n",
            [[shapely.to_wkb(row.shape) for row in round_], [row.values["radius"] for row in round_]],
        )
        for row, (circle,) in zip(round_, cursor.fetchall(), strict=True):
            round_shape: Any = shapely.from_wkb(bytes(circle))
            row.shape = MultiPolygon([round_shape])


def _refuse_twins(kind: Kind, rows: Sequence[_Row], checked: Checked) -> None:
    """Refuse rows that speak of the same thing twice; what is stored already is told in the notices."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.area, row.values["name"] if kind is not ZONES else f"{row.values['name']}:{row.number}")
        if key in seen:
            row.fault("name", TWICE, row=seen[key])
            checked.errors += row.faults
        seen.setdefault(key, row.number)
    stored = places.stored_already(kind.name, _named(rows))
    (checked.errors if kind is SHELTERS else checked.notices).extend(stored)


def _named(rows: Sequence[_Row]) -> Iterator[tuple[int, str, str]]:
    return ((row.number, row.area, row.values["name"]) for row in rows)
