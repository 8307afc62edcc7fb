"""The pages of dispatch: what waits and what is under way, a trip with its next step, lorries, the waybill."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from disaster import problems
from disaster.people.pages import desk_page
from disaster.people.scope import Rights
from disaster.relief.dispatch import ordering, queries, steps, waybills, words
from disaster.relief.dispatch.checks import MAX_DOCUMENTS, MAX_TURNS
from disaster.relief.dispatch.models import Draft, Stop, Trip, Vehicle
from disaster.relief.dispatch.shown import passed, shown_goods
from disaster.relief.dispatch.ways import stops_of, stops_of_many
from disaster.relief.stock.models import Document, Place
from gis.scope import AreaScope

PAST_SHOWN = 30
"""Trips that are over, on a page."""
SHIFT_HOURS = 10
"""A driver's day, as the form proposes it."""


@desk_page("trip.see")
def listed(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the open trips with their next step, what waits, the lorries; ``?plan=`` shows a draft's plans."""
    scope, plans = rights.where("trip.see"), rights.where("trip.plan")
    waiting = list(queries.waiting(plans)[:MAX_DOCUMENTS])
    loads = queries.loads(waiting)
    past = Paginator(queries.past_trips(scope), PAST_SHOWN).get_page(request.GET.get("page"))
    now = timezone.now()
    return render(
        request,
        "trips/trips.html",
        {
            "open": _rows(queries.open_trips(scope), rights),
            "past": past,
            "past_rows": _rows(past.object_list, rights),
            "waiting": [(one, loads[one.pk], _hours(one)) for one in waiting],
            "parted": queries.parted(waiting),
            "more": queries.waiting(plans).count() - len(waiting),
            "lorries": list(queries.vehicles_in(plans)),
            "draft": _draft(request.GET.get("plan", ""), plans),
            "may_plan": bool(plans.prefixes),
            "starts_at": timezone.localtime(now + timedelta(minutes=10)),
            "ends_at": timezone.localtime(now + timedelta(hours=SHIFT_HOURS)),
            "max_turns": MAX_TURNS,
        },
    )


@desk_page("trip.see")
def trip(request: HttpRequest, rights: Rights, trip_id: UUID) -> HttpResponse:
    """Show a trip: where it is, its stops and ways, how they last changed, and the one next step."""
    found = queries.one_trip(trip_id, by=rights)
    stops, language = stops_of(found), get_language() or "zh"
    number, may_plan = passed(found, stops), rights.may("trip.plan", str(found.area_id))
    return render(
        request,
        "trips/trip.html",
        {
            "row": steps.row(found, stops, rights),
            "it": found,
            "stops": shown_goods(stops),
            "parts": queries.in_parts(stops),
            "legs": [{**leg, "said": words.verdict(leg, language)} for leg in found.legs[number:]],
            "changes": [words.changed(one, language) for one in found.difference],
            "order": _order(found, stops, language),
            "may_plan": may_plan,
            "may_cancel": found.state == Trip.State.READY and may_plan,
        },
    )


@desk_page("trip.plan")
def vehicles(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the lorries of the reader's places, each to be changed, and the form for another."""
    scope = rights.where("trip.plan")
    places = Place.objects.within(scope).filter(kind__in=Place.KEPT).order_by("area_id", "name")
    return render(
        request,
        "trips/vehicles.html",
        {
            "lorries": [*queries.vehicles_in(scope), Vehicle(plate="", capacity_kg=5000, capacity_m3=20)],
            "places": places,
            "drivers": queries.drivers_in(scope),
        },
    )


@desk_page("trip.see")
def waybill(request: HttpRequest, rights: Rights, trip_id: UUID) -> HttpResponse:
    """Show a trip's waybill for paper (A4): one QR code for the trip, one for each transfer."""
    found = queries.one_trip(trip_id, by=rights)
    return render(request, "trips/waybill.html", waybills.facts(found, stops_of(found)))


def _rows(trips: Iterable[Trip], rights: Rights) -> list[steps.Row]:
    found = list(trips)
    stops = stops_of_many(found)
    return [steps.row(one, stops[one.pk], rights) for one in found]


def _order(trip: Trip, stops: list[Stop], language: str) -> dict[str, Any] | None:
    """Give the better order of the stops left with its gain in words, None where there is none."""
    found = ordering.proposed(trip, stops, now=timezone.now())
    if found is None:
        return None
    return {
        "said": words.ordered(found.row, language),
        "arrivals": found.arrivals,
        "stops": [stop.pk for stop in found.stops],
    }


def _draft(asked: str, scope: AreaScope) -> dict[str, Any] | None:
    """Give a draft's plans; 404.1 if there is none of the reader's areas."""
    if not asked:
        return None
    try:
        found = Draft.objects.filter(pk=UUID(asked)).first()
    except ValueError:
        found = None
    if found is None or not scope.covers(found.area_code):
        raise problems.NOT_FOUND()
    return {"it": found, "plans": steps.plans(found, get_language() or "zh")}


def _hours(document: Document) -> int | None:
    """Give the whole hours until an order by word of mouth needs its paper; negative when it is late."""
    if document.paper_due is None:
        return None
    return int((document.paper_due - timezone.now()).total_seconds() // 3600)
