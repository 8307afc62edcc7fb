"""What is sent to the addresses of the permission table that ask for more than a remark."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.gis.geos import Point

from disaster.atlas.models import MapView
from disaster.briefings import services as briefings
from disaster.briefings.models import Briefing, Subscription
from disaster.briefings.subscriptions.services import subscribe
from disaster.events.models import Event, Proposal, Response
from disaster.refuge import stays
from disaster.refuge.evacuation import plans
from disaster.refuge.models import Household, Plan
from disaster.relief.disclosure.models import Case
from disaster.relief.disclosure.models import Notice as PaperNotice
from disaster.relief.dispatch.models import Draft, Trip, Vehicle
from disaster.relief.funds.models import PayBatch, Quota
from disaster.relief.needs.models import Application, Member, Programme
from disaster.relief.needs.models import Household as Needy
from disaster.relief.plan.models import Scenario
from disaster.relief.receipts.models import Case as Difference
from disaster.relief.receipts.models import Receipt
from disaster.relief.stock.models import Batch, Document, Place
from disaster.reports.models import Report
from disaster.warnings import notices
from disaster.warnings.models import Notice
from gis.models import Closure, HazardZone, Shelter
from tests.contracts import atlas_table, briefing_table, relief_table
from tests.disaster.refuge.made import a_shelter
from tests.disaster.relief.disclosure.made import a_programme, applied, objected, photographed, posted
from tests.disaster.relief.dispatch.made import a_lorry, a_trip, drafted
from tests.disaster.relief.funds import made as money
from tests.disaster.relief.needs import made as needs
from tests.disaster.relief.plan import made as plan
from tests.disaster.relief.receipts.made import a_case, a_village_point, granted
from tests.disaster.relief.stock.made import a_place, ordered, taken_in
from tests.world import COUNTY, EAST, JIA, World, square


class Things:
    """An event, another one, a proposal and a running response, made when they are asked for."""

    def __init__(self, world: World, report: Report) -> None:
        self.world, self.report = world, report
        self.now = datetime.now(UTC)
        self._made: dict[str, Any] = {}

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    @property
    def disaster(self) -> Event:
        return self._once("disaster", lambda: self.world.event(started_at=self.now - timedelta(hours=1)))

    @property
    def other(self) -> Event:
        return self._once("other", lambda: self.world.event(name="同一场", started_at=self.now))

    @property
    def proposal(self) -> Proposal:
        return self._once(
            "proposal",
            lambda: Proposal.objects.create(
                area_code=COUNTY,
                hazard="flood",
                reports=[str(self.report.id)],
                first_at=self.now,
                last_at=self.now,
                found_at=self.now,
            ),
        )

    @property
    def response(self) -> Response:
        return self._once(
            "response",
            lambda: Response.objects.create(
                event=self.disaster,
                area_code=COUNTY,
                level=4,
                number="1号",
                started_at=self.now,
                started_by="市局",
            ),
        )

    @property
    def zone(self) -> HazardZone:
        """A red zone in village 甲."""
        return self._once(
            "zone",
            lambda: HazardZone.objects.create(
                name="甲河",
                kind="flood",
                level="red",
                area_id=JIA,
                boundary=square(116.50, 30.60),
                valid_from=self.now,
            ),
        )

    @property
    def closure(self) -> Closure:
        """A road closed in village 甲."""
        return self._once(
            "closure",
            lambda: Closure.objects.create(
                area_id=JIA,
                shape=Point(116.50, 30.60, srid=4326),
                reason="塌方",
                valid_from=self.now,
                by_name="东镇",
            ),
        )

    @property
    def shelter(self) -> Shelter:
        """An open shelter in village 甲 with a household inside."""
        return self._once("shelter", self._shelter)

    def _shelter(self) -> Shelter:
        made = a_shelter(self.world)
        stays.check_in(
            made.pk,
            passage=uuid.uuid4(),
            persons=4,
            head="王五",
            by=self.world.rights("bureau"),
            now=self.now,
        )
        made.refresh_from_db()
        return made

    @property
    def household(self) -> Household:
        """The one inside."""
        return self._once("household", lambda: Household.objects.get(shelter=self.shelter))

    @property
    def plan(self) -> Plan:
        """An evacuation of village 甲."""
        return self._once(
            "plan",
            lambda: plans.make(villages={JIA: 10}, by=self.world.rights("east"), now=self.now),
        )

    @property
    def notice(self) -> Notice:
        """What village 甲 was told of it."""
        return self._once(
            "notice", lambda: notices.send(self.zone, by=self.world.rights("east"), now=self.now)[0]
        )

    @property
    def scenario(self) -> Scenario:
        """A draft of sharing the county's goods among its villages, by the bureau."""
        return self._once("scenario", lambda: plan.made(self.world, plan.ready(self.world)))

    @property
    def warehouse(self) -> Place:
        """The county's, with 100 quilts."""
        return self._once("warehouse", self._warehouse)

    def _warehouse(self) -> Place:
        made = a_place()
        taken_in(self.world, made)
        return made

    @property
    def batch(self) -> Batch:
        """The quilts in it."""
        return self._once("batch", lambda: self.warehouse.balances.select_related("batch").get().batch)

    @property
    def place(self) -> Place:
        """A point of village 甲."""
        return self._once("place", lambda: a_place("甲村储备点", JIA))

    @property
    def paper(self) -> Document:
        """Quilts ordered from the county's warehouse to village 甲."""
        return self._once("paper", lambda: ordered(self.world, self.warehouse, self.place, 10))

    @property
    def receipt(self) -> Receipt:
        """A signature under that paper, without a photo."""
        return self._once(
            "receipt",
            lambda: Receipt.objects.create(
                pk=uuid.uuid4(),
                document=self.paper,
                area_code=JIA,
                signer="甲一",
                taken_at=self.now,
                stored_at=self.now,
                by_id=1,
                by_name="甲一",
            ),
        )

    @property
    def quilted(self) -> Application:
        """A household of village 甲 to which two quilts were granted."""
        return self._once("quilted", lambda: granted(self.world))

    @property
    def point(self) -> Place:
        """A point of village 甲 with ten quilts."""
        return self._once("point", lambda: a_village_point(self.world))

    @property
    def difference(self) -> Difference:
        """Thirteen quilts that 甲一 did not find on their arrival."""
        return self._once("difference", lambda: a_case(self.world))

    @property
    def vehicle(self) -> Vehicle:
        """A lorry at the county's warehouse."""
        return self._once("vehicle", lambda: a_lorry(self.world, self.warehouse))

    @property
    def draft(self) -> Draft:
        """Trips worked out for that paper, not ordered."""
        return self._once("draft", lambda: drafted(self.world, [self.paper], [self.vehicle]))

    @property
    def trip(self) -> Trip:
        """A trip to 甲村 and 东乡 that 丙一 drives, ready to leave."""
        return self._once("trip", lambda: a_trip(self.world, roads=False))

    @property
    def paper_notice(self) -> PaperNotice:
        """A public notice of village 甲 with a photograph, whose time is over since yesterday."""
        return self._once("paper_notice", self._paper_notice)

    def _paper_notice(self) -> PaperNotice:
        begun = self.now - timedelta(days=15)
        batch = a_programme()
        applied(batch)
        made = posted(self.world, batch, at=begun)
        photographed(self.world, made, begun)
        PaperNotice.objects.filter(pk=made.pk).update(until_on=self.now.date() - timedelta(days=2))
        Application.objects.update(notice_until=self.now.date() - timedelta(days=2))
        return made

    @property
    def batch_number(self) -> str:
        """Its programme's number, as addresses name it."""
        return self.paper_notice.programme.number

    @property
    def picture(self) -> str:
        """Its photograph's hash."""
        return self.paper_notice.photos.get().hash

    @property
    def level(self) -> str:
        """The level of a notice above the village's."""
        return "township"

    @property
    def size(self) -> str:
        """How large it is asked for."""
        return "thumb"

    @property
    def complaint(self) -> Case:
        """Somebody of village 甲 complains of something."""
        return self._once("complaint", lambda: objected(None, kind="unpaid", area=JIA, at=self.now))

    @property
    def programme(self) -> Programme:
        """Winter relief of the county."""
        return self._once("programme", lambda: needs.a_programme(self.world))

    @property
    def needy(self) -> Needy:
        """A household of village 甲."""
        return self._once("needy", lambda: needs.a_household(self.world))

    @property
    def member(self) -> Member:
        """A member of that household."""
        return self._once("member", lambda: needs.a_member(self.world, self.needy))

    @property
    def application(self) -> Application:
        """Another household of village 甲 that applies in the programme."""
        return self._once("application", lambda: needs.applied(self.world, self.programme))

    @property
    def view(self) -> MapView:
        """A view of the map that the bureau keeps for itself."""
        return self._once("view", lambda: self._a_view("自用"))

    @property
    def shared_view(self) -> MapView:
        """A view of the map that the bureau shares."""
        return self._once("shared_view", lambda: self._a_view("值班", is_shared=True))

    def _a_view(self, name: str, **fields: Any) -> MapView:
        bureau = self.world["bureau"]
        return MapView.objects.create(
            person=bureau, name=name, state=atlas_table.WHERE, made_at=self.now, **fields
        )

    @property
    def subscription(self) -> Subscription:
        """The bureau's own."""
        return self._once(
            "subscription",
            lambda: subscribe(
                kind="event", area=COUNTY, trigger="daily", by=self.world.rights("bureau"), now=self.now
            ),
        )

    @property
    def briefing(self) -> Briefing:
        """One of the event, for the whole county."""
        return self._once(
            "briefing",
            lambda: briefings.make(
                event_id=self.disaster.id,
                area=COUNTY,
                as_of=self.now,
                basis="received",
                by=self.world.rights("bureau"),
                now=self.now,
            ),
        )

    @property
    def granted(self) -> Application:
        """A household of village 甲 that is granted money."""
        return self._once("granted", lambda: money.granted(money.a_programme()))

    @property
    def quota(self) -> Quota:
        """Money of the county for it."""
        return self._once("quota", lambda: money.a_quota(self.world))

    @property
    def other_quota(self) -> Quota:
        """More for the same purpose."""
        return self._once("other_quota", lambda: money.a_quota(self.world))

    @property
    def payments(self) -> PayBatch:
        """A batch that pays it, made by the bureau."""
        return self._once("payments", lambda: money.made(self.world, self.granted.programme, self.quota))

    def path(self) -> _Ids:
        """Give the ids that an address may name; objects come into being when they are used."""
        return _Ids(self)

    def body(self, address: str) -> dict[str, Any] | None:
        """Give the body for an address, None where a remark is enough."""
        make = BODIES.get(address)
        return make(self) if make else None


