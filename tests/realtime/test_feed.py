"""Snapshot plus changes equals a fresh snapshot: for every verb, as every reader sees it."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone
from PIL import Image

from disaster.events import closures, zones
from disaster.events import services as events
from disaster.journal import read, seal, snapshot
from disaster.journal.verbs import SILENT, VERBS
from disaster.refuge import shelters, stays
from disaster.relief.dispatch import services as dispatch
from disaster.relief.dispatch.models import Trip
from disaster.relief.needs import services as needs
from disaster.relief.needs.services import granting
from disaster.relief.receipts.models import Case
from disaster.relief.receipts.services import cases
from disaster.relief.stock import services as stock
from disaster.reports import services as reports
from disaster.warnings import notices, settle, tokens
from disaster.warnings.alerts.receive import receive
from disaster.warnings.models import Notice
from gis.models import Closure, HazardZone, Shelter
from realtime.hub import Hub
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
from tests.disaster.warnings.written import cap
from tests.realtime.test_hub import Ear
from tests.sealing import seal_everything
from tests.world import ACCOUNTS, COUNTY, EAST, JIA, YI, World, a_report, inside, square, submission

pytestmark = pytest.mark.django_db(transaction=True)
READERS = [account for account in ACCOUNTS if account != "stranger"]
State = dict[str, Any]
OVER = {
    "document": {"closed", "cancelled"},
    "trip": {"back", "cancelled"},
    "case": {"settled"},
    "progress": {"told"},
}


def fresh(world: World, account: str) -> State:
    """What a new reader is given."""
    seal_everything()
    taken = msgspec.json.Encoder(decimal_format="number").encode(snapshot.take(world.rights(account).sees))
    return {f"{view['object']}:{view['id']}": view for view in json.loads(taken)["objects"]}


def heard(world: World, account: str, since: int) -> list[dict[str, Any]]:
    """What the hub sends a reader for everything after ``since``, as decoded frames."""
    hub = Hub()
    hub.begin(epoch="e", position=since)
    area = [held.area_code for held in world.rights(account).posts]
    ear = Ear(*area)
    ear.scope_seen = world.rights(account).sees
    hub.enter(ear)
    hub.watch(ear)
    hub.publish(read.after(since, limit=1000))
    return [change for frame in ear.frames for change in json.loads(frame["text"])["changes"]]


def applied(state: State, changes: list[dict[str, Any]]) -> State:
    """What a reader's page makes of it: each object is put whole."""
    after = dict(state)
    for change in changes:
        for view in change["put"]:
            after[f"{view['object']}:{view['id']}"] = view
    return after


def still_shown(state: State) -> State:
    """What is over is put once more and left out of fresh snapshots; both mean it is gone."""
    return {
        key: view
        for key, view in state.items()
        if view.get("state") not in OVER.get(view["object"], {"lifted"})
    }


def _filed(world: World, **fields: Any) -> Any:
    report = a_report(JIA, fix=inside(JIA), **fields)
    reports.submit(submission(report, world.rights("jia_a")))
    return report


def _photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


def prepare_submitted(world: World) -> Callable[[], Any]:
    event = world.event()
    first = _filed(world, event=event.id, figures={"affected": Decimal(5)})
    return lambda: _filed(world, event=event.id, corrects=first.id, figures={"affected": Decimal(8)})


def prepare_seen(world: World) -> Callable[[], Any]:
    report = _filed(world)
    return lambda: reports.mark_seen(report.id, by=world.rights("east"), now=timezone.now())


def prepare_returned(world: World) -> Callable[[], Any]:
    event = world.event()
    first = _filed(world, event=event.id)
    second = _filed(world, event=event.id, corrects=first.id, figures={"affected": Decimal(90)})
    return lambda: reports.send_back(
        second.id, remark="请核对", by=world.rights("bureau"), now=timezone.now()
    )


def prepare_passed(world: World) -> Callable[[], Any]:
    report = _filed(world)
    return lambda: reports.pass_report(report.id, by=world.rights("east"), now=timezone.now())


