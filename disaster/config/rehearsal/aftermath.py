"""After the storm: the registers, the verified reports with their falls, the last approval."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from disaster.config.rehearsal.play import BEGIN, COUNTY, STORM_HOURS, Rehearsal, Wrong
from disaster.events import services as events
from disaster.people import sample
from disaster.problems import Problem
from disaster.registers import services as registers
from disaster.registers.entries import CasualtyEntry, HomeEntry
from disaster.registers.identity import check_digit
from disaster.registers.models import CASUALTIES, HOMES
from disaster.registers.queries import counts, total
from disaster.reports import services
from gis.scope import AreaScope

HOUR = timedelta(hours=1)
FELL = "核查发现重复统计,按入户核实数核减"


class Aftermath(Rehearsal):
    """The second half of the week."""

    def end(self) -> None:
        """Bring the event to its approved 核报 and close it."""
        self.stable_at = BEGIN + timedelta(hours=STORM_HOURS + 24)
        self.event = events.change_event(
            self.event, stable_at=self.stable_at, by=self.bureau, now=self.stable_at
        )
        self.tell(f"{self.stable_at:%m-%d %H:%M}: the disaster is stable")
        self._lose_a_person(self.stable_at + HOUR)
        self._register_homes(self.stable_at + 8 * HOUR)
        self._verify(self.stable_at + 24 * HOUR)
        self._approve(self.stable_at + 30 * HOUR)
        self._close(self.stable_at + 48 * HOUR)

    def _reviewer(self, village: str) -> str:
        return sample.reviewer_name(village[:9] + "000")

    # 因灾死亡失踪人口

    def _lose_a_person(self, at: datetime) -> None:
        """Somebody is missing, and five hours later found dead: the figures follow, and so must the rows."""
        self.lost = village = max(self.final, key=lambda code: self.final[code].figures.get("relocated", 0))
        reviewer = self.rights[self._reviewer(village)]
        report = self._follow(village, at, "一人失联,正在搜救", missing=1)
        services.pass_report(report, by=reviewer, now=at)
        self.ledger.page(report).passed = at
        try:
            services.approve(report, by=self.bureau, now=at + HOUR)
        except Problem as problem:
            if "figures.missing" not in problem.errors:
                raise
        else:
            raise Wrong("a missing person without a row in the register was approved")
        row = registers.enter(CASUALTIES, self._person(village, at), by=reviewer, now=at + HOUR)
        services.approve(report, by=self.bureau, now=at + 2 * HOUR)
        self.ledger.page(report).approved = at + 2 * HOUR
        registers.change_status(
            row.id, status="dead", why="下游寻获遗体,家属确认", by=reviewer, now=at + 5 * HOUR
        )
        report = self._follow(
            village, at + 5 * HOUR, "失联者已确认遇难", falls="失踪转为死亡", missing=0, dead=1
        )
        services.approve(report, by=self.bureau, now=at + 6 * HOUR, note="死亡事项市局直接核定")
        self.ledger.page(report).approved = at + 6 * HOUR
        self.compare(at + 6 * HOUR, since=at - HOUR)
        self.tell(f"{at + 5 * HOUR:%m-%d %H:%M}: one person missing, then dead; the register keeps both")

    def _follow(self, village: str, at: datetime, text: str, *, falls: str = "", **changed: int) -> UUID:
        final = self.final[village]
        final.figures.update(changed)
        return self.submit(
            village,
            "followup",
            final.hazard,
            dict(final.figures),
            final.units,
            text,
            self.rights[final.village.account],
            at,
            notes={"cumulative_falls": falls} if falls else None,
        )

    def _person(self, village: str, at: datetime) -> CasualtyEntry:
        return CasualtyEntry.model_validate(
            {
                "event": self.event.id,
                "area": village,
                "name": "演练甲",
                "identity": identity(1),
                "status": "missing",
                "sex": "male",
                "hazard": "flood.flash",
                "occurred_at": at,
                "place": "沟边",
                "cause": "drowning",
                "capacity": "villager",
                "address": "演练组1号",
                "family_contact": "演练乙",
                "phone": "13800000000",
            }
        )

    # 因灾倒塌损坏住房户

    def _register_homes(self, at: datetime) -> None:
        """Give every damaged home its row, and see that the verified figures will find them."""
        entered = 0
        for village, message in sorted(self.final.items()):
            for damage in ("collapsed", "slight"):
                homes = int(message.figures.get(f"houses_{damage}_homes", 0))
                rooms = int(message.figures.get(f"houses_{damage}_rooms", 0))
                for home in range(homes):
                    share = rooms // homes + (home < rooms % homes)
                    entered += 1
                    entry = self._home(village, damage, share, entered, at)
                    registers.enter(HOMES, entry, by=self.rights[self._reviewer(village)], now=at)
        found = total(counts([self.event.id], scope=AreaScope.of([COUNTY])))
        if (found.collapsed, found.slight, found.dead) != (5, 14, 1):
            raise Wrong(f"the registers hold {found}, the storm had 5 and 14 homes and one death")
        self.tell(f"{at:%m-%d %H:%M}: {entered} homes in the register")

    def _home(self, village: str, damage: str, rooms: int, number: int, at: datetime) -> HomeEntry:
        return HomeEntry.model_validate(
            {
                "event": self.event.id,
                "area": village,
                "name": f"演练户{number}",
                "identity": identity(100 + 2 * number),
                "hazard": "flood.flash",
                "occurred_at": at - 24 * HOUR,
                "household_types": ["ordinary"],
                "members": 4,
                "structure": "brick_wood",
                f"rooms_{damage}": rooms,
                "address": f"演练组{number}号",
            }
        )

    # 核报

    def _verify(self, at: datetime) -> None:
        """Every village files its 核报; a few figures fall, with their reason."""
        fallen = 0
        for number, (village, message) in enumerate(sorted(self.final.items())):
            figures = dict(message.figures)
            if number % 20 == 9 and figures["affected"] > 100:
                figures["affected"] -= 7
                fallen += 1
            for damage in ("collapsed", "slight"):
                figures.setdefault(f"houses_{damage}_homes", 0)
                figures.setdefault(f"houses_{damage}_homes_rooms", figures.get(f"houses_{damage}_rooms", 0))
                figures.setdefault(f"houses_{damage}_rooms", 0)
            if "relocated" in figures:
                figures |= {"relocated_central": 0, "relocated_scattered": figures["relocated"]}
            fell = figures["affected"] < message.figures["affected"]
            self.submit(
                village,
                "verified",
                message.hazard,
                figures,
                message.units,
                "核报",
                self.rights[message.village.account],
                at + timedelta(seconds=number),
                notes={"cumulative_falls": FELL} if fell else None,
            )
        self.compare(at + HOUR, since=at - HOUR)
        self.tell(f"{at:%m-%d %H:%M}: 核报 of {len(self.final)} villages, {fallen} of them lower than before")

    def _approve(self, at: datetime) -> None:
        for village in sorted(self.final):
            page = self.ledger.newest(village, at)
            if page is None:
                raise Wrong(f"{village} has no report that counts")
            services.pass_report(page.report, by=self.rights[self._reviewer(village)], now=at)  # type: ignore[arg-type]
            services.approve(page.report, by=self.bureau, now=at + HOUR)  # type: ignore[arg-type]
            page.passed, page.approved = at, at + HOUR
        self.compare(at + 2 * HOUR, since=BEGIN)
        self.tell(f"{at + HOUR:%m-%d %H:%M}: every 核报 approved")

    def _close(self, at: datetime) -> None:
        self.cutoff = at
        events.close_event(self.event, by=self.bureau, now=at)
        self.compare(at, since=BEGIN)
        self.tell(f"{at:%m-%d %H:%M}: the event is closed")


def identity(sequence: int) -> str:
    """Make an identity number of nobody: its area code was never given out, its check digit is right."""
    first = f"990000{19600101}{sequence:03d}"
    return first + check_digit(first)
