"""The verbs on hazard zones (危险区): drawn, changed, lifted; each leaves a version behind.

A zone belongs to the smallest area that holds it. A weather warning is only relayed, with
its issuer and time, never originated here (气象灾害防御条例 Art. 30): :mod:`disaster.warnings`
does that through these verbs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import transaction

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.rules import book
from gis import shapes
from gis.measure import area_ha
from gis.models import Area, HazardZone, ZoneVersion
from gis.scope import AreaScope, pad, prefix_of
from gis.shown import zone_view

NEEDS_NAME = Words("须填写名称,最多{limit}字", "Give it a name of {limit} characters at most")
UNKNOWN_WORD = Words("不认识的取值 {value}", "The value {value} is unknown")
ENDS_FIRST = Words("失效时间须晚于生效时间", "It must end after it begins")
ELSEWHERE = Words("范围不在您负责的地区内", "The shape lies outside your area")
TOO_SMALL = Words("面积不到 {limit} 平方米,请检查", "It is smaller than {limit} m²; check it")
TOO_LARGE = Words(
    "面积 {value} 平方公里,超过 {limit},请检查", "It covers {value} km², more than {limit}; check it"
)
NEEDS_REASON = Words("须写明修改原因", "Say why it is changed")
UNPRINTABLE = Words("含有不能保存的字符", "It holds a character that can't be kept")
MAX_NAME = 60
_STATE = ("name", "kind", "level", "boundary", "valid_from", "valid_to", "lifted_at")


def shape_of(geometry: Mapping[str, Any], *, repair: bool = False) -> shapes.Clean:
    """Read a drawn or sent GeoJSON shape (EPSG:4326), within the sizes the rules allow.

    Raises
    ------
    Problem
        400.2 under ``geometry`` for what can't be kept.
    """
    try:
        clean = shapes.clean(geometry, most=book.value("zone.vertices"), repair=repair)
    except shapes.BadShape as bad:
        raise problems.BAD_FIELDS({"geometry": FieldError(Words(*shapes.WHY[bad.why]), bad.params)}) from None
    hectares = area_ha(clean.shape)
    least, most = book.value("zone.least_m2"), book.value("zone.most_km2")
    if hectares * 10_000 < least:
        raise problems.BAD_FIELDS({"geometry": FieldError(TOO_SMALL, {"limit": least})})
    if hectares / 100 > most:
        params = {"value": round(hectares / 100), "limit": most}
        raise problems.BAD_FIELDS({"geometry": FieldError(TOO_LARGE, params)})
    return clean


def area_of(shape: GEOSGeometry, scope: AreaScope) -> str:
    """Give the code of the smallest area that holds a shape, by its boundary or by what it touches.

    Raises
    ------
    Problem
        400.2 under ``geometry`` if it touches none of the scope.
    """
    touched = Area.objects.within(scope).filter(boundary__intersects=shape)
    holding = touched.filter(boundary__covers=shape).exclude(level=Area.Level.VILLAGE)
    # A longer prefix is a smaller area.
    found = sorted(holding.values_list("code", flat=True), key=lambda code: (-len(prefix_of(code)), code))
    if found:
        return str(found[0])
    codes = [prefix_of(code) for code in touched.values_list("code", flat=True)]
    lowest = [code for code in codes if not any(other != code and other.startswith(code) for other in codes)]
    if not lowest:
        raise problems.BAD_FIELDS({"geometry": FieldError(ELSEWHERE)})
    return _common(lowest)


def _common(prefixes: Sequence[str]) -> str:
    """Give the smallest area above some others, a township at least."""
    end = next(end for end in (9, 6, 4, 2, 0) if len({prefix[:end] for prefix in prefixes}) == 1 or end == 0)
    return pad(prefixes[0][:end])


@transaction.atomic
def draw_zone(
    *,
    name: str,
    kind: str,
    level: str,
    area_code: str,
    boundary: MultiPolygon,
    source: str,
    valid_from: datetime,
    valid_to: datetime | None,
    by: Rights,
    now: datetime,
    issuer: str = "",
    issued_at: datetime | None = None,
    note: str = "",
) -> HazardZone:
    """Mark a hazard zone (划定危险区); ``boundary`` is in EPSG:4326, ``note`` stands with version 1.

    Raises
    ------
    Problem
        403.1/404.1 without the right in the area; 400.2 naming what is wrong.
    """
    require(by, "zone.draw", area_code)
    _refuse(_errors(name, kind, level, valid_from, valid_to, source=source, note=note))
    zone = HazardZone.objects.create(
        name=name.strip(),
        kind=kind,
        level=level,
        area_id=area_code,
        boundary=boundary,
        source=source,
        valid_from=valid_from,
        valid_to=valid_to,
        issuer=issuer,
        issued_at=issued_at,
    )
    _keep(zone, by=by, now=now, reason=note)
    _tell("zone.drawn", zone, by=by, now=now)
    return zone


@transaction.atomic
def change_zone(
    zone_id: UUID, *, version: int, reason: str, by: Rights, now: datetime, **fields: Any
) -> HazardZone:
    """Change a zone's outline, level, name or times (调整危险区), with the reason.

    ``version`` is the one the change was drawn upon; ``fields`` are any of name, kind, level,
    boundary, source, valid_from, valid_to, area_code. A change that changes nothing leaves no version.

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.2 if it was lifted; 409.5 if somebody changed it meanwhile.
    """
    zone = _locked(zone_id, "zone.draw", by)
    if version != zone.version:
        last = ZoneVersion.objects.filter(zone=zone, number=zone.version).first()
        raise problems.CHANGED_MEANWHILE(name=last.by_name if last else zone.name)
    before = _state(zone)
    if (code := fields.pop("area_code", zone.area_id)) != zone.area_id:
        require(by, "zone.draw", code)
        zone.area_id = code
    for name, value in fields.items():
        setattr(zone, name, value)
    errors = _errors(
        zone.name, zone.kind, zone.level, zone.valid_from, zone.valid_to, source=zone.source, reason=reason
    )
    if not reason.strip():
        errors["reason"] = FieldError(NEEDS_REASON)
    _refuse(errors)
    if _state(zone) == before:
        return zone
    zone.name, zone.version = zone.name.strip(), zone.version + 1
    zone.save()
    _keep(zone, by=by, now=now, reason=reason)
    _tell("zone.changed", zone, by=by, now=now)
    return zone


@transaction.atomic
def lift_zone(zone: HazardZone, *, by: Rights, now: datetime, reason: str = "") -> HazardZone:
    """Take a hazard zone back (解除危险区).

    Raises
    ------
    Problem
        403.1/404.1 without the right; 409.2 if it was lifted before.
    """
    zone = _locked(zone.pk, "zone.lift", by)
    _refuse(_unprintable(reason=reason))
    zone.lifted_at, zone.version = now, zone.version + 1
    zone.save(update_fields=["lifted_at", "version"])
    _keep(zone, by=by, now=now, reason=reason)
    _tell("zone.lifted", zone, by=by, now=now)
    return zone


def _locked(zone_id: UUID, verb: str, by: Rights) -> HazardZone:
    zone: HazardZone | None = HazardZone.objects.select_for_update().filter(pk=zone_id).first()
    if zone is None:
        raise problems.NOT_FOUND()
    require(by, verb, zone.area_id)
    if zone.lifted_at is not None:
        raise problems.NOT_OPEN(number=zone.name)
    return zone


def _state(zone: HazardZone) -> dict[str, Any]:
    told = {name: getattr(zone, name) for name in _STATE}
    return {**told, "boundary": bytes(zone.boundary.wkb), "area": zone.area_id, "source": zone.source}


def _errors(
    name: str, kind: str, level: str, valid_from: datetime, valid_to: datetime | None, **texts: str
) -> dict[str, FieldError]:
    errors = _unprintable(name=name, **texts)
    if not name.strip() or len(name.strip()) > MAX_NAME:
        errors["name"] = FieldError(NEEDS_NAME, {"limit": MAX_NAME})
    if kind not in HazardZone.Kind.values:
        errors["kind"] = FieldError(UNKNOWN_WORD, {"value": kind})
    if level not in HazardZone.Level.values:
        errors["level"] = FieldError(UNKNOWN_WORD, {"value": level})
    if valid_to is not None and valid_to <= valid_from:
        errors["valid_to"] = FieldError(ENDS_FIRST)
    return errors


def _unprintable(**texts: str) -> dict[str, FieldError]:
    """Name the texts PostgreSQL can't keep: a NUL, or half a surrogate pair."""
    return {
        field: FieldError(UNPRINTABLE)
        for field, text in texts.items()
        if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in text)
    }


def _refuse(errors: dict[str, FieldError]) -> None:
    if errors:
        raise problems.BAD_FIELDS(errors)


def _keep(zone: HazardZone, *, by: Rights, now: datetime, reason: str = "") -> None:
    """Write the version a verb makes."""
    ZoneVersion.objects.create(
        zone=zone,
        number=zone.version,
        area_id=zone.area_id,
        recorded_at=now,
        by_name=by.name,
        reason=reason.strip()[:200],
        **{name: getattr(zone, name) for name in _STATE},
    )


def _tell(verb: str, zone: HazardZone, *, by: Rights, now: datetime) -> None:
    append.one(
        verb,
        object_kind="zone",
        object_id=str(zone.pk),
        area_code=zone.area_id,
        put=[zone_view(zone)],
        by=by,
        at=now,
        downward=True,
    )