def prepare_approved(world: World) -> Callable[[], Any]:
    report = _filed(world)
    return lambda: reports.approve(
        report.id, by=world.rights("bureau"), now=timezone.now(), note="乡镇通信中断"
    )


def prepare_photo_stored(world: World) -> Callable[[], Any]:
    import hashlib

    data = _photo()
    name = hashlib.sha256(data).hexdigest()
    report = _filed(world, photos=(name,))
    return lambda: reports.store_photo(report.id, name, data, by=world.rights("jia_a"), now=timezone.now())


def prepare_voice_stored(world: World) -> Callable[[], Any]:
    import hashlib

    data = b"\x1a\x45\xdf\xa3\x42\x82\x84webm" + b"\x86\x86A_OPUS"
    name = hashlib.sha256(data).hexdigest()
    report = _filed(world, voices=(name,))
    return lambda: reports.store_voice(report.id, name, data, by=world.rights("jia_a"), now=timezone.now())


def prepare_opened(world: World) -> Callable[[], Any]:
    return lambda: events.open_event(
        name="台风",
        hazard="typhoon",
        area_code=COUNTY,
        started_at=timezone.now(),
        by=world.rights("bureau"),
        now=timezone.now(),
    )


def prepare_closed(world: World) -> Callable[[], Any]:
    event = world.event()
    return lambda: events.close_event(event, by=world.rights("bureau"), now=timezone.now())


def prepare_changed(world: World) -> Callable[[], Any]:
    event = world.event(started_at=timezone.now() - timedelta(hours=2))
    return lambda: events.change_event(
        event, stable_at=timezone.now(), by=world.rights("bureau"), now=timezone.now()
    )


def prepare_merged(world: World) -> Callable[[], Any]:
    one, other = world.event(), world.event(name="同一场雨")
    return lambda: reports.merge_events(one, other, by=world.rights("bureau"), now=timezone.now())


def prepare_unmerged(world: World) -> Callable[[], Any]:
    one, other = world.event(), world.event(name="同一场雨")
    bureau = world.rights("bureau")
    reports.merge_events(one, other, by=bureau, now=timezone.now())
    return lambda: reports.unmerge_event(one, by=bureau, now=timezone.now())


def prepare_assigned(world: World) -> Callable[[], Any]:
    event = world.event()
    report = _filed(world)
    return lambda: reports.assign_reports([report.id], event, by=world.rights("bureau"), now=timezone.now())


def prepare_split(world: World) -> Callable[[], Any]:
    event = world.event()
    report = _filed(world, event=event.id)
    return lambda: reports.split_event(
        event,
        name="冰雹",
        hazard="storm.hail",
        reports=[report.id],
        by=world.rights("bureau"),
        now=timezone.now(),
    )


def _shelter() -> Shelter:
    return Shelter.objects.create(
        name="甲村小学", area_id=JIA, point=Point(116.51, 30.61, srid=4326), capacity=200
    )


def prepare_shelter_opened(world: World) -> Callable[[], Any]:
    shelter = _shelter()
    return lambda: shelters.open_shelter(shelter, by=world.rights("east"), now=timezone.now())


def prepare_shelter_closed(world: World) -> Callable[[], Any]:
    shelter = _shelter()
    return lambda: shelters.close_shelter(shelter, by=world.rights("east"), now=timezone.now())


def _entry(**fields: Any) -> shelters.Entry:
    values = {"name": "甲村小学", "area": JIA, "lon": 116.51, "lat": 30.61, "usable_area_m2": 400}
    return shelters.Entry(**{**values, **fields})


def prepare_shelter_made(world: World) -> Callable[[], Any]:
    return lambda: shelters.make(_entry(), by=world.rights("east"), now=timezone.now())


def prepare_shelter_changed(world: World) -> Callable[[], Any]:
    by, now = world.rights("east"), timezone.now()
    made = shelters.make(_entry(), by=by, now=now)
    return lambda: shelters.change(made.pk, _entry(usable_area_m2=800), version=1, by=by, now=now)


