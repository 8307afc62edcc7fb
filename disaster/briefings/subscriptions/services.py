"""Subscribing and ending it: everybody for themselves, where they may read briefings."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from disaster import problems
from disaster.briefings.subscriptions.models import Subscription
from disaster.journal import append
from disaster.people.models import Person
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.reports.indicators import BY_KEY
from gis.models import Area
from gis.scope import is_code

NO_AREA = Words("没有这个行政区划,或它不是县、乡两级", "There is no such county or township")
NO_CHOICE = Words("没有这种选项", "There is no such choice")
NO_FIGURE = Words("请选择指标", "Choose an indicator")
NO_LIMIT = Words("须大于 0", "More than 0")
NO_LEVEL = Words("须为 1 到 4 级", "A level from 1 to 4")
ONLY_DAILY = Words("救助专报只能每天订阅", "Relief is told each morning only")
ALREADY = Words("已经订阅过了", "You have this subscription already")
MOST = Decimal(10) ** 11


@transaction.atomic
def subscribe(
    *,
    kind: str,
    area: str,
    trigger: str,
    figure: str = "",
    limit: Decimal = Decimal(0),
    by: Rights,
    now: datetime,
) -> Subscription:
    """Subscribe to a county's or township's briefing (订阅), each morning or when a threshold is hit.

    Raises
    ------
    Problem
        403.1/404.1 without the right to read there; 400.2 for what can't be, or what one has already.
    """
    place = Area.objects.filter(pk=area, level__in=["city", "township"]).first() if is_code(area) else None
    if place is None:
        raise problems.BAD_FIELDS({"area": FieldError(NO_AREA)})
    require(by, "briefing.see", area)
    errors = _errors(kind, trigger, figure, limit)
    wanted = {
        "person_id": by.person_id,
        "kind": kind,
        "area": place,
        "trigger": trigger,
        "figure": figure if trigger == Subscription.Trigger.FIGURE else "",
        "limit": Decimal(0) if trigger == Subscription.Trigger.DAILY else limit,
    }
    # Sent twice at once, the second waits here and finds the first.
    Person.objects.select_for_update(no_key=True).filter(pk=by.person_id).values_list("pk").first()
    if not errors and Subscription.objects.filter(**wanted, ended_at__isnull=True).exists():
        errors["area"] = FieldError(ALREADY)
    if errors:
        raise problems.BAD_FIELDS(errors)
    made: Subscription = Subscription.objects.create(**wanted, made_at=now)
    _tell("briefing.subscribed", made, by, now)
    return made


def _errors(kind: str, trigger: str, figure: str, limit: Decimal) -> dict[str, FieldError]:
    errors: dict[str, FieldError] = {}
    if kind not in Subscription.Kind.values:
        errors["kind"] = FieldError(NO_CHOICE)
    if trigger not in Subscription.Trigger.values:
        errors["trigger"] = FieldError(NO_CHOICE)
    elif kind == Subscription.Kind.RELIEF and trigger != Subscription.Trigger.DAILY:
        errors["trigger"] = FieldError(ONLY_DAILY)
    elif trigger == Subscription.Trigger.FIGURE:
        if figure not in BY_KEY:
            errors["figure"] = FieldError(NO_FIGURE)
        if not limit.is_finite() or not 0 < limit < MOST or limit != round(limit, 2):
            errors["limit"] = FieldError(NO_LIMIT)
    elif trigger == Subscription.Trigger.RESPONSE and limit not in (1, 2, 3, 4):
        errors["limit"] = FieldError(NO_LEVEL)
    return errors


@transaction.atomic
def unsubscribe(subscription_id: int, *, by: Rights, now: datetime) -> None:
    """End one of one's own subscriptions (取消订阅).

    Raises
    ------
    Problem
        404.1 if one has no such subscription.
    """
    found = own(by).select_for_update().filter(pk=subscription_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    _tell("briefing.unsubscribed", found, by, now)


def own(by: Rights) -> QuerySet[Subscription]:
    """Give the reader's own subscriptions."""
    return Subscription.objects.filter(person=by.person_id, ended_at__isnull=True)


def _tell(verb: str, what: Subscription, by: Rights, now: datetime) -> None:
    append.one(
        verb,
        object_kind="subscription",
        object_id=str(what.pk),
        area_code=str(what.area_id),
        put=(),
        by=by,
        at=now,
    )
