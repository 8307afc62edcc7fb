"""The two verbs on forms: handing one out, and taking a filled one back as 续报."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, cast
from uuid import UUID, uuid4, uuid5

import msgspec
from django.db import transaction
from openpyxl import load_workbook

from disaster import problems
from disaster.events.models import Event
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Problem, Words
from disaster.reports import rollup
from disaster.reports.forms import fast_check, gather, persons, persons_import
from disaster.reports.forms.formulas import TooMuch
from disaster.reports.forms.guard import TOO_BIG, Limits, Refused, grid, meta, open_book
from disaster.reports.forms.read import WRONG_FORM, Parsed, Row, read_workbook
from disaster.reports.forms.sheet import COLUMNS, HEAD_ROWS, VERSION, Form
from disaster.reports.forms.write import BASES, workbook
from disaster.reports.locks import lock_series
from disaster.reports.messages import Proxy, Report, ReportStored
from disaster.reports.models import Report as Stored
from disaster.reports.rollup import Basis, Standing
from disaster.reports.services import Submission, submit_many
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope

UNKNOWN_AREA = Words("没有代码为 {code} 的单位,或不在您的辖区", "There is no unit {code} in your area")
WRONG_LEVEL = Words("{name} 的类别填错", "{name} is of another kind")
NEWER = Words(
    "{name} 在导出后已有新报告 {number},请重新导出后再改",
    "{name} has a newer report, {number}, since the export; export anew before changing it",
)
SEVERAL = Words(
    "{name} 的数字来自多份报告,不能在表中修改",
    "{name} rests on several reports; it can't be changed in the form",
)
EMPTIED = Words(
    "{name} 的数字被全部清空;没有灾情请填 0", "All figures of {name} were cleared; enter 0 for none"
)
ALTERED = Words(
    "所据报告的编号与单位不符,请重新导出", "The report's id belongs to another unit; export the form anew"
)
NOT_A_CUTOFF = Words("截止时间不对", "This is no cutoff")
YEARS = range(1949, 2200)
_KEYS = frozenset(one.key for one in COLUMNS)


class Imported(NamedTuple):
    """What an import did: the numbers of the reports filed, and how many lines were as before."""

    numbers: list[str]
    unchanged: int


@transaction.atomic
def export(
    form: Form, *, event_id: UUID, cutoff: datetime, basis: Basis, by: Rights, now: datetime
) -> tuple[str, bytes]:
    """Write a form as a workbook, and put it on record; gives its file name and bytes.

    Raises
    ------
    Problem
        403.1 if the reader may export nothing, 400.2 if the event is none of theirs.
    """
    scope = by.where("form.export")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    event = gather.event_of(event_id, scope)
    found = gather.material(form, event=event, cutoff=cutoff, basis=basis, scope=scope, by=by, now=now)
    data = workbook(found)
    _record("form.exported", form, event_id, event.area_code, by, now)
    local = cutoff.astimezone(book.BEIJING)
    title = "快报表" if form == "fast" else "分乡镇表"
    return f"{event.name}-{title}-{local:%Y%m%d%H%M}.xlsx", data


def export_registers(*, event_id: UUID, by: Rights, now: datetime) -> tuple[str, bytes]:
    """Write 应急统表8 and 9 of an event, masked, and put it on record; gives file name and bytes.

    Raises
    ------
    Problem
        403.1 if the reader may not see registers or export forms, 400.2 if the event is none of theirs.
    """
    if not by.where("register.see").prefixes:
        raise problems.NOT_ALLOWED()
    event = gather.event_of(event_id, by.where("register.see"))
    local = now.astimezone(book.BEIJING)
    return f"{event.name}-台账-{local:%Y%m%d%H%M}.xlsx", persons.export(event, by=by, now=now)


def _record(verb: str, form: str, event_id: UUID, area: str, by: Rights, now: datetime) -> None:
    append.one(
        verb, object_kind=f"form.{form}", object_id=str(event_id), area_code=area, put=[], by=by, at=now
    )


class Taken(NamedTuple):
    """What became of a workbook: ``form`` says which it was, the rest what was done with it."""

    form: str
    numbers: Sequence[str] = ()
    entered: int = 0
    changed: int = 0
    unchanged: int = 0


def import_form(data: bytes, *, by: Rights, now: datetime) -> Taken:
    """Take back a workbook that was exported here, whichever it is: all of it or nothing.

    The 分乡镇表 files 续报, the registers enter and correct rows; the 快报表 is made of sums and
    is only held against the system.

    Raises
    ------
    Problem
        403.1 without the right; 400.2 with every error under its cell.
    """
    if not (by.where("form.import").prefixes or by.where("register.write").prefixes):
        raise problems.NOT_ALLOWED()
    try:
        opened = open_book(data, limits())
        said = meta(opened)
        if said.get("version") == VERSION and said.get("form") in ("registers", "fast"):
            event = gather.event_of(_uuid(said.get("event", "")), by.where("form.import"))
            if said["form"] == "registers":
                return Taken("registers", **_registers(opened, event, by, now)._asdict())
            return _held(data, said, event, by, now)
    except Refused as refused:
        raise problems.BAD_FIELDS({"file": FieldError(refused.words)}) from None
    done = import_followups(data, by=by, now=now)
    return Taken("detail", numbers=done.numbers, unchanged=done.unchanged)


def _registers(opened: Any, event: Event, by: Rights, now: datetime) -> persons_import.Done:
    return persons_import.import_registers(opened, event, limits=limits(), by=by, now=now)


def _held(data: bytes, said: Mapping[str, str], event: Event, by: Rights, now: datetime) -> Taken:
    """Hold a 快报表 against the system at its own cutoff."""
    scope, basis = by.where("form.import"), said.get("basis", "")
    try:
        cutoff = datetime.fromisoformat(said.get("cutoff", ""))
    except ValueError:
        raise Refused(WRONG_FORM) from None
    if basis not in BASES or cutoff.tzinfo is None or cutoff.year not in YEARS:
        raise Refused(WRONG_FORM)
    known = gather.material(
        "fast", event=event, cutoff=cutoff, basis=cast(Basis, basis), scope=scope, by=by, now=now
    )
    try:
        book_in = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        typed = grid(book_in[book_in.sheetnames[0]], limits().rows + HEAD_ROWS, len(COLUMNS) + 40)
        errors = fast_check.differences(typed, known)
    except TooMuch:
        raise Refused(TOO_BIG) from None
    if errors:
        raise problems.BAD_FIELDS(errors)
    return Taken("fast", unchanged=len(known.lines))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused(WRONG_FORM) from None


def import_followups(data: bytes, *, by: Rights, now: datetime) -> Imported:
    """File each changed line of a detailed form as a 续报 (代报, from paper): all of them or none.

    Raises
    ------
    Problem
        403.1 if the reader may import nothing; 400.2 with every error under its cell.
    """
    scope = by.where("form.import")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    parsed = read_workbook(data, limits())
    if parsed.errors or parsed.event is None:
        raise problems.BAD_FIELDS(parsed.errors)
    event = gather.event_of(parsed.event, scope)
    with transaction.atomic():
        rows = [row for row in parsed.rows if row.level != "total"]
        changes, unchanged = _changes(rows, parsed, scope, now)
        reports = [_report(row, base, event.hazard, event.started_at, parsed, now) for row, base in changes]
        receipts = _file(reports, [row for row, _base in changes], by, now)
        if receipts:
            _record("form.imported", "detail", parsed.event, event.area_code, by, now)
    return Imported([receipt.number for receipt in receipts], unchanged)


def limits() -> Limits:
    """Give how large an imported workbook may be."""
    return Limits(*(book.value(f"form.import.{name}") for name in ("bytes", "unpacked", "rows")))


def _changes(
    rows: list[Row], parsed: Parsed, scope: AreaScope, now: datetime
) -> tuple[list[tuple[Row, Stored | None]], int]:
    """Pick the lines that differ from the report they rest on, and refuse what has moved on since."""
    assert parsed.event is not None  # noqa: S101 - the caller looked
    areas = {
        area.code: area for area in Area.objects.within(scope).filter(code__in=[row.code for row in rows])
    }
    bases = Stored.objects.in_bulk([row.base for row in rows if row.base])
    # What is about to be changed must not move on between looking and filing.
    lock_series(
        uuid5(parsed.event, row.code)
        for row in rows
        if row.code in areas
        and row.figures != _statutory(bases[row.base].figures if row.base in bases else {})
    )
    standing: dict[str, list[Standing]] = {}
    for one in rollup.standing(event=parsed.event, cutoff=now, scope=scope):
        standing.setdefault(one.area, []).append(one)
    errors: dict[str, FieldError] = {}
    changed: list[tuple[Row, Stored | None]] = []
    for row in rows:
        area = areas.get(row.code)
        base = bases.get(row.base) if row.base else None
        where = f"B{row.row}"
        if area is None:
            errors[f"A{row.row}"] = FieldError(UNKNOWN_AREA, {"code": row.code})
        elif (area.level == "village") != (row.level == "village"):
            errors[where] = FieldError(WRONG_LEVEL, {"name": area.name})
        elif row.base and (base is None or base.area_id != row.code or base.event_id != parsed.event):
            errors[where] = FieldError(ALTERED)
        elif _differs(row, base, standing.get(row.code, [])):
            if refusal := _refusal(row, area, base, standing.get(row.code, [])):
                errors[where] = refusal
            changed.append((row, base))
    if errors:
        raise problems.BAD_FIELDS(errors)
    return changed, len(rows) - len(changed)


def _differs(row: Row, base: Stored | None, now: list[Standing]) -> bool:
    if base is not None:
        return row.figures != _statutory(base.figures)
    several: dict[str, Decimal] = {}
    if len(now) > 1:
        for one in now:
            rollup.add_to(several, one.figures)
    return row.figures != _statutory(several)


def _statutory(figures: Mapping[str, object]) -> dict[str, Decimal]:
    return {key: Decimal(str(value)) for key, value in figures.items() if key in _KEYS}


def _refusal(row: Row, area: Area, base: Stored | None, now: list[Standing]) -> FieldError | None:
    if len(now) > 1:
        return FieldError(SEVERAL, {"name": area.name})
    if not row.figures:
        return FieldError(EMPTIED, {"name": area.name})
    if now and (base is None or now[0].id != base.id):
        number = Stored.objects.values_list("number", flat=True).get(id=now[0].id)
        return FieldError(NEWER, {"name": area.name, "number": number})
    return None


def _report(
    row: Row, base: Stored | None, hazard: str, started_at: datetime, parsed: Parsed, now: datetime
) -> Report:
    kept = {k: Decimal(str(v)) for k, v in base.figures.items() if k not in _KEYS} if base else {}
    return Report(
        id=uuid4(),
        area=row.code,
        kind="followup" if base else "first",
        hazard=base.hazard if base else hazard,
        occurred_at=base.occurred_at if base else started_at,
        submitted_at=now,
        event=parsed.event,
        corrects=base.id if base else None,
        # What the form has no column for (四断, 受困) stands as it was.
        figures={**row.figures, **kept},
        text=row.note,
        proxy=Proxy(why="paper"),
    )


def _file(reports: list[Report], rows: list[Row], by: Rights, now: datetime) -> list[ReportStored]:
    """Submit all or none. What the soft checks doubt is answered by the line's 校核说明."""
    if not reports:
        return []
    for report in reports:
        require(by, "form.import", report.area)
    try:
        with transaction.atomic():
            return _all(submit_many([Submission(one, by, now, now) for one in reports]))
    except _Some as some:
        answered = [
            _answered(one, row, told) for one, row, told in zip(reports, rows, some.outcomes, strict=True)
        ]
        if not any(answered) or _unanswered(some.outcomes, answered):
            raise problems.BAD_FIELDS(_by_cell(rows, some.outcomes)) from None
    again = [new or old for new, old in zip(answered, reports, strict=True)]
    try:
        with transaction.atomic():
            return _all(submit_many([Submission(one, by, now, now) for one in again]))
    except _Some as some:
        raise problems.BAD_FIELDS(_by_cell(rows, some.outcomes)) from None


