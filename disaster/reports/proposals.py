"""Possible events among reports that stand in none: near in space and time, of one main hazard.

PostGIS clusters the positions (DBSCAN, in metres of EPSG:4548); each cluster is cut where
the occurrences leave a gap. A person confirms or dismisses; the same reports are not
proposed again, unless their number has grown by the rule ``proposal.grow``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from disaster import problems
from disaster.events import services as events
from disaster.events.models import Event, Proposal
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.reports.models import Report
from disaster.reports.services.moves import assign_reports
from disaster.rules import book
from gis.scope import AreaScope, pad


class Found(NamedTuple):
    """One cluster: its main hazard, its county, and its reports by time of occurrence."""

    hazard: str
    county: str
    reports: tuple[UUID, ...]
    first_at: datetime
    last_at: datetime


# A report without a position stands at its village's point.
_CLUSTERS = """
    SELECT hazard, county, cluster, id, occurred_at FROM (
        SELECT report.id, split_part(report.hazard, '.', 1) AS hazard, left(report.area_code, 6) || '000000' AS county,
               report.occurred_at,
               ST_ClusterDBSCAN(ST_Transform(coalesce(report.point, area.point), 4548), %s, %s)
                   OVER (PARTITION BY split_part(report.hazard, '.', 1), left(report.area_code, 6)) AS cluster
          FROM reports_report report JOIN places_area area ON area.code = report.area_code
         WHERE report.event_id IS NULL AND report.superseded_by IS NULL AND report.state <> 'returned'
           AND report.kind <> 'zero' AND report.occurred_at >= %s AND report.occurred_at <= %s
           AND coalesce(report.point, area.point) IS NOT NULL AND {covered}) placed
     WHERE cluster IS NOT NULL
     ORDER BY hazard, county, cluster, occurred_at, id
