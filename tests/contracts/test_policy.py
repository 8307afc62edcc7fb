"""What each role may do, verb by verb and place by place, as the statute says."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from disaster.people.models import Posting
from disaster.people.scope import POLICY, Rights, require
from disaster.problems import Problem
from tests.world import ACCOUNTS, BING, COUNTY, EAST, ELSEWHERE, JIA, WEST, YI, World

pytestmark = pytest.mark.django_db

VERBS = sorted(POLICY)
PLACES = {"own": JIA, "sibling": YI, "parent": EAST, "county": COUNTY, "foreign": ELSEWHERE}


@pytest.mark.parametrize("account", [*ACCOUNTS])
def test_the_policy_is_what_the_statute_says(world: World, account: str) -> None:
    rights = world.rights(account)
    for verb, (place, code) in product(VERBS, PLACES.items()):
        allowed = rights.may(verb, code)
        assert allowed == _expected(account, verb, code), (verb, place, allowed)
        if not allowed:
            with pytest.raises(Problem) as caught:
                require(rights, verb, code)
            assert caught.value.kind.status == (403 if rights.known.covers(code) else 404)


_ROLES = {row[0]: (row[2], row[3]) for row in __import__("tests.world", fromlist=["_POSTS"])._POSTS}
_KEEPS = {"stock.see", "stock.write", "stock.send", "stock.receive"}
_MAY = {
    "officer": {
        "road.route",
        "report.see",
        "report.submit",
        "notice.confirm",
        "shelter.see",
        "shelter.check",
        "stock.see",
        "stock.receive",
        *{"need.see", "need.village", "trip.drive", "case.see", "stock.issue"},
    },
    "reviewer": {
        *{"report.see", "report.submit", "report.review", "report.file_for", "shelter.open", "shelter.close"},
        *{"register.see", "register.write", "register.reveal", "form.export", "form.import", "map.export"},
        *{"duty.see", "duty.call", "duty.remind", "warning.see", "notice.send", "notice.confirm"},
        *{"shelter.see", "shelter.check", "shelter.write", "shelter.reveal", "evacuation.see"},
        *{"zone.draw", "zone.lift", "zone.threat", "evacuation.plan"},
        *{"road.close", "road.open", "road.route"},
        *{"stock.see", "stock.place", "stock.order", "stock.send", "stock.receive"},
        *{"need.see", "need.village", "need.pass", "need.reveal", "fund.see", "plan.see", "plan.review"},
        *{"briefing.see", "briefing.make"},
        *{"trip.see", "trip.drive", "case.see", "case.settle", "stock.issue", "voucher.print"},
        *{"trip.see", "trip.drive", "case.see", "case.settle", "case.conduct"},
    },
    "coordinator": {
        verb
        for verb in VERBS
        if verb
        not in {
            "journal.read",
            "rule.change",
            "channel.change",
            "alert.receive",
            "token.manage",
            "case.extend",
        }
    },
    "keeper": {"shelter.see", "shelter.check", "road.route", *_KEEPS, "trip.see", "trip.plan", "trip.drive"},
    "leader": {
        *{"report.see", "duty.see", "form.export", "map.export", "warning.see", "zone.threat", "road.route"},
        *{"shelter.see", "evacuation.see", "stock.see"},
        *{"need.see", "fund.see", "plan.see", "plan.approve", "trip.see", "case.see", "case.conduct"},
        *{"briefing.see", "briefing.make", "fund.release", "case.extend"},
    },
    "auditor": {
        *{"report.see", "person.see", "journal.read", "duty.see", "warning.see", "road.route"},
        *{"shelter.see", "shelter.reveal", "evacuation.see", "stock.see"},
        *{"register.see", "register.reveal", "form.export", "map.export"},
        *{"need.see", "need.reveal", "fund.see", "plan.see", "trip.see", "case.see", "case.conduct"},
        "briefing.see",
    },
    "administrator": {
        "person.post",
        "person.end",
        "person.see",
        "journal.read",
        "rule.change",
        "channel.change",
        "token.manage",
    },
}


def _expected(account: str, verb: str, code: str) -> bool:
    """The policy written a second time, by role rather than by verb, and with plain prefixes."""
    if account not in _ROLES:
        return False
    role, area = _ROLES[account]
    depth = {JIA: 12, YI: 12, BING: 12, EAST: 9, WEST: 9, COUNTY: 6, ELSEWHERE: 6}[area]
    return verb in _MAY[role] and code[:depth] == area[:depth]


def test_an_ended_post_gives_no_right_from_that_day_on(world: World) -> None:
    assert world.rights("jia_a").may("report.submit", JIA)
    Posting.objects.filter(person=world["jia_a"]).update(valid_to=datetime.now(UTC).date())
    assert not world.rights("jia_a").may("report.submit", JIA)


def test_a_disabled_account_has_no_rights(world: World) -> None:
    type(world["jia_a"]).objects.filter(pk=world["jia_a"].pk).update(is_active=False)
    assert world.rights("jia_a").posts == ()


def test_a_verb_without_a_rule_allows_nothing(world: World) -> None:
    with pytest.raises(KeyError):
        Rights(1, "x", ()).may("report.burn", JIA)
