"""What has to be before each verb of goods, differences and lorries, and the act itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from disaster.relief.dispatch import services as dispatch
from disaster.relief.dispatch.models import Trip
from disaster.relief.needs import services as needs
from disaster.relief.needs.services import granting
from disaster.relief.receipts.models import Case
from disaster.relief.receipts.services import cases
from disaster.relief.stock import services as stock
from gis.models import Closure
from tests.disaster.relief.board.made import a_programme, an_application
from tests.disaster.relief.dispatch.made import (
    NEAR,
    a_fix,
    a_lorry,
    a_trip,
    confirmed,
    crossing,
    done,
    drafted,
    far,
    stops,
)
from tests.disaster.relief.dispatch.made import seen as moved
from tests.disaster.relief.stock.made import a_place, east_point, goods, ordered, sign, taken_in
from tests.world import EAST, JIA, World


def prepare_place_changed(world: World) -> Callable[[], Any]:
    """Goods come, part of them is sent and signed for, another part is on its way."""
    warehouse, point = a_place(), east_point()
    taken_in(world, warehouse, goods(quantity=100))
    first, _second = ordered(world, warehouse, point, 40), ordered(world, warehouse, point, 5)
    stock.send(first.pk, by=world.rights("keeper"), now=timezone.now())

    return lambda: sign(world, first, "east")


def _short(world: World) -> Any:
    """Forty quilts on their way; 27 of them are signed for."""
    warehouse, point = a_place(), east_point()
    taken_in(world, warehouse, goods(quantity=100))
    paper = ordered(world, warehouse, point, 40)
    stock.send(paper.pk, by=world.rights("keeper"), now=timezone.now())
    return paper


def prepare_case_opened(world: World) -> Callable[[], Any]:
    paper = _short(world)
    return lambda: sign(world, paper, "east", "短少13床", received=27)


def prepare_case_changed(world: World) -> Callable[[], Any]:
    paper = _short(world)
    sign(world, paper, "east", "短少13床", received=27)
    return lambda: sign(world, paper, "east", "又到3床", received=3)


def prepare_relief_moved(world: World) -> Callable[[], Any]:
    one = an_application(a_programme(), JIA, state="passed")
    rows, by = [granting.Row(one.pk, None, 26_000)], world.rights("bureau")
    return lambda: needs.grant_many(rows, by=by, now=timezone.now())


def prepare_case_settled(world: World) -> Callable[[], Any]:
    paper = _short(world)
    sign(world, paper, "east", "短少13床", received=27)
    case, by = Case.objects.get(), world.rights("bureau")
    return lambda: cases.settle(case.pk, resolution="lost", words="途中遗失", by=by, now=timezone.now())


def prepare_case_reassigned(world: World) -> Callable[[], Any]:
    paper = _short(world)
    sign(world, paper, "east", "短少13床", received=27)
    case, by = Case.objects.get(), world.rights("bureau")
    to = world["bureau"].pk
    return lambda: cases.reassign(case.pk, person=to, reason="转交", by=by, now=timezone.now())


def prepare_trip_planned(world: World) -> Callable[[], Any]:
    home, point = a_place(), east_point()
    taken_in(world, home, goods(quantity=100))
    draft = drafted(world, [ordered(world, home, point, 10)], [a_lorry(world, home)])
    return lambda: confirmed(world, draft)


def prepare_trip_departed(world: World) -> Callable[[], Any]:
    """The papers' ends are told, too: goods left the one and are on their way to the other."""
    trip = a_trip(world)
    return lambda: done(world, trip, "depart")


def prepare_trip_loaded(world: World) -> Callable[[], Any]:
    home, other, point = a_place(), a_place("二库", point=crossing(3, 0)), far()
    taken_in(world, other, goods(quantity=100))
    paper = ordered(world, other, point, 10)
    (trip,) = confirmed(world, drafted(world, [paper], [a_lorry(world, home)]))
    done(world, trip, "depart")
    done(world, trip, "arrive")
    fetched = next(one for one in stops(trip) if not one.is_drop)
    return lambda: done(world, trip, "load", stop_id=fetched.pk)


def _away(world: World) -> Trip:
    trip = a_trip(world)
    done(world, trip, "depart")
    Trip.objects.filter(pk=trip.pk).update(told_at=None)
    return trip


def prepare_trip_moved(world: World) -> Callable[[], Any]:
    trip = _away(world)
    return lambda: moved(world, trip, a_fix(crossing(1, 0), timezone.now()))


def prepare_trip_arrived(world: World) -> Callable[[], Any]:
    trip = _away(world)
    return lambda: moved(world, trip, a_fix(crossing(*NEAR), timezone.now()))


def prepare_trip_alarmed(world: World) -> Callable[[], Any]:
    trip, now = _away(world), timezone.now()
    off = [a_fix(crossing(0.5, 1.5), now + timedelta(seconds=one)) for one in (10, 90)]
    return lambda: moved(world, trip, *off)


def prepare_trip_returned(world: World) -> Callable[[], Any]:
    trip = _away(world)
    return lambda: done(world, trip, "back")


def prepare_trip_cancelled(world: World) -> Callable[[], Any]:
    trip, by = a_trip(world), world.rights("keeper")
    return lambda: dispatch.cancel(trip.pk, reason="改期", by=by, now=timezone.now())


def prepare_trip_rerouted(world: World) -> Callable[[], Any]:
    """A road on its way is closed; the closure itself is told before."""
    trip = _away(world)
    Closure.objects.create(
        area_id=EAST,
        shape=crossing(1, 0),
        reason="塌方",
        valid_from=timezone.now(),
        radius_m=30,
        by_name="东镇",
    )
    assert trip.version == 1
    return lambda: dispatch.watch(now=timezone.now())


def prepare_trip_reordered(world: World) -> Callable[[], Any]:
    """No dry road leads to its first stop any more; the way found anew is told before."""
    trip, by = _away(world), world.rights("keeper")
    Closure.objects.create(
        area_id=EAST,
        shape=crossing(*NEAR),
        reason="塌方",
        valid_from=timezone.now(),
        radius_m=1100,
        by_name="东镇",
    )
    dispatch.watch(now=timezone.now())
    turned = [stop.pk for stop in stops(trip)][::-1]
    return lambda: dispatch.reorder(trip.pk, version=2, stops=turned, by=by, now=timezone.now())


RELIEF: dict[str, Callable[[World], Callable[[], Any]]] = {
    "place.changed": prepare_place_changed,
    "relief.moved": prepare_relief_moved,
    "difference.opened": prepare_case_opened,
    "difference.changed": prepare_case_changed,
    "difference.settled": prepare_case_settled,
    "difference.reassigned": prepare_case_reassigned,
    "trip.planned": prepare_trip_planned,
    "trip.departed": prepare_trip_departed,
    "trip.loaded": prepare_trip_loaded,
    "trip.moved": prepare_trip_moved,
    "trip.arrived": prepare_trip_arrived,
    "trip.alarmed": prepare_trip_alarmed,
    "trip.returned": prepare_trip_returned,
    "trip.cancelled": prepare_trip_cancelled,
    "trip.rerouted": prepare_trip_rerouted,
    "trip.reordered": prepare_trip_reordered,
}
"""Verb → what prepares it; what that gives performs it."""
