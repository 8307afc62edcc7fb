"""A better order of the stops a lorry has left, once its way was found anew (调整停靠顺序): what is proposed, and why."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from disaster.relief.dispatch import travel, ways
from disaster.relief.dispatch.loads import EASE, Load, Pieces
from disaster.relief.dispatch.models import Draft, Stop, Trip
from disaster.relief.dispatch.routes import order
from disaster.relief.dispatch.routes.model import FOREVER
from disaster.relief.dispatch.shown import by_place, passed
from disaster.relief.dispatch.spots import spot
from disaster.relief.stock.models import Item
from disaster.rules import book


class Arrival(NamedTuple):
    """When a stop is reached in the order that stands and in the one proposed; None where no dry road leads there."""

    stop: Stop
    before: datetime | None
    after: datetime | None


class Proposal(NamedTuple):
    """The stops left in the order proposed, and ``row``: what it gains and why, as ``Trip.difference`` keeps it."""

    arrivals: list[Arrival]
    row: dict[str, Any]

    @property
    def stops(self) -> list[Stop]:
        """Give the stops in their new order."""
        return [one.stop for one in self.arrivals]


def proposed(trip: Trip, stops: Sequence[Stop], *, now: datetime) -> Proposal | None:
    """Work out a better order from where the lorry is, by the aim its trip was planned for.

    None before it has left, while its way is as it was planned, with fewer than two stops left
    or more than the search tries (rule ``dispatch.reorder_stops``), and where less is gained
    than ``dispatch.reorder_minutes``.
    """
    left = [stop for group in ways.left(trip, stops) for stop in group]
    can_change = trip.state == Trip.State.AWAY and trip.point is not None and trip.difference
    if not can_change or not 2 <= len(left) <= int(book.value("dispatch.reorder_stops")):
        return None
    plan = Draft.objects.only("asked", "aim").get(pk=trip.draft_id)
    aim: order.Aim = "soonest" if plan.aim == "soonest" else "cheapest"
    found = order.best(_ask(trip, stops, left, plan.asked, now), aim)
    if found is None or not _is_worth(*found, aim):
        return None
    before, after = found
    clocks = dict(zip(before.order, before.arrives, strict=True))
    arrivals = [
        Arrival(left[at], _moment(clocks[at], now), _moment(arrives, now))
        for at, arrives in zip(after.order, after.arrives, strict=True)
    ]
    row = {
        "order": [group[0].place.name for group in by_place([one.stop for one in arrivals])],
        "aim": aim,
        "saved_s": before.value(aim) - after.value(aim),
        "in_time": len(before.late) - len(after.late),
        "reached": before.missed - after.missed,
        "why": list(dict.fromkeys(name for one in trip.difference for name in one["why"])),
        "at": now.isoformat(),
    }
    return Proposal(arrivals, row)


def _is_worth(before: order.Run, after: order.Run, aim: order.Aim) -> bool:
    if (len(after.late), after.missed) != (len(before.late), before.missed):
        return True
    return before.value(aim) - after.value(aim) >= 60 * int(book.value("dispatch.reorder_minutes"))


def _ask(
    trip: Trip, stops: Sequence[Stop], left: Sequence[Stop], asked: Mapping[str, Any], now: datetime
) -> order.Ask:
    places = list({stop.place_id: stop.place for stop in left}.values())
    numbers = {place.pk: at for at, place in enumerate(places, start=1)}
    at = [spot(trip.point), *(spot(place.point) for place in places), spot(trip.vehicle.home.point)]
    seconds, _ = travel.seconds(at, at, at=now)
    number = passed(trip, stops)
    last = by_place(stops)[number - 1][0].place_id if number else None
    return order.Ask(
        tasks=_tasks(left, numbers, asked, now),
        seconds=seconds,
        kg=trip.vehicle.capacity_kg,
        litres=int(trip.vehicle.capacity_m3 * 1000),
        unloading=60 * int(book.value("dispatch.unload_minutes")),
        never=travel.NEVER,
        ends=_after(asked["ends_at"], now) if "ends_at" in asked else FOREVER,
        barred=numbers.get(last) if last else None,
    )


def _tasks(
    left: Sequence[Stop], numbers: Mapping[Any, int], asked: Mapping[str, Any], now: datetime
) -> list[order.Task]:
    items = Item.objects.in_bulk({item for stop in left for item in stop.goods})
    keys = list({(stop.document_id, stop.load): None for stop in left})
    due = asked.get("due", {})
    tasks = []
    for stop in left:
        load = Load(tuple(Pieces(items[item], many) for item, many in stop.goods.items()))
        closes = due.get(str(stop.document_id))
        tasks.append(
            order.Task(
                at=numbers[stop.place_id],
                load=keys.index((stop.document_id, stop.load)),
                kg=math.ceil(load.kg - EASE),
                litres=math.ceil(load.m3 * 1000 - EASE),
                is_drop=stop.is_drop,
                closes=_after(closes, now) if closes else FOREVER,
            )
        )
    return tasks


def _after(moment: str, now: datetime) -> int:
    return int((datetime.fromisoformat(moment) - now).total_seconds())


def _moment(seconds: int, now: datetime) -> datetime | None:
    return now + timedelta(seconds=seconds) if seconds < travel.NEVER else None
