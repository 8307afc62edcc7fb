"""Deciding whether a report may be stored, and as what: the rules of one submission.

Rights, area, hazard, event, times, place, figures, statutory checks: in that order. What
is wrong is collected, so that the officer corrects everything at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid5

from disaster import problems
from disaster.people import scope
from disaster.problems import FieldError, Words
from disaster.reports import checks, places, rulebook, store
from disaster.reports.messages import Fix, Report
from disaster.reports.submission import Accepted, Place, Submission
from disaster.reports.versions import Said, Series, Version
from disaster.rules.book import BEIJING
from gis import datum

UNKNOWN_AREA = Words("没有代码为 {code} 的行政区划", "There is no area with the code {code}")
UNKNOWN_HAZARD = Words("不认识的灾种 {hazard}", "The hazard {hazard} is unknown")
UNKNOWN_EVENT = Words("没有这个灾害过程,或它不在本地", "There is no such event here")
NOT_IN_CHINA = Words("位置不在中国境内,请重新定位", "The position is outside China; locate again")
NO_CALLER = Words("电话速报请写明来电人", "Name the caller of a report by telephone")
CALLED_LATER = Words("来电时间晚于现在,请核对", "The call is in the future; check its time")
UNCHANGED = Words(
    "退回的内容没有改动,请按退回意见修改后再报",
    "Nothing was changed since it was returned; change what the remark asks for, then send again",
)
BAD_POSITION = Words("位置坐标无法使用", "The position can't be used")


NO_PLACE = Place()


def place_all(reports: Sequence[Report]) -> list[Place]:
    """Place the reports of a batch: convert each datum, then ask once which villages they lie in."""
    found = [_convert(report.fix) if report.fix else NO_PLACE for report in reports]
    placed = [number for number, place in enumerate(found) if place.lon is not None]
    villages = places.villages_at([(found[n].lon, found[n].lat) for n in placed])  # type: ignore[misc]
    for number, village in zip(placed, villages, strict=True):
        place = found[number]
        outside = not places.same_township(reports[number].area, village or "")
        found[number] = Place(place.lon, place.lat, village or "", outside)
    return found


def _convert(fix: Fix) -> Place:
    try:
        lon, lat = datum.to_stored(fix.lon, fix.lat, fix.datum)
    except ValueError:
        return Place(error=FieldError(BAD_POSITION))
    return Place(lon, lat) if places.in_china(lon, lat) else Place(error=FieldError(NOT_IN_CHINA))


def series_of(reports: Sequence[Report]) -> list[UUID | None]:
    """Name the series of each report; None for the first report outside any event.

    In an event the series is fixed by event and area. Outside one, only a correction
    continues a series: two storms a month apart are not one report.
    """
    chained = store.series_of_versions([r.corrects for r in reports if r.event is None and r.corrects])
    return [
        uuid5(report.event, report.area)
        if report.event
        else chained.get(report.corrects)
        if report.corrects
        else None
        for report in reports
    ]


def accept(
    item: Submission, key: UUID | None, content: bytes, place: Place, visible: dict[UUID, Series]
) -> Accepted:
    """Check one report against the rules and the versions known so far.

    ``visible`` is kept up to date, so that later reports of the batch see this one.

    Raises
    ------
    Problem
        With every field that is wrong.
    """
    report = item.report
    errors: dict[str, FieldError] = {}
    area = places.area(report.area)
    if area is None:
        raise problems.BAD_FIELDS({"area": FieldError(UNKNOWN_AREA, {"code": report.area})})
    scope.require(item.by, "report.file_for" if report.proxy else "report.submit", report.area)
    if not rulebook.is_hazard(report.hazard, on=report.occurred_at.astimezone(BEIJING).date()):
        errors["hazard"] = FieldError(UNKNOWN_HAZARD, {"hazard": report.hazard})
    if report.event and not places.event_concerns(report.event, report.area):
        errors["event"] = FieldError(UNKNOWN_EVENT)
    errors |= checks.times_errors(
        report.occurred_at,
        report.discovered_at,
        report.submitted_at,
        item.received_at,
        item.sent_at,
        rulebook.limits(),
    )
    errors |= _proxy_errors(report, item.received_at)
    if place.error:
        errors["fix"] = place.error
    figures, unit_errors = checks.canonical_figures(report.figures, report.units)
    errors |= unit_errors or checks.figures_errors(figures)
    if errors:
        raise problems.BAD_FIELDS(errors)

    series = visible.setdefault(key or report.id, Series(key or report.id, []))
    if unchanged := _unchanged(report, figures, series.returned(report.corrects)):
        raise problems.BAD_FIELDS(unchanged)
    before = series.before(report.corrects)
    if changed := checks.zero_errors(report.kind, figures, before.figures if before else None):
        raise problems.BAD_FIELDS(changed)
    if report.kind == "zero" and before and not figures:
        # 零报告: nothing new; the cumulative figures stand as they were.
        figures = before.figures
    doubts = checks.soft_errors(
        checks.Context(
            figures=figures,
            previous=before.figures if before else None,
            kind=report.kind,
            population=area.population,
            township_population=area.township_population,
            has_photo=bool(report.photos),
            has_fix=place.lon is not None,
            position_outside_township=place.outside_township,
            hazard=report.hazard,
            occurred_at=report.occurred_at,
        ),
        report.notes,
        rulebook.arranged(),
    )
    if doubts:
        raise problems.NEEDS_NOTE(doubts)
    return _join(item, content, series, place, figures)


def _proxy_errors(report: Report, now: datetime) -> dict[str, FieldError]:
    """Check what a desk noted of a call (电话速报): who called, and not in the future."""
    errors: dict[str, FieldError] = {}
    if report.proxy and report.proxy.why == "phone" and not report.proxy.caller.strip():
        errors["proxy.caller"] = FieldError(NO_CALLER)
    if report.proxy and report.proxy.called_at and report.proxy.called_at > now + rulebook.limits().ahead:
        errors["proxy.called_at"] = FieldError(CALLED_LATER)
    return errors


def _unchanged(
    report: Report, figures: dict[str, Decimal], returned: Version | None
) -> dict[str, FieldError]:
    """Refuse a returned report that comes again as it was: nothing the remark asks for was done."""
    if returned is None or report.notes:
        return {}
    said = Said(report.text, report.hazard, report.occurred_at, report.photos, report.voices)
    if figures != returned.figures or said != returned.said:
        return {}
    fields = [f"figures.{key}" for key in returned.returned_fields] or ["text"]
    return {field: FieldError(UNCHANGED) for field in fields}


def _join(
    item: Submission, content: bytes, series: Series, place: Place, figures: dict[str, Decimal]
) -> Accepted:
    """Put the report at the end of its series: a replacement, or a crossing that stays visible."""
    report = item.report
    newest, knows = series.newest, series.known_by(report.corrects)
    replaces = [version.id for version in series.versions] if knows else []
    fresh = Accepted(
        id=report.id,
        digest=content,
        series=series.key,
        area=report.area,
        event=report.event,
        kind=report.kind,
        hazard=report.hazard,
        author_id=item.by.person_id,
        author_name=item.by.name,
        corrects=report.corrects,
        crosses=None if knows or newest is None else newest.id,
        occurred_at=report.occurred_at,
        discovered_at=report.discovered_at,
        submitted_at=report.submitted_at,
        received_at=item.received_at,
        clock_skew_s=item.skew_s,
        lon=place.lon,
        lat=place.lat,
        fix=report.fix if place.lon is not None else None,
        placed_in=place.village,
        figures=figures,
        entered={
            key: [report.figures[key], unit] for key, unit in report.units.items() if key in report.figures
        },
        text=report.text,
        notes=report.notes,
        photos=report.photos,
        voices=report.voices,
        proxy=report.proxy,
        replaces=replaces,
    )
    version = Version(report.id, "stored", figures)
    series.versions[:] = [version] if knows else [*series.versions, version]
    return fresh
