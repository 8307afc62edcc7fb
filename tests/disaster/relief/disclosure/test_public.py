"""The pages for everybody: masked, only while they may be read, kept by caches, asked for in measure."""

from __future__ import annotations

import csv
import io
import itertools
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disaster.relief.disclosure import public_page, tickets
from disaster.relief.disclosure.limits import Limiter
from disaster.relief.disclosure.models import Case, Notice
from disaster.relief.disclosure.services.cases import code_of
from disaster.relief.needs.models import Application, Grant, Household, Programme
from disaster.rules import book
from tests.disaster.relief.disclosure.made import (
    a_programme,
    applied,
    now_posted,
    objected,
    photographed,
    ruled,
)
from tests.world import BING, JIA, YI, World

pytestmark = pytest.mark.django_db
PRIVATE = ("identity", "phone", "card", "name", "address")


def addresses(notice: Notice) -> list[str]:
    """Every address of the public at which a notice has anything to do."""
    home = f"/public/{notice.programme.number}/"
    line = f"?notice={notice.code}&line=1"
    return [
        "/public/",
        home,
        f"{home}figures.csv",
        f"{home}{notice.area_id}/",
        f"{home}{notice.area_id}/?print",
        f"{home}{notice.area_id}/?lang=en",
        f"/public/objections/new/{line}",
        "/public/objections/new/",
        "/public/objections/answer/",
    ]


