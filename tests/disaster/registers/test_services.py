"""The verbs on the registers: entering, changing, status, withdrawing, and what they refuse."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from disaster.journal.models import Entry as Line
from disaster.people import private
from disaster.problems import Problem
from disaster.registers import checks, queries, services, shown
from disaster.registers.agree import Counts
from disaster.registers.models import CASUALTIES, HOMES, Casualty, DamagedHome, Reading, Version
from disaster.registers.shown import main_type
from disaster.reports.hazards import HAZARDS
from disaster.rules import book
from gis.scope import AreaScope
from tests.disaster.registers.filled import a_casualty, a_home, a_number
from tests.world import BING, COUNTY, EAST, ELSEWHERE, JIA, YI, World
from tests.world import build as build_world

pytestmark = pytest.mark.django_db


def refused(act: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        act()
    return caught.value


class Clerk:
    """The verbs at one desk, at the present."""

    def __init__(self, world: World, account: str = "east") -> None:
        self.by = world.rights(account)

    def enter(self, entry: Any, kind: str = CASUALTIES) -> Any:
        return services.enter(kind, entry, by=self.by, now=timezone.now())

    def change(self, row: Any, entry: Any) -> Any:
        return services.change(row.kind, row.id, entry, by=self.by, now=timezone.now())

    def status(self, row: Any, status: str, why: str = "遗体在下游找到") -> Any:
        return services.change_status(row.id, status=status, why=why, by=self.by, now=timezone.now())

    def withdraw(self, row: Any, why: str = "重复登记") -> Any:
        return services.withdraw(row.kind, row.id, why=why, by=self.by, now=timezone.now())

    def reveal(self, row: Any, why: str = "核对户籍") -> Any:
        return services.reveal(row.kind, row.id, why=why, by=self.by, now=timezone.now())


@pytest.fixture
def clerk(world: World) -> Clerk:
    return Clerk(world)


def counted(event: Any) -> Counts:
    return queries.total(queries.counts([event.id], scope=AreaScope.of([COUNTY])))


def test_a_missing_person_is_found_dead_and_the_history_tells(world: World, clerk: Clerk) -> None:
    event = world.event()
    row = clerk.enter(a_casualty(event))
    assert counted(event) == Counts(missing=1)
    assert (row.birth_date, row.age is not None) == (None, True), "the number says the birthday, sealed"
    clerk.status(row, "dead")
    assert counted(event) == Counts(dead=1)
    versions = list(Version.objects.filter(row_id=row.id))
    assert [(v.act, v.counts_as, v.why, v.by_name) for v in versions] == [
        ("entered", "missing", "", "东审"),
        ("status", "dead", "遗体在下游找到", "东审"),
    ]
    assert versions[1].changes == {"status": ["missing", "dead"]}


def test_who_is_found_alive_or_withdrawn_counts_no_more_but_stays(world: World, clerk: Clerk) -> None:
    event = world.event()
    row, other = clerk.enter(a_casualty(event)), clerk.enter(a_casualty(event, identity=a_number(5)))
    clerk.status(row, "alive", "自行返家")
    clerk.withdraw(other)
    assert counted(event) == Counts()
    assert Casualty.objects.count() == 2
    assert refused(lambda: clerk.status(other, "dead")).kind.number == "409.2"
    assert refused(lambda: clerk.withdraw(other)).kind.number == "409.2"


@pytest.mark.parametrize("why", ["", "   "])
def test_status_withdrawal_and_reveal_need_a_reason(world: World, clerk: Clerk, why: str) -> None:
    row = clerk.enter(a_casualty(world.event()))
    for act in (lambda: clerk.status(row, "dead", why), lambda: clerk.withdraw(row, why)):
        assert set(refused(act).errors) == {"why"}
    assert set(refused(lambda: clerk.reveal(row, why)).errors) == {"why"}
    assert not Reading.objects.exists()


def test_a_household_counts_once_by_its_gravest_damage(world: World, clerk: Clerk) -> None:
    event = world.event()
    clerk.enter(a_home(event), HOMES)
    clerk.enter(
        a_home(event, area=YI, identity="", rooms_collapsed=0, rooms_severe=2, rooms_to_rebuild=0), HOMES
    )
    found = queries.counts([event.id], scope=AreaScope.of([EAST]))
    assert found == {JIA: Counts(collapsed=1), YI: Counts(severe=1)}
    assert not queries.agreement(
        event.id, EAST, {"houses_collapsed_homes": Decimal(1), "houses_severe_homes": Decimal(1)}
    )


def test_a_change_keeps_what_was_there_and_needs_a_reason(world: World, clerk: Clerk) -> None:
    event = world.event()
    row = clerk.enter(a_casualty(event))
    body = {"identity": a_number(7), "name": "张三峰", "version": 1}
    assert set(refused(lambda: clerk.change(row, a_casualty(event, **body))).errors) == {"why"}
    clerk.change(row, a_casualty(event, why="按户口簿更正", **body))
    version = Version.objects.get(row_id=row.id, number=2)
    assert version.changes == {
        "name": ["张三丰", "张三峰"],
        "identity": ["340824********" + a_number()[-4:], "340824********" + a_number(7)[-4:]],
    }
    assert json.loads(private.open_sealed(bytes(version.before_sealed)))["identity"] == a_number()
    stale = refused(lambda: clerk.change(row, a_casualty(event, why="再改", version=1)))
    assert (stale.kind.number, stale.params) == ("409.5", {"name": "东审"})


def test_private_values_left_out_stay_and_nothing_changed_leaves_no_version(
    world: World, clerk: Clerk
) -> None:
    event = world.event()
    entry = a_casualty(event)
    row = clerk.enter(entry)
    same = entry.model_copy(update={"identity": None, "phone": None, "why": "核对"})
    kept = clerk.change(row, same)
    assert (kept.identity, kept.phone, kept.version) == (a_number(), "13812345678", 1)
    assert Version.objects.count() == 1


def test_a_row_moved_to_another_village_counts_there(world: World, clerk: Clerk) -> None:
    event = world.event()
    row = clerk.enter(a_casualty(event))
    clerk.change(row, a_casualty(event, area=YI, why="村名填错"))
    assert queries.counts([event.id], scope=AreaScope.of([COUNTY])) == {YI: Counts(missing=1)}
    moved = a_casualty(event, area=BING, why="在外乡镇")
    assert refused(lambda: clerk.change(row, moved)).kind.number == "404.1"


def test_nothing_tells_the_digits_that_a_masked_number_hides(world: World, clerk: Clerk) -> None:
    event = world.event()
    row = clerk.enter(a_casualty(event, identity="", birth_date="1956-04-12"))
    assert row.birth_date == date(1956, 4, 12)
    row = clerk.change(row, a_casualty(event, why="补登身份证号"))
    told = repr(shown.show(row, to=clerk.by)) + repr(list(Version.objects.values_list("changes", flat=True)))
    assert "1956" not in told
    assert "340824********" in told
    assert row.age == checks.age_on(date(1956, 4, 12), row.occurred_at)


CASUALTY_FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("identity", {"identity": "110105491231002"}),
    ("identity", {"identity": a_number()[:17] + ("0" if a_number()[17] != "0" else "1")}),
    ("sex", {"sex": "female"}),
    ("birth_date", {"birth_date": "1957-04-12"}),
    ("birth_date", {"identity": ""}),
    ("birth_date", {"identity": "", "birth_date": "2090-01-01"}),
    ("age", {"age": 20}),
    ("name", {"name": " "}),
    ("phone", {"phone": "没有"}),
    ("cause", {"cause": ""}),
    ("cause", {"cause": "boredom"}),
    ("capacity", {"capacity": "x"}),
    ("ethnicity", {"ethnicity": "martian"}),
    ("hazard", {"hazard": "meteor"}),
    ("place", {"place": ""}),
    ("status", {"status": "alive"}),
    ("occurred_at", {"occurred_at": "2090-01-01T00:00:00+08:00"}),
    ("occurred_at", {"occurred_at": "0001-01-01T00:00:00+14:00"}),
    ("lon", {"lon": 116.5}),
    ("lon", {"lon": 2.3, "lat": 48.8}),
    ("area", {"area": EAST}),
    ("remarks", {"remarks": f"身份证 {a_number()}"}),
]
HOME_FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("household_types", {"household_types": []}),
    ("household_types", {"household_types": ["rich"]}),
    ("members", {"members": 0}),
    ("structure", {"structure": "straw"}),
    ("rooms_collapsed", {"rooms_collapsed": 0, "rooms_slight": 0, "rooms_to_rebuild": 0}),
    ("rooms_to_rebuild", {"rooms_to_rebuild": 4}),
    ("completed_on", {"completed_on": "2090-01-01"}),
    ("rebuild_way", {"rebuild_way": "x"}),
]


@pytest.mark.parametrize(
    ("kind", "field", "wrong"),
    [(CASUALTIES, *fault) for fault in CASUALTY_FAULTS] + [(HOMES, *fault) for fault in HOME_FAULTS],
)
def test_each_fault_names_its_field_in_both_languages(
    world: World, clerk: Clerk, kind: str, field: str, wrong: dict[str, Any]
) -> None:
    entry = (a_casualty if kind == CASUALTIES else a_home)(world.event(), **wrong)
    problem = refused(lambda: clerk.enter(entry, kind))
    assert problem.kind.number == "400.2"
    assert set(problem.errors) == {field}
    assert problem.errors[field].say("zh-hans") != problem.errors[field].say("en")
    assert not Casualty.objects.exists()
    assert not DamagedHome.objects.exists()


def test_an_event_must_be_there_concern_the_village_and_not_be_merged(world: World, clerk: Clerk) -> None:
    kept = world.event(name="大暴雨")
    gone = world.event(merged_into=kept, closed_at=timezone.now() + timedelta(hours=1))
    for event in (world.event(area_code=ELSEWHERE), gone):
        assert set(refused(lambda event=event: clerk.enter(a_casualty(event))).errors) == {"event"}
    nowhere = a_casualty(kept).model_copy(update={"event": uuid.uuid4()})
    assert set(refused(lambda: clerk.enter(nowhere)).errors) == {"event"}


def test_a_position_is_converted_from_its_datum(world: World, clerk: Clerk) -> None:
    row = clerk.enter(a_casualty(world.event(), lon=116.51, lat=30.61, datum="gcj02"))
    assert row.point.srid == 4326
    assert abs(row.point.x - 116.51) > 0.003


def test_one_person_has_one_row_in_force_an_event(world: World, clerk: Clerk) -> None:
    event = world.event()
    row = clerk.enter(a_casualty(event))
    again = refused(lambda: clerk.enter(a_casualty(event, name="张三")))
    assert again.kind.number == "409.4"
    assert again.params == {"name": "张三丰", "area": "甲村", "number": row.number}
    assert set(again.errors) == {"identity"}
    # Whoever may not see that row learns the village, not the name.
    west = Clerk(world, "west")
    hidden = refused(lambda: west.enter(a_casualty(event, area=BING)))
    assert hidden.params["name"] == "张**"
    clerk.withdraw(row)
    assert clerk.enter(a_casualty(event)).version == 1


def test_the_same_person_elsewhere_is_a_warning(world: World, clerk: Clerk) -> None:
    event, earlier = world.event(), world.event(name="台风")
    first = clerk.enter(a_casualty(earlier))
    second = clerk.enter(a_home(event, identity=a_number(), name="张三丰"), HOMES)
    nameless = clerk.enter(a_home(event, identity="", area=JIA, name="张三丰"), HOMES)
    clerk.enter(a_home(event, identity="", area=YI, name="张三丰"), HOMES)
    found = queries.alike(scope=AreaScope.of([EAST]))
    told = {(pair.why, frozenset({pair.one.id, pair.other.id})) for pair in found}
    assert told == {
        ("identity", frozenset({first.id, second.id})),
        ("name", frozenset({second.id, nameless.id})),
    }
    assert len(queries.alike(scope=AreaScope.of([EAST]), event=earlier.id)) == 1
    assert queries.alike(scope=AreaScope.of([BING])) == []


@pytest.mark.parametrize(
    ("account", "number"),
    [("jia_a", "403.1"), ("yi_a", "404.1"), ("west", "404.1"), ("leader", "403.1"), ("auditor", "403.1")],
)
def test_only_the_desk_of_the_area_writes(world: World, clerk: Clerk, account: str, number: str) -> None:
    event, stranger = world.event(), Clerk(world, account)
    row = clerk.enter(a_casualty(event))
    for act in (
        lambda: stranger.enter(a_casualty(event, identity="", age=30)),
        lambda: stranger.change(row, a_casualty(event, why="x")),
        lambda: stranger.status(row, "dead"),
        lambda: stranger.withdraw(row),
    ):
        assert refused(act).kind.number == number


def test_private_values_are_sealed_at_rest(world: World, clerk: Clerk) -> None:
    event = world.event()
    row = clerk.enter(a_casualty(event))
    clerk.change(row, a_casualty(event, identity=a_number(7), phone="13700001111", why="更正"))
    clerk.enter(a_home(event), HOMES)
    secrets = [a_number(), a_number(7), a_number(3), "13812345678", "13700001111", "13912345678"]
    with connection.cursor() as cursor:
        for table in ("registers_casualty", "registers_damagedhome", "registers_version", "journal_entry"):
            cursor.execute(f"SELECT {table}::text, {table} FROM {table}")
            for text, _ in cursor.fetchall():
                for secret in secrets:
                    assert secret not in text
                    assert secret.encode().hex() not in text
        cursor.execute("SELECT identity_sealed, identity_hash FROM registers_casualty")
        sealed, blind = cursor.fetchone()
    assert private.open_sealed(bytes(sealed)) == a_number(7)
    assert blind == private.blind(a_number(7))


def test_to_reveal_is_kept_with_who_and_why(world: World, clerk: Clerk) -> None:
    row = clerk.enter(a_casualty(world.event()))
    auditor = Clerk(world, "auditor")
    assert auditor.reveal(row) == ("张三丰", a_number(), "13812345678")
    seen = Reading.objects.get()
    assert (seen.row_id, seen.why, seen.by_name) == (row.id, "核对户籍", "审计")
    line = Line.objects.get(verb="register.revealed")
    assert (line.object_id, line.actor, line.put) == (str(row.id), "审计", "[]")
    assert refused(lambda: Clerk(world, "jia_a").reveal(row)).kind.number == "403.1"
    assert refused(lambda: Clerk(world, "west").reveal(row)).kind.number == "404.1"


def test_every_verb_is_journaled_and_says_nothing_of_the_row(world: World, clerk: Clerk) -> None:
    event = world.event()
    row = clerk.enter(a_casualty(event))
    clerk.change(row, a_casualty(event, remarks="x", why="更正"))
    clerk.status(row, "dead")
    clerk.withdraw(row)
    lines = Line.objects.filter(verb__startswith="register.").order_by("pk")
    assert [line.verb for line in lines] == [
        *("register.entered", "register.changed", "register.changed", "register.withdrawn")
    ]
    assert {(line.put, line.area_code) for line in lines} == {("[]", JIA)}


def test_the_form_takes_the_gravest_household_type(world: World) -> None:
    assert main_type(["ordinary", "watched_edge", "minimum_living"]) == "minimum_living"
    assert main_type(["left_the_list"]) == "left_the_list"


def test_the_hazards_are_those_of_the_reports(db: Any) -> None:
    shipped = {entry.key: (entry.zh, entry.en, entry.parent) for entry in book.codes("hazard")}
    assert shipped == {h.key: (h.zh, h.en, h.parent or "") for h in HAZARDS}


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_enter_one_person_at_once_make_one_row() -> None:
    world = build_world()
    event, start, outcomes = world.event(), threading.Barrier(2), list[str]()

    def clerk(account: str) -> None:
        by, entry = world.rights(account), a_casualty(event)
        start.wait(20)
        try:
            services.enter(CASUALTIES, entry, by=by, now=timezone.now())
            outcomes.append("entered")
        except Problem as problem:
            outcomes.append(problem.kind.number)
        finally:
            connection.close()

    threads = [threading.Thread(target=clerk, args=(account,)) for account in ("east", "bureau")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["409.4", "entered"]
    assert Casualty.objects.count() == Version.objects.count() == 1
