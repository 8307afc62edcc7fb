"""What the map shows of the objects it is told of: the same objects, and the same choice among them, as on the screen.

The present are the objects of a snapshot, a past moment those of the replay; what is then drawn and counted is
chosen as static/map/store.js, filter.js, severity.js and the layers choose it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from disaster.briefings.replay import moments
from disaster.journal import replay, snapshot
from gis.scope import AreaScope, pad

NO_EVENT = "none"
"""The choice of reports that name no event."""
GRAVE = ("dead", "missing")
HEAVY = ("relocated", "houses_collapsed_rooms", "houses_severe_rooms")
UNDER_WAY = ("ready", "away", "arrived")


class Report(msgspec.Struct, frozen=True):
    """Of a report what the map goes by."""

    id: UUID
    number: str
    series: UUID
    area: str
    kind: str
    hazard: str
    state: str
    event: UUID | None
    superseded_by: UUID | None
    received_at: datetime
    lon: float | None
    lat: float | None
    figures: dict[str, Decimal]


class Zone(msgspec.Struct, frozen=True):
    """Of a hazard zone."""

    id: UUID
    name: str
    kind: str
    level: str
    state: str
    geometry: dict[str, Any]
    valid_from: datetime
    valid_to: datetime | None


class Closure(msgspec.Struct, frozen=True):
    """Of a closed road."""

    id: UUID
    reason: str
    state: str
    geometry: dict[str, Any]
    valid_from: datetime
    valid_to: datetime | None


class Shelter(msgspec.Struct, frozen=True):
    """Of a shelter."""

    id: UUID
    name: str
    lon: float
    lat: float
    state: str
    filling: bool = False


class Trip(msgspec.Struct, frozen=True):
    """Of a lorry on its way."""

    id: UUID
    plate: str
    lon: float
    lat: float
    state: str


class Narrowed(NamedTuple):
    """Which reports the reader has let through on the screen; "" lets all through."""

    event: UUID | Literal["", "none"] = ""
    township: str = ""
    hazard: str = ""
    kind: str = ""
    state: str = ""


class Sums(NamedTuple):
    """What the standing reports add up to, in statutory units."""

    figures: dict[str, Decimal]
    reports: int
    villages: int


class Seen(NamedTuple):
    """All that is drawn and counted."""

    reports: list[Report]
    standing: list[Report]
    zones: list[Zone]
    closures: list[Closure]
    shelters: list[Shelter]
    trips: list[Trip]


class _Tag(msgspec.Struct):
    object: str


_tag = msgspec.json.Decoder(_Tag)
_kinds: dict[str, msgspec.json.Decoder[Any]] = {
    "report": msgspec.json.Decoder(Report),
    "zone": msgspec.json.Decoder(Zone),
    "closure": msgspec.json.Decoder(Closure),
    "shelter": msgspec.json.Decoder(Shelter),
    "trip": msgspec.json.Decoder(Trip),
}
_encoder = msgspec.json.Encoder(decimal_format="number")


def now(scope: AreaScope, narrowed: Narrowed, *, clock: datetime) -> Seen:
    """Give what the live map shows in a scope."""
    return _chosen(snapshot.objects(scope, _kinds), narrowed, clock)


def then(scope: AreaScope, event: UUID, *, moment: datetime) -> Seen:
    """Give what the replay of an event shows at a moment."""
    objects = [*moments.unmoved(scope), *replay.state(moment, scope=scope, event=event)]
    chosen = _chosen(objects, Narrowed(event), moment)
    return chosen._replace(
        zones=[one for one in chosen.zones if one.valid_from <= moment and _lasts(one, moment)],
        closures=[one for one in chosen.closures if one.valid_from <= moment],
    )


def sums(standing: Iterable[Report]) -> Sums:
    """Add up what stands."""
    found: dict[str, Decimal] = {}
    areas = [one.area for one in standing]
    for one in standing:
        for key, value in one.figures.items():
            found[key] = found.get(key, Decimal(0)) + value
    return Sums(found, len(areas), len(set(areas)))


def affected(standing: Iterable[Report]) -> dict[str, Decimal]:
    """Add up the people affected by township."""
    found: dict[str, Decimal] = {}
    for one in standing:
        code = pad(one.area[:9])
        found[code] = found.get(code, Decimal(0)) + one.figures.get("affected", Decimal(0))
    return found


def gravity(report: Report) -> int:
    """Grade a report: 3 grave, 2 heavy, 1 light, 0 nothing, as static/map/severity.js does."""
    if any(report.figures.get(key, 0) > 0 for key in GRAVE):
        return 3
    if any(report.figures.get(key, 0) > 0 for key in HEAVY):
        return 2
    return int(any(value > 0 for value in report.figures.values()))


def _chosen(objects: Iterable[Any], narrowed: Narrowed, clock: datetime) -> Seen:
    told = _told(objects)
    reports = told["report"]
    return Seen(
        reports=[one for one in reports if not one.superseded_by and _passes(one, narrowed)],
        standing=[one for one in _standing(reports) if _passes(one, narrowed)],
        zones=[one for one in told["zone"] if one.state == "active"],
        closures=[one for one in told["closure"] if _lasts(one, clock)],
        shelters=told["shelter"],
        trips=[one for one in told["trip"] if one.state in UNDER_WAY],
    )


def _told(objects: Iterable[Any]) -> dict[str, list[Any]]:
    """Read the objects by kind; of one told twice the later holds."""
    found: dict[str, dict[UUID, Any]] = {kind: {} for kind in _kinds}
    for one in objects:
        raw = _encoder.encode(one)
        kind = _tag.decode(raw).object
        if kind in found:
            view = _kinds[kind].decode(raw)
            found[kind][view.id] = view
    return {kind: list(views.values()) for kind, views in found.items()}


def _standing(reports: Iterable[Report]) -> list[Report]:
    """Pick of each series the newest that nothing replaced and nobody returned."""
    best: dict[UUID, Report] = {}
    for one in reports:
        if one.superseded_by or one.state == "returned":
            continue
        if one.series not in best or _age(one) > _age(best[one.series]):
            best[one.series] = one
    return list(best.values())


def _age(report: Report) -> tuple[datetime, int, str]:
    return report.received_at, len(report.number), report.number


def _passes(report: Report, narrowed: Narrowed) -> bool:
    event, township, hazard, kind, state = narrowed
    return (
        (not event or report.event == (None if event == NO_EVENT else event))
        and (not township or pad(report.area[:9]) == township)
        and (not hazard or report.hazard == hazard or report.hazard.startswith(f"{hazard}."))
        and kind in ("", report.kind)
        and state in ("", report.state)
    )


def _lasts(one: Zone | Closure, moment: datetime) -> bool:
    """Say whether a zone or a closure is not over at a moment: they end by the clock too."""
    return one.state == "active" and (one.valid_to is None or one.valid_to > moment)


def within(box: Sequence[float], point: tuple[float, float]) -> bool:
    """Say whether a point lies in a box (west, south, east, north)."""
    west, south, east, north = box
    return west <= point[0] <= east and south <= point[1] <= north
