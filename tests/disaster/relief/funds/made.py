"""Quotas, approved households and payments for tests."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from disaster.people.models import Person, Posting
from disaster.people.scope import Rights, rights_of
from disaster.problems import Problem
from disaster.relief.funds import services
from disaster.relief.funds.bank import file_of
from disaster.relief.funds.bankfile.layout import CHECK, COLUMNS, RESULT, WHY
from disaster.relief.funds.checks import Coming
from disaster.relief.funds.models import Account, Balance, PayBatch, PayLine, Quota
from disaster.relief.needs.models import Application, Grant, Household, Programme
from tests.world import COUNTY, JIA, PASSWORD, World

YUAN = 100
"""Fen in a yuan."""


def a_programme(kind: str = "DC", area: str = COUNTY, **fields: Any) -> Programme:
    now = timezone.now()
    values = {
        "number": f"{kind}{uuid.uuid4().hex[:6]}",
        "name": "2026—2027年度冬春救助",
        "kind": kind,
        "area_id": area,
        "starts_on": date(2026, 12, 1),
        "ends_on": date(2027, 5, 31),
        "opened_at": now,
        "opened_by": "市局",
    }
    return Programme.objects.create(**{**values, **fields})


def granted(
    programme: Programme, fen: int = 130 * YUAN, area: str = JIA, card: str | None = None, **fields: Any
) -> Application:
    """A household whose application was approved with so much money."""
    now, mark = timezone.now(), uuid.uuid4().hex[:8]
    household = Household(
        area_id=area,
        name=fields.pop("name", "王五"),
        members=3,
        bank="潜山农商行",
        entered_at=now,
        entered_by="甲一",
        changed_at=now,
    )
    household.card = f"62170000{int(mark, 16):011d}" if card is None else card
    household.save()
    application = Application.objects.create(
        number=f"DC{mark}",
        programme=programme,
        household=household,
        area_id=area,
        persons=3,
        applied_at=now,
        changed_at=now,
        **{"state": "approved", **fields},
    )
    Grant.objects.create(application=application, quantity=fen, decided_at=now, decided_by="市局")
    return application


def a_quota(world: World, fen: int = 1000 * YUAN, account: str = "bureau", **fields: Any) -> Quota:
    values = {
        "number": f"财建〔2026〕{uuid.uuid4().hex[:6]}号",
        "source": "central",
        "purpose": "DC",
        "area": COUNTY,
        "amount": fen,
        "received_on": timezone.localdate() - timedelta(days=3),
    }
    coming = Coming(**{**values, **fields})
    return services.enter_quota(uuid.uuid4(), coming, by=world.rights(account), now=timezone.now())


def second(name: str = "二局") -> Rights:
    """Another coordinator of the county: who makes a batch never releases it."""
    person, made = Person.objects.get_or_create(username="bureau_two", defaults={"name": name})
    if made:
        person.set_password(PASSWORD)
        person.save()
        Posting.objects.create(person=person, role="coordinator", area_id=COUNTY, valid_from=date(2020, 1, 1))
    return rights_of(person, on=timezone.localdate())


def made(world: World, programme: Programme, *quotas: Quota, **fields: Any) -> PayBatch:
    values = {"villages": [COUNTY], "quotas": [quota.pk for quota in quotas], "programme": programme.pk}
    return services.make_batch(
        uuid.uuid4(), **{**values, **fields}, by=world.rights("bureau"), now=timezone.now()
    )


def released(world: World, programme: Programme, *quotas: Quota, **fields: Any) -> PayBatch:
    batch = made(world, programme, *quotas, **fields)
    return services.release(batch.pk, by=second(), now=timezone.now())


def answer_rows(batch: PayBatch, refused: Sequence[str] = ()) -> list[list[str]]:
    """What an honest bank sends back: our file with a result in each line; ``refused`` are application numbers."""
    it = file_of(batch)
    rows = it.rows
    rows[1] = [*COLUMNS, RESULT, WHY]
    for row in rows[2:-1]:
        row += ["失败", "账户状态异常"] if row[1] in refused else ["成功", ""]
    return [*rows, [CHECK, it.check_sum]]


def answer(batch: PayBatch, refused: Sequence[str] = (), encoding: str = "utf-8-sig") -> bytes:
    return as_lines(answer_rows(batch, refused), encoding)


def as_lines(rows: Sequence[Sequence[str]], encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


def answered(world: World, batch: PayBatch, refused: Sequence[str] = ()) -> services.Answered:
    data = answer(batch, refused)
    return services.read_answer(batch.pk, data, by=world.rights("bureau"), now=timezone.now())


def held(kind: Account.Kind, quota: Quota | None = None) -> int:
    """How many fen all accounts of a kind have, of one quota or of all."""
    rows = Balance.objects.filter(account__kind=kind)
    return sum(row.amount for row in (rows.filter(quota=quota) if quota else rows))


def lines(batch: PayBatch) -> list[PayLine]:
    return list(batch.lines.select_related("application"))


def refused(act: Callable[[], Any]) -> Problem:
    with pytest.raises(Problem) as caught:
        act()
    return caught.value


def number(act: Callable[[], Any]) -> str:
    return refused(act).kind.number
