"""A village's issue list (发放清单) as its officer's phone keeps it: who gets what, and what is there to give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from disaster import problems
from disaster.people.scope import Rights
from disaster.relief.needs.models import Application, Grant
from disaster.relief.receipts import voucher_keys
from disaster.relief.receipts.models import Issue, Voucher
from disaster.relief.stock.models import Balance, Item, Place
from gis.models import Area
from gis.scope import AreaScope, pad

LISTED = (Application.State.APPROVED, Application.State.ISSUED)
TAIL = 4
"""How many of an identity number's last signs tell namesakes apart."""


def issue_list(by: Rights, village: str = "") -> dict[str, Any]:
    """Give one village's list, or the villages to choose from; the same statements for any number of households.

    Raises
    ------
    Problem
        403.1 for whoever gives out nowhere; 404.1 for a village out of their sight.
    """
    scope = by.where("stock.issue")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    if village and not scope.covers(village):
        raise problems.NOT_FOUND()
    villages = {row["code"]: row["name"] for row in _villages(scope)}
    if not village and len(villages) == 1:
        (village,) = villages
    households = _households(village) if village else []
    return {
        "village": {"code": village, "name": villages.get(village, "")} if village else None,
        "villages": [{"code": code, "name": name} for code, name in villages.items()],
        "items": {one.pk: _item(one) for one in Item.objects.all()},
        "places": _places(scope, village) if village else [],
        "households": households,
        "keys": voucher_keys.told(),
    }


def _villages(scope: AreaScope) -> Iterable[dict[str, str]]:
    """Give the villages at which somebody waits for goods, or has just got them."""
    asked = Application.objects.within(scope).filter(state__in=LISTED, grants__item__isnull=False)
    codes = asked.order_by().values("area").distinct()
    found = Area.objects.filter(Q(pk__in=codes) | Q(pk__in=_own(scope)), level=Area.Level.VILLAGE)
    return found.order_by("code").values("code", "name")


def _own(scope: AreaScope) -> list[str]:
    return [prefix for prefix in scope.prefixes if len(prefix) == 12]


def _item(one: Item) -> dict[str, str]:
    return {"name": one.name, "name_en": one.name_en, "unit": one.unit}


def _households(village: str) -> list[dict[str, Any]]:
    rows = list(
        Application.objects.filter(area=village, state__in=LISTED, grants__item__isnull=False)
        .select_related("household", "programme")
        .order_by("household__group", "household__name", "number")
        .distinct()
    )
    goods: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for grant in Grant.objects.filter(application__in=rows, item__isnull=False).order_by("item"):
        goods[grant.application_id].append(
            {"item": grant.item_id, "granted": grant.quantity, "given": grant.settled}
        )
    given = {
        one.application_id: {"at": one.at, "by": one.receipt.by_name}
        for one in Issue.objects.filter(application__in=rows, kind=Issue.Kind.GIVEN)
        .select_related("receipt")
        .order_by("id")
    }
    vouchers = {
        one["application_id"]: str(one["pk"])
        for one in Voucher.objects.filter(application__in=rows, void_at=None).values("pk", "application_id")
    }
    return [
        {
            "application": one.pk,
            "number": one.number,
            "programme": one.programme.name,
            "group": one.household.group,
            "name": one.household.name,
            "tail": one.household.identity[-TAIL:],
            "held": one.held_why if one.held_at else "",
            "notice_until": one.notice_until,
            "goods": goods[one.pk],
            "last": given.get(one.pk),
            "voucher": vouchers.get(one.pk, ""),
        }
        for one in rows
    ]


def _places(scope: AreaScope, village: str) -> list[dict[str, Any]]:
    """Give the places a village's goods can be given from: its own, and its township's, as far as they are ours."""
    near = Q(area=village) | Q(area=pad(village[:9]))
    places = list(Place.objects.within(scope).filter(near, kind__in=Place.KEPT).order_by("-area", "name"))
    goods: dict[UUID, dict[str, int]] = defaultdict(dict)
    rows = Balance.objects.filter(place__in=places, quantity__gt=0).values("place_id", "batch__item_id")
    for row in rows.annotate(total=Sum("quantity")).order_by():
        goods[row["place_id"]][row["batch__item_id"]] = row["total"]
    return [{"id": one.pk, "name": one.name, "goods": goods[one.pk]} for one in places]
