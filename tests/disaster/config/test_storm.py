"""The storm of 2013: its sums are the published ones, whatever the dice say."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disaster.config import storm
from disaster.reports import checks
from tests.live import Live

VILLAGES = [
    storm.Village(
        f"3408821{n // 20:02d}{200 + n % 20:03d}",
        "龙湾村" if n == 7 else f"{n}村",
        "龙潭乡" if n % 3 else "油坝乡",
        500 + 13 * n,
        f"v{n}",
    )
    for n in range(183)
]


@pytest.mark.parametrize("seed", [20130705, 1, 2])
def test_the_last_words_of_all_villages_are_the_published_figures(seed: int) -> None:
    sums: dict[str, Decimal] = {}
    for message in storm.plan(VILLAGES, seed=seed):
        if message.last:
            figures, errors = checks.canonical_figures(
                {key: Decimal(str(value)) for key, value in message.figures.items()},
                message.units,  # type: ignore[arg-type]
            )
            assert not errors
            for key, value in figures.items():
                sums[key] = sums.get(key, Decimal(0)) + value
    assert {key: float(sums[key]) for key in storm.PUBLISHED} == storm.PUBLISHED


def test_every_message_passes_the_statutory_checks() -> None:
    for message in storm.plan(VILLAGES):
        figures, _ = checks.canonical_figures(
            {key: Decimal(str(value)) for key, value in message.figures.items()},
            message.units,  # type: ignore[arg-type]
        )
        assert checks.figures_errors(figures) == {}, message


def test_a_village_tells_its_story_in_order_and_never_takes_back_a_number() -> None:
    stories: dict[str, list[storm.Message]] = {}
    for message in storm.plan(VILLAGES):
        stories.setdefault(message.village.code, []).append(message)
    assert len(stories) == len(VILLAGES)
    for story in stories.values():
        assert [message.step for message in story] == list(range(len(story)))
        assert [message.last for message in story] == [False] * (len(story) - 1) + [True]
        assert all(0 <= message.at < 1 for message in story)
        for earlier, later in pairwise(story):
            assert earlier.figures["affected"] <= later.figures["affected"]


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.lists(st.floats(0.001, 1e6), min_size=1, max_size=200))
def test_apportioning_loses_nothing_and_keeps_proportion(total: int, weights: list[float]) -> None:
    shares = storm.apportion(total, weights)
    assert sum(shares) == total
    assert all(
        abs(share - total * weight / sum(weights)) < 1 + 1e-6 * total
        for share, weight in zip(shares, weights, strict=True)
    )


@pytest.fixture(scope="module")
def server(sample: Live) -> Iterator[Live]:
    with Live("storm", like=sample) as live:
        yield live


@pytest.mark.slow
def test_the_storm_is_replayed_over_real_sockets_to_the_published_totals(server: Live) -> None:
    out = server.manage("replay_storm", "--url", server.url, "--minutes", "0.1")
    assert "the county's totals are the published figures" in out
    with server.database.connect() as connection:
        villages = connection.execute("SELECT count(DISTINCT area_code) FROM reports_report").fetchone()
        doubled = connection.execute(
            "SELECT count(*) FROM reports_report WHERE crosses IS NOT NULL"
        ).fetchone()
    assert villages == (183,)
    assert doubled == (0,)
    assert "rows intact" in server.manage("verify_journal")
