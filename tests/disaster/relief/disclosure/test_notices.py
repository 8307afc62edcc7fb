"""A notice lists who waits, runs for its days from its photograph, and only then lets anybody go on."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from disaster.journal.models import Entry as JournalEntry
from disaster.problems import Problem
from disaster.relief.disclosure import levels, services
from disaster.relief.disclosure.models import Entry, Notice
from disaster.relief.disclosure.services.photos import path_of
from disaster.relief.needs import services as needs
from disaster.relief.needs.models import Application, Grant, Programme
from disaster.rules import book
from tests.disaster.relief.disclosure.made import (
    MONDAY,
    applied,
    jpeg,
    objected,
    photographed,
    posted,
    refused,
    ruled,
)
from tests.world import BING, EAST, JIA, YI, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OVER = MONDAY + 8 * DAY
"""The day after seven days that began on Monday."""


def test_a_notice_lists_who_waits_and_takes_them_a_step_on(world: World, programme: Programme) -> None:
    mine = [
        applied(programme, name=name, group=group) for name, group in (("王五", "二组"), ("张三", "一组"))
    ]
    applied(programme, state="verified")
    applied(programme, area=BING)
    notice = posted(world, programme)
    assert (notice.from_on, notice.until_on) == (date(2026, 3, 2), date(2026, 3, 9))
    lines = list(notice.entries.select_related("application__household"))
    assert [(one.place, one.application.household.name) for one in lines] == [(1, "张三"), (2, "王五")]
    assert lines[0].offered == {"fen": 26_000, "grain_kg": 50}
    assert lines[0].category == "minimum_living"
    mine[0].refresh_from_db()
    assert (mine[0].state, mine[0].notice_until) == ("posted", date(2026, 3, 9))
    told = JournalEntry.objects.filter(verb="disclosure.posted")
    assert [(one.area_code, one.put) for one in told] == [(JIA, "[]")]


def test_the_same_post_sent_twice_is_one_notice_and_nobody_is_posted_twice(
    world: World, programme: Programme
) -> None:
    applied(programme)
    key, by = uuid.uuid4(), world.rights("jia_a")
    fields = {"programme": programme.pk, "area": JIA, "stage": "assessed"}
    first = services.post(key, **fields, by=by, now=MONDAY)
    assert services.post(key, **fields, by=by, now=MONDAY) == first
    with refused("409.74"):
        services.post(uuid.uuid4(), **fields, by=by, now=MONDAY)
    with refused("409.1"):
        services.post(key, **{**fields, "stage": "issued"}, by=by, now=MONDAY)


def test_who_was_posted_without_a_paper_is_on_the_next_one(world: World, programme: Programme) -> None:
    it = applied(programme)
    needs.act("post", it.pk, by=world.rights("jia_a"), now=MONDAY)
    assert posted(world, programme).entries.get().application == it


def test_nobody_goes_on_without_paper_photograph_and_days(world: World, programme: Programme) -> None:
    it = applied(programme)
    by = world.rights("jia_a")
    needs.act("post", it.pk, by=by, now=MONDAY)
    with refused("409.70"):
        needs.act("submit", it.pk, by=by, now=OVER)
    notice = posted(world, programme, at=MONDAY)
    with refused("409.72"):
        needs.act("submit", it.pk, by=by, now=OVER)
    photographed(world, notice)
    with refused("409.21"):
        needs.act("submit", it.pk, by=by, now=OVER - DAY)
    assert needs.act("submit", it.pk, by=by, now=OVER).state == "submitted"


def test_a_notice_runs_from_the_day_its_photograph_was_taken(world: World, programme: Programme) -> None:
    it = applied(programme)
    notice = posted(world, programme)
    late = MONDAY + 3 * DAY
    photographed(world, notice, late)
    assert notice.until_on == date(2026, 3, 12)
    it.refresh_from_db()
    assert it.notice_until == notice.until_on
    with refused("409.21"):
        needs.act("submit", it.pk, by=world.rights("jia_a"), now=OVER + DAY)
    # An earlier photograph turns up: it hung there all along.
    services.add_photo(
        notice.pk, jpeg(MONDAY + DAY, "red"), taken_on=None, by=world.rights("jia_a"), now=late + DAY
    )
    notice.refresh_from_db()
    assert notice.until_on == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("taken", "stated", "at"),
    [
        (None, None, MONDAY),  # no time at all
        (MONDAY - DAY, None, MONDAY),  # from before it hung
        (MONDAY, date(2026, 3, 1), MONDAY),  # says another day than its camera
        (MONDAY + DAY, None, MONDAY),  # tomorrow's
        (None, date(2026, 3, 4), MONDAY + DAY),  # stated, tomorrow's
    ],
)
def test_a_photograph_of_a_day_that_cannot_be_is_refused(
    world: World, programme: Programme, taken: datetime | None, stated: date | None, at: datetime
) -> None:
    applied(programme)
    notice = posted(world, programme)
    with pytest.raises(Problem) as told:
        services.add_photo(notice.pk, jpeg(taken), taken_on=stated, by=world.rights("jia_a"), now=at)
    assert list(told.value.errors) == ["taken_on"]


def test_a_photograph_is_written_anew_dated_and_kept_once(world: World, programme: Programme) -> None:
    applied(programme)
    notice = posted(world, programme)
    by = world.rights("jia_a")
    first = services.add_photo(notice.pk, jpeg(MONDAY), taken_on=None, by=by, now=MONDAY)
    assert services.add_photo(notice.pk, jpeg(MONDAY), taken_on=None, by=by, now=MONDAY) == first
    assert (first.taken_on, first.is_stated) == (date(2026, 3, 2), False)
    with default_storage.open(path_of(first.hash, "full")) as file, Image.open(file) as kept:
        assert not kept.getexif()
    stated = services.add_photo(
        notice.pk, jpeg(None, "red"), taken_on=date(2026, 3, 3), by=by, now=MONDAY + DAY
    )
    assert stated.is_stated
    with refused("400.5"):
        services.add_photo(notice.pk, b"<svg/>", taken_on=None, by=by, now=MONDAY)


def test_a_notice_that_ran_its_time_lets_all_go_on_but_the_disputed(
    world: World, programme: Programme
) -> None:
    for name in ("张三", "李四", "王五"):
        applied(programme, name=name)
    notice = photographed(world, posted(world, programme))
    case = objected(notice.entries.get(place=2))
    by = world.rights("jia_a")
    answers = services.finish(notice.pk, by=by, now=OVER)
    assert [one.problem and one.problem.kind.number for one in answers] == [None, "409.20", None]
    notice.refresh_from_db()
    assert notice.over_at is None
    east = world.rights("east")
    services.take(case.pk, by=east, now=OVER)
    services.answer(case.pk, words="车已报废", by=east, now=OVER)
    services.settle(case.pk, is_upheld=False, words="不属实", by=east, now=OVER)
    assert [one.done for one in services.finish(notice.pk, by=by, now=OVER)] == [True]
    notice.refresh_from_db()
    assert notice.over_at == OVER
    assert set(Application.objects.values_list("state", flat=True)) == {"submitted"}
    with refused("409.2"):
        services.finish(notice.pk, by=by, now=OVER)


def test_what_was_issued_is_disclosed_after_its_own_notice(world: World, programme: Programme) -> None:
    it = applied(programme, state="issued", fen=26_000)
    Grant.objects.update(settled=26_000)
    notice = posted(world, programme, stage="issued")
    assert notice.entries.get().offered == {"fen": 26_000}
    by = world.rights("jia_a")
    with refused("409.72"):
        needs.act("disclose", it.pk, by=by, now=OVER)
    photographed(world, notice)
    with refused("409.71"):
        needs.act("disclose", it.pk, by=by, now=OVER - DAY)
    services.finish(notice.pk, by=by, now=OVER)
    it.refresh_from_db()
    assert it.state == "disclosed"


def test_working_days_over_the_spring_festival(world: World, programme: Programme) -> None:
    ruled("notice.days_kind", "working")
    applied(programme)
    notice = posted(world, programme, at=datetime(2026, 2, 12, 9, tzinfo=book.BEIJING))
    assert (notice.is_working, notice.until_on) == (True, date(2026, 2, 28))


def test_calendar_days_that_end_in_the_spring_festival_end_after_it(
    world: World, programme: Programme
) -> None:
    applied(programme)
    notice = posted(world, programme, at=datetime(2026, 2, 10, 9, tzinfo=book.BEIJING))
    assert notice.until_on == date(2026, 2, 24)


def test_a_notice_taken_down_is_posted_anew_with_days_of_its_own(world: World, programme: Programme) -> None:
    it = applied(programme)
    by = world.rights("jia_a")
    first = photographed(world, posted(world, programme))
    with refused("400.2"):
        services.take_down(first.pk, why=" ", by=by, now=MONDAY)
    services.take_down(first.pk, why="金额写错", by=by, now=MONDAY)
    with refused("409.70"):
        needs.act("submit", it.pk, by=by, now=OVER)
    second = photographed(world, posted(world, programme, at=MONDAY + DAY), MONDAY + DAY)
    assert (second.round, second.until_on) == (2, date(2026, 3, 10))
    assert needs.act("submit", it.pk, by=by, now=OVER + DAY).state == "submitted"


def test_who_came_back_from_the_township_needs_a_new_notice(world: World, programme: Programme) -> None:
    it = applied(programme)
    notice = photographed(world, posted(world, programme))
    village, east = world.rights("jia_a"), world.rights("east")
    services.finish(notice.pk, by=village, now=OVER)
    needs.act("return", it.pk, why="人口不符", by=east, now=OVER)
    for act in ("verify", "assess", "post"):
        needs.act(act, it.pk, by=village, now=OVER)
    with refused("409.70"):
        needs.act("submit", it.pk, by=village, now=OVER + 10 * DAY)
    again = posted(world, programme, at=OVER)
    assert Entry.objects.get(application=it, is_current=True).notice == again


def test_a_village_posts_its_own_alone(world: World, programme: Programme) -> None:
    applied(programme)
    for account, number in (
        ("yi_a", "404.1"),
        ("keeper", "403.1"),
        ("leader", "403.1"),
        ("foreign", "404.1"),
    ):
        with refused(number):
            services.post(
                uuid.uuid4(),
                programme=programme.pk,
                area=JIA,
                stage="assessed",
                by=world.rights(account),
                now=MONDAY,
            )
    assert not Notice.objects.exists()


@pytest.mark.parametrize("fields", [{"stage": "burned"}, {"programme": uuid.UUID(int=1)}])
def test_a_notice_of_nothing_is_refused_by_name(
    world: World, programme: Programme, fields: dict[str, object]
) -> None:
    values = {"programme": programme.pk, "area": JIA, "stage": "assessed", **fields}
    with pytest.raises(Problem) as told:
        services.post(uuid.uuid4(), **values, by=world.rights("bureau"), now=MONDAY)
    assert list(told.value.errors) == list(fields)


def test_posting_and_ending_cost_the_same_for_two_and_for_forty(world: World, programme: Programme) -> None:
    book.value("need.notice_days")  # the rules are read once for all
    costs = []
    for count, area in ((2, JIA), (40, BING)):
        for _ in range(count):
            applied(programme, area=area)
        by = world.rights("bureau")
        with CaptureQueriesContext(connection) as posting:
            notice = services.post(
                uuid.uuid4(), programme=programme.pk, area=area, stage="assessed", by=by, now=MONDAY
            )
        services.add_photo(notice.pk, jpeg(MONDAY), taken_on=None, by=by, now=MONDAY)
        with CaptureQueriesContext(connection) as ending:
            assert len(services.finish(notice.pk, by=by, now=OVER)) == count
        costs.append((len(posting), len(ending)))
    assert costs[0] == costs[1]


# The township's and the county's notice.


def path_of_level(programme: Programme, level: str, more: str = "") -> str:
    return f"/public/{programme.number}/{EAST}/levels/{level}/{more}"


def test_a_township_and_the_county_hang_their_own_papers(world: World, programme: Programme) -> None:
    ruled("need.notice_days_township", 3)
    ruled("need.notice_days_county", 5)
    ruled("notice.days_kind", "working")
    ids = [
        applied(programme, state="submitted", name=name, area=area).pk
        for name, area in (("张三丰", JIA), ("李四", YI))
    ]
    at = timezone.now()
    needs.act_many("pass", ids, by=world.rights("east"), now=at)
    page = Client().get(path_of_level(programme, "township", "?print")).content.decode()
    until = Application.objects.get(pk=ids[0]).notice_until
    assert until is not None
    assert f"至 {until}(3 个工作日" in page
    for told in ("乡镇审核公示", "张**", "甲村", "乙村", "共 2 户", "监督电话", "<svg"):
        assert told in page
    for hidden in ("张三丰", "身份证", "116.51"):
        assert hidden not in page
    (row,) = levels.running(world.rights("bureau").where("case.see"), on=book.today())
    assert (row.level, row.area, row.households, row.until) == ("township", EAST, 2, until)
    assert Client().get(path_of_level(programme, "county")).status_code == 404

    Application.objects.filter(pk__in=ids).update(notice_until=book.today() - timedelta(days=1))
    needs.act_many("approve", ids, by=world.rights("bureau"), now=at)
    page = Client().get(path_of_level(programme, "county")).content.decode()
    assert "县级审批公示" in page
    assert "5 个工作日" in page
    assert "核准救助" in page
    assert Client().get(path_of_level(programme, "township")).status_code == 404


def test_a_level_that_posts_nothing_has_no_paper(world: World, programme: Programme) -> None:
    one = applied(programme, state="submitted")
    needs.act_many("pass", [one.pk], by=world.rights("east"), now=timezone.now())
    for level in ("township", "county", "village"):
        assert Client().get(path_of_level(programme, level)).status_code == 404
    assert levels.running(world.rights("bureau").where("case.see"), on=book.today()) == []