"""


def clusters(*, scope: AreaScope, now: datetime) -> list[Found]:
    """Find the clusters of a scope, by one statement."""
    covered, params = scope.covers_sql("report.area_code")
    metres, least = float(book.value("proposal.km")) * 1000, book.value("proposal.reports")
    since = now - timedelta(days=book.value("proposal.days"))
    with connection.cursor() as cursor:
        cursor.execute(_CLUSTERS.format(covered=covered), [metres, least, since, now, *params])
        rows = cursor.fetchall()
    grouped: dict[tuple[str, str, int], list[tuple[UUID, datetime]]] = {}
    for hazard, county, cluster, report, occurred_at in rows:
        grouped.setdefault((hazard, county, cluster), []).append((report, occurred_at))
    gap = timedelta(hours=book.value("proposal.hours"))
    return [
        Found(hazard, county, tuple(report for report, _ in part), part[0][1], part[-1][1])
        for (hazard, county, _), members in grouped.items()
        for part in _by_gaps(members, gap)
        if len(part) >= least
    ]


def _by_gaps(members: list[tuple[UUID, datetime]], gap: timedelta) -> Iterator[list[tuple[UUID, datetime]]]:
    part: list[tuple[UUID, datetime]] = []
    for member in members:
        if part and member[1] - part[-1][1] > gap:
            yield part
            part = []
        part.append(member)
    yield part


def look(*, by: Rights, now: datetime) -> list[Proposal]:
    """Look for possible events in the areas where ``by`` may open one; give the new proposals."""
    return _look(by.where("event.open"), by=by, now=now)


def look_everywhere(*, now: datetime) -> list[Proposal]:
    """Look in all counties, as the server does by itself every few minutes."""
    counties = Report.objects.filter(event__isnull=True, superseded_by__isnull=True).exclude(state="returned")
    recent = counties.filter(occurred_at__gte=now - timedelta(days=book.value("proposal.days")))
    codes = {pad(area[:6]) for area in recent.values_list("area_id", flat=True).distinct()}
    return _look(AreaScope.of(codes), by=None, now=now) if codes else []


@transaction.atomic
def _look(scope: AreaScope, *, by: Rights | None, now: datetime) -> list[Proposal]:
    """Propose what is new; an open proposal that has grown is brought up to date, not made twice."""
    made = []
    for found in clusters(scope=scope, now=now):
        # One look at a time in a county: two at once would propose the same twice.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"propose {found.county}"])
        known = _known(found)
        if known is None:
            made.append(_propose(found, by=by, now=now))
        elif known.state == Proposal.State.OPEN and len(known.reports) < len(found.reports):
            known.reports = [str(one) for one in found.reports]
            known.first_at, known.last_at = found.first_at, found.last_at
            known.save(update_fields=["reports", "first_at", "last_at"])
    return made


def _known(found: Found) -> Proposal | None:
    """Give the proposal that covers a cluster already, if it still says enough."""
    grown = 1 + book.value("proposal.grow") / 100
    mine = _series(found.reports)
    for known in Proposal.objects.filter(area_code=found.county, hazard=found.hazard).order_by("-found_at"):
        theirs = _series(known.reports)
        if mine & theirs:
            dismissed = known.state == Proposal.State.DISMISSED
            return None if dismissed and len(mine) >= grown * len(theirs) else known
    return None


def _series(reports: Iterable[UUID | str]) -> set[UUID]:
    """Give the series of some reports: a newer version of a report is the same report here."""
    return set(Report.objects.filter(pk__in=list(reports)).values_list("series", flat=True))


def _propose(found: Found, *, by: Rights | None, now: datetime) -> Proposal:
    proposal = Proposal.objects.create(
        area_code=found.county,
        hazard=found.hazard,
        reports=[str(one) for one in found.reports],
        first_at=found.first_at,
        last_at=found.last_at,
        found_at=now,
    )
    _tell("event.proposed", proposal, by=by, now=now)
    return proposal


@transaction.atomic
def confirm(proposal_id: UUID, *, name: str, by: Rights, now: datetime) -> Event:
    """Open an event from a proposal, and put its reports into it.

    Raises
    ------
    Problem
        404.1/403.1 without the right; 409.2 if it was decided; 400.2 for a bad name.
    """
    proposal = _open(proposal_id, by)
    event = events.open_event(
        name=name,
        hazard=proposal.hazard,
        area_code=proposal.area_code,
        started_at=proposal.first_at,
        origin=Event.Origin.PROPOSED,
        by=by,
        now=now,
    )
    assign_reports([UUID(one) for one in proposal.reports], event, by=by, now=now)
    proposal.event = event
    _decide(proposal, Proposal.State.CONFIRMED, by=by, now=now)
    return event


@transaction.atomic
def dismiss(proposal_id: UUID, *, by: Rights, now: datetime) -> None:
    """Say that a proposal is no event (不予立项).

    Raises
    ------
    Problem
        404.1/403.1 without the right; 409.2 if it was decided.
    """
    proposal = _open(proposal_id, by)
    _decide(proposal, Proposal.State.DISMISSED, by=by, now=now)
    _tell("event.dismissed", proposal, by=by, now=now)


def _open(proposal_id: UUID, by: Rights) -> Proposal:
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if proposal is None:
        raise problems.NOT_FOUND()
    require(by, "event.open", proposal.area_code)
    if proposal.state != Proposal.State.OPEN:
        raise problems.NOT_OPEN(number=str(proposal))
    return proposal


def _decide(proposal: Proposal, state: str, *, by: Rights, now: datetime) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by.name, now
    proposal.save(update_fields=["state", "event", "decided_by", "decided_at"])


def _tell(verb: str, proposal: Proposal, *, by: Rights | None, now: datetime) -> None:
    append.one(
        verb,
        object_kind="proposal",
        object_id=str(proposal.id),
        area_code=proposal.area_code,
        put=[],
        by=by,
        at=now,
    )
