"""A view of the map as a proper sheet: title, legend, figures, scale, north, date, source and secrecy mark."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from django.contrib.gis.geos import MultiPoint, Point
from django.db import transaction

from disaster import problems
from disaster.atlas import drawing, ground, notes, seen
from disaster.atlas.ground import Box
from disaster.atlas.seen import Narrowed, Seen, Sums
from disaster.briefings.maps import paper, printed
from disaster.briefings.maps.sheet import Marks, Sheet
from disaster.briefings.render.words import SECRECY
from disaster.briefings.replay import moments
from disaster.journal import append
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.rules import book

NO_BOX = Words("窗口范围不对,或离本地太远", "The window can't be printed, or lies too far from here")
NO_TITLE = Words("标题须为 1 至 {limit} 字", "The title needs 1 to {limit} characters")
NO_EVENT = Words("打印过去的时刻须选定灾害过程", "A past moment is printed of one event")
MAX_TITLE = 40
SOURCE = "资料来源:灾情一张图;村点位、界线以本地数据为准"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be printed, as it stands on the screen.

    ``moment``: the replay of the event in ``narrowed`` at a moment; None: as it is now, and then ``zones_moment``
    may name another moment for the hazard zones alone, as the map's tool for it does.
    """

    box: Box
    title: str
    layers: frozenset[str]
    size: Literal["A4", "A3"] = "A4"
    form: Literal["pdf", "png"] = "pdf"
    moment: datetime | None = None
    zones_moment: datetime | None = None
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
        403.1 without the right; 400.2 for a window, a title or a past that can't be; 404.1 for an event out of sight.
    """
    if not by.where("map.export").prefixes:
        raise problems.NOT_ALLOWED()
    title = " ".join(wanted.title.split())
    _check(wanted, title)
    moment = wanted.moment or now
    shown, sums = _past(wanted, by) if wanted.moment else _present(wanted, by, now)
    view = ground.of(wanted.box, shown, wanted.layers, by=by)
    if not wanted.moment:
        view = ground.live(view, wanted.box, wanted.layers, by=by, now=now)
    if wanted.zones_moment and "zones" in wanted.layers and not wanted.moment:
        view = view._replace(zones=ground.zones_at(wanted.zones_moment, wanted.box, by=by))
    corners = MultiPoint(Point(*wanted.box[:2]), Point(*wanted.box[2:]), srid=4326)
    marks = Marks(
        title, notes.cutoff(wanted.moment, wanted.zones_moment, now), SOURCE, _mark(wanted), _issuer(by, now)
    )
    sheet = Sheet(wanted.size, marks, printed.to_plane(corners).extent)
    drawing.draw(
        sheet, view, seen.affected(shown.standing), is_near=wanted.box[2] - wanted.box[0] < ground.WIDE_DEG
    )
    sheet.note([*notes.figures(sums), *notes.choice(wanted.narrowed, by.sees)])
    _tell(wanted, by, now)
    name = f"{title}-{moment.astimezone(book.BEIJING):%Y%m%d%H%M}.{wanted.form}"
    if wanted.form == "png":
        return Printed(name, "image/png", sheet.png())
    return Printed(name, "application/pdf", paper.pdf(sheet, wanted.size))


def _check(wanted: Wanted, title: str) -> None:
    west, south, east, north = wanted.box
    west_most, south_most, east_most, north_most = printed.REACH
    errors = {}
    if not (west_most <= west < east <= east_most and south_most <= south < north <= north_most):
        errors["box"] = FieldError(NO_BOX)
    if not 1 <= len(title) <= MAX_TITLE:
        errors["title"] = FieldError(NO_TITLE, {"limit": MAX_TITLE})
    if wanted.moment and isinstance(wanted.narrowed.event, str):
        errors["event"] = FieldError(NO_EVENT)
    if errors:
        raise problems.BAD_FIELDS(errors)


def _present(wanted: Wanted, by: Rights, now: datetime) -> tuple[Seen, Sums]:
    shown = seen.now(by.sees, wanted.narrowed, clock=now)
    return shown, seen.sums(shown.standing)


def _past(wanted: Wanted, by: Rights) -> tuple[Seen, Sums]:
    """The replay's map, and its totals: those of the roll-up."""
    assert wanted.moment  # noqa: S101 - asked for a past moment only
    assert not isinstance(wanted.narrowed.event, str)  # noqa: S101 - checked before
    scope = moments.seen(by)
    event = moments.one_event(wanted.narrowed.event, scope)
    totals = moments.totals(event.pk, scope, at=wanted.moment)
    shown = seen.then(scope, event.pk, moment=wanted.moment)
    return shown, Sums(totals["figures"], totals["reports"], totals["villages"])


def _mark(wanted: Wanted) -> str:
    return SECRECY if wanted.is_secret else ""


def _issuer(by: Rights, now: datetime) -> str:
    day = now.astimezone(book.BEIJING).date()
    return f"{book.value('briefing.issuer', on=day, area=by.home or '')}　{by.name}"


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
