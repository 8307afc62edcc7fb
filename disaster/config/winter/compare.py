"""Holding what the product says against the ledger: figures by village, stock by place, money, states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Sum

from disaster.config.winter.ledger import MONEY, WAY, Ledger, Wrong
from disaster.config.winter.season import COUNTY, Season
from disaster.relief.board import queries as board
from disaster.relief.board.figures import CLOTHING
from disaster.relief.funds.models import Account
from disaster.relief.funds.models import Balance as Money
from disaster.relief.needs.models import Application
from disaster.relief.stock.models import Balance, Place
from gis.scope import AreaScope

OURS = (Account.Kind.FREE, Account.Kind.PLANNED)


def compare(season: Season, ledger: Ledger) -> int:
    """Compare everything; gives how many figures were held against the ledger.

    Raises
    ------
    Wrong
        At the first that differs.
    """
    ledger.closes()
    return sum(
        (
            _villages(season, ledger),
            _same("stock", _stock(season), {key: many for key, many in ledger.held.items() if many}),
            _same(
                "money",
                _money(),
                {"free": ledger.free, "bank": ledger.at_bank, "paid": ledger.paid},
            ),
            _same("states", _states(season), {key: many for key, many in ledger.states.items() if many}),
        )
    )


def _villages(season: Season, ledger: Ledger) -> int:
    rows = board.villages(season.programme, AreaScope.of([COUNTY]))
    ours: dict[tuple[str, str, str], int] = {}
    for code, row in rows.items():
        ours[code, "", "households"], ours[code, "", "persons"] = row.households, row.persons
        for item, cell in row.cells.items():
            if item != CLOTHING:
                ours[code, item, "granted"], ours[code, item, "arrived"] = cell.granted, cell.settled
    theirs: dict[tuple[str, str, str], int] = {}
    for name, table in (("households", ledger.households), ("persons", ledger.persons)):
        theirs |= {(code, "", name): many for code, many in table.items()}
    for name, by_item in (("granted", ledger.granted), ("arrived", ledger.arrived)):
        theirs |= {(code, item, name): many for (code, item), many in by_item.items()}
    return _same("the board", _without_nothing(ours), _without_nothing(theirs))


def _stock(season: Season) -> dict[tuple[str, str], int]:
    names = {place.pk: area for area, place in season.points.items()} | {season.warehouse.pk: COUNTY}
    found: Counter[tuple[str, str]] = Counter()
    rows = Balance.objects.filter(place__kind__in=Place.OURS, quantity__gt=0)
    for row in rows.values("place_id", "place__kind", "batch__item_id").annotate(sum=Sum("quantity")):
        where = WAY if row["place__kind"] == Place.Kind.TRANSIT else names.get(row["place_id"], "elsewhere")
        found[where, row["batch__item_id"]] += row["sum"]
    return dict(found)


def _money() -> dict[str, int]:
    rows = Money.objects.values("account__kind").annotate(sum=Sum("amount"))
    by_kind = {row["account__kind"]: row["sum"] for row in rows}
    return {
        "free": sum(by_kind.get(kind, 0) for kind in OURS),
        "bank": by_kind.get(Account.Kind.BANK, 0),
        "paid": by_kind.get(Account.Kind.PAID, 0),
    }


def _states(season: Season) -> dict[str, int]:
    rows = Application.objects.filter(programme=season.programme).values("state").annotate(many=Count("id"))
    return {row["state"]: row["many"] for row in rows}


def _without_nothing(table: Mapping[Any, int]) -> dict[Any, int]:
    return {key: many for key, many in table.items() if many}


def _same(what: str, ours: Mapping[Any, int], theirs: Mapping[Any, int]) -> int:
    for key in sorted({*ours, *theirs}, key=str):
        if ours.get(key, 0) != theirs.get(key, 0):
            raise Wrong(f"{what}, {key}: it says {ours.get(key, 0)}, the ledger {theirs.get(key, 0)}")
    return len(theirs)


__all__ = ["MONEY", "compare"]
