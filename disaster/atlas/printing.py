"""A view of the live map as a proper sheet: title, legend, scale, north, date, source and secrecy mark."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from django.contrib.gis.geos import MultiPoint, Point
from django.db import transaction
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from PIL import Image

from disaster import problems
from disaster.atlas import ground
from disaster.atlas.ground import Box, Narrowed, View
from disaster.briefings.maps import printed
from disaster.briefings.maps.sheet import DPI, Marks, Sheet
from disaster.briefings.render.words import SECRECY
from disaster.journal import append
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.rules import book

NO_BOX = Words("窗口范围不对", "The window can't be printed")
NO_TITLE = Words("标题须为 1 至 {limit} 字", "The title needs 1 to {limit} characters")
MAX_TITLE = 40
SOURCE = "资料来源:灾情一张图;村点位、界线以本地数据为准"
GRAVITIES = {
    3: ("#3f1266", "有人员死亡或失踪"),
    2: ("#7846b0", "有转移安置或房屋倒损"),
    1: ("#a887cf", "有其他损失"),
    0: ("#c9ced3", "零报告或无损失"),
}
"""As on the live map; each is also larger than the next, for black and white."""
SHELTER, CLOSURE = "#1a6b3c", "#000000"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be printed; ``moment`` None: as it is now."""

    box: Box
    title: str
    layers: frozenset[str]
    size: Literal["A4", "A3"] = "A4"
    form: Literal["pdf", "png"] = "pdf"
    moment: datetime | None = None
    narrowed: Narrowed = field(default_factory=Narrowed)
    is_secret: bool = True


class Printed(NamedTuple):
    """A file to hand out."""

    name: str
    media_type: str
    data: bytes


def printed_view(wanted: Wanted, *, by: Rights, now: datetime) -> Printed:
    """Print what the reader sees of a window, and put on record that they did.

    Raises
    ------
    Problem
        403.1 without the right; 400.2 for a window or a title that can't be.
    """
    if not by.where("map.export").prefixes:
        raise problems.NOT_ALLOWED()
    title = " ".join(wanted.title.split())
    west, south, east, north = wanted.box
    errors = {}
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        errors["box"] = FieldError(NO_BOX)
    if not 1 <= len(title) <= MAX_TITLE:
        errors["title"] = FieldError(NO_TITLE, {"limit": MAX_TITLE})
    if errors:
        raise problems.BAD_FIELDS(errors)
    moment = wanted.moment or now
    view = ground.at(wanted.box, moment, wanted.layers, wanted.narrowed, by=by)
    png = draw(view, wanted, Marks(title, _cutoff(moment, now), SOURCE, _mark(wanted), _issuer(by, now)))
    _tell(wanted, by, now)
    name = f"{title}-{moment.astimezone(book.BEIJING):%Y%m%d%H%M}.{wanted.form}"
    if wanted.form == "png":
        return Printed(name, "image/png", png)
    return Printed(name, "application/pdf", _pdf(png, title))


def draw(view: View, wanted: Wanted, marks: Marks) -> bytes:
    """Draw the sheet as PNG."""
    corners = MultiPoint(Point(*wanted.box[:2]), Point(*wanted.box[2:]), srid=4326)
    sheet = Sheet(wanted.size, marks, printed.to_plane(corners).extent)
    _roads(sheet, view)
    _areas(sheet, view)
    _zones(sheet, view)
    _signs(sheet, view)
    for one in view.townships:
        if one.point:
            sheet.label(one.name, printed.plane(one.point), size=8, path_effects=printed.HALO, zorder=8)
    if wanted.box[2] - wanted.box[0] < ground.WIDE_DEG:
        for one in view.villages:
            if one.point:
                sheet.label(one.name, printed.plane(one.point), size=6, path_effects=printed.HALO, zorder=8)
    return sheet.png()


