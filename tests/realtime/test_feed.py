"""Snapshot plus changes equals a fresh snapshot: for every verb, as every reader sees it."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from django.utils import timezone

from disaster.journal import read, seal, snapshot
from disaster.journal.verbs import SILENT, VERBS
from disaster.relief.needs import services as needs
from realtime.hub import Hub
from tests.disaster.relief.board.made import a_programme, an_application
from tests.realtime.prepared import PREPARE
from tests.realtime.test_hub import Ear
from tests.sealing import seal_everything
from tests.world import ACCOUNTS, EAST, JIA, YI, World

pytestmark = pytest.mark.django_db(transaction=True)
State = dict[str, Any]
OVER = {
    "document": {"closed", "cancelled"},
    "trip": {"back", "cancelled"},
    "case": {"settled"},
    "progress": {"told"},
}


def readers(world: World) -> list[str]:
    """One account of each scope: those who see the same are told the same."""
    scopes: dict[Any, str] = {}
    for account in ACCOUNTS:
        rights = world.rights(account)
        if areas := tuple(held.area_code for held in rights.posts):
            scopes.setdefault((rights.sees, areas), account)
    return list(scopes.values())


def fresh(world: World, account: str) -> State:
    """What a new reader is given of what is sealed."""
    taken = msgspec.json.Encoder(decimal_format="number").encode(snapshot.take(world.rights(account).sees))
    return {f"{view['object']}:{view['id']}": view for view in json.loads(taken)["objects"]}


def heard(world: World, account: str, since: int) -> list[dict[str, Any]]:
    """What the hub sends a reader for everything after ``since``, as decoded frames."""
    hub = Hub()
    hub.begin(epoch="e", position=since)
    area = [held.area_code for held in world.rights(account).posts]
    ear = Ear(*area)
    ear.scope_seen = world.rights(account).sees
    hub.enter(ear)
    hub.watch(ear)
    hub.publish(read.after(since, limit=1000))
    return [change for frame in ear.frames for change in json.loads(frame["text"])["changes"]]


def applied(state: State, changes: list[dict[str, Any]]) -> State:
    """What a reader's page makes of it: each object is put whole."""
    after = dict(state)
    for change in changes:
        for view in change["put"]:
            after[f"{view['object']}:{view['id']}"] = view
    return after


def still_shown(state: State) -> State:
    """What is over is put once more and left out of fresh snapshots; both mean it is gone."""
    return {
        key: view
        for key, view in state.items()
        if view.get("state") not in OVER.get(view["object"], {"lifted"})
    }


def test_every_verb_of_the_journal_is_tried_here() -> None:
    assert set(PREPARE) == set(VERBS) - SILENT


@pytest.mark.parametrize("verb", PREPARE)
def test_a_state_with_its_changes_is_the_fresh_state(
    world: World, verb: str, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    perform = PREPARE[verb](world)
    seal_everything()
    before = {account: fresh(world, account) for account in readers(world)}
    since = seal.head().position
    perform()
    seal_everything()
    # A split tells of the new event and of each report that moved; a transfer of both its ends, and then
    # of what differs.
    ends = ["place.changed", "place.changed"]
    in_order = {
        "event.split": [verb, "report.moved"],
        "place.changed": ends,
        # Two papers are sent when a lorry leaves, one when it loads on its way.
        "trip.departed": [*ends, *ends, verb],
        "trip.loaded": [*ends, verb],
    }
    moves = verb.startswith("difference.") and verb != "difference.reassigned"
    expected = [*ends, verb] if moves else in_order.get(verb, [verb])
    told = [row.verb for row in read.after(since, limit=10) if row.verb not in SILENT]
    assert told == expected
    rebuilt = {account: applied(state, heard(world, account, since)) for account, state in before.items()}
    for account, state in rebuilt.items():
        assert still_shown(state) == fresh(world, account), account
    assert rebuilt["bureau"] != before["bureau"], "the verb changes what the bureau sees"


def test_many_of_relief_are_told_by_one_signal(world: World) -> None:
    programme = a_programme()
    ids = [an_application(programme, area, state="applied").pk for area in (JIA, JIA, YI)]
    since = seal.head().position
    needs.act_many("verify", ids, by=world.rights("bureau"), now=timezone.now())
    seal_everything()
    changes = heard(world, "bureau", since)
    assert [(one["verb"], one["area"]) for one in changes] == [("relief.moved", EAST)]
    assert [set(view) for view in changes[0]["put"]] == [{"object", "id", "at", "state"}]
