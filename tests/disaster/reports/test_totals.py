"""A series counts once, however often it was reported."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from disaster.reports.totals import standing, total

START = datetime(2013, 7, 5, 8, tzinfo=UTC)
ROOT = UUID(int=0)


@dataclass(frozen=True)
class Version:
    id: UUID
    series: UUID
    received_at: datetime
    number: str
    state: str = "stored"
    superseded_by: UUID | None = None
    figures: dict[str, Decimal] = field(default_factory=dict)


def version(serial: int, village: int = 1, minutes: int | None = None, **rest: object) -> Version:
    affected = rest.pop("affected", serial)
    return Version(
        id=uuid5(ROOT, str(serial)),
        series=UUID(int=village),
        received_at=START + timedelta(minutes=serial if minutes is None else minutes),
        number=f"340882-20130705-{serial:06}",
        figures={"affected": Decimal(affected)},  # type: ignore[arg-type]
        **rest,  # type: ignore[arg-type]
    )


def test_successive_follow_ups_are_never_added_up() -> None:
    first, second = version(1, affected=300), version(2, affected=450)

    assert total([replace(first, superseded_by=second.id), second]) == {"affected": 450}


def test_villages_are_added_up() -> None:
    assert total([version(1, 1, affected=300), version(2, 2, affected=450)]) == {"affected": 750}


def test_a_returned_version_leaves_the_earlier_one_standing() -> None:
    first, second = version(1, affected=300), version(2, affected=4500, state="returned")

    assert standing([first, second]) == [first]
    assert total([second]) == {}


def test_of_two_that_crossed_the_newer_stands() -> None:
    assert total([version(1, affected=300), version(2, affected=310)]) == {"affected": 310}


def test_versions_received_in_one_batch_go_by_their_number() -> None:
    older, newer = version(999_999, minutes=0), version(1_000_000, minutes=0)

    assert standing([newer, older]) == [newer]


def test_a_figure_nobody_reported_is_absent_and_a_reported_zero_is_not() -> None:
    assert total([version(1, affected=0)]) == {"affected": 0}


VERSIONS = st.lists(
    st.builds(
        version,
        serial=st.integers(1, 50),
        village=st.integers(1, 4),
        minutes=st.integers(0, 5),
        affected=st.integers(0, 10**9),
        state=st.sampled_from(["stored", "seen", "approved", "returned"]),
        superseded_by=st.none() | st.just(ROOT),
    ),
    unique_by=lambda one: one.number,
    max_size=30,
)


@given(VERSIONS, st.randoms())
def test_the_order_of_arrival_does_not_matter(versions: list[Version], random: object) -> None:
    shuffled = list(versions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert total(versions) == total(shuffled)


@given(VERSIONS)
def test_the_total_is_one_figure_a_series_and_it_is_the_newest_that_stands(versions: list[Version]) -> None:
    expected = Decimal(0)
    for village in {one.series for one in versions}:
        fit = [
            v for v in versions if v.series == village and v.superseded_by is None and v.state != "returned"
        ]
        if fit:
            expected += max(fit, key=lambda one: (one.received_at, one.number)).figures["affected"]

    assert total(versions).get("affected", Decimal(0)) == expected


@given(VERSIONS, VERSIONS)
def test_what_does_not_stand_changes_nothing(versions: list[Version], idle: list[Version]) -> None:
    fallen = [replace(one, state="returned") for one in idle]

    assert total([*fallen, *versions]) == total(versions)
