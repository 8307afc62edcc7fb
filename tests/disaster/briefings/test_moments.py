"""Any moment again: whatever happened since, a briefing of a moment says what was so then."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from django.db.models import F, Sum
from django.utils import timezone

from disaster.briefings.content import Content
from disaster.briefings.gather import event as of_event
from disaster.briefings.gather import relief as of_relief
from disaster.relief.board import queries
from disaster.relief.funds import queries as funds
from disaster.relief.needs import services as needs
from disaster.relief.needs.models import Application, Programme
from disaster.relief.needs.services import Row
from disaster.relief.stock import past
from disaster.relief.stock.models import Balance, Document, Place
from disaster.reports.models import Report
from disaster.reports.services import submit
from gis.models import Area
from gis.scope import AreaScope
from tests.disaster.briefings.made import a_storm
from tests.disaster.relief.board.made import a_programme, an_application
from tests.disaster.relief.funds import made as money
from tests.disaster.relief.needs.made import a_household, applied, home, need
from tests.disaster.relief.receipts.made import a_village_point, give_back, issue
from tests.disaster.relief.stock.made import a_place, east_point, ordered, send, sign, taken_in
from tests.sealing import seal_everything
from tests.world import BING, COUNTY, EAST, JIA, WEST, YI, World, a_report, submission

pytestmark = pytest.mark.django_db(transaction=True)
ALL = AreaScope.of([COUNTY])
AREAS = (COUNTY, EAST, WEST)


class Truth(NamedTuple):
    """What the present tables said at a moment, and the briefings made then."""

    moment: datetime
    villages: dict[str, Any]
    held: Counter[tuple[Any, str]]
    standings: dict[Any, funds.Standing]
    said: dict[str, Any]


def told(content: Content) -> Any:
    """All of a briefing but the moment it was made at."""
    return (content.as_of, content.lead, content.lead_en, content.sections, content.figures, content.tables)


class Winter:
    """A winter in which anything may happen next."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.world, self.chance = world, chance
        self.programme: Programme = a_programme()
        self.store, self.east, self.point = a_place(), east_point(), a_village_point(world)
        self.papers: list[Document] = []
        self.acts: tuple[Callable[[], None], ...] = (
            self.apply,
            self.grant,
            self.issue,
            self.give_back,
            self.move_household,
            self.amend,
            self.regrant,
            self.stop,
            self.buy,
            self.order,
            self.send,
            self.sign,
            self.fund,
            self.pay,
        )

    def pick(self, **filters: Any) -> Application | None:
        rows = list(Application.objects.filter(programme=self.programme, **filters).order_by("number"))
        return self.chance.choice(rows) if rows else None

    def apply(self) -> None:
        applied(self.world, self.programme, a_household(self.world), persons=self.chance.randint(1, 3))

    def grant(self) -> None:
        """As a plan does: what the township has passed is approved with so many quilts."""
        one = an_application(self.programme, JIA, state="passed")
        row = Row(one.pk, "quilt", self.chance.randint(1, 3))
        (answer,) = needs.grant_many([row], by=self.world.rights("bureau"), now=timezone.now())
        assert answer.done, answer
        Application.objects.filter(pk=one.pk).update(notice_until=None)

    def issue(self) -> None:
        one = self.pick(state="approved", grants__item="quilt", grants__settled=0)
        if one and self.stocked() >= 1:
            issue(self.world, one, self.point, 1)

    def stocked(self) -> int:
        rows = Balance.objects.filter(place=self.point, batch__item="quilt")
        return rows.aggregate(all=Sum("quantity"))["all"] or 0

    def give_back(self) -> None:
        if one := self.pick(state__in=["approved", "issued"], grants__settled__gt=0, grants__item="quilt"):
            give_back(self.world, one, self.point, **{self.chance.choice(["whole", "damaged"]): 1})

    def move_household(self) -> None:
        if (one := self.pick(state="applied", area=JIA)) and one.household.area_id == JIA:
            needs.change(
                one.household_id,
                home(YI),
                version=one.household.version,
                why="",
                by=self.world.rights("bureau"),
                now=timezone.now(),
            )

    def amend(self) -> None:
        if one := self.pick(state="applied"):
            entry = need(self.chance.randint(1, 3))
            by = self.world.rights("bureau")
            needs.amend(one.pk, entry, version=one.version, by=by, now=timezone.now())

    def regrant(self) -> None:
        if one := self.pick(state="approved", grants__item="quilt"):
            row = Row(one.pk, "quilt", self.chance.randint(3, 6))
            needs.grant_many([row], by=self.world.rights("bureau"), now=timezone.now())

    def stop(self) -> None:
        if (one := self.pick(state="approved")) and self.chance.random() < 0.4:
            needs.act("stop", one.pk, why="迁出", by=self.world.rights("bureau"), now=timezone.now())

    def buy(self) -> None:
        taken_in(self.world, self.store)

    def order(self) -> None:
        target = self.chance.choice([self.east, self.point])
        self.papers.append(ordered(self.world, self.store, target, self.chance.randint(1, 5)))

    def send(self) -> None:
        waiting = [one for one in self._fresh() if one.state == "ordered"]
        held = Balance.objects.filter(place=self.store).aggregate(all=Sum("quantity"))["all"] or 0
        if waiting and held >= 5:
            send(self.world, self.chance.choice(waiting))

    def sign(self) -> None:
        if away := [one for one in self._fresh() if one.state == "sent"]:
            sign(self.world, self.chance.choice(away))

    def _fresh(self) -> list[Document]:
        for one in self.papers:
            one.refresh_from_db()
        return self.papers

    def fund(self) -> None:
        money.a_quota(self.world, self.chance.randint(1, 9) * 100_000)

    def pay(self) -> None:
        quota = money.a_quota(self.world, 50_000)
        household = money.granted(self.programme, 20_000, BING)
        needs.hold(household.pk, why="核对", by=self.world.rights("bureau"), now=timezone.now())
        needs.release(household.pk, why="无误", by=self.world.rights("bureau"), now=timezone.now())
        batch = money.released(self.world, self.programme, quota)
        if self.chance.random() < 0.7:
            money.answered(self.world, batch)