class _Ids(dict[str, Any]):
    def __init__(self, things: Things) -> None:
        super().__init__()
        self.things = things

    def __or__(self, given: dict[str, Any]) -> _Ids:  # type: ignore[override]
        self.update(given)
        return self

    def __missing__(self, name: str) -> str:
        thing = getattr(self.things, name)
        return thing if isinstance(thing, str) else str(thing.id)


def _split(things: Things) -> dict[str, Any]:
    Report.objects.filter(pk=things.report.pk).update(event=things.disaster)
    return {"name": "冰雹", "areas": [EAST]}


def _entered(name: str) -> dict[str, Any]:
    return {"name": name, "area": JIA, "lon": 116.51, "lat": 30.61, "usable_area_m2": 200}


def _shape() -> dict[str, Any]:
    return json.loads(square(116.50, 30.60, 0.01).json)


def _drawn(things: Things) -> dict[str, Any]:
    return {"name": "甲河", "kind": "flood", "level": "red", "geometry": _shape()}


BODIES: dict[str, Callable[[Things], dict[str, Any]]] = {
    **relief_table.BODIES,
    **briefing_table.BODIES,
    **atlas_table.BODIES,
    "POST /api/zones": _drawn,
    "PUT /api/zones/{zone}": lambda it: {**_drawn(it), "version": 1, "reason": "水位上涨"},
    "POST /api/zones/{zone}/lift": lambda it: {"reason": "水退"},
    "POST /api/zones/threat": lambda it: {"geometry": _shape()},
    "POST /api/closures": lambda it: {
        "geometry": {"type": "Point", "coordinates": [116.5, 30.6]},
        "reason": "塌方",
    },
    "PUT /api/closures/{closure}": lambda it: {"reason": "路基冲毁"},
    "POST /api/reports/{report}/closure": lambda it: {
        "id": str(uuid.uuid4()),
        "reason": "塌方",
        "geometry": {"type": "Point", "coordinates": [116.51, 30.61]},
    },
    "POST /api/routes/matrix": lambda it: {"origins": [[116.5, 30.6]], "destinations": [[116.51, 30.6]]},
    "POST /api/shelters": lambda it: _entered("乙号场所"),
    "PUT /api/shelters/{shelter}": lambda it: {**_entered("甲村小学"), "version": it.shelter.version},
    "POST /api/shelters/{shelter}/open": lambda it: {},
    "POST /api/shelters/{shelter}/close": lambda it: {"reason": "检修"},
    "POST /api/shelters/{shelter}/in": lambda it: {"id": str(uuid.uuid4()), "persons": 2},
    "POST /api/shelters/{shelter}/out": lambda it: {"id": str(uuid.uuid4()), "persons": 1},
    "POST /api/evacuations": lambda it: {"villages": {JIA: 5}},
    "POST /api/evacuations/{plan}/renew": lambda it: {"version": 1},
    "POST /api/map/imports/{file}/preview": lambda it: {"kind": "zones"},
    "POST /api/map/imports/{file}/apply": lambda it: {"kind": "zones"},
    "POST /api/map/export": lambda it: {"collections": []},
    "POST /api/events": lambda it: {
        "name": "暴雨",
        "hazard": "flood.flash",
        "area": COUNTY,
        "started_at": it.now.isoformat(),
    },
    "POST /api/events/{disaster}/change": lambda it: {"name": "改名"},
    "POST /api/events/{disaster}/merge": lambda it: {"into": str(it.other.id)},
    "POST /api/events/{disaster}/split": _split,
    "POST /api/events/{disaster}/responses": lambda it: {
        "area": COUNTY,
        "level": 4,
        "number": "1号",
        "started_at": it.now.isoformat(),
    },
    "POST /api/responses/{response}/end": lambda it: {"number": "2号", "ended_at": it.now.isoformat()},
    "POST /api/events/proposals/{proposal}/confirm": lambda it: {"name": "7月5日洪涝"},
    "POST /api/duty/calls": lambda it: {"area": JIA, "callee": "甲一", "outcome": "no_answer"},
    "POST /api/duty/numbers": lambda it: {"area": JIA},
    "POST /api/duty/reminders/stop": lambda it: {"area": EAST, "reason": "演练"},
    "POST /api/duty/reminders/resume": lambda it: {"area": EAST},
    "POST /api/notices": lambda it: {"zone": str(it.zone.id)},
    "POST /api/notices/{notice}/confirmations": lambda it: {"id": str(uuid.uuid4()), "answer": "received"},
    "POST /api/review/pass": lambda it: {"ids": [str(it.report.id)]},
    "POST /api/review/approve": lambda it: {"ids": [str(it.report.id)], "note": "演练"},
}