class _Some(Exception):  # noqa: N818 - undoes the transaction
    def __init__(self, outcomes: list[ReportStored | Problem]) -> None:
        self.outcomes = outcomes


def _all(outcomes: list[ReportStored | Problem]) -> list[ReportStored]:
    stored = [one for one in outcomes if isinstance(one, ReportStored)]
    if len(stored) < len(outcomes):
        raise _Some(outcomes)
    return stored


def _answered(report: Report, row: Row, told: ReportStored | Problem) -> Report | None:
    """Answer soft doubts by the line's note; None where there is nothing to answer, or no answer."""
    if not isinstance(told, Problem) or told.kind is not problems.NEEDS_NOTE or not row.note:
        return None
    notes = {error.check: row.note for error in told.errors.values()}
    return msgspec.structs.replace(report, notes=notes)


def _unanswered(outcomes: list[ReportStored | Problem], answered: Iterable[Report | None]) -> bool:
    return any(
        isinstance(told, Problem) and new is None for told, new in zip(outcomes, answered, strict=True)
    )


def _by_cell(rows: list[Row], outcomes: list[ReportStored | Problem]) -> dict[str, FieldError]:
    """Put each refusal under the cell it is about; what has no cell of its own under the unit's name."""
    errors: dict[str, FieldError] = {}
    for row, told in zip(rows, outcomes, strict=True):
        if not isinstance(told, Problem):
            continue
        for path, error in told.errors.items():
            cell = row.cells.get(path.removeprefix("figures."), f"B{row.row}")
            errors.setdefault(cell, error)
        if not told.errors:
            errors.setdefault(f"B{row.row}", FieldError(told.kind.words, told.params))
    return errors


def in_beijing(moment: datetime) -> datetime:
    """Read a moment without an offset as Beijing time, the one clock of the reporting system.

    Raises
    ------
    Problem
        400.2 for a moment no report can be of; at the calendar's ends it can't even be reckoned with.
    """
    if moment.year not in YEARS:
        raise problems.BAD_FIELDS({"cutoff": FieldError(NOT_A_CUTOFF)})
    return moment if moment.tzinfo else moment.replace(tzinfo=book.BEIJING)
