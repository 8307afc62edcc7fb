"""What a plan made anew changes, village by village, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from disaster.refuge.evacuation import explain, ways

Told = dict[str, Any]


def between(before: Told, after: Told, changed: Sequence[Told]) -> list[Told]:
    """Say which villages go elsewhere, or there by other roads or at another time of travel.

    ``changed`` is what made the former plan outdated. Each place is a shelter's name, "" is
    none, with persons, minutes and the way there; ``why`` are stored reasons.
    """
    one, other = _by_village(before), _by_village(after)
    told = []
    for code in sorted(one.keys() | other.keys()):
        was, now = one.get(code, {}), other.get(code, {})
        if _shape(was) == _shape(now):
            continue
        told.append(
            {
                "village": code,
                "name": next(iter((now or was).values()))["name"],
                "before": [_place(place, was[place]) for place in sorted(was)],
                "after": [_place(place, now[place]) for place in sorted(now)],
                "why": _why(code, was, now, changed),
            }
        )
    return told


def _by_village(result: Told) -> dict[str, dict[str, Told]]:
    found: dict[str, dict[str, Told]] = {}
    for row in [*result["rows"], *result["unplaced"]]:
        found.setdefault(row["village"], {})[row.get("shelter_name", "")] = row
    return found


def _shape(places: dict[str, Told]) -> dict[str, Any]:
    """What has to be the same for a village to notice nothing: where to, how many, by which roads."""
    return {
        place: (row["persons"], (row.get("way") or {}).get("roads"), round(row.get("minutes", 0)))
        for place, row in places.items()
    }


def _place(name: str, row: Told) -> Told:
    return {
        "shelter": name,
        "persons": row["persons"],
        "minutes": row.get("minutes"),
        "way": row.get("way"),
    }


def _why(code: str, was: dict[str, Told], now: dict[str, Told], changed: Sequence[Told]) -> list[Told]:
    """Give what happened to the village's ways and shelters, then the reason of each new place."""
    places = {row["shelter"] for row in was.values() if "shelter" in row}
    events = [
        {"key": one["key"], "params": one["params"]}
        for one in changed
        if one.get("village", code) == code and one.get("to") in places | {None}
    ]
    new = [row["why"] for place, row in now.items() if place not in was]
    return [*events, *(reason for reason in new if reason not in events)]


def said(told: Sequence[Told], language: str) -> list[Told]:
    """Put the reasons and the roads of a difference into words."""

    def place(one: Told) -> Told:
        return {**one, "way": ways.words(one["way"], language) if one["way"] else ""}

    return [
        {
            **one,
            "before": [place(each) for each in one["before"]],
            "after": [place(each) for each in one["after"]],
            "why": [explain.say(reason, language) for reason in one["why"]],
        }
        for one in told
    ]