def read(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


@pytest.fixture
def notice(world: World, programme: Programme) -> Notice:
    for name, group in (("欧阳修远", "三组"), ("张三", "一组")):
        applied(programme, name=name, group=group)
    return now_posted(world, programme)


def page_of(notice: Notice) -> str:
    return f"/public/{notice.programme.number}/{notice.area_id}/"


def test_the_list_shows_masked_names_and_what_they_get(notice: Notice) -> None:
    page = read(page_of(notice))
    for shown in ("张*", "欧***", "一组", "低保户", "260.00 元", "口粮 50 公斤", "12345", "<svg", "评议公示"):
        assert shown in page, shown
    for hidden in ("张三", "残疾", "伤病", "60.00", "甲村一组12号", "116.5", "30.6"):
        assert hidden not in page.replace("260.00", ""), hidden


def test_names_are_whole_where_the_rule_says_so(notice: Notice) -> None:
    ruled("public.name", "full", JIA)
    assert "张三" in read(page_of(notice))


def test_the_telephone_is_the_areas_own(world: World, programme: Programme) -> None:
    ruled("public.phone", "0556-8921234", JIA)
    applied(programme)
    notice = now_posted(world, programme)
    assert "0556-8921234" in read(page_of(notice))


@pytest.mark.parametrize("state", ["applied", "assessed", "objected", "rejected", "withdrawn", "stopped"])
def test_whoever_does_not_stand_is_not_shown(notice: Notice, state: str) -> None:
    Application.objects.filter(household__name="张三").update(state=state)
    page = read(page_of(notice))
    assert "张*" not in page
    assert "欧***" in page


def test_a_list_is_readable_while_it_runs_and_a_little_longer(notice: Notice) -> None:
    today = book.today()
    kept = timedelta(days=int(book.value("public.tail_days")))
    Notice.objects.update(from_on=today - timedelta(days=30), until_on=today - kept)
    assert "公示期已满" in read(page_of(notice))
    Notice.objects.update(until_on=today - kept - timedelta(days=1))
    read(page_of(notice), 404)
    read(f"/public/objections/new/?notice={notice.code}&line=1", 404)


def test_what_was_never_posted_cannot_be_told_from_what_does_not_exist(
    world: World, programme: Programme
) -> None:
    applied(programme, area=BING, state="approved")
    quiet = read(f"/public/{programme.number}/{BING}/", 404)
    nothing = read(f"/public/{programme.number}/{YI}/", 404)
    assert re.sub(r'href="[^"]*"', "", quiet) == re.sub(r'href="[^"]*"', "", nothing)
    read(f"/public/{programme.number}/", 404)
    assert programme.name not in read("/public/")


def test_a_notice_taken_down_is_gone_with_its_photograph(world: World, notice: Notice) -> None:
    photographed(world, notice, timezone.now())
    picture = f"{page_of(notice)}photos/{notice.photos.get().hash}/thumb.jpg"
    assert Client().get(picture)["Content-Type"] == "image/jpeg"
    Notice.objects.update(down_at=timezone.now(), down_why="贴错")
    read(page_of(notice), 404)
    assert Client().get(picture).status_code == 404


def test_pages_are_alike_for_all_and_caches_may_keep_them(
    world: World, notice: Notice, client_of: Any
) -> None:
    for path in addresses(notice):
        stranger, bureau = Client().get(path), client_of("bureau").get(path)
        ticket = re.compile(rb'name="ticket" value="[^"]*"')
        assert ticket.sub(b"", stranger.content) == ticket.sub(b"", bureau.content), path
        assert "Set-Cookie" not in stranger.headers, path
        assert not stranger.cookies, path
        assert "Cookie" not in stranger.get("Vary", ""), path
        assert "noindex" in stranger["X-Robots-Tag"]
        kept = "no-store" if "objections/new" in path else "public, max-age=60"
        assert stranger["Cache-Control"] == kept, path
        assert "unsafe" not in stranger["Content-Security-Policy"]
        assert all(b"src=" in tag for tag in re.findall(b"<script[^>]*>", stranger.content))
        assert b"style=" not in stranger.content


def test_the_language_is_in_the_address_and_no_cookie_changes_it(notice: Notice) -> None:
    client = Client()
    client.cookies["django_language"] = "en"
    answer = client.get(page_of(notice))
    assert (answer["Content-Language"], "监督电话" in answer.content.decode()) == ("zh-hans", True)
    english = client.get(page_of(notice) + "?lang=en")
    assert (english["Content-Language"], "Complaint telephone" in english.content.decode()) == ("en", True)


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4)
NAMES = st.tuples(st.sampled_from("赵钱孙李周吴郑王"), HAN).map("".join)
DIGITS = st.text(st.sampled_from("0123456789"), min_size=8, max_size=8)
HOMES = st.fixed_dictionaries(
    {
        "name": NAMES,
        "identity": DIGITS.map(lambda mark: f"34082419{mark}00"),
        "phone": DIGITS.map(lambda mark: f"139{mark}"),
        "card": DIGITS.map(lambda mark: f"62170000{mark}999"),
        "address": HAN.map(lambda words: f"{words}巷77号"),
        "group": st.sampled_from(["一组", "二组", ""]),
        "types": st.lists(st.sampled_from(["minimum_living", "disabled_poor", "ordinary"]), max_size=3),
        "at": st.tuples(
            st.floats(116.5, 116.51).map(lambda lon: round(lon, 6)),
            st.floats(30.6, 30.61).map(lambda lat: round(lat, 6)),
        ),
    }
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    homes=st.lists(HOMES, min_size=1, max_size=6, unique_by=(lambda home: home["identity"])),
    stage=st.sampled_from(["assessed", "issued"]),
    caller=st.tuples(NAMES, DIGITS.map(lambda mark: f"138{mark}")),
)
def test_nothing_private_is_in_any_public_answer(
    world: World, homes: list[dict[str, Any]], stage: str, caller: tuple[str, str]
) -> None:
    Household.objects.update(identity_hash="")  # of the example before
    public_page.forget()
    programme = a_programme()
    for home in homes:
        one = applied(programme, state=stage, fen=26_000, remarks=f"患病{home['phone']}", **dict(home))
        Grant.objects.filter(application=one).update(settled=26_000)
    notice = now_posted(world, programme, stage=stage)
    case = objected(notice.entries.first(), name=caller[0], phone=caller[1], at=timezone.now())
    answers = [Client().get(path) for path in addresses(notice)]
    asked = {"number": case.number, "code": code_of(case.pk)}
    answers.append(Client().post("/public/objections/answer/", asked))
    for answer in answers:
        assert answer.status_code == 200
        text = answer.content.decode()
        for home in homes:
            for field in PRIVATE:
                assert home[field] not in text, (field, answer.request["PATH_INFO"])
            for part in home["at"]:
                assert f"{part:.3f}" not in text
        for private in (*caller, "残疾", "disab", "患病", "34082419", "62170000"):
            assert private not in text, private


# The complaint box.