def _taken_in(world: World, shelter: Shelter, persons: int) -> None:
    by = world.rights("jia_a")
    stays.check_in(shelter.pk, passage=uuid.uuid4(), persons=persons, by=by, now=timezone.now())


def prepare_shelter_checked_in(world: World) -> Callable[[], Any]:
    shelter = shelters.open_shelter(_shelter(), by=world.rights("east"), now=timezone.now())
    return lambda: _taken_in(world, shelter, 120)


def prepare_shelter_checked_out(world: World) -> Callable[[], Any]:
    shelter = shelters.open_shelter(_shelter(), by=world.rights("east"), now=timezone.now())
    _taken_in(world, shelter, 120)
    by = world.rights("jia_a")
    return lambda: stays.check_out(shelter.pk, passage=uuid.uuid4(), persons=50, by=by, now=timezone.now())


def prepare_shelter_imported(world: World) -> Callable[[], Any]:
    import shapely

    from disaster.config.importing import services
    from disaster.config.importing.check import Draft

    values = {"name": "甲村小学", "capacity": 300, "usable_area_m2": 0}
    draft = Draft(1, JIA, values, shapely.Point(116.51, 30.61))
    return lambda: services.add_shelter(draft, by=world.rights("bureau"), now=timezone.now())


def _draw(world: World) -> HazardZone:
    return zones.draw_zone(
        name="甲河两岸",
        kind="flood",
        level="orange",
        area_code=EAST,
        boundary=square(116.50, 30.60, 0.01),
        source="巡查",
        valid_from=timezone.now(),
        valid_to=None,
        by=world.rights("bureau"),
        now=timezone.now(),
    )


def _close(world: World) -> Closure:
    closure, _is_new = closures.close_road(
        closure_id=uuid.uuid4(),
        shape=Point(116.51, 30.61, srid=4326),
        area_code=JIA,
        reason="塌方",
        radius_m=None,
        valid_to=None,
        by=world.rights("east"),
        now=timezone.now(),
    )
    return closure


def prepare_road_closed(world: World) -> Callable[[], Any]:
    return lambda: _close(world)


def prepare_road_changed(world: World) -> Callable[[], Any]:
    closure, by = _close(world), world.rights("east")
    return lambda: closures.change_closure(
        closure.pk, reason="路基冲毁", valid_to=None, by=by, now=timezone.now()
    )


def prepare_road_opened(world: World) -> Callable[[], Any]:
    closure = _close(world)
    return lambda: closures.open_road(closure.pk, by=world.rights("bureau"), now=timezone.now())


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


def prepare_zone_drawn(world: World) -> Callable[[], Any]:
    return lambda: _draw(world)


def prepare_zone_changed(world: World) -> Callable[[], Any]:
    zone, now = _draw(world), timezone.now()
    by = world.rights("bureau")
    return lambda: zones.change_zone(zone.pk, version=1, reason="水位上涨", level="red", by=by, now=now)


def prepare_zone_lifted(world: World) -> Callable[[], Any]:
    zone = _draw(world)
    return lambda: zones.lift_zone(zone, by=world.rights("bureau"), now=timezone.now())


def prepare_alert_received(world: World) -> Callable[[], Any]:
    """A drill: an actual alert tells of its zone and its notices besides."""
    feeder = tokens.feeder("潜山市气象台", COUNTY)
    return lambda: receive(cap("a-1", status="Exercise"), way="post", by=feeder, now=timezone.now())


def prepare_alert_expired(world: World) -> Callable[[], Any]:
    feeder = tokens.feeder("潜山市气象台", COUNTY)
    alert = receive(cap("a-1", severity="Minor"), way="post", by=feeder, now=timezone.now()).alert
    assert alert.expires is not None
    return lambda: settle.expire_alerts(now=alert.expires)


def _notice(world: World) -> Notice:
    zone = _draw(world)
    [notice] = notices.send(zone, villages=[JIA], by=world.rights("east"), now=timezone.now())
    return notice


def prepare_notice_sent(world: World) -> Callable[[], Any]:
    zone = _draw(world)
    return lambda: notices.send(zone, by=world.rights("bureau"), now=timezone.now())


