"""The shares of a change add up to the change: for any lives, any two cutoffs, any cell."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from disaster.reports.change import WORDS, LifeOf, Passage, Step, steps
from tests.world import BING, COUNTY, EAST, JIA, WEST, YI

START = datetime(2013, 7, 5, tzinfo=UTC)
RAIN, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
KEYS = ("affected", "loss_total", "townships_flooded")


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def series_of(event: uuid.UUID | None, area: str) -> uuid.UUID:
    return uuid.uuid5(event or uuid.UUID(int=9), area)


@st.composite
def a_life(draw: st.DrawFn, serial: int) -> LifeOf:
    area = draw(st.sampled_from([JIA, YI, BING, EAST, COUNTY]))
    hour = st.integers(0, 20)
    arrived = draw(hour)
    places: list[uuid.UUID | None] = [draw(st.sampled_from([RAIN, OTHER, None]))]
    moves = []
    for moved in sorted(draw(st.lists(hour, max_size=2, unique=True))):
        here = places[-1]
        places.append(draw(st.sampled_from([event for event in (RAIN, OTHER) if event != here])))
        moves.append(Passage(at(arrived + moved), "merged", here, series_of(here, area)))
    return LifeOf(
        id=uuid.UUID(int=100 + serial),
        number=str(serial),
        serial=serial,
        area=area,
        kind=draw(st.sampled_from(["first", "followup", "verified", "zero"])),
        corrects=draw(st.sampled_from([None, uuid.UUID(int=99 + serial)])),
        submitted_at=at(draw(st.integers(0, arrived)) if arrived else 0),
        counts_from=at(arrived),
        returned_at=draw(st.none() | st.integers(arrived, 30).map(at)),
        event=places[-1],
        series=series_of(places[-1], area),
        moves=tuple(moves),
        figures={key: Decimal(draw(st.integers(0, 3))) for key in draw(st.sets(st.sampled_from(KEYS)))},
    )


@st.composite
def some_lives(draw: st.DrawFn) -> list[LifeOf]:
    return [draw(a_life(serial)) for serial in range(1, draw(st.integers(1, 7)) + 1)]


def cell(found: Iterable[LifeOf], cutoff: datetime, area: str, key: str) -> Decimal:
    """One cell, counted anew by hand: no code of the product is used here."""
    newest: dict[uuid.UUID, LifeOf] = {}
    for life in sorted(found, key=lambda one: one.serial):
        event, series = life.event, life.series
        for move in reversed(life.moves):
            if move.at > cutoff:
                event, series = move.from_event, move.from_series
        gone = life.returned_at is not None and life.returned_at <= cutoff
        if event == RAIN and life.counts_from <= cutoff and not gone:
            newest[series] = life
    depth = 6 if area.endswith("000000") else 9 if area.endswith("000") else 12
    inside = [life for life in newest.values() if life.area[:depth] == area[:depth]]
    if key != "townships_flooded" or depth == 12:
        return sum((life.figures.get(key, Decimal(0)) for life in inside), Decimal(0))
    by_township: dict[str, Decimal] = {}
    for life in inside:
        by_township[life.area[:9]] = by_township.get(life.area[:9], Decimal(0)) + life.figures.get(key, 0)
    return sum(
        (value if code.endswith("000") else min(value, Decimal(1)) for code, value in by_township.items()),
        Decimal(0),
    )


@given(some_lives(), st.integers(0, 25), st.integers(0, 25))
def test_the_shares_add_up_to_the_difference_exactly(found: list[LifeOf], one: int, other: int) -> None:
    before, after = at(min(one, other)), at(max(one, other))
    shares = steps(found, event=RAIN, before=before, after=after)
    for area in (JIA, YI, BING, EAST, WEST, COUNTY):
        for key in KEYS:
            told = sum((step.delta for step in shares if (step.area, step.key) == (area, key)), Decimal(0))
            assert told == cell(found, after, area, key) - cell(found, before, area, key), (area, key)


@given(some_lives(), st.integers(0, 25))
def test_every_share_has_a_cause_with_words_and_a_report(found: list[LifeOf], hour: int) -> None:
    ids = {life.id for life in found}
    for step in steps(found, event=RAIN, before=at(0), after=at(hour)):
        assert step.cause in WORDS
        assert step.report in ids
        assert step.delta


def version(serial: int, hour: float, affected: int, **fields: object) -> LifeOf:
    values: dict[str, object] = {
        "id": uuid.UUID(int=serial),
        "number": str(serial),
        "serial": serial,
        "area": JIA,
        "kind": "first" if serial == 1 else "followup",
        "corrects": uuid.UUID(int=serial - 1) if serial > 1 else None,
        "submitted_at": at(hour),
        "counts_from": at(hour),
        "returned_at": None,
        "event": RAIN,
        "series": series_of(RAIN, JIA),
        "moves": (),
        "figures": {"affected": Decimal(affected)},
    }
    return LifeOf(**{**values, **fields})  # type: ignore[arg-type]


def causes(found: list[LifeOf], before: float, after: float) -> list[tuple[str, int]]:
    shares = steps(found, event=RAIN, before=at(before), after=at(after))
    return [(step.cause, int(step.delta)) for step in shares if step.area == JIA]


def test_a_follow_up_a_reduction_and_a_return_are_told_apart() -> None:
    found = [
        version(1, 1, 10),
        version(2, 3, 41),
        version(3, 5, 99, returned_at=at(6)),
        version(4, 8, 35, kind="verified", corrects=uuid.UUID(int=2)),
    ]
    assert causes(found, 0, 9) == [
        ("new", 10),
        ("followup", 31),
        ("followup", 58),
        ("returned", -58),
        ("reduced", -6),
    ]


def test_what_was_filed_before_the_earlier_cutoff_and_came_after_it_is_late() -> None:
    assert causes([version(1, 5, 10, submitted_at=at(1))], 2, 6) == [("late", 10)]


def test_a_new_version_of_a_returned_one_is_a_correction() -> None:
    found = [version(1, 1, 10, returned_at=at(2)), version(2, 3, 8)]
    assert causes(found, 1.5, 4) == [("returned", -10), ("correction", 8)]


def test_a_merged_event_says_so() -> None:
    move = Passage(at(4), "merged", OTHER, series_of(OTHER, JIA))
    assert causes([version(1, 1, 10, moves=(move,))], 2, 6) == [("merged", 10)]


def test_a_township_flooded_in_two_villages_is_flooded_once() -> None:
    flooded = {"townships_flooded": Decimal(1)}
    found = [
        version(1, 1, 0, figures=flooded),
        version(2, 2, 0, figures=flooded, area=YI, series=series_of(RAIN, YI), kind="first", corrects=None),
    ]
    shares: list[Step] = steps(found, event=RAIN, before=at(0), after=at(3))
    assert sum(step.delta for step in shares if step.area == EAST) == 1
    assert sum(step.delta for step in shares if step.area == COUNTY) == 1
