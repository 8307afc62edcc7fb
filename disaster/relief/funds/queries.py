"""Questions about money: what stands where of each quota, and what makes up a figure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.relief.funds.models import Account, Balance, Entry, PayBatch, PayLine, Quota
from gis.models import Area
from gis.scope import AreaScope

FIGURES = ("received", "shifted", "free", "planned", "approved", "flight", "paid", "returned")
"""Whatever a quota's money can be: each figure opens into what makes it up."""


class Standing(NamedTuple):
    """Where a quota's money is, in fen: ``received`` = ``shifted`` + all that follow.

    ``free`` nothing is decided of; ``planned`` is reserved by plans; ``approved`` is in batches
    not yet released; ``flight`` is at the bank; ``shifted`` went to other quotas (below nothing:
    came from them).
    """

    received: int = 0
    shifted: int = 0
    free: int = 0
    planned: int = 0
    approved: int = 0
    flight: int = 0
    paid: int = 0
    returned: int = 0

    @property
    def shifted_in(self) -> int:
        """What came from other quotas."""
        return max(0, -self.shifted)

    @property
    def balance(self) -> int:
        """What is not out yet (结余): free, planned, approved and in flight."""
        return self.free + self.planned + self.approved + self.flight


class QuotaRow(NamedTuple):
    """A quota and where its money is."""

    quota: Quota
    standing: Standing


def quotas(scope: AreaScope) -> QuerySet[Quota]:
    """Give a scope's quotas, the newest first."""
    found: QuerySet[Quota] = Quota.objects.within(scope).select_related("area").defer("area__boundary")
    return found.order_by("-received_on", "number", "id")


def with_standing(rows: Iterable[Quota]) -> list[QuotaRow]:
    """Say where the money of quotas is, in one statement."""
    found = list(rows)
    known = standings([quota.pk for quota in found])
    return [QuotaRow(quota, known.get(quota.pk, Standing())) for quota in found]


def standings(ids: Iterable[UUID] | None = None, *, scope: AreaScope | None = None) -> dict[UUID, Standing]:
    """Say where the money of quotas is, by id or of a scope, in one statement."""
    asked = Balance.objects.all()
    if ids is not None:
        asked = asked.filter(quota__in=list(ids))
    if scope is not None:
        asked = asked.filter(quota__in=Quota.objects.within(scope))
    sums: dict[UUID, dict[str, int]] = {}
    rows = asked.values("quota_id", "account__kind", "account__batch__state")
    for row in rows.annotate(total=Sum("amount")).order_by():
        name = _figure(row["account__kind"], row["account__batch__state"])
        figures = sums.setdefault(row["quota_id"], {})
        figures[name] = figures.get(name, 0) + (-row["total"] if name == "received" else row["total"])
    return {quota: Standing(**figures) for quota, figures in sums.items()}


def standings_at(scope: AreaScope, *, moment: datetime) -> dict[UUID, Standing]:
    """Say where the money of a scope's quotas was at a moment: every entry up to it added up anew."""
    sums: dict[UUID, dict[str, int]] = {}
    for side, sign in (("target", 1), ("source", -1)):
        rows = Entry.objects.filter(quota__in=Quota.objects.within(scope), voucher__at__lte=moment)
        kind, released = f"{side}__kind", f"{side}__batch__released_at"
        for row in rows.values("quota_id", kind, released).annotate(total=Sum("amount")).order_by():
            is_sent = row[released] is not None and row[released] <= moment
            name = _figure(row[kind], PayBatch.State.RELEASED if is_sent else PayBatch.State.MADE)
            figures = sums.setdefault(row["quota_id"], {})
            way = -sign if name == "received" else sign
            figures[name] = figures.get(name, 0) + way * row["total"]
    return {quota: Standing(**figures) for quota, figures in sums.items()}


def papers_at(quotas: Iterable[UUID], *, moment: datetime) -> dict[UUID, set[UUID]]:
    """Give the payment batches that a quota's money had gone into, or come back from, by a moment."""
    rows = Entry.objects.filter(quota__in=list(quotas), voucher__at__lte=moment, voucher__batch__isnull=False)
    found: dict[UUID, set[UUID]] = {}
    for quota, batch in rows.values_list("quota_id", "voucher__batch_id").distinct().order_by():
        found.setdefault(quota, set()).add(batch)
    return found


def total(rows: Iterable[Standing]) -> Standing:
    """Add standings up."""
    return (
        Standing(*(sum(column) for column in zip(*rows, strict=True))) if (rows := list(rows)) else Standing()
    )


def _figure(kind: str, batch_state: str | None) -> str:
    if kind == Account.Kind.BANK:
        return "approved" if batch_state == PayBatch.State.MADE else "flight"
    names: dict[str, str] = {
        Account.Kind.FREE: "free",
        Account.Kind.PLANNED: "planned",
        Account.Kind.PAID: "paid",
        Account.Kind.RETURNED: "returned",
        Account.Kind.SHIFT: "shifted",
    }
    return names.get(kind, "received")


