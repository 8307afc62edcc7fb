"""Which grants of money may be paid now, and why the others may not: one rule for the page and for the batch."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Left

from disaster.relief.funds.models import PayLine
from disaster.relief.needs import states
from disaster.relief.needs.models import Grant, Household
from gis.scope import AreaScope, pad

READY, NO_CARD, REFUSED = "ready", "no_card", "refused"
"""May be paid; without a card; refused by the bank, and not corrected since."""
NOTICE, HELD, GONE, WAITING = "notice", "held", "gone", "waiting"
"""The county's notice still runs; held by an objection; died or moved; in a batch already."""


def unpaid(programme: UUID, within: AreaScope, *, on: date) -> QuerySet[Any, Any]:
    """Give the approved grants of money not paid yet, each with its ``standing`` on a day."""
    lines = PayLine.objects.filter(application=OuterRef("application"))
    household = "application__household"
    asked = Grant.objects.filter(
        _inside(within),
        item__isnull=True,
        settled__lt=F("quantity"),
        application__programme=programme,
        application__state=states.APPROVED,
    )
    return asked.annotate(
        standing=Case(
            When(Exists(lines.filter(state=PayLine.State.WAITING)), then=Value(WAITING)),
            When(application__held_at__isnull=False, then=Value(HELD)),
            When(application__notice_until__gte=on, then=Value(NOTICE)),
            When(~Q(**{f"{household}__state": Household.State.LIVING}), then=Value(GONE)),
            When(**{f"{household}__card_hash": ""}, then=Value(NO_CARD)),
            When(~Q(**{f"{household}__card_refused_why": ""}), then=Value(REFUSED)),
            default=Value(READY),
            output_field=CharField(),
        ),
        left=F("quantity") - F("settled"),
    )


def chosen(
    programme: UUID, within: AreaScope, applications: Collection[UUID] | None, *, on: date, most: int
) -> list[Grant]:
    """Give the grants to be paid, at most so many, by village, group and name.

    Who asks for applications by name also gets those the bank refused as they are.
    """
    asked = unpaid(programme, within, on=on).filter(standing=READY)
    if applications is not None:
        asked = unpaid(programme, within, on=on).filter(
            standing__in=[READY, REFUSED], application__in=list(applications)
        )
    home = [f"application__household__{name}" for name in ("name", "bank", "card_sealed", "card_hash")]
    whole = asked.select_related("application__household")
    ordered = whole.only("quantity", "settled", "application__area_id", *home).order_by(
        "application__area_id",
        "application__household__group",
        "application__household__name",
        "application__number",
    )
    return list(ordered[:most])


class Tally(NamedTuple):
    """So many households and fen."""

    households: int = 0
    fen: int = 0


def tallies(programme: UUID, within: AreaScope, *, on: date, digits: int) -> dict[str, dict[str, Tally]]:
    """Count what is unpaid by area (its code's first digits: 9 townships, 12 villages) and standing."""
    asked = unpaid(programme, within, on=on).annotate(place=Left("application__area_id", digits))
    found: dict[str, dict[str, Tally]] = {}
    rows = asked.order_by().values("place", "standing")
    for row in rows.annotate(households=Count("pk"), fen=Sum(F("quantity") - F("settled"))).order_by("place"):
        found.setdefault(pad(row["place"]), {})[row["standing"]] = Tally(row["households"], row["fen"])
    return found


def _inside(within: AreaScope) -> Q:
    condition = Q(pk__in=[])
    for prefix in within.prefixes:
        condition |= Q(application__area__code__startswith=prefix)
    return condition
