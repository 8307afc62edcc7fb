"""Questions about vouchers: which villages need some, and what is printed for one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from disaster.relief.needs.models import Application
from disaster.relief.receipts.models import Voucher
from disaster.relief.stock.models import Item
from gis.scope import AreaScope


def villages(scope: AreaScope) -> QuerySet[Application, dict[str, Any]]:
    """Give village by village and programme how many households wait for goods and how many have a good voucher."""
    waiting = Application.objects.within(scope).filter(
        state=Application.State.APPROVED, held_at__isnull=True, grants__item__isnull=False
    )
    return (
        waiting.order_by("area", "programme")
        .values("area", "programme", village=F("area__name"), name=F("programme__name"))
        .annotate(
            households=Count("pk", distinct=True),
            vouchers=Count("vouchers", distinct=True, filter=Q(vouchers__void_at__isnull=True)),
        )
    )


def printed(village: str, programme: UUID) -> list[dict[str, Any]]:
    """Give a village's good vouchers with what stands on each, by group and name; two statements."""
    rows = (
        Voucher.objects.filter(
            area_code=village, application__programme=programme, void_at=None, used_at=None
        )
        .select_related("application__household", "application__programme", "application__area")
        .prefetch_related("application__grants")
        .order_by("application__household__group", "application__household__name", "application__number")
    )
    items = {one.pk: one for one in Item.objects.all()}
    return [
        {
            "code": row.code,
            "number": row.application.number,
            "name": row.application.household.name,
            "group": row.application.household.group,
            "tail": row.application.household.identity[-4:],
            "village": row.application.area.name,
            "programme": row.application.programme.name,
            "goods": [
                (items[grant.item_id], grant.quantity)
                for grant in row.application.grants.all()
                if grant.item_id
            ],
            "until": row.until,
        }
        for row in rows
    ]
