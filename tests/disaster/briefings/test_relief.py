"""A relief briefing: its figures are those of applications and grants, in every form."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from disaster.briefings import content as contents
from disaster.briefings import files, services
from disaster.briefings.models import Briefing
from disaster.briefings.render import words
from disaster.problems import Problem
from disaster.relief.needs.models import Application, Grant, Programme
from disaster.relief.needs.states import COUNTED
from tests.disaster.briefings.test_briefings import of_document, of_map, of_pdf, of_slides, said
from tests.disaster.relief.board.made import a_programme, an_application, at_random, granted
from tests.disaster.relief.funds.made import a_quota
from tests.disaster.relief.stock.made import a_place, taken_in
from tests.world import BING, COUNTY, EAST, JIA, YI, World

pytestmark = pytest.mark.django_db
LINK = "https://example.test/briefings/1/"


def made(world: World, programme: Programme, **fields: Any) -> Briefing:
    now = timezone.now()
    values = {"area": COUNTY, "as_of": now, "by": world.rights("bureau"), "now": now}
    return services.make_relief(programme_id=programme.pk, **{**values, **fields})


def test_its_figures_are_those_of_applications_and_grants(world: World) -> None:
    programme = a_programme()
    at_random(programme, [JIA, YI, BING], random.Random(7), 60)
    content = contents.decode(bytes(made(world, programme).content))
    figures = {one.key: one.value for one in content.figures}

    counted = Application.objects.filter(programme=programme, state__in=COUNTED)
    persons = counted.aggregate(all=Sum("persons"))["all"]
    settled = Grant.objects.filter(application__programme=programme, item=None).aggregate(all=Sum("settled"))
    assert (figures["households"], figures["persons"]) == (counted.count(), persons)
    assert figures["money.settled"] == Decimal(settled["all"]) / 100
    table = content.tables[0]
    for at, column in enumerate(table.columns):
        one = next(figure for figure in content.figures if figure.key == column.key)
        assert sum((source.value for source in one.sources), Decimal(0)) == one.value, one.key
        assert sum(row.values[at] or 0 for row in table.rows) == one.value


def test_workbook_map_and_page_say_the_same(world: World, client_of: Callable[[str], Client]) -> None:
    programme = a_programme()
    granted(an_application(programme, JIA), "quilt", 13, settled=8)
    granted(an_application(programme, YI), None, 45_050)
    briefing = made(world, programme)
    book = load_workbook(io.BytesIO(files.render(briefing, "xlsx", link=LINK).data))
    told = {row[1]: Decimal(str(row[2])) for row in book["数字"].iter_rows(min_row=2, values_only=True)}
    assert (told["棉被核准"], told["棉被到户"], told["资金核准"]) == (13, 8, Decimal("450.5"))

    titles = [title for title, _ in files.drawings(contents.decode(bytes(briefing.content)))]
    assert "棉被核准与到户对照图" in titles
    page = client_of("leader").get(f"/briefings/{briefing.pk}/").content.decode()
    assert "<b>13</b>" in page
    assert "<b>8</b>" in page
    assert files.print_map(briefing, 1, size="A4", link=LINK).data.startswith(b"\x89PNG")
    assert files.render(briefing, "pdf", link=LINK).data.startswith(b"%PDF")


def test_every_form_says_the_same_figures_and_so_does_the_live_board(
    world: World, client_of: Callable[[str], Client]
) -> None:
    programme = a_programme()
    at_random(programme, [JIA, YI, BING], random.Random(3), 20)
    taken_in(world, a_place())
    a_quota(world, 123_456_00)
    briefing = made(world, programme)
    content = contents.decode(bytes(briefing.content))
    wanted = said(content)

    assert of_pdf(briefing, content) == wanted
    assert of_document(briefing) == wanted
    assert of_slides(briefing, content) == wanted
    book = load_workbook(io.BytesIO(files.render(briefing, "xlsx", link=LINK).data))
    listed = book["数字"].iter_rows(min_row=2, values_only=True)
    assert {str(row[1]): words.number(Decimal(str(row[2]))) for row in listed} == wanted
    assert sum(of_map(briefing).values()) == int(wanted["需救助人口"])
    assert (wanted["棉被库存"], wanted["资金指标到位"]) == ("100", "123456")

    board = client_of("bureau").get(f"/api/relief/villages?programme={programme.pk}&item=quilt").json()
    households, persons, need, granted_, settled = board["total"]
    assert [wanted[name] for name in ("需救助户数", "需救助人口", "棉被需求", "棉被核准", "棉被到户")] == [
        str(value) for value in (households, persons, need, granted_, settled)
    ]


def test_a_township_speaks_of_itself_and_strangers_of_nothing(world: World) -> None:
    programme = a_programme()
    for village in (JIA, YI, BING):
        an_application(programme, village, persons=3)
    own = made(world, programme, area=EAST, by=world.rights("east"))
    figures = {one.key: one.value for one in contents.decode(bytes(own.content)).figures}
    assert figures["persons"] == 6
    with pytest.raises(Problem) as caught:
        made(world, programme, area=EAST, by=world.rights("west"))
    assert caught.value.kind.status == 404


def test_a_briefing_of_nothing_is_refused_by_name(client_of: Callable[[str], Client]) -> None:
    answer = client_of("bureau").post("/api/briefings", {"area": COUNTY}, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["event"])
