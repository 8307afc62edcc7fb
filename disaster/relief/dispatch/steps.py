"""What comes next of a trip, what is wrong with it, and a plan in words, for the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from disaster.people.scope import Rights
from disaster.relief.dispatch import travel, words
from disaster.relief.dispatch.models import Draft, Stop, Trip
from disaster.relief.dispatch.planning import AIMS
from disaster.relief.dispatch.shown import by_place, passed, worst
from disaster.relief.dispatch.ways import left, waits
from disaster.relief.stock.models import Item


class Step(NamedTuple):
    """The one next act of a trip: its kind, at which stop, and whether the reader may do it."""

    kind: str
    stop: Stop | None
    is_theirs: bool


class Row(NamedTuple):
    """A trip in a list: where it goes next, when it is there, and what is wrong."""

    trip: Trip
    step: Step | None
    done: int
    places: int
    next: Stop | None
    is_late: bool
    is_cut: bool
    loads: list[Stop]


def row(trip: Trip, stops: Sequence[Stop], by: Rights) -> Row:
    """Put a trip with its stops (those that count) into a row; a stop is late once it is expected after its plan."""
    groups = left(trip, stops)
    coming = groups[0][0] if groups else None
    late = any(stop.eta is not None and _minutes(stop.planned_at, stop.eta) >= 10 for stop in stops)
    return Row(
        trip,
        step(trip, stops, by),
        passed(trip, stops),
        len(by_place(stops)),
        coming,
        late and trip.state in Trip.OPEN,
        trip.state in Trip.OPEN and worst(trip, stops) in travel.NO_DRY,
        [stop for stop in stops if stop.is_drop],
    )


def step(trip: Trip, stops: Sequence[Stop], by: Rights) -> Step | None:
    """Name the one next act of a trip; None once it is over."""
    area = str(trip.area_id)
    theirs = trip.driver_id == by.person_id or by.may("trip.plan", area)
    unsent = [one for one in stops if not one.is_drop and one.arrived_at and waits(one)]
    groups = left(trip, stops)
    if trip.state == Trip.State.READY:
        return Step("depart", None, theirs)
    if trip.state == Trip.State.AWAY and unsent:
        return Step("load", unsent[0], theirs)
    if trip.state == Trip.State.AWAY and groups:
        return Step("arrive", groups[0][0], theirs)
    return Step("back", None, theirs) if trip.state == Trip.State.ARRIVED else None


def plans(draft: Draft, language: str) -> list[dict[str, Any]]:
    """Give a draft's plans with their moments read, lorries' trips, and why what is left is left."""
    items = {one.pk: one for one in Item.objects.all()}
    first = draft.asked.get("first", {})

    def part(row: dict[str, Any]) -> str:
        return words.part(row, items, first.get(row["document"], 1), language)

    def trip(row: dict[str, Any]) -> dict[str, Any]:
        visits = [
            {**one, "at": datetime.fromisoformat(one["at"]), "part": part(one)} for one in row["visits"]
        ]
        ends = {"starts": datetime.fromisoformat(row["starts"]), "ends": datetime.fromisoformat(row["ends"])}
        return {**row, **ends, "visits": visits}

    return [
        {
            "aim": aim,
            **plan,
            "last": plan["last"] and datetime.fromisoformat(plan["last"]),
            "hours": plan["driving_s"] / 3600,
            "mean_minutes": round((plan["mean_s"] or 0) / 60),
            "trips": [trip(one) for one in plan["trips"]],
            "left": [{**one, "said": words.left(one, language), "part": part(one)} for one in plan["left"]],
        }
        for aim, plan in ((aim, draft.plans[aim]) for aim in AIMS)
    ]


def _minutes(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 60
