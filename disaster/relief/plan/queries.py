"""Questions about plans: a programme's scenarios side by side, one with its villages, the one in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.relief.needs.models import Programme
from disaster.relief.plan.models import Scenario, Share
from disaster.relief.plan.solve import explain
from gis.models import Area
from gis.scope import AreaScope, pad, prefix_of

LIVE = (Scenario.State.DRAFT, Scenario.State.REVIEWED, *Scenario.IN_FORCE)


def seen(by: Rights) -> AreaScope:
    """Give where a reader may see plans; 403.1 if nowhere."""
    scope = by.where("plan.see")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return scope


def programmes(scope: AreaScope) -> list[Programme]:
    """Give the programmes of a scope, those that run first."""
    rows = Programme.objects.within(scope).select_related("area").defer("area__boundary")
    return sorted(rows.order_by("-opened_at", "number"), key=lambda one: one.closed_at is not None)


def scenarios(programme: Programme, *, superseded: bool = False) -> list[Scenario]:
    """Give a programme's scenarios, the newest first; those that were superseded only where asked for."""
    rows = Scenario.objects.filter(programme=programme).order_by("-number")
    return list(rows.exclude(state=Scenario.State.SUPERSEDED) if not superseded else rows)


def in_force(programme: Programme) -> Scenario | None:
    """Give the scenario in force."""
    found: Scenario | None = Scenario.objects.filter(programme=programme, state__in=Scenario.IN_FORCE).first()
    return found


def one(scenario_id: UUID, *, by: Rights) -> Scenario:
    """Give a scenario; 403.1, 404.1 where it is out of the reader's sight."""
    seen(by)
    found: Scenario | None = (
        Scenario.objects.select_related("programme", "area", "former")
        .defer("area__boundary")
        .filter(pk=scenario_id)
        .first()
    )
    if found is None:
        raise problems.NOT_FOUND()
    require(by, "plan.see", str(found.area_id))
    return found


class Cell(NamedTuple):
    """A village's share of one item, with where it comes from and why; money is fen."""

    item: str
    need: int
    given: int
    sources: list[tuple[str, int]]
    why: str
    pinned: str | None

    @property
    def filled(self) -> int:
        """The share of the need that is met, in whole percent."""
        return round(100 * self.given / self.need) if self.need else 100


class Row(NamedTuple):
    """A village with its shares, in the order of the scenario's items."""

    area: str
    name: str
    persons: int
    cells: list[Cell | None]


def rows(scenario: Scenario, items: Sequence[str], areas: Iterable[str], language: str) -> list[Row]:
    """Give villages' shares with their reasons in words, in four statements whatever they are many."""
    codes = list(areas)
    names = dict(Area.objects.filter(pk__in=codes).values_list("code", "name"))
    sources: defaultdict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for area, item, place, quota, many in scenario.allocations.filter(area__in=codes).values_list(
        "area_id", "item_id", "source__name", "quota__number", "quantity"
    ):
        sources[area, item or ""].append((place or quota or "", many))
    pins = {
        (area, item or ""): why
        for area, item, why in scenario.pins.filter(area__in=codes).values_list("area_id", "item_id", "why")
    }
    cells: defaultdict[str, dict[str, Cell]] = defaultdict(dict)
    persons: dict[str, int] = {}
    for share in scenario.shares.filter(area__in=codes):
        key = share.item_id or ""
        code = str(share.area_id)
        persons[code] = share.persons
        cells[code][key] = Cell(
            key,
            share.need,
            share.given,
            sources[code, key],
            explain.say(share.why, language),
            pins.get((code, key)),
        )
    return [
        Row(code, names[code], persons.get(code, 0), [cells[code].get(item) for item in items])
        for code in codes
    ]


def villages(scenario: Scenario, within: str = "") -> list[str]:
    """Give the codes of a scenario's villages, those of one township where asked for."""
    found = Share.objects.filter(scenario=scenario)
    if within:
        found = found.filter(area__code__startswith=prefix_of(within))
    return list(found.order_by("area_id").values_list("area_id", flat=True).distinct())


def townships(codes: Iterable[str]) -> list[Area]:
    """Give the townships of villages."""
    above = {pad(code[:9]) for code in codes}
    return list(Area.objects.filter(pk__in=above).defer("boundary").order_by("code"))


def townships_of(programme: Programme) -> list[Area]:
    """Give the townships of a programme's area."""
    scope = AreaScope.of([str(programme.area_id)])
    found = Area.objects.within(scope).filter(level=Area.Level.TOWNSHIP)
    return list(found.defer("boundary").order_by("code"))


def filling(scenario: Scenario, item: str) -> list[dict[str, Any]]:
    """Give each village's need and share of an item with its place, for a map; one statement. EPSG:4326."""
    found = Share.objects.filter(scenario=scenario, item=item or None, area__point__isnull=False)
    return [
        {
            "code": code,
            "name": name,
            "lon": round(point.x, 6),
            "lat": round(point.y, 6),
            "need": need,
            "given": given,
        }
        for code, name, point, need, given in found.order_by("area_id").values_list(
            "area_id", "area__name", "area__point", "need", "given"
        )
    ]
