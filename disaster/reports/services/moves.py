"""Moving reports between events: merge and its undoing, split, assign. No report is ever lost, or counted twice.

A report that moves joins the series of its area in the new event. Where that series has
versions already, two officers have counted the same area twice, or one has counted it
under two names: the newest version counts, the other stays visible, and the newest is
marked as crossing it, so that a reviewer looks at both (docs/decisions/0006).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F, Q

from disaster import problems
from disaster.events.models import Event, view
from disaster.journal import append
from disaster.journal.append import Row, images
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.registers import services as registers
from disaster.reports.locks import lock_series
from disaster.reports.models import Move, Report
from disaster.reports.shown import views
from gis.scope import prefix_of

NOT_ITSELF = Words("不能并入自己", "An event can't be merged into itself")
NOTHING_CHOSEN = Words("没有选中任何报告", "No report was chosen")
NEEDS_NAME = Words("须填写新过程的名称", "Give the new event a name")
ELSEWHERE = Words("报告不在这个过程的范围内", "A report lies outside the event's area")


@transaction.atomic
def merge_events(source: Event, into: Event, *, by: Rights, now: datetime) -> list[UUID]:
    """Merge an event into another (过程合并): its reports move, it is closed. Gives the moved reports.

    Raises
    ------
    Problem
        403.1/404.1 without the right at either; 409.2 unless both are open; 400.2 for itself.
    """
    for event in (source, into):
        require(by, "event.change", event.area_code)
    if source.pk == into.pk:
        raise problems.BAD_FIELDS({"into": FieldError(NOT_ITSELF)})
    source, into = _locked(source, into)
    moved = _move(Report.objects.filter(event=source), into, Move.Cause.MERGED, by=by, now=now)
    source.closed_at, source.merged_into = now, into
    source.save(update_fields=["closed_at", "merged_into"])
    _tell_event("event.merged", source, by=by, now=now)
    return moved


@transaction.atomic
def unmerge_event(source: Event, *, by: Rights, now: datetime) -> list[UUID]:
    """Undo a merge (撤销合并): what came goes back, the event is open again. Gives the moved reports.

    What was filed for this event since goes back too, and so does a follow-up where all that it
    replaced came from this event. One that replaced reports of both stays with the event it was
    filed for, and the version that it had replaced stands again where it came from: a person looks
    at both (:func:`shared_areas`).

    Raises
    ------
    Problem
        403.1/404.1 without the right at either; 409.2 unless it is merged into an event still open.
    """
    source = Event.objects.select_related("merged_into").get(pk=source.pk)
    if source.merged_into is None:
        raise problems.NOT_OPEN(number=source.name)
    for event in (source, source.merged_into):
        require(by, "event.change", event.area_code)
    source, into = _held(source, source.merged_into)
    if source.merged_into_id != into.pk or not into.is_open:
        raise problems.NOT_OPEN(number=source.name)
    went = _went_over(source, into)
    went |= _followed(went, into)
    source.closed_at = source.merged_into = None
    source.save(update_fields=["closed_at", "merged_into"])
    _tell_event("event.unmerged", source, by=by, now=now)
    back = Report.objects.filter(event=into, pk__in=went)
    return _move(back, source, Move.Cause.UNMERGED, by=by, now=now)


def _went_over(source: Event, into: Event) -> set[UUID]:
    """Give the reports that the last merge took over, or that came for it since, and that stand there still."""
    taken = Move.objects.filter(from_event=source, to_event=into, cause=Move.Cause.MERGED)
    return set(
        taken.filter(at__gte=F("from_event__closed_at"), report__event=into).values_list(
            "report_id", flat=True
        )
    )


def _followed(went: set[UUID], into: Event) -> set[UUID]:
    """Give the later versions that replaced nothing but what goes back."""
    replaced: dict[UUID, set[UUID]] = {}
    rows = Report.objects.filter(event=into, superseded_by__isnull=False)
    for old, newer in rows.values_list("id", "superseded_by"):
        if newer is not None:
            replaced.setdefault(newer, set()).add(old)
    later: set[UUID] = set()
    # Oldest first: a follow-up of a follow-up finds its own already chosen.
    newest_last = Report.objects.filter(pk__in=list(replaced)).order_by("serial").values_list("id", flat=True)
    for newer in newest_last:
        if newer not in went and replaced[newer] <= went | later:
            later.add(newer)
    return later


def shared_areas(one: Event, other: Event) -> list[str]:
    """Name the areas with reports in both events: after a merge was undone somebody looks at them."""
    mine = Report.objects.filter(event=one).values_list("area_id", flat=True)
    theirs = Report.objects.filter(event=other, area_id__in=mine)
    return sorted(set(theirs.values_list("area__name", flat=True)))


@transaction.atomic
def split_event(
    event: Event, *, name: str, hazard: str, reports: Sequence[UUID], by: Rights, now: datetime
) -> Event:
    """Open a new event out of another (过程拆分): the chosen reports move to it.

    What a chosen report replaced moves with it: the old figure would stand again beside the new one.
    The register rows of areas whose reports all moved go along.

    Raises
    ------
    Problem
        403.1/404.1 without the right; 409.2 unless it is open; 400.2 without a name, or
        where none of the reports is this event's.
    """
    require(by, "event.change", event.area_code)
    (event,) = _locked(event)
    chosen = Report.objects.filter(event=event, pk__in=_with_replaced(set(reports), event))
    errors = {}
    if not name.strip():
        errors["name"] = FieldError(NEEDS_NAME)
    if not chosen.exists():
        errors["reports"] = FieldError(NOTHING_CHOSEN)
    if errors:
        raise problems.BAD_FIELDS(errors)
    fresh = Event.objects.create(
        name=name.strip(),
        hazard=hazard or event.hazard,
        area_code=event.area_code,
        started_at=event.started_at,
        origin=Event.Origin.SPLIT,
    )
    _tell_event("event.split", fresh, by=by, now=now)
    areas = sorted(set(chosen.values_list("area_id", flat=True)))
    _move(chosen, fresh, Move.Cause.SPLIT, by=by, now=now)
    registers.move(event, fresh, _all_gone(event, areas), by=by, now=now)
    return fresh


@transaction.atomic
def assign_reports(reports: Sequence[UUID], event: Event, *, by: Rights, now: datetime) -> list[UUID]:
    """Put reports that stand in no event into one (归入过程).

    Raises
    ------
    Problem
        403.1/404.1 without the right; 409.2 unless it is open; 400.2 where nothing is chosen
        or a report lies outside the event's area.
    """
    require(by, "event.change", event.area_code)
    (event,) = _locked(event)
    chosen = Report.objects.filter(event__isnull=True, pk__in=list(reports))
    areas = set(chosen.values_list("area_id", flat=True))
    if not areas:
        raise problems.BAD_FIELDS({"reports": FieldError(NOTHING_CHOSEN)})
    if any(not area.startswith(prefix_of(event.area_code)) for area in areas):
        raise problems.BAD_FIELDS({"reports": FieldError(ELSEWHERE)})
    series = chosen.values_list("series", flat=True)
    # The whole chain of corrections goes along.
    whole = Report.objects.filter(event__isnull=True, series__in=list(series))
    return _move(whole, event, Move.Cause.ASSIGNED, by=by, now=now)


def _with_replaced(reports: set[UUID], event: Event) -> set[UUID]:
    """Give some reports of an event with all that they replaced there, directly or by another."""
    found, fresh = set(reports), set(reports)
    while fresh:
        older = Report.objects.filter(event=event, superseded_by__in=fresh).values_list("id", flat=True)
        fresh = set(older) - found
        found |= fresh
    return found


def _all_gone(event: Event, areas: Sequence[str]) -> list[str]:
    """Give those of the areas that have no report left in an event: their register rows go along."""
    left = set(Report.objects.filter(event=event, area_id__in=areas).values_list("area_id", flat=True))
    return [area for area in areas if area not in left]


def _locked(*events: Event) -> list[Event]:
    """Lock events that have to be open."""
    settled = _held(*events)
    for event in settled:
        if not event.is_open:
            raise problems.NOT_OPEN(number=event.name)
    return settled


def _held(*events: Event) -> list[Event]:
    """Lock events in one order, so that two merges never wait for each other in a ring."""
    rows = Event.objects.select_for_update().filter(pk__in=[event.pk for event in events]).order_by("pk")
    found = {event.pk: event for event in rows}
    return [found[event.pk] for event in events]


def _move(chosen: Any, to: Event, cause: str, *, by: Rights, now: datetime) -> list[UUID]:
    """Move reports, whole series at a time; give the ids of all that moved, oldest first."""
    series = set(chosen.values_list("series", flat=True))
    areas = set(chosen.values_list("area_id", flat=True))
    lock_series([*series, *(uuid5(to.id, area) for area in areas)])
    rows = list(chosen.order_by("serial"))
    Move.objects.bulk_create(
        Move(
            report=row,
            at=now,
            cause=cause,
            from_event_id=row.event_id,
            from_series=row.series,
            to_event=to,
            to_series=uuid5(to.id, row.area_id),
            by_name=by.name,
        )
        for row in rows
    )
    for row in rows:
        row.event, row.series = to, uuid5(to.id, row.area_id)
    Report.objects.bulk_update(rows, ["event", "series"], batch_size=500)
    to_series = {row.series for row in rows}
    changed = {row.id for row in rows} | _reinstate(series | to_series) | _uncross(series) | _cross(to_series)
    _tell_reports(sorted(changed), by=by, now=now)
    return [row.id for row in rows]


def _reinstate(series: Iterable[UUID]) -> set[UUID]:
    """Let versions stand again whose newer version is in another series now."""
    old = Report.objects.filter(series__in=list(series), superseded_by__isnull=False)
    newer = dict(
        Report.objects.filter(pk__in=old.values_list("superseded_by", flat=True)).values_list("id", "series")
    )
    alone = {row.id for row in old if row.superseded_by and newer[row.superseded_by] != row.series}
    Report.objects.filter(pk__in=alone).update(superseded_by=None)
    return alone


def _cross(series: Iterable[UUID]) -> set[UUID]:
    """Mark the newest of several visible versions as crossing the one before it."""
    visible: dict[UUID, list[Report]] = {}
    rows = Report.objects.filter(series__in=list(series), superseded_by__isnull=True).exclude(
        state="returned"
    )
    for row in rows.order_by("serial"):
        visible.setdefault(row.series, []).append(row)
    marked = set()
    for versions in visible.values():
        if len(versions) > 1 and versions[-1].crosses is None:
            versions[-1].crosses = versions[-2].id
            versions[-1].save(update_fields=["crosses"])
            marked.add(versions[-1].id)
    return marked


def _uncross(series: Iterable[UUID]) -> set[UUID]:
    """Take the mark off versions whose other side now stands in another series."""
    involved = Report.objects.filter(crosses__isnull=False)
    rows = involved.filter(Q(series__in=list(series)) | Q(moves__from_series__in=list(series))).distinct()
    others: dict[UUID | None, UUID] = dict(
        Report.objects.filter(pk__in=[row.crosses for row in rows]).values_list("id", "series")
    )
    parted = {row.id for row in rows if others.get(row.crosses) != row.series}
    Report.objects.filter(pk__in=parted).update(crosses=None)
    return parted


def _tell_event(verb: str, event: Event, *, by: Rights, now: datetime) -> None:
    append.one(
        verb,
        object_kind="event",
        object_id=str(event.id),
        area_code=event.area_code,
        put=[view(event)],
        by=by,
        at=now,
        downward=True,
    )


def _tell_reports(ids: Sequence[UUID], *, by: Rights, now: datetime) -> None:
    append.many(
        [
            Row(
                verb="report.moved",
                object_kind="report",
                object_id=str(shown.id),
                area_code=shown.area,
                at=now,
                put=images([shown]),
                actor_id=by.person_id,
                actor=by.name,
            )
            for shown in views("report.id = ANY(%s)", [list(ids)])
        ]
    )


def reports_of(event: Event, areas: Iterable[str]) -> list[UUID]:
    """Give all versions that some areas (12-digit codes, with all below) filed in an event."""
    inside = Q(pk__in=[])
    for area in areas:
        inside |= Q(area__code__startswith=prefix_of(area))
    return list(Report.objects.filter(inside, event=event).order_by("serial").values_list("id", flat=True))