def ticket(seconds: float = 30) -> str:
    at = timezone.now() - timedelta(seconds=seconds)
    return signing.dumps([uuid.uuid4().hex, int(at.timestamp())], salt=tickets.SALT)


def objection(notice: Notice, **fields: str) -> Any:
    body = {"ticket": ticket(), "kind": "objection", "words": "他家有小轿车", "website": "", **fields}
    return Client().post(f"/public/objections/new/?notice={notice.code}&line=1", body)


def test_a_villager_objects_and_asks_for_the_answer(world: World, notice: Notice) -> None:
    answer = objection(notice, name="赵六", phone="13900001234")
    assert answer.status_code == 201
    case = Case.objects.get()
    page = answer.content.decode()
    assert case.number in page
    assert code_of(case.pk) in page
    assert Application.objects.get(pk=case.application_id).held_at is not None
    assert (case.channel, case.name, case.phone) == ("web", "赵六", "13900001234")
    body = {"number": case.number.lower(), "code": f" {code_of(case.pk)[:4]} {code_of(case.pk)[4:].lower()}"}
    assert "待受理" in Client().post("/public/objections/answer/", body).content.decode()
    wrong = Client().post("/public/objections/answer/", {"number": case.number, "code": "AAAAAAAA"})
    assert "受理号或查询码不对" in wrong.content.decode()
    assert "待受理" not in wrong.content.decode()


def test_nobody_is_told_that_what_was_given_already_is_on_hold(
    world: World, client_of: Callable[[str], Client]
) -> None:
    programme = a_programme()
    applied(programme, state="issued", fen=26_000)
    Grant.objects.update(settled=26_000)
    notice = now_posted(world, programme, stage="issued")
    form = f"/public/objections/new/?notice={notice.code}&line=1"
    told = [read(page_of(notice)), read(form), objection(notice).content.decode()]
    case = Case.objects.get()
    assert Application.objects.get(pk=case.application_id).held_at is not None
    desk = client_of("bureau").get(f"/complaints/{case.pk}/").content.decode()
    assert not [page for page in (*told, desk) if re.search("暂停发放[,。]", page)]
    assert "已经发放,办结之前不转入回访" in desk


def test_the_same_form_sent_twice_is_one_case(notice: Notice) -> None:
    same = ticket()
    assert objection(notice, ticket=same).content == objection(notice, ticket=same).content
    assert Case.objects.count() == 1


@pytest.mark.parametrize("seconds", [None, 0, 13 * 3600])
def test_a_form_nobody_had_open_is_refused_and_keeps_its_words(notice: Notice, seconds: int | None) -> None:
    answer = objection(notice, ticket="nonsense" if seconds is None else ticket(seconds))
    assert answer.status_code == 400
    assert "他家有小轿车" in answer.content.decode()
    assert not Case.objects.exists()


def test_a_program_that_fills_in_everything_is_turned_away(notice: Notice) -> None:
    assert objection(notice, website="http://example.com").status_code == 404
    assert not Case.objects.exists()


def test_what_is_wrong_is_said_at_its_field(notice: Notice) -> None:
    answer = objection(notice, phone="不告诉你", words=" ")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "电话号码不对" in page
    assert "请写明情况" in page


def test_a_general_complaint_needs_no_list_and_holds_nobody(world: World, notice: Notice) -> None:
    body = {"ticket": ticket(), "kind": "goods", "words": "被子太薄", "area": JIA}
    assert Client().post("/public/objections/new/", body).status_code == 201
    assert not Application.objects.filter(held_at__isnull=False).exists()
    assert not Case.objects.get().application_id


def test_an_address_sends_so_many_forms_an_hour(notice: Notice) -> None:
    ruled("public.forms_an_hour", 2)
    assert [objection(notice).status_code for _ in range(3)] == [201, 201, 429]
    other = Client(REMOTE_ADDR="10.0.0.9")
    body = {"ticket": ticket(), "kind": "goods", "words": "被子太薄", "area": JIA}
    assert other.post("/public/objections/new/", body).status_code == 201


