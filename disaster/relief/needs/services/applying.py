"""An application: applied for or nominated, and amended while it is in the village's hands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.needs import batch, checks, evidence, marks, standards
from disaster.relief.needs.entries import ApplicationEntry, HouseholdEntry
from disaster.relief.needs.marks import Mark
from disaster.relief.needs.models import Application, Household, Programme
from disaster.relief.needs.services import households
from disaster.relief.needs.services.households import refuse
from disaster.relief.needs.states import APPLIED, ASSESSED, OBJECTED, OVER, VERIFIED
from disaster.rules import book
from gis.scope import prefix_of

NO_FINDING = Words("须写明入户所见,最多 {limit} 字", "Write what was found, in {limit} characters at most")
AMENDED_IN = (APPLIED, VERIFIED, ASSESSED, OBJECTED)
"""States in which the village still changes what it asks for."""


@transaction.atomic
def apply(
    application_id: UUID,
    *,
    programme: UUID,
    household: UUID,
    entry: ApplicationEntry,
    by: Rights,
    now: datetime,
) -> Application:
    """Apply for a household, or nominate it (申请、提名); the id is the writer's own, a repeat is the same.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 with the fields; 409.22 if the programme is closed; 409.23 if the
        household is helped for the same need already; 409.26 if it is no longer here.
    """
    home = Household.objects.select_for_update().filter(pk=household).first()
    if home is None:
        raise problems.NOT_FOUND()
    require(by, "need.village", str(home.area_id))
    known: Application | None = Application.objects.filter(pk=application_id).first()
    if known is not None:
        if (known.household_id, known.programme_id) != (household, programme):
            raise problems.ID_REUSED()
        return known
    found = _programme(programme, str(home.area_id))
    if home.state != Household.State.LIVING:
        raise problems.HOUSEHOLD_GONE(state=home.get_state_display())
    on = now.astimezone(book.BEIJING).date()
    limit = standards.limit_fen(found, on=on) // standards.FEN
    refuse(checks.application_errors(entry, members=home.members, limit_yuan=limit))
    row = new(application_id, found, home, entry, number=numbers(found, 1)[0], now=now)
    for finding in evidence.against([row], on=on)[row.pk]:
        if finding.check == "double" and finding.problem:
            raise finding.problem
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "household_once_a_programme" not in str(error):
            raise
        raise problems.DOUBLE_PAY(programme=found.name, number="") from None
    marks.note("apply", "need.applied", [Mark(row, "")], by=by, now=now)
    return row


@transaction.atomic
def enter_and_apply(
    household_id: UUID,
    home: HouseholdEntry,
    *,
    application_id: UUID,
    programme: UUID,
    entry: ApplicationEntry,
    by: Rights,
    now: datetime,
) -> Application:
    """Put a household on the register and apply for it: both, or neither; all errors of both are named at once.

    Raises
    ------
    Problem
        As for :func:`disaster.relief.needs.services.enter` and :func:`apply`.
    """
    require(by, "need.village", home.area)
    found = _programme(programme, home.area)
    on = now.astimezone(book.BEIJING).date()
    limit = standards.limit_fen(found, on=on) // standards.FEN
    errors = checks.application_errors(entry, members=home.members, limit_yuan=limit)
    refuse(checks.household_errors(home) | households.village_error(home.area) | errors)
    households.enter(household_id, home, by=by, now=now)
    return apply(application_id, programme=programme, household=household_id, entry=entry, by=by, now=now)


@transaction.atomic
def visit(application_id: UUID, finding: str, *, by: Rights, now: datetime) -> Application:
    """Note what the township found at a household (入户抽查); the state stays.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without a finding; 409.2 if the application is over.
    """
    rows = batch.locked([application_id])
    if not rows:
        raise problems.NOT_FOUND()
    row = rows[0]
    require(by, "need.pass", str(row.area_id))
    if not finding.strip() or len(finding.strip()) > marks.WHY_KEPT:
        refuse({"why": FieldError(NO_FINDING, {"limit": marks.WHY_KEPT})})
    if row.state in OVER:
        raise problems.NOT_OPEN(number=row.number)
    marks.note("visit", "need.inspected", [Mark(row, row.state, finding)], by=by, now=now)
    return row


@transaction.atomic
def amend(
    application_id: UUID, entry: ApplicationEntry, *, version: int, by: Rights, now: datetime
) -> Application:
    """Change what an application asks for, while it is in the village's hands (修改申请).

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.2 once it is posted or submitted; 409.5 if somebody changed
        it since ``version``.
    """
    rows = batch.locked([application_id])
    if not rows:
        raise problems.NOT_FOUND()
    row = rows[0]
    require(by, "need.village", str(row.area_id))
    if row.state not in AMENDED_IN:
        raise problems.NOT_OPEN(number=row.number)
    if row.version != version:
        last = row.steps.order_by("-id").first()
        raise problems.CHANGED_MEANWHILE(name=last.by_name if last else "")
    limit = standards.limit_fen(row.programme, on=now.astimezone(book.BEIJING).date()) // standards.FEN
    refuse(checks.application_errors(entry, members=row.household.members, limit_yuan=limit))
    fill(row, entry, now=now)
    row.version, row.changed_at = row.version + 1, now
    row.save()
    marks.note("amend", "need.amended", [Mark(row, row.state)], by=by, now=now)
    return row


def new(
    application_id: UUID,
    programme: Programme,
    household: Household,
    entry: ApplicationEntry,
    *,
    number: str,
    now: datetime,
) -> Application:
    """Make an application of an entry that has no errors; the caller saves it."""
    row = Application(
        pk=application_id,
        number=number,
        programme=programme,
        household=household,
        area_id=household.area_id,
        applied_at=now,
        changed_at=now,
    )
    fill(row, entry, now=now)
    return row


def fill(row: Application, entry: ApplicationEntry, *, now: datetime) -> None:
    """Put an entry's figures into an application."""
    for name in ("origin", "persons", "grain_kg", "clothing"):
        setattr(row, name, getattr(entry, name))
    for name in ("heating_yuan", "medical_yuan", "water_yuan", "other_yuan"):
        setattr(row, name, getattr(entry, name))
    row.months = sorted(set(entry.months))
    row.hardships = list(dict.fromkeys(entry.hardships))
    row.over_limit_why, row.remarks = entry.over_limit_why.strip(), entry.remarks.strip()
    on = now.astimezone(book.BEIJING).date()
    by_rule = standards.is_key(row.household.types, row.hardships, on=on, area=str(row.area_id))
    row.is_key = by_rule if entry.is_key is None else entry.is_key


def numbers(programme: Programme, many: int) -> list[str]:
    """Give the next application numbers of a programme, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('need_application_number') FROM generate_series(1, %s)", [many])
        return [f"{programme.number}-{serial:06d}" for (serial,) in cursor.fetchall()]


def _programme(programme_id: UUID, area: str) -> Programme:
    found: Programme | None = Programme.objects.filter(pk=programme_id).first()
    if found is None or not area.startswith(prefix_of(str(found.area_id))):
        raise problems.NOT_FOUND()
    if found.closed_at:
        raise problems.PROGRAMME_CLOSED(name=found.name)
    return found
