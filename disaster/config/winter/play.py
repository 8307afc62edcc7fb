"""Taking the founding case to its end through the product's own services, each act by whose it is.

The bureau plans, its second coordinator reviews, the leader approves; lorries carry the goods, villages
sign for them and give them out, the bank pays by card and refuses some, notices hang, and what is done is
archived. The ledger notes each act; the product is held against it after every step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID

from disaster.config.winter.compare import compare
from disaster.config.winter.ledger import MONEY, Ledger, Wrong
from disaster.config.winter.season import COUNTY, Season, key
from disaster.relief.dispatch import queries as dispatch_queries
from disaster.relief.dispatch import services as dispatch
from disaster.relief.dispatch.checks import VehicleEntry
from disaster.relief.dispatch.models import Stop, Trip
from disaster.relief.dispatch.planning import Wish
from disaster.relief.needs.models import Grant
from disaster.relief.plan import services as plan
from disaster.relief.plan.models import Scenario, Share
from disaster.relief.receipts import services as receipts
from disaster.relief.receipts.models import Case
from disaster.relief.stock import papers
from disaster.relief.stock import services as stock
from disaster.relief.stock.models import Batch, Document
from gis.scope import AreaScope

PLANNED, FIRST_TRIP = 32.0, 27.0
"""Days ago."""
LORRIES = 6
LORRY_KG, LORRY_M3 = 3_500, Decimal(18)
A_DAY = timedelta(hours=13)
AT_ONCE = 60
"""Transfers planned together."""
WAITING_EVERY, SHORT_EVERY = 12, 40
"""Every so many villages wait for a later lorry; of every so many, one piece is missing."""


class Winter:
    """One run; ``happened`` is what it did, in words."""

    def __init__(self, season: Season, tell: Callable[[str], None]) -> None:
        self.season, self.tell = season, tell
        self.ledger = Ledger()
        self._turn = count()
        self._acts = count()
        self.later = {village.code for village in list(season.villages)[5::WAITING_EVERY]}
        """Villages whose goods wait still when the story has come to today."""

    # What was loaded.

    def begin(self) -> None:
        """Note what :mod:`.load` has written, from what it was asked to write."""
        for home in self.season.homes:
            self.ledger.applied(home.village, home.persons)
        for item, many in self.season.goods().items():
            self.ledger.took_in(COUNTY, item, many)
        for fen in self.season.quotas().values():
            self.ledger.quota(fen)
        self.check("what was loaded")

    def check(self, when: str) -> None:
        """Hold the product against the ledger."""
        self.tell(f"{when}: {compare(self.season, self.ledger)} figures are the ledger's")

    # The plan.

    def decide(self, days: float = PLANNED) -> None:
        """Plan so many days ago; a second person reviews, a third approves, and the papers are made."""
        season = self.season
        made = plan.make(
            season.programme.pk,
            policy=Scenario.Policy.FAIREST,
            by=season.bureau,
            now=season.ago(days),
            name="冬春救助分配方案(示例)",
        )
        plan.review(made.pk, by=season.deputy, now=season.ago(days * 0.95))
        plan.approve(made.pk, by=season.leader, now=season.ago(days * 0.9))
        self.scenario = plan.make_orders(made.pk, by=season.bureau, now=season.ago(days * 0.85))
        self._note_grants()
        orders = self.scenario.figures["orders"]
        self.tell(f"plan {made.number}: {orders['documents']} transfers, {orders['granted']} households")
        self.check("planned")

    def _note_grants(self) -> None:
        """Note what was granted; by village it is what the plan gives, in all what there is."""
        rows = Grant.objects.filter(application__programme=self.season.programme)
        for area, item, quantity, application in rows.values_list(
            "application__area_id", "item_id", "quantity", "application_id"
        ):
            self.ledger.decided(area, application, item or MONEY, quantity)
        for area, item, given in Share.objects.filter(scenario=self.scenario).values_list(
            "area_id", "item_id", "given"
        ):
            if self.ledger.granted[area, item or MONEY] != given:
                raise Wrong(f"{area} {item}: the plan gives {given}, its households another sum")
        in_all = self.ledger.sums(self.ledger.granted)
        if in_all != {**self.season.goods(), MONEY: self.ledger.got}:
            raise Wrong(f"granted {in_all}, there are {self.season.goods()} and {self.ledger.got} fen")

    # The lorries.

    def buy_lorries(self) -> list[UUID]:
        """Enter the lorries, each with its driver: officers of villages who drive."""
        ids = []
        for at, village in zip(range(LORRIES), self.season.walked() * LORRIES, strict=False):
            driver = self.season.officer(village, "b") if at < len(self.season.walked()) else None
            entry = VehicleEntry(
                plate=f"皖H·示例{at + 1}",
                capacity_kg=LORRY_KG,
                capacity_m3=LORRY_M3,
                home=self.season.warehouse.pk,
                kind="厢式货车(示例)",
                driver=driver.person_id if driver else None,
            )
            vehicle = dispatch.save_vehicle(
                key("lorry", at), entry, by=self.season.keeper, now=self.season.ago(45)
            )
            ids.append(vehicle.pk)
        return ids

    def carry(self) -> None:
        """Carry the goods to the villages in as many days as it takes; some villages wait still."""
        self.lorries = self.buy_lorries()
        day = FIRST_TRIP
        trips = 0
        waiting = self.waiting()
        while waiting:
            made = self.trips_for(waiting[:AT_ONCE], at=self.season.ago(day))
            if not made:
                break
            for trip in made:
                self.drive(trip)
            trips, day = trips + len(made), day - 0.75
            waiting = self.waiting()
        by_hand = self._carry_by_hand(self.season.ago(day))
        self.tell(
            f"{trips} trips, {by_hand} transfers carried by hand where no dry road leads; "
            f"{len(self.waiting(later=True))} wait for a lorry still"
        )
        self._settle_cases(self.season.ago(day))
        self.check("carried and signed for")

    def _carry_by_hand(self, at: datetime) -> int:
        """Send what no lorry brings, since the village's roads lie in a hazard zone; villagers fetch it."""
        rows = Document.objects.filter(pk__in=self.waiting()).order_by("number")
        for document in rows:
            stock.send(document.pk, by=self.season.keeper, now=at)
            for item, many in self._ordered(document).items():
                self.ledger.sent(COUNTY, item, many)
            self.sign(document, at + timedelta(hours=3))
        return len(rows)

    def waiting(self, *, later: bool = False) -> list[UUID]:
        """Give the transfers that wait for a lorry: those of the villages served now, or of the others."""
        rows = dispatch_queries.waiting(AreaScope.of([COUNTY])).order_by("number")
        return [one.pk for one in rows if (str(one.target.area_id) in self.later) == later]

    def trips_for(self, documents: Sequence[UUID], *, at: datetime) -> list[Trip]:
        """Plan trips for transfers and confirm the cheapest."""
        draft = dispatch.draft(
            documents=documents,
            vehicles=self.lorries,
            wish=Wish(starts_at=at, ends_at=at + A_DAY),
            by=self.season.keeper,
            now=at - timedelta(hours=2),
        )
        if not draft.plans["cheapest"]["trips"]:
            return []
        return dispatch.confirm(draft.pk, aim="cheapest", by=self.season.keeper, now=at - timedelta(hours=1))

    def drive(self, trip: Trip) -> None:
        """Drive a trip to its end: depart, reach each stop, have it signed for, come home."""
        self.depart(trip, trip.starts_at)
        at = trip.starts_at
        for stop in list(Stop.objects.filter(trip=trip).select_related("document").order_by("order")):
            at = max(at + timedelta(minutes=1), stop.planned_at)
            self.act(trip, "arrive", at, stop.pk)
            self.sign(stop.document, at + timedelta(minutes=10))
        self.act(trip, "back", at + timedelta(hours=1))

    def depart(self, trip: Trip, at: datetime) -> None:
        """Let a lorry leave: what it carries is on its way from now on."""
        self.act(trip, "depart", at)
        for document in Document.objects.filter(stops__trip=trip).distinct():
            for item, many in self._ordered(document).items():
                self.ledger.sent(COUNTY, item, many)

    def act(self, trip: Trip, kind: str, at: datetime, stop: int | None = None) -> None:
        """Do one thing on a trip, as its driver; a lorry without one is driven by the keeper."""
        by = next((one for one in self.season.rights.values() if one.person_id == trip.driver_id), None)
        dispatch.act(
            key("act", trip.pk, next(self._acts)),
            trip_id=trip.pk,
            kind=kind,
            at=at,
            by=by or self.season.keeper,
            now=at,
            stop_id=stop,
        )

    def _ordered(self, document: Document) -> dict[str, int]:
        return dict(document.lines.values_list("item_id", "ordered"))

    def sign(self, document: Document, at: datetime) -> None:
        """Sign for a transfer at its village; now and then a piece is missing, and a case opens."""
        document.refresh_from_db()
        village = str(document.target.area_id)
        left = papers.on_the_way(document)
        items = dict(Batch.objects.filter(pk__in=left).values_list("pk", "item_id"))
        is_short = next(self._turn) % SHORT_EVERY == SHORT_EVERY // 3
        counts = {batch: {"received": many} for batch, many in left.items()}
        if is_short:
            counts[max(left, key=lambda batch: left[batch])]["received"] -= 1
        signed = receipts.Signed(
            id=key("receipt", document.pk),
            document=document.pk,
            counts=counts,
            signer=self.season.officer(village).name,
            reason="清点少一件" if is_short else "",
            taken_at=at,
        )
        receipts.sign(signed, by=self.season.officer(village), now=at)
        for batch, one in counts.items():
            self.ledger.signed_for(village, items[batch], one["received"])

    def _settle_cases(self, at: datetime) -> None:
        """Settle all cases but the last: what was missing is lost, and somebody answers for it."""
        cases = list(Case.objects.filter(state=Case.State.OPEN).select_related("batch").order_by("number"))
        for case in cases[:-1]:
            receipts.settle(
                case.pk, resolution="lost", words="装卸途中遗失,承运人已确认", by=self.season.bureau, now=at
            )
            self.ledger.written_off(case.batch.item_id, case.quantity)
        if cases:
            self.tell(f"{len(cases)} pieces were missing on arrival; one case is open still")