def test_an_address_asks_for_so_many_pages_a_minute(notice: Notice) -> None:
    ruled("public.pages_a_minute", 3)
    answers = [Client().get("/public/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1]["Cache-Control"] == "no-store"
    assert Client(REMOTE_ADDR="10.0.0.9").get("/public/").status_code == 200


@given(
    gaps=st.lists(st.floats(0, 200), min_size=1, max_size=60),
    size=st.integers(1, 20),
    period=st.sampled_from([60.0, 3600.0]),
)
def test_a_bucket_gives_no_more_than_its_size_and_what_came_in(
    gaps: list[float], size: int, period: float
) -> None:
    limiter, at, taken = Limiter(period), 0.0, 0
    for gap in gaps:
        at += gap
        waits = limiter.take("somebody", size=size, at_s=at)
        taken += not waits
        assert taken <= size + at * size / period + 1e-6
        assert waits >= 0
    assert limiter.take("another", size=size, at_s=at) == 0


# Totals.


def approve(programme: Programme, count: int, area: str) -> None:
    for _ in range(count):
        applied(programme, area=area, state="approved", fen=26_000, persons=2)


def rows_of(programme: Programme) -> dict[str, list[str]]:
    text = read(f"/public/{programme.number}/figures.csv").removeprefix("\ufeff")
    return {row[0]: row[1:] for row in csv.reader(io.StringIO(text))}


def test_small_villages_are_untold_and_cannot_be_subtracted(world: World, programme: Programme) -> None:
    approve(programme, 3, JIA)
    approve(programme, 9, YI)
    approve(programme, 12, BING)
    applied(programme)
    now_posted(world, programme)
    rows = rows_of(programme)
    assert rows["340882000000"] == ["潜山市", "25", "50", "6000.00"]
    assert rows["340882101000"] == ["东乡", "10", "20", "3000.00"]
    assert (rows[JIA], rows[YI]) == (["甲村", "", "", ""], ["乙村", "", "", ""])
    assert rows[BING] == ["丙村", "10", "20", "3000.00"]
    page = read(f"/public/{programme.number}/")
    assert "—" in page
    assert "780.00" not in page


def test_what_one_household_adds_from_one_day_to_the_next_cannot_be_read_off(
    world: World, programme: Programme
) -> None:
    approve(programme, 11, JIA)
    approve(programme, 11, YI)
    approve(programme, 11, BING)
    applied(programme)
    now_posted(world, programme)
    days = []
    for persons, fen in ((1, 20_000), (5, 90_000), (3, 61_700), (2, 26_000)):
        days.append(rows_of(programme))
        applied(programme, area=JIA, state="approved", fen=fen, persons=persons)
    days.append(rows_of(programme))
    assert len({str(day) for day in days}) > 1, "totals follow"
    for before, after in itertools.pairwise(days):
        for area in after.keys() & before.keys() - {"区划代码"}:
            for was, told, step in zip(before[area][1:], after[area][1:], (5, 10, 1000), strict=True):
                assert (float(told) - float(was)) % step == 0


def test_a_programme_of_few_households_tells_no_total(world: World, programme: Programme) -> None:
    approve(programme, 4, JIA)
    applied(programme)
    now_posted(world, programme)
    assert "户数太少" in read("/public/")
    assert "1,040.00" not in read(f"/public/{programme.number}/")


def test_goods_that_few_households_got_are_untold(world: World, programme: Programme) -> None:
    approve(programme, 6, JIA)
    for one, item in zip(Application.objects.all(), ["quilt"] * 5 + ["coat"], strict=True):
        one.grants.create(item_id=item, quantity=2, decided_at=timezone.now(), decided_by="市局")
    applied(programme)
    now_posted(world, programme)
    page = read(f"/public/{programme.number}/")
    assert "棉被" in page
    assert "棉衣" not in page


def test_pages_cost_the_same_for_three_and_for_sixty(world: World, programme: Programme) -> None:
    def cost(notice: Notice) -> list[int]:
        costs = []
        for path in addresses(notice):
            with CaptureQueriesContext(connection) as captured:
                read(path)
            costs.append(len(captured))
        return costs

    for _ in range(3):
        applied(programme)
        approve(programme, 1, YI)
    few = cost(now_posted(world, programme))
    other = a_programme()
    for _ in range(60):
        applied(other)
        approve(other, 1, BING)
    public_page.forget()
    many = cost(now_posted(world, other))
    assert few == many
    assert max(many) <= 6
