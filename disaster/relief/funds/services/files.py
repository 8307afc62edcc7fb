"""Taking the bank's file: it holds whole card numbers, so whoever takes it says why, and it is kept who did."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.relief.funds import bank, vouchers
from disaster.relief.funds.bankfile import as_csv, as_xlsx
from disaster.relief.funds.models import Download, PayBatch
from disaster.relief.funds.services.batches import locked

UNKNOWN_FORMAT = Words("格式须为 csv 或 xlsx", "The format is csv or xlsx")
_WRITE = {"csv": as_csv, "xlsx": as_xlsx}


class Taken(NamedTuple):
    """A file with its name."""

    name: str
    data: bytes


@transaction.atomic
def take_file(batch_id: UUID, *, kind: str, why: str, by: Rights, now: datetime) -> Taken:
    """Give the bank's file of a released batch as ``csv`` or ``xlsx``.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 for another format, or without a reason; 409.2 before it is released.
    """
    batch = locked(batch_id, *PayBatch.SENT, verb="fund.write", by=by)
    if kind not in _WRITE:
        raise problems.BAD_FIELDS({"kind": FieldError(UNKNOWN_FORMAT)})
    said = vouchers.needs_reason(why, "why")
    data = _WRITE[kind](bank.file_of(batch))
    Download.objects.create(batch=batch, kind=kind, why=said, at=now, by_id=by.person_id, by_name=by.name)
    vouchers.tell("fund.file_taken", "paybatch", batch.pk, str(batch.area_id), by, now)
    return Taken(f"{batch.number}.{kind}", data)
