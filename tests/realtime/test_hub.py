"""The hub: who hears what, encoded once, never partly."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from disaster.journal.read import Told
from gis.scope import AreaScope
from realtime import hub as hubs
from realtime.hub import Hub

COUNTY, EAST, JIA, YI, BING = "340882000000", "340882101000", "340882101201", "340882101202", "340882102201"


class Ear:
    """A socket that remembers what it was sent."""

    def __init__(self, *areas: str, person_id: int = 1) -> None:
        self.scope_seen = AreaScope.of(areas)
        self.person_id = person_id
        self.frames: list[dict[str, Any]] = []
        self.closed: int | None = None

    def push(self, message: dict[str, Any]) -> None:
        self.frames.append(message)

    def expel(self, code: int) -> None:
        self.closed = code

    def heard(self) -> list[int]:
        return [
            change["position"] for frame in self.frames for change in json.loads(frame["text"])["changes"]
        ]


def row(
    position: int,
    area: str = JIA,
    *,
    downward: bool = False,
    verb: str = "report.submitted",
    put: str = '[{"a":1}]',
    object_id: str = "7",
) -> Told:
    return Told(position, datetime.now(UTC), verb, "report", object_id, area, downward, put)


@pytest.fixture
def hub() -> Hub:
    made = Hub()
    made.begin(epoch="e", position=0)
    return made


def listening(hub: Hub, *areas: str, person_id: int = 1) -> Ear:
    ear = Ear(*areas, person_id=person_id)
    hub.enter(ear)
    hub.watch(ear)
    return ear


def test_a_change_reaches_exactly_those_whose_area_covers_it(hub: Hub) -> None:
    county, east, jia, yi, bing = (listening(hub, area) for area in (COUNTY, EAST, JIA, YI, BING))
    nation = listening(hub, "000000000000")
    hub.publish([row(1, JIA), row(2, EAST)])
    assert [ear.heard() for ear in (nation, county, east, jia, yi, bing)] == [
        [1, 2],
        [1, 2],
        [1, 2],
        [1],
        [],
        [],
    ]


def test_what_concerns_those_below_reaches_them_too(hub: Hub) -> None:
    jia, foreign = listening(hub, JIA), listening(hub, "340881101201")
    hub.publish([row(1, COUNTY, downward=True)])
    assert (jia.heard(), foreign.heard()) == ([1], [])


def test_a_reader_of_two_areas_hears_a_change_once(hub: Hub) -> None:
    both = listening(hub, JIA, BING)
    hub.publish([row(1, JIA), row(2, BING), row(3, COUNTY, downward=True)])
    assert both.heard() == [1, 2, 3]


def test_one_frame_object_serves_all_watchers_of_a_scope(hub: Hub) -> None:
    first, second = listening(hub, COUNTY), listening(hub, COUNTY)
    hub.publish([row(1)])
    assert first.frames[0] is second.frames[0]


def test_rows_already_told_are_not_told_again(hub: Hub) -> None:
    ear = listening(hub, COUNTY)
    hub.publish([row(1), row(2)])
    hub.publish([row(2), row(3)])
    assert ear.heard() == [1, 2, 3]


def test_who_left_hears_nothing_and_leaves_nothing_behind(hub: Hub) -> None:
    ear = listening(hub, COUNTY)
    hub.leave(ear)
    hub.publish([row(1)])
    assert ear.frames == []
    assert hub.sockets == 0
    assert not hub._by_scope
    assert not hub._scopes_at


def test_a_person_whose_rights_change_is_put_out_in_every_socket(hub: Hub) -> None:
    mine = [listening(hub, JIA, person_id=7), listening(hub, JIA, person_id=7)]
    other = listening(hub, JIA, person_id=8)
    hub.publish([row(1, COUNTY, verb="person.post_ended", put="[]", object_id="7")])
    assert [ear.closed for ear in (*mine, other)] == [4409, 4409, None]
    assert other.heard() == []


def test_the_memory_gives_what_was_missed_or_says_that_it_cannot(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "RING", 5)
    scope = AreaScope.of([JIA])
    hub.publish([row(n, JIA if n % 2 else BING) for n in range(1, 9)])
    assert hub.since(2, scope) is None, "position 3 is forgotten: nothing partial"
    missed = hub.since(3, scope)
    assert missed is not None
    assert [told.position for told in missed] == [5, 7]
    assert hub.since(8, scope) == []


def test_a_new_life_of_the_journal_sends_everybody_to_start_over(hub: Hub) -> None:
    ear = listening(hub, COUNTY)
    hub.begin(epoch="other", position=50)
    assert ear.closed == 1012
