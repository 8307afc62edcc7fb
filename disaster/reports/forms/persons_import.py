"""Taking 应急统表8 and 9 back: new lines are entered, changed ones corrected; all of them or none.

A masked number left as it was exported is kept; a new one is written whole. A line that was
deleted from the sheet changes nothing: a row is withdrawn (注销) on its page, with a reason.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import pydantic
from django.db import transaction

from disaster import problems
from disaster.events.models import Event
from disaster.journal import append
from disaster.people import private
from disaster.people.scope import Rights
from disaster.problems import FieldError, Problem, Words
from disaster.registers import services, shown
from disaster.registers.entries import ENTRIES, Entry
from disaster.registers.models import MODELS, Casualty, DamagedHome
from disaster.reports.forms.guard import Limits
from disaster.reports.forms.persons_read import ALTERED, Line, read_lines
from gis.models import Area

Row = Casualty | DamagedHome
UNKNOWN_VILLAGE = Words(
    "{township} 没有 {village},或不在您的辖区", "There is no {village} in {township} in your area"
)
MASKED = Words(
    "含 * 的号码不能改;不变请保持原样,要改请填完整号码",
    "A masked number can't be changed; leave it as it was, or write the whole number",
)
UNREADABLE = Words("内容格式不对", "This can't be read")
CHANGED_SINCE = Words(
    "导出后已有人修改了这一行,请重新导出后再改", "Somebody changed this row since the export; export it anew"
)
WITHDRAWN = Words("这一行已注销", "This row was withdrawn")
_MASKS = {"identity": private.mask_identity, "phone": private.mask_phone}


class Done(NamedTuple):
    """How many rows were entered, how many corrected, how many were as before."""

    entered: int
    changed: int
    unchanged: int


def import_registers(opened: Any, event: Event, *, limits: Limits, by: Rights, now: datetime) -> Done:
    """Enter and correct rows as a workbook says: all of it or nothing.

    Raises
    ------
    Problem
        403.1 if the reader writes in no register; 400.2 with every error under its cell.
    """
    if not by.where("register.write").prefixes:
        raise problems.NOT_ALLOWED()
    lines, errors = read_lines(opened, limits)
    for line in lines:
        errors |= line.errors
    _refuse(errors)
    with transaction.atomic():
        job = _Import(event, lines, by, now)
        counts = [job.take(line) for line in lines]
        _refuse(job.errors)
        done = Done(counts.count("entered"), counts.count("changed"), counts.count("unchanged"))
        if done.entered or done.changed:
            append.one(
                "form.imported",
                object_kind="form.registers",
                object_id=str(event.id),
                area_code=event.area_code,
                put=[],
                by=by,
                at=now,
            )
    return done


def _refuse(errors: dict[str, FieldError]) -> None:
    if errors:
        raise problems.BAD_FIELDS(errors)


class _Import:
    """One import: what it knows, and the errors it met, each under its cell."""

    def __init__(self, event: Event, lines: list[Line], by: Rights, now: datetime) -> None:
        self.event, self.by, self.now = event, by, now
        self.errors: dict[str, FieldError] = {}
        self.villages = _villages(by)
        self.rows: dict[UUID, Row] = {}
        for kind, model in MODELS.items():
            wanted = [line.id for line in lines if line.kind == kind and line.id]
            self.rows |= model.objects.within(by.where("register.write")).in_bulk(wanted)

    def take(self, line: Line) -> str:
        """Enter or correct one line; a refusal is noted and undone alone."""
        row = self.rows.get(line.id) if line.id else None
        if line.id and (row is None or row.kind != line.kind or row.event_id != self.event.id):
            self.errors[line.cells["name"]] = FieldError(ALTERED)
            return "refused"
        try:
            with transaction.atomic():
                return self._correct(line, row) if row else self._enter(line)
        except Problem as told:
            self._note(line, told)
            return "refused"

    def _enter(self, line: Line) -> str:
        services.enter(line.kind, self._entry(line, self._values(line)), by=self.by, now=self.now)
        return "entered"

    def _correct(self, line: Line, row: Row) -> str:
        values = self._values(line, row)
        status = values.get("status", getattr(row, "status", ""))
        fields = _differing(values, row)
        if not fields and status == getattr(row, "status", ""):
            return "unchanged"
        if row.withdrawn_at is not None:
            raise problems.BAD_FIELDS({"name": FieldError(WITHDRAWN)})
        if line.version != row.version:
            raise problems.BAD_FIELDS({"name": FieldError(CHANGED_SINCE)})
        why = str(values.get("why", ""))
        if isinstance(row, Casualty) and status != row.status:
            changed = services.change_status(row.id, status=status, why=why, by=self.by, now=self.now)
            values["version"] = changed.version
        if fields:
            values.pop("status", None)
            services.change(line.kind, row.id, self._entry(line, values), by=self.by, now=self.now)
        return "changed"

    def _values(self, line: Line, row: Row | None = None) -> dict[str, Any]:
        """Give an entry's fields: what the form has no column for stands as it was."""
        values = {key: value for key, value in line.values.items() if value is not None}
        township, village = values.pop("township_name", ""), values.pop("area_name", "")
        code = self.villages.get((township, village))
        if code is None:
            words = {"township": township, "village": village}
            raise problems.BAD_FIELDS({"area_name": FieldError(UNKNOWN_VILLAGE, words)})
        values |= {"event": self.event.id, "area": code}
        for key, mask in _MASKS.items():
            self._private(values, key, mask(getattr(row, key)) if row else "")
        if "household_types" in values:
            values["household_types"] = _types(values["household_types"], row)
        if row is not None:
            values |= {"version": line.version}
            values |= {"photos": row.photos} if isinstance(row, DamagedHome) else {}
            values |= {"lon": row.point.x, "lat": row.point.y} if row.point else {}
        return values

    def _private(self, values: dict[str, Any], key: str, masked: str) -> None:
        told = str(values.get(key, ""))
        if told == masked:
            values[key] = None
        elif "*" in told:
            raise problems.BAD_FIELDS({key: FieldError(MASKED)})

    def _entry(self, line: Line, values: dict[str, Any]) -> Entry:
        try:
            return ENTRIES[line.kind].model_validate(values)
        except pydantic.ValidationError as error:
            wrong = error.errors(include_url=False, include_context=False, include_input=False)
        fields = {str(item["loc"][0]) if item["loc"] else "name": FieldError(UNREADABLE) for item in wrong}
        raise problems.BAD_FIELDS(fields)

    def _note(self, line: Line, told: Problem) -> None:
        """Put each refusal under the cell it is about; what has no cell of its own under the name."""
        for key, error in told.errors.items():
            self.errors.setdefault(line.cells.get(key, line.cells["name"]), error)
        if not told.errors:
            self.errors.setdefault(line.cells["name"], FieldError(told.kind.words, told.params))