def _roads(sheet: Sheet, view: View) -> None:
    for way in view.roads:
        width = printed.ROADS.get(way.kind, 0.4)
        sheet.line(printed.to_plane(way.line).coords, color="#c2b59b", linewidth=width, zorder=1.5)
    if view.roads:
        sheet.legend(Line2D([], [], color="#c2b59b", linewidth=2), "道路")


def _areas(sheet: Sheet, view: View) -> None:
    for parts, width, dashes in ((view.villages, 0.25, (0, (2, 2))), (view.townships, 0.7, (0, (4, 2)))):
        for one in parts:
            if one.shape:
                rings = printed.rings(one.shape)
                sheet.area(
                    rings, facecolor="none", edgecolor="#55636c", linewidth=width, linestyle=dashes, zorder=2
                )


def _zones(sheet: Sheet, view: View) -> None:
    for zone in view.zones:
        color, hatch = printed.ZONES[zone.level]
        face = (*printed.rgb(color), 0.16)
        rings = printed.rings(zone.shape)
        sheet.area(rings, facecolor=face, edgecolor=color, hatch=hatch, linewidth=1, zorder=3)
        # Above the zone: a small one would vanish under its own name.
        center, (_, _, _, north) = zone.shape.centroid, zone.shape.extent
        place = printed.plane((center.x, north))
        sheet.label(zone.name, place, size=7, fontweight="bold", path_effects=printed.HALO, zorder=8)
    for level in dict.fromkeys(zone.level for zone in view.zones):
        color, hatch = printed.ZONES[level]
        sheet.legend(Patch(facecolor="white", edgecolor=color, hatch=hatch), printed.LEVELS[level])


def _signs(sheet: Sheet, view: View) -> None:
    for gravity, (color, text) in GRAVITIES.items():
        spots = printed.plane_all([spot.point for spot in view.reports if spot.gravity == gravity])
        size = 14 + 12 * gravity
        sheet.dots(
            spots,
            s=size,
            marker="o",
            facecolor=color,
            edgecolor="black",
            linewidth=0.4,
            zorder=5 + gravity / 10,
        )
        if spots:
            sheet.legend(printed.sign("o", color, "black"), f"{text}({len(spots)})")
    shelters = printed.plane_all([one.point for one in view.shelters])
    sheet.dots(shelters, s=30, marker="^", facecolor=SHELTER, edgecolor="white", linewidth=0.4, zorder=6)
    if shelters:
        sheet.legend(printed.sign("^", SHELTER, "white"), f"避难场所({len(shelters)})")
    centers = [one.shape.centroid for one in view.closures]
    closed = printed.plane_all([(one.x, one.y) for one in centers])
    sheet.dots(closed, s=46, marker="X", facecolor=CLOSURE, edgecolor="white", linewidth=0.6, zorder=7)
    if closed:
        sheet.legend(printed.sign("X", CLOSURE, "white"), f"断路({len(closed)})")


def _cutoff(moment: datetime, now: datetime) -> str:
    local = moment.astimezone(book.BEIJING)
    return f"{local:%Y年%m月%d日 %H:%M} 的情况　制图 {now.astimezone(book.BEIJING):%Y年%m月%d日 %H:%M}"


def _mark(wanted: Wanted) -> str:
    return SECRECY if wanted.is_secret else ""


def _issuer(by: Rights, now: datetime) -> str:
    day = now.astimezone(book.BEIJING).date()
    return f"{book.value('briefing.issuer', on=day, area=by.home or '')}　{by.name}"


def _pdf(png: bytes, title: str) -> bytes:
    """Put the sheet on a page of its own size, to the millimetre."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(out, "PDF", resolution=DPI, title=title, quality=92)
    return out.getvalue()


@transaction.atomic
def _tell(wanted: Wanted, by: Rights, now: datetime) -> None:
    append.one(
        "map.printed",
        object_kind="print",
        object_id=f"{wanted.form}:{wanted.size}",
        area_code=by.home or "",
        put=(),
        by=by,
        at=now,
    )
