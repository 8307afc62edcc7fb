"""The second half of the winter: goods to the households, money by card, notices, the archive."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime
from itertools import count
from uuid import UUID

from disaster.config.winter.homes import card
from disaster.config.winter.ledger import Wrong
from disaster.config.winter.notices import finish_notice, post_notice
from disaster.config.winter.play import Winter
from disaster.config.winter.season import all_done, key
from disaster.relief.disclosure.models import Notice
from disaster.relief.funds import services as funds
from disaster.relief.funds.bankfile.layout import BANK_NUMBER, RESULT, WHY
from disaster.relief.funds.models import PayBatch, PayLine, Quota
from disaster.relief.needs import services as needs
from disaster.relief.needs.entries import HouseholdEntry
from disaster.relief.needs.models import Application, Grant, Household
from disaster.relief.receipts import services as receipts
from disaster.relief.stock.models import Balance

ISSUED, RELEASED, ANSWERED, REISSUED, POSTED, OVER, ARCHIVED = 25.0, 24.0, 22.0, 20.0, 18.5, 1.0, 0.5
"""Days ago."""
HALF_EVERY, REFUSED_EVERY = 9, 97
"""Every so many villages have given half of it out; of so many cards one is refused."""
CLOSED = "账户已销户"
NEW_CARD = 90_000_000_000_000
"""New cards begin here: ``9990`` stands for no country (see :mod:`.homes`)."""


class Ending(Winter):
    """The second half."""

    def play(self) -> None:
        """Take the case from the plan to the archive; raise :class:`Wrong` at the first number that differs."""
        self.begin()
        self.decide()
        self.carry()
        self.give_out()
        self.pay()
        self.disclose()

    def give_out(self) -> None:
        """Give goods to the households; some villages are half-way, and what is short waits."""
        served = [village.code for village in self.season.villages if village.code not in self.later]
        self.half = set(served[4::HALF_EVERY])
        households = 0
        for village in served:
            households += self._give_out(village, self.season.ago(ISSUED))
        self.tell(f"{households} households signed for their goods; {len(self.half)} villages are half-way")
        self.check("given out")

    def _give_out(self, village: str, at: datetime) -> int:
        place = self.season.points[village]
        left: Counter[str] = Counter()
        held = Balance.objects.filter(place=place, quantity__gt=0)
        for item, many in held.values_list("batch__item_id", "quantity"):
            left[item] += many
        rows = Grant.objects.filter(application__area=village, application__programme=self.season.programme)
        wanted: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
        signers: dict[UUID, str] = {}
        for application, name, item, many in rows.filter(item__isnull=False).values_list(
            "application_id", "application__household__name", "item_id", "quantity"
        ):
            wanted[application][item] = many
            signers[application] = name
        todo = list(wanted.items())[: len(wanted) // 2 if village in self.half else None]
        done = 0
        for application, goods in todo:
            if any(many > left[item] for item, many in goods.items()):
                continue  # a piece was missing on arrival
            given = receipts.Given(
                id=key("issue", application),
                application=application,
                place=place.pk,
                goods=goods,
                signer=signers[application],
                taken_at=at,
            )
            receipts.issue(given, by=self.season.officer(village), now=at)
            done += 1
            for item, many in goods.items():
                left[item] -= many
                self.ledger.given(village, village, application, item, many)
        return done

    # Money.

    def pay(self) -> None:
        """Pay by card: a batch, the bank's answer, and what it refused issued again to new cards."""
        villages = [village.code for village in self.season.villages if village.code not in self.later]
        batch = self._batch("first", villages, self.season.ago(RELEASED))
        refused = self._answer(batch, self.season.ago(ANSWERED), refuse_every=REFUSED_EVERY)
        self.tell(f"{batch.lines.count()} payments, {len(refused)} refused by the bank")
        self.check("the bank has answered")
        again = refused[: -max(1, len(refused) // 10)] or refused
        self._new_cards(again, self.season.ago(REISSUED + 0.5))
        second = self._batch("again", villages, self.season.ago(REISSUED), applications=again)
        self._answer(second, self.season.ago(REISSUED - 0.2))
        if self.later:
            third = self._batch("later", sorted(self.later), self.season.ago(0.2))
            self.tell(f"{len(again)} issued again; {third.lines.count()} payments wait for the bank")
        served = self.ledger.states["issued"]
        self.tell(f"{served} households have all that was granted, {len(self.ledger.owed) - served} not yet")
        self.check("issued again")

    def _batch(
        self, name: str, villages: Collection[str], at: datetime, applications: Collection[UUID] | None = None
    ) -> PayBatch:
        """Make a batch by the bureau and release it by its second coordinator."""
        season = self.season
        made = funds.make_batch(
            key("batch", name),
            programme=season.programme.pk,
            villages=villages,
            quotas=list(Quota.objects.filter(is_sample=True).order_by("number").values_list("pk", flat=True)),
            applications=applications,
            by=season.bureau,
            now=at,
            remark="冬春救助(示例)",
        )
        released = funds.release(made.pk, by=season.deputy, now=at)
        lines = released.lines.filter(state=PayLine.State.WAITING).values_list("amount", flat=True)
        self.ledger.sent_to_bank(sum(lines))
        return released

    def _answer(self, batch: PayBatch, at: datetime, *, refuse_every: int = 0) -> list[UUID]:
        """Be the bank: read its file, answer every line, and give back which applications were refused."""
        taken = funds.take_file(batch.pk, kind="csv", why="代发(示例)", by=self.season.bureau, now=at)
        rows = list(csv.reader(io.StringIO(taken.data.decode("utf-8-sig"))))
        head, columns, lines, ends = rows[0], rows[1], rows[2:-2], rows[-2:]
        answered = [head, [*columns, RESULT, WHY, BANK_NUMBER]]
        by_number = {
            number: (application, area)
            for number, application, area in batch.lines.values_list(
                "application__number", "application_id", "area_id"
            )
        }
        refused = []
        for at_line, line in enumerate(lines, start=1):
            application, area = by_number[line[1]]
            fen = round(float(line[5]) * 100)
            if refuse_every and at_line % refuse_every == 0:
                answered.append([*line, "失败", CLOSED, ""])
                refused.append(application)
                self.ledger.refused(fen)
            else:
                answered.append([*line, "成功", "", f"SL{at_line:08d}"])
                self.ledger.paid_out(area, application, fen)
        out = io.StringIO(newline="")
        csv.writer(out).writerows([*answered, *ends])
        told = funds.read_answer(batch.pk, out.getvalue().encode(), by=self.season.bureau, now=at)
        if (told.refused, told.waiting) != (len(refused), 0):
            raise Wrong(f"{batch.number}: {told} after {len(refused)} refusals")
        return refused

    def _new_cards(self, applications: Collection[UUID], at: datetime) -> None:
        """Have the villages enter new cards for those whose old one the bank refused."""
        fresh = count(NEW_CARD)
        for home in Household.objects.filter(applications__in=applications).order_by("pk"):
            entry = HouseholdEntry(
                area=str(home.area_id),
                name=home.name,
                members=home.members,
                group=home.group,
                identity=None,
                phone=None,
                card=card(next(fresh)),
                bank=home.bank,
                types=home.types,
                address=home.address,
            )
            needs.change(
                home.pk,
                entry,
                version=home.version,
                by=self.season.officer(str(home.area_id)),
                now=at,
                why="银行退票,换卡",
            )

    # Notices and the archive.

    def disclose(self) -> None:
        """Post what was issued, let the notices run, archive; in some villages they hang still."""
        done = archived = running = 0
        for number, village in enumerate(self.season.villages):
            if village.code in self.later or village.code in self.half:
                continue
            is_running = number % HALF_EVERY == 1
            post_notice(self.season, village.code, Notice.Stage.ISSUED, days=2.0 if is_running else POSTED)
            if is_running:
                running += 1
                continue
            many = finish_notice(self.season, village.code, Notice.Stage.ISSUED, days=OVER)
            self.ledger.moved_on("issued", "disclosed", many)
            done += many
            archived += self._archive(village.code)
        self.tell(f"{done} households' aid disclosed, {archived} archived; {running} notices hang still")
        self.check("disclosed")

    def _archive(self, village: str) -> int:
        rows = Application.objects.filter(
            programme=self.season.programme, area=village, state=Application.State.DISCLOSED
        )
        ids = list(rows.values_list("pk", flat=True))
        all_done(
            needs.act_many("archive", ids, by=self.season.reviewer(village), now=self.season.ago(ARCHIVED))
        )
        self.ledger.moved_on("disclosed", "archived", len(ids))
        return len(ids)