def _villages(by: Rights) -> dict[tuple[str, str], str]:
    """Give the codes of the villages the reader writes for, by the names of township and village."""
    rows = Area.objects.within(by.where("register.write")).filter(level=Area.Level.VILLAGE)
    return {(up, name): code for code, name, up in rows.values_list("code", "name", "parent__name")}


def _types(key: str, row: Row | None) -> list[str]:
    """Read the form's one household type; the others of a row stay while the main one does."""
    if isinstance(row, DamagedHome) and key == shown.main_type(list(row.household_types)):
        return list(row.household_types)
    return [key] if key else []


def _differing(values: dict[str, Any], row: Row) -> list[str]:
    told = {key: values.get(key) for key in ("name", *shown.COMMON, *shown.FIELDS[row.kind])}
    told.pop("status", None)
    same = {key for key, value in told.items() if _same(value, getattr(row, key))}
    fields = [key for key in told if key not in same]
    fields += [key for key in _MASKS if values.get(key) is not None]
    return [*fields, "area"] if values["area"] != row.area_id else fields


def _same(told: Any, known: Any) -> bool:
    if isinstance(told, datetime) and isinstance(known, datetime):
        return told == known.replace(second=0, microsecond=0)  # the form tells times by the minute
    return bool(told == known) or (told is None and known in (None, "", [], False))
