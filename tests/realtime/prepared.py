"""What has to be before each verb of the journal, and the act itself."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone
from PIL import Image

from disaster.events import closures, zones
from disaster.events import services as events
from disaster.refuge import shelters, stays
from disaster.reports import services as reports
from disaster.warnings import notices, settle, tokens
from disaster.warnings.alerts.receive import receive
from disaster.warnings.models import Notice
from gis.models import Closure, HazardZone, Shelter
from tests.disaster.warnings.written import cap
from tests.realtime.prepared_relief import RELIEF
from tests.world import COUNTY, EAST, JIA, World, a_report, inside, square, submission


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
    "alert.received": prepare_alert_received,
    "alert.expired": prepare_alert_expired,
    "notice.sent": prepare_notice_sent,
    "notice.confirmed": prepare_notice_confirmed,
    "notice.closed": prepare_notice_closed,
    **RELIEF,
}
"""Verb → what prepares it; what that gives performs it."""
