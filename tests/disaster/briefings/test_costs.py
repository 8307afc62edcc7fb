"""A relief briefing asks the database as often for a county of many households, papers and payments as for one of few."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.briefings import content as contents
from disaster.briefings import services
from disaster.relief.needs.models import Application, Programme
from disaster.relief.stock.models import Document, Load, Place
from disaster.rules import book
from tests.disaster.relief.board.made import a_programme, an_application, granted
from tests.disaster.relief.funds import made as money
from tests.disaster.relief.stock.made import a_place, goods, ordered, send, sign, taken_in
from tests.sealing import seal_everything
from tests.world import BING, COUNTY, EAST, JIA, YI, World

pytestmark = pytest.mark.django_db(transaction=True)
FEW, MANY = 1, 20
MOST = 60
"""Statements a briefing costs at most."""
LATE = timedelta(days=9)


def grown(world: World, programme: Programme, store: Place, *, first: int, last: int) -> None:
    """One more of everything a briefing tells of, so many times: households, money paid out, transfers in every state."""
    for at in range(first, last):
        village = (JIA, BING, YI)[at % 3]
        granted(an_application(programme, village), "quilt", 3, settled=1)
        money.granted(programme, area=village)
        money.answered(world, money.released(world, programme, money.a_quota(world)))
        point = a_place(f"{at}号储备点", EAST)
        taken_in(world, store, goods(quantity=10))
        ordered(world, store, point, 1)
        send(world, ordered(world, store, point, 2))
        sign(world, send(world, ordered(world, store, point, 3)))
    Document.objects.update(made_at=F("made_at") - LATE)
    Load.objects.update(sent_at=F("sent_at") - LATE)
    seal_everything()


def cost(world: World, programme: Programme, area: str) -> int:
    now, by = timezone.now(), world.rights("bureau")
    book.edition()  # the rules are read anew every few seconds
    with CaptureQueriesContext(connection) as asked:
        services.make_relief(programme_id=programme.pk, area=area, as_of=now, by=by, now=now)
    return len(asked)


@pytest.mark.parametrize("area", [COUNTY, EAST])
def test_a_relief_briefing_costs_the_same_statements_for_twenty_times_as_much(
    world: World, area: str
) -> None:
    programme, store = a_programme(opened_at=timezone.now() - timedelta(days=30)), a_place()
    grown(world, programme, store, first=0, last=FEW)
    cost(world, programme, area)  # what a process asks once
    few = cost(world, programme, area)
    grown(world, programme, store, first=FEW, last=FEW * MANY)

    assert cost(world, programme, area) == few <= MOST
    now = timezone.now()
    made = services.make_relief(
        programme_id=programme.pk, area=area, as_of=now, by=world.rights("bureau"), now=now
    )
    content = contents.decode(bytes(made.content))
    figures = {one.key: one for one in content.figures}
    assert Application.objects.count() == 2 * MANY
    assert len(figures["transfer.away"].sources) == len(figures["transfer.ordered"].sources) == MANY
    assert any("逾期" in line for section in content.sections for line in section.paragraphs)