def prepare_notice_confirmed(world: World) -> Callable[[], Any]:
    notice = _notice(world)
    return lambda: notices.confirm(
        notice.pk,
        confirmation=uuid.uuid4(),
        answer="moved",
        persons=12,
        by=world.rights("jia_a"),
        now=timezone.now(),
    )


def prepare_notice_closed(world: World) -> Callable[[], Any]:
    notice = _notice(world)
    zones.lift_zone(notice.zone, by=world.rights("bureau"), now=timezone.now())
    return lambda: settle.settle(now=timezone.now())


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


PREPARE: dict[str, Callable[[World], Callable[[], Any]]] = {
    "report.submitted": prepare_submitted,
    "report.seen": prepare_seen,
    "report.returned": prepare_returned,
    "report.passed": prepare_passed,
    "report.approved": prepare_approved,
    "report.photo_stored": prepare_photo_stored,
    "report.voice_stored": prepare_voice_stored,
    "event.opened": prepare_opened,
    "event.closed": prepare_closed,
    "event.changed": prepare_changed,
    "event.merged": prepare_merged,
    "event.split": prepare_split,
    "event.unmerged": prepare_unmerged,
    "report.moved": prepare_assigned,
    "shelter.opened": prepare_shelter_opened,
    "shelter.closed": prepare_shelter_closed,
    "shelter.made": prepare_shelter_made,
    "shelter.changed": prepare_shelter_changed,
    "shelter.checked_in": prepare_shelter_checked_in,
    "shelter.checked_out": prepare_shelter_checked_out,
    "shelter.imported": prepare_shelter_imported,
    "road.closed": prepare_road_closed,
    "road.changed": prepare_road_changed,
    "road.opened": prepare_road_opened,
    "zone.drawn": prepare_zone_drawn,
    "zone.changed": prepare_zone_changed,
    "zone.lifted": prepare_zone_lifted,
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
    "alert.received": prepare_alert_received,
    "alert.expired": prepare_alert_expired,
    "notice.sent": prepare_notice_sent,
    "notice.confirmed": prepare_notice_confirmed,
    "notice.closed": prepare_notice_closed,
}


def test_every_verb_of_the_journal_is_tried_here() -> None:
    assert set(PREPARE) == set(VERBS) - SILENT


@pytest.mark.parametrize("verb", PREPARE)
def test_a_state_with_its_changes_is_the_fresh_state(
    world: World, verb: str, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    perform = PREPARE[verb](world)
    before = {account: fresh(world, account) for account in READERS}
    since = seal.head().position
    perform()
    seal_everything()
    # A split tells of the new event and of each report that moved; a transfer of both its ends, and then
    # of what differs.
    ends = ["place.changed", "place.changed"]
    in_order = {
        "event.split": [verb, "report.moved"],
        "place.changed": ends,
        # Two papers are sent when a lorry leaves, one when it loads on its way.
        "trip.departed": [*ends, *ends, verb],
        "trip.loaded": [*ends, verb],
    }
    moves = verb.startswith("difference.") and verb != "difference.reassigned"
    expected = [*ends, verb] if moves else in_order.get(verb, [verb])
    told = [row.verb for row in read.after(since, limit=10) if row.verb not in SILENT]
    assert told == expected
    for account in READERS:
        rebuilt = applied(before[account], heard(world, account, since))
        assert still_shown(rebuilt) == fresh(world, account), account
    told_to_bureau = applied(before["bureau"], heard(world, "bureau", since))
    assert told_to_bureau != before["bureau"], "the verb changes what the bureau sees"


def test_many_of_relief_are_told_by_one_signal(world: World) -> None:
    programme = a_programme()
    ids = [an_application(programme, area, state="applied").pk for area in (JIA, JIA, YI)]
    since = seal.head().position
    needs.act_many("verify", ids, by=world.rights("bureau"), now=timezone.now())
    seal_everything()
    changes = heard(world, "bureau", since)
    assert [(one["verb"], one["area"]) for one in changes] == [("relief.moved", EAST)]
    assert [set(view) for view in changes[0]["put"]] == [{"object", "id", "at", "state"}]