def ledger(quota: Quota) -> QuerySet[Any, Any]:
    """Give a quota's entries as its ledger, a row a voucher and way, the newest first."""
    rows = Entry.objects.filter(quota=quota).values(
        "voucher_id",
        "source__kind",
        "target__kind",
        number=F("voucher__number"),
        kind=F("voucher__kind"),
        at=F("voucher__at"),
        by=F("voucher__by_name"),
        reference=F("voucher__reference"),
        reason=F("voucher__reason"),
        batch=F("voucher__batch_id"),
    )
    return rows.annotate(fen=Sum("amount"), count=Count("id"), first=Min("id")).order_by("-first")


class Piece(NamedTuple):
    """A part of a figure: its name, the batch it opens to, how many households, and fen."""

    name: str
    batch: UUID | None
    households: int
    fen: int


def pieces(quota: Quota, figure: str) -> list[Piece]:
    """Say what makes up a figure: villages, batches or vouchers, the largest first.

    Raises
    ------
    Problem
        404.1 for a figure there is not.
    """
    if figure == "planned":
        found = _by_village_planned(quota)
    elif figure in ("approved", "flight"):
        found = _by_batch(quota, figure)
    elif figure == "paid":
        found = _by_village_paid(quota)
    elif figure in FIGURES:
        found = _by_voucher(quota, figure)
    else:
        raise problems.NOT_FOUND()
    return sorted(found, key=lambda piece: (-abs(piece.fen), piece.name))


def _by_village_planned(quota: Quota) -> list[Piece]:
    rows = Balance.objects.filter(quota=quota, account__kind=Account.Kind.PLANNED, amount__gt=0)
    sums = rows.values("account__area_code").annotate(fen=Sum("amount")).order_by()
    names = _names(row["account__area_code"] for row in sums)
    return [Piece(names[row["account__area_code"]], None, 0, row["fen"]) for row in sums]


def _by_batch(quota: Quota, figure: str) -> list[Piece]:
    is_made = Q(account__batch__state=PayBatch.State.MADE)
    rows = Balance.objects.filter(
        is_made if figure == "approved" else ~is_made,
        quota=quota,
        account__kind=Account.Kind.BANK,
        amount__gt=0,
    ).select_related("account__batch")
    waiting = dict(
        PayLine.objects.filter(
            batch__in=[row.account.batch_id for row in rows],
            state=PayLine.State.WAITING,
            entries__quota=quota,
        )
        .values_list("batch_id")
        .annotate(households=Count("pk", distinct=True))
        .order_by()
    )
    return [
        Piece(
            row.account.batch.number, row.account.batch_id, waiting.get(row.account.batch_id, 0), row.amount
        )
        for row in rows
        if row.account.batch
    ]


def _by_village_paid(quota: Quota) -> list[Piece]:
    rows = Entry.objects.filter(quota=quota, target__kind=Account.Kind.PAID)
    sums = rows.values(name=F("line__area__name"), code=F("line__area_id")).annotate(
        fen=Sum("amount"), households=Count("line", distinct=True)
    )
    return [Piece(row["name"], None, row["households"], row["fen"]) for row in sums.order_by()]


def _by_voucher(quota: Quota, figure: str) -> list[Piece]:
    """Give the vouchers that made a figure: what came less what went."""
    kinds = {
        "received": Account.OWING[:-1],
        "shifted": (Account.Kind.SHIFT,),
        "free": (Account.Kind.FREE,),
        "returned": (Account.Kind.RETURNED,),
    }[figure]
    sums: dict[str, Piece] = {}
    sign = -1 if figure == "received" else 1
    for side, way in (("target", sign), ("source", -sign)):
        rows = Entry.objects.filter(quota=quota, **{f"{side}__kind__in": kinds})
        for row in (
            rows.values(name=F("voucher__number"), batch=F("voucher__batch_id"))
            .annotate(fen=Sum("amount"), households=Count("line", distinct=True))
            .order_by()
        ):
            before = sums.get(row["name"], Piece(row["name"], row["batch"], row["households"], 0))
            sums[row["name"]] = before._replace(fen=before.fen + way * row["fen"])
    return list(sums.values())


def _names(codes: Iterable[str]) -> dict[str, str]:
    rows = Area.objects.filter(pk__in=list(codes)).values_list("pk", "name", "parent__name")
    return {code: f"{above or ''} {name}".strip() for code, name, above in rows}


def replayed() -> dict[tuple[int, UUID], int]:
    """Add every entry up anew: account and quota → fen, without what is nothing."""
    sums: dict[tuple[int, UUID], int] = {}
    for side, sign in (("target_id", 1), ("source_id", -1)):
        for row in Entry.objects.values(side, "quota_id").annotate(total=Sum("amount")).order_by():
            key = (row[side], row["quota_id"])
            sums[key] = sums.get(key, 0) + sign * row["total"]
    return {key: value for key, value in sums.items() if value}


def seen(by: Rights) -> AreaScope:
    """Give where a reader may see money.

    Raises
    ------
    Problem
        403.1 if nowhere.
    """
    scope = by.where("fund.see")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return scope


def one_quota(quota_id: UUID, *, by: Rights) -> Quota:
    """Give a quota; 403.1 for whoever sees no money, 404.1 if it is out of the reader's sight."""
    seen(by)
    found: Quota | None = (
        Quota.objects.select_related("area").defer("area__boundary").filter(pk=quota_id).first()
    )
    if found is None:
        raise problems.NOT_FOUND()
    require(by, "fund.see", str(found.area_id))
    return found
