"""A relief briefing: its figures are those of applications and grants, in every form."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils import timezone, translation
from openpyxl import load_workbook
from pptx import Presentation
from pptx.util import Mm

from disaster.briefings import content as contents
from disaster.briefings import files, services
from disaster.briefings.models import Briefing
from disaster.briefings.render import words
from disaster.problems import Problem
from disaster.relief.needs.models import Application, Grant, Programme
from disaster.relief.needs.states import COUNTED
from disaster.relief.stock.models import Document
from disaster.rules import book
from tests.disaster.briefings.test_briefings import of_document, of_map, of_pdf, of_slides, said
from tests.disaster.relief.board.made import a_programme, an_application, at_random, granted
from tests.disaster.relief.funds.made import a_quota
from tests.disaster.relief.stock.made import a_place, east_point, ordered, taken_in
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
    assert [wanted[name] for name in ("需救助户数", "需救助人口", "棉被核准", "棉被到户")] == [
        str(value) for value in (households, persons, granted_, settled)
    ]
    assert need == 0
    assert "棉被需求" not in wanted, "no plan has found what is needed of one item"


def test_it_is_written_as_an_official_paper(world: World) -> None:
    programme = a_programme(name="2026—2027年度冬春救助")
    granted(an_application(programme, JIA), "quilt", 13, settled=8)
    granted(an_application(programme, YI), None, 45_050)
    store, point = a_place(), east_point()
    taken_in(world, store)
    paper = ordered(world, store, point, 5)
    Document.objects.filter(pk=paper.pk).update(made_at=timezone.now() - timedelta(days=9))
    with translation.override("en"):
        content = contents.decode(bytes(made(world, programme).content))

    assert content.title == "关于2026—2027年度冬春救助工作进展情况的报告"
    assert "2026—2027年度冬春救助需救助2户4人;" in content.lead
    assert "棉被核准13床,已到户8床(61%)" in content.lead
    assert "资金核准450.5元,尚未到户" in content.lead
    assert "衣被合计" not in content.lead, "one item's sum is what has just been said"
    _, means, late, *_ = content.sections
    assert means.paragraphs == ("物资方面:棉被库存100床。", "调运方面:调拨单待发出1份。")
    (line,) = late.paragraphs
    assert line.startswith(f"市储备库发往东乡储备点的调拨单{paper.number}未按时发出,已逾期")
    assert [one.zh for one in content.figures if one.key.startswith("clothing")] == []


def test_what_there_is_none_of_is_said_in_a_word(world: World) -> None:
    content = contents.decode(bytes(made(world, a_programme()).content))
    _, means, late, *_ = content.sections
    assert (*means.paragraphs, *late.paragraphs) == (
        "物资方面:暂无库存。",
        "调运方面:暂无调拨。",
        "暂无逾期事项。",
    )


def test_a_long_title_on_a_slide_has_lines_of_one_length_and_the_lead_keeps_below(world: World) -> None:
    def cover(name: str) -> tuple[Any, Any]:
        briefing = made(world, a_programme(name=name))
        deck = Presentation(io.BytesIO(files.render(briefing, "pptx", link=LINK).data))
        boxes = [shape for shape in deck.slides[0].shapes if shape.has_text_frame]
        at = next(n for n, box in enumerate(boxes) if box.text_frame.text.startswith("关于"))
        return boxes[at], boxes[at + 1]

    short, below_short = cover("冬春救助")
    long, below_long = cover("2026—2027年度受灾困难群众冬春生活救助和临时救助")
    assert long.width < short.width, "two lines of one length, not one word on the second"
    assert below_long.top - below_short.top == Mm(14)


def test_what_is_overdue_stands_in_a_sentence_for_each_kind(world: World) -> None:
    store, point = a_place(), east_point()
    taken_in(world, store)
    papers = [ordered(world, store, point, 5) for _ in range(3)]
    for days, paper in zip((9, 20, 12), papers, strict=True):
        made_at = timezone.now() - timedelta(days=days, hours=1)
        Document.objects.filter(pk=paper.pk).update(made_at=made_at)
    content = contents.decode(bytes(made(world, a_programme()).content))
    (line,) = content.sections[2].paragraphs
    assert re.fullmatch(
        rf"3份调拨单未按时发出,最长的已逾期\d+天\({papers[1].number},发往东乡储备点\)。", line
    )


@pytest.mark.parametrize(
    ("day", "told"),
    [(date(2027, 1, 31), "距除夕(2月5日)还有5天"), (date(2027, 2, 5), "今日除夕"), (date(2027, 3, 1), "")],
)
def test_the_days_to_the_eve_are_told_until_it_is_there(world: World, day: date, told: str) -> None:
    opened = datetime(2026, 12, 1, tzinfo=book.BEIJING)
    programme = a_programme(starts_on=opened.date(), ends_on=date(2027, 5, 31), opened_at=opened)
    now = datetime.combine(day, time(9, 30), book.BEIJING)
    lead = contents.decode(bytes(made(world, programme, as_of=now, now=now).content)).lead
    assert f"截至{day.month}月{day.day}日9时30分统计" in lead
    assert lead.endswith(f"人;{told}。" if told else "人。")


def test_all_that_arrived_and_what_is_left_of_money_are_said_in_words(world: World) -> None:
    programme = a_programme()
    granted(an_application(programme, JIA), "quilt", 13, settled=13)
    a_quota(world, 3_744_605_00)
    content = contents.decode(bytes(made(world, programme, area=COUNTY).content))
    assert "棉被核准13床,已全部到户" in content.lead
    assert "资金方面:指标到位374.4605万元,结余374.4605万元。" in content.sections[1].paragraphs


def test_a_township_speaks_of_itself_and_strangers_of_nothing(world: World) -> None:
    programme = a_programme()
    for village in (JIA, YI, BING):
        an_application(programme, village, persons=3)
    own = made(world, programme, area=EAST, by=world.rights("east"))
    figures = {one.key: one.value for one in contents.decode(bytes(own.content)).figures}
    assert figures["persons"] == 6
    assert own.title == "关于东乡冬春救助工作进展情况的报告"
    with pytest.raises(Problem) as caught:
        made(world, programme, area=EAST, by=world.rights("west"))
    assert caught.value.kind.status == 404


def test_a_briefing_of_nothing_is_refused_by_name(client_of: Callable[[str], Client]) -> None:
    answer = client_of("bureau").post("/api/briefings", {"area": COUNTY}, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["event"])
