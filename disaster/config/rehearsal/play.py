"""Performing the storm of July 2013 through the product's own services, moment by moment.

What goes wrong in a real week goes wrong here: villages that are late, one whose officer
can't be reached, reports returned and corrected, a person missing and found dead, figures
that fall when they are verified. The ledger notes each act; at every cutoff the product's
tables are held against it.
"""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import count
from typing import Any

import msgspec

from disaster.config import storm
from disaster.config.rehearsal.ledger import Ledger
from disaster.duty import board
from disaster.events import services as events
from disaster.events.models import Event
from disaster.people import sample
from disaster.people.models import Person
from disaster.people.scope import Rights, rights_of_many
from disaster.problems import Problem
from disaster.reports import change, rollup, services
from disaster.reports.messages import Proxy, Report
from disaster.rules import book
from disaster.rules.book import BEIJING
from gis.scope import AreaScope

BEGIN = datetime(2013, 7, 5, 0, 0, tzinfo=BEIJING)
STORM_HOURS = 48
COUNTY = sample.COUNTY
NOTE = "演练:已核实"


class Wrong(AssertionError):  # noqa: N818 - what it says
    """The product and the ledger disagree."""


@dataclass
class Rehearsal:
    """One run. ``villages`` come from the gazetteer; ``rights`` from the sample accounts."""

    villages: Sequence[storm.Village]
    seed: int = 20130705
    ledger: Ledger = field(default_factory=Ledger)
    happened: list[str] = field(default_factory=list)

    def play(self) -> None:
        """Play the storm; raise :class:`Wrong` at the first number that is not the ledger's."""
        self.rights = _rights(self.villages)
        self.bureau = self.rights["bureau"]
        self._open()
        for message in self.messages:
            self.plan(BEGIN + timedelta(hours=STORM_HOURS * message.at), partial(self._file, message))
        for hour in range(6, STORM_HOURS + 13, 6):
            self.plan(BEGIN + timedelta(hours=hour), self._round)
        self.go_on()

    def plan(self, at: datetime, act: Callable[[datetime], None]) -> None:
        """Note something to be done at a moment."""
        heapq.heappush(self._diary, (at, next(self._turn), act))

    def go_on(self) -> None:
        """Do all that is planned, in the order of time."""
        while self._diary:
            at, _, act = heapq.heappop(self._diary)
            act(at)

    # The villages.

    def _open(self) -> None:
        self._diary: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._turn = count()
        self.event: Event = events.open_event(
            name="2013年7月5日暴雨洪涝(演练)",
            hazard="flood.flash",
            area_code=COUNTY,
            started_at=BEGIN,
            by=self.bureau,
            now=BEGIN + timedelta(minutes=5),
        )
        plan = storm.plan(self.villages, seed=self.seed)
        self.final = {message.village.code: message for message in plan if message.last}
        self.messages = plan
        codes = sorted(self.final)
        self.unreachable, self.returned = set(codes[7::40]), set(codes[3::25])
        self.tell(f"{len(plan)} reports of {len(codes)} villages; {len(self.unreachable)} cannot be reached")

    def _file(self, message: storm.Message, at: datetime) -> None:
        village = message.village.code
        proxy = None
        by = self.rights[message.village.account]
        if village in self.unreachable:
            by = self.rights[sample.reviewer_name(village[:9] + "000")]
            proxy = Proxy(why="phone", caller="村支书", called_at=at)
        before = self.ledger.newest(village, at)
        kind = "first" if before is None else "followup"
        figures = dict(message.figures)
        wrong = village in self.returned and message.last
        if wrong:
            figures["affected"] = figures["affected"] * 10  # an idle zero too many
        report = self.submit(
            village, kind, message.hazard, figures, message.units, message.text, by, at, proxy
        )
        if wrong:
            self.plan(at + timedelta(minutes=20), partial(self._send_back, report, message))

    def _send_back(self, report: uuid.UUID, message: storm.Message, at: datetime) -> None:
        village = message.village.code
        reviewer = self.rights[sample.reviewer_name(village[:9] + "000")]
        services.send_back(
            report, remark="受灾人口超过全村人口,请核对", fields=["affected"], by=reviewer, now=at
        )
        self.ledger.page(report).returned = at
        self.plan(at + timedelta(minutes=15), partial(self._correct, report, message))

    def _correct(self, report: uuid.UUID, message: storm.Message, at: datetime) -> None:
        officer, figures = self.rights[message.village.account], dict(message.figures)
        self.submit(
            message.village.code,
            "followup",
            message.hazard,
            figures,
            message.units,
            message.text,
            officer,
            at,
            corrects=report,
        )

    def submit(
        self,
        area: str,
        kind: str,
        hazard: str,
        figures: dict[str, float],
        units: dict[str, str],
        text: str,
        by: Rights,
        at: datetime,
        proxy: Proxy | None = None,
        corrects: uuid.UUID | None = None,
        notes: dict[str, str] | None = None,
    ) -> uuid.UUID:
        """File one report as its officer would, answering each doubt with a note."""
        known = self.ledger.newest(area, at)
        report = Report(
            id=uuid.uuid4(),
            area=area,
            event=self.event.id,
            kind=kind,  # type: ignore[arg-type]
            hazard=hazard,
            occurred_at=min(at, BEGIN + timedelta(minutes=30)),
            submitted_at=at,
            corrects=corrects or (known.report if known else None),  # type: ignore[arg-type]
            figures={key: Decimal(str(value)) for key, value in figures.items()},
            units=units,  # type: ignore[arg-type]
            text=text,
            proxy=proxy,
            notes=notes or {},
        )
        try:
            services.submit(services.Submission(report, by, at, at))
        except Problem as doubt:
            asked = dict.fromkeys(doubt.told("zh-hans").get("confirm", {}).values(), NOTE)
            if not asked:
                raise
            report = msgspec.structs.replace(report, notes={**asked, **report.notes})
            services.submit(services.Submission(report, by, at, at))
        self.ledger.filed(area, report.id, at, figures, units)
        return report.id

    # The desks.

    def _round(self, at: datetime) -> None:
        """Every six hours: townships pass, the county approves, the tables are compared."""
        late = [
            one
            for one in board.owed(scope=AreaScope.of([COUNTY]), now=at, event=self.event.id)
            if one.state == "late"
        ]
        self.tell(f"{at:%m-%d %H:%M}: {len(late)} owed reports are late")
        for village in sorted(self.final):
            page = self.ledger.newest(village, at)
            if page and page.passed is None:
                reviewer = self.rights[sample.reviewer_name(village[:9] + "000")]
                services.pass_report(page.report, by=reviewer, now=at)  # type: ignore[arg-type]
                page.passed = at
        if at.hour == 0:
            for village in sorted(self.final):
                page = self.ledger.newest(village, at)
                if page and page.approved is None and not self._deaths(page.figures):
                    services.approve(page.report, by=self.bureau, now=at + timedelta(minutes=1))  # type: ignore[arg-type]
                    page.approved = at + timedelta(minutes=1)
        self.compare(at + timedelta(minutes=2), since=at - timedelta(hours=6))

    @staticmethod
    def _deaths(figures: dict[str, Fraction]) -> bool:
        return bool(figures.get("dead") or figures.get("missing"))

    def compare(self, cutoff: datetime, *, since: datetime) -> None:
        """Hold every cell of the three tables, and every explained change, against the ledger."""
        scope = AreaScope.of([COUNTY])
        for basis in ("received", "passed", "approved"):
            table = rollup.table(event=self.event.id, cutoff=cutoff, scope=scope, basis=basis)
            ours = {
                area: {key: Fraction(value) for key, value in row.figures.items()}
                for area, row in table.items()
            }
            theirs = self.ledger.sums(cutoff, basis)
            if ours != theirs:
                raise Wrong(f"{cutoff} {basis}: {_first_difference(ours, theirs)}")
            self._compare_change(since, cutoff, basis)
        self.tell(
            f"{cutoff:%m-%d %H:%M}: the tables of {len(self.ledger.sums(cutoff))} areas agree with the ledger"
        )

    def _compare_change(self, since: datetime, cutoff: datetime, basis: Any) -> None:
        scope = AreaScope.of([COUNTY])
        shares = change.explain(event=self.event.id, before=since, after=cutoff, scope=scope, basis=basis)
        old, new = self.ledger.sums(since, basis), self.ledger.sums(cutoff, basis)
        for area in {*old, *new}:
            for key in {*old.get(area, {}), *new.get(area, {})}:
                told = sum(
                    (Fraction(step.delta) for step in shares.get(area, []) if step.key == key), Fraction(0)
                )
                if told != new.get(area, {}).get(key, 0) - old.get(area, {}).get(key, 0):
                    raise Wrong(f"{area} {key}: the causes do not add up between {since} and {cutoff}")

    def tell(self, line: str) -> None:
        """Note what happened, for the reader."""
        self.happened.append(line)


def _rights(villages: Sequence[storm.Village]) -> dict[str, Rights]:
    """Give the rights of the accounts that play, by user name, by two statements."""
    wanted = {"bureau", *(village.account for village in villages)}
    wanted |= {sample.reviewer_name(village.code[:9] + "000") for village in villages}
    people = dict(Person.objects.filter(username__in=wanted, is_sample=True).values_list("pk", "username"))
    held = rights_of_many(list(people), on=book.today())
    return {people[person]: rights for person, rights in held.items()}


def _first_difference(ours: dict[str, dict[str, Fraction]], theirs: dict[str, dict[str, Fraction]]) -> str:
    for area in sorted({*ours, *theirs}):
        for key in sorted({*ours.get(area, {}), *theirs.get(area, {})}):
            got, wanted = ours.get(area, {}).get(key), theirs.get(area, {}).get(key)
            if got != wanted:
                return f"{area} {key}: the table says {got}, the ledger {wanted}"
    return "the same figures"
