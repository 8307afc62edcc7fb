"""What a driver's phone keeps: the open trips with their ways, goods and papers, so that it works without a network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from disaster import problems
from disaster.people.scope import Rights
from disaster.relief.dispatch import queries, words
from disaster.relief.dispatch.models import Stop, Trip
from disaster.relief.dispatch.shown import passed, trip_views
from disaster.relief.dispatch.spots import spot
from disaster.relief.dispatch.ways import stops_of_many, waits
from disaster.relief.stock.models import Item
from disaster.rules import book


def work(by: Rights, *, language: str, now: datetime) -> dict[str, Any]:
    """Give a driver's trips with the ways left and how they last changed; ``unsent`` are stops still to be loaded.

    Raises
    ------
    Problem
        403.1 for whoever drives nowhere.
    """
    if not by.where("trip.drive").prefixes:
        raise problems.NOT_ALLOWED()
    trips = list(queries.of_driver(by))
    stops_by_trip = stops_of_many(trips)
    return {
        "person": {"id": str(by.person_id), "name": by.name},
        "trips": [
            {
                "trip": view,
                "unsent": [stop.pk for stop in stops if not stop.is_drop and waits(stop)],
                "home": {"name": trip.vehicle.home.name, "place": spot(trip.vehicle.home.point)},
                "legs": legs_left(trip, stops, language),
                "changes": [words.changed(row, language) for row in trip.difference],
            }
            for trip, view in zip(trips, trip_views(trips), strict=True)
            for stops in [stops_by_trip[trip.pk]]
        ],
        "items": item_words(language),
        "fence_m": int(book.value("dispatch.fence_m")),
        "at": now,
    }


def legs_left(trip: Trip, stops: Sequence[Stop], language: str) -> list[dict[str, Any]]:
    """Give the ways still to be driven, each with its verdict in words."""
    number = passed(trip, stops)
    return [{**leg, "said": words.verdict(leg, language)} for leg in trip.legs[number:]]


def item_words(language: str) -> dict[str, dict[str, str]]:
    """Give the items' names and units in a language."""
    english = language.startswith("en")
    return {
        one.pk: {"name": one.name_en if english else one.name, "unit": one.unit} for one in Item.objects.all()
    }