def truth(programme: Programme) -> Truth:
    moment = timezone.now()
    rows = Balance.objects.filter(place__kind__in=Place.KEPT).exclude(quantity=0)
    held = Counter[tuple[Any, str]]()
    for place, item, many in rows.values_list("place", F("batch__item"), "quantity"):
        held[place, item] += many
    return Truth(
        moment,
        queries.villages(programme, ALL),
        held,
        funds.standings(scope=ALL),
        briefings(programme, moment),
    )


def briefings(programme: Programme, moment: datetime) -> dict[str, Any]:
    now = timezone.now()
    return {
        code: told(of_relief.content(programme, Area.objects.get(pk=code), as_of=moment, now=now))
        for code in AREAS
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_relief_of_any_moment_is_what_it_was_then(world: World, seed: int) -> None:
    chance = random.Random(seed)
    winter = Winter(world, chance)
    for act in (winter.apply, winter.grant, winter.grant, winter.buy, winter.order):
        act()
    known = [truth(winter.programme)]
    for _ in range(25):
        chance.choice(winter.acts)()
        known.append(truth(winter.programme))
    for then in known:
        assert queries.villages(winter.programme, ALL, moment=then.moment) == then.villages
        held = {(one.place, one.item): one.quantity for one in past.held_at(ALL, moment=then.moment)}
        assert held == then.held
        sums = funds.standings_at(ALL, moment=then.moment)
        assert {key: value for key, value in sums.items() if any(value)} == {
            key: value for key, value in then.standings.items() if any(value)
        }
        assert briefings(winter.programme, then.moment) == then.said
    assert len({repr(then[1:4]) for then in known}) > 10, "and much has happened"


@pytest.mark.parametrize("seed", [1, 2])
def test_an_event_of_any_moment_is_what_it_was_then(world: World, seed: int) -> None:
    chance = random.Random(seed)
    event = a_storm(world)
    seal_everything()

    def said(moment: datetime) -> dict[Any, Any]:
        return {
            (code, basis): told(
                of_event.content(
                    event, Area.objects.get(pk=code), as_of=moment, basis=basis, now=timezone.now()
                )
            )
            for code in AREAS
            for basis in ("received", "approved")
        }

    known = []
    for _ in range(8):
        village, officer = chance.choice([(JIA, "jia_a"), (YI, "yi_a"), (BING, "bing_a")])
        standing = Report.objects.filter(area=village).latest("received_at")
        figures = {key: Decimal(value) for key, value in standing.figures.items()}
        figures["affected"] += chance.randint(0, 30)
        report = a_report(village, event=event.id, kind="followup", corrects=standing.id, figures=figures)
        submit(submission(report, world.rights(officer)))
        seal_everything()
        moment = timezone.now()
        known.append((moment, said(moment)))
    for moment, then in known:
        assert said(moment) == then
