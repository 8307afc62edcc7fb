"""Who may see and do what: the only place that decides.

A person holds roles at areas; a role at an area is good for all that lies below it. What is
out of sight does not exist for the reader (404); what is in sight but not theirs to do is
refused (403).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from disaster import problems
from disaster.people.models import Posting
from gis.scope import AreaScope, prefix_of

if TYPE_CHECKING:
    from disaster.people.models import Person

OFFICER, REVIEWER, COORDINATOR, KEEPER, LEADER, AUDITOR, ADMINISTRATOR = Posting.Role.values

FEEDER = "feeder"
"""No post of a person: whoever brings the alerts of others, by a token, a folder or an address."""
EVERYBODY = frozenset(Posting.Role.values)
DESK = frozenset({REVIEWER, COORDINATOR})

POLICY: dict[str, frozenset[str]] = {
    "report.see": frozenset({OFFICER, REVIEWER, COORDINATOR, LEADER, AUDITOR}),
    "report.submit": frozenset({OFFICER, REVIEWER, COORDINATOR}),
    "report.review": DESK,
    "report.approve": frozenset({COORDINATOR}),
    "report.file_for": DESK,
    "event.open": frozenset({COORDINATOR}),
    "event.close": frozenset({COORDINATOR}),
    "event.change": frozenset({COORDINATOR}),
    "response.decide": frozenset({COORDINATOR}),
    "register.see": frozenset({REVIEWER, COORDINATOR, AUDITOR}),
    "register.write": DESK,
    "register.reveal": frozenset({REVIEWER, COORDINATOR, AUDITOR}),
    "form.export": frozenset({REVIEWER, COORDINATOR, LEADER, AUDITOR}),
    "form.import": DESK,
    "map.export": frozenset({REVIEWER, COORDINATOR, LEADER, AUDITOR}),
    "map.import": frozenset({COORDINATOR}),
    "duty.see": frozenset({REVIEWER, COORDINATOR, LEADER, AUDITOR}),
    "duty.call": DESK,
    "duty.remind": DESK,
    "rule.change": frozenset({ADMINISTRATOR}),
    "channel.change": frozenset({ADMINISTRATOR}),
    "zone.draw": DESK | {FEEDER},
    "zone.lift": DESK | {FEEDER},
    "zone.threat": frozenset({REVIEWER, COORDINATOR, LEADER}),
    "road.close": DESK,
    "road.open": DESK,
    "road.route": EVERYBODY - {ADMINISTRATOR},
    "alert.receive": frozenset({FEEDER}),
    "token.manage": frozenset({ADMINISTRATOR}),
    "warning.see": frozenset({REVIEWER, COORDINATOR, LEADER, AUDITOR}),
    "notice.send": DESK | {FEEDER},
    "notice.confirm": frozenset({OFFICER, REVIEWER, COORDINATOR}),
    "shelter.open": DESK,
    "shelter.close": DESK,
    "shelter.write": DESK,
    "shelter.see": frozenset({OFFICER, REVIEWER, COORDINATOR, KEEPER, LEADER, AUDITOR}),
    "shelter.check": frozenset({OFFICER, REVIEWER, COORDINATOR, KEEPER}),
    "shelter.reveal": frozenset({REVIEWER, COORDINATOR, AUDITOR}),
    "evacuation.see": frozenset({REVIEWER, COORDINATOR, LEADER, AUDITOR}),
    "evacuation.plan": DESK,
    "stock.see": frozenset({OFFICER, REVIEWER, COORDINATOR, KEEPER, LEADER, AUDITOR}),
    "stock.place": DESK,
    "stock.write": frozenset({KEEPER, COORDINATOR}),
    "stock.order": DESK,
    "stock.send": frozenset({REVIEWER, KEEPER, COORDINATOR}),
    "stock.receive": frozenset({OFFICER, REVIEWER, KEEPER, COORDINATOR}),
    "stock.issue": frozenset({OFFICER, REVIEWER, COORDINATOR}),
    "stock.settle": frozenset({COORDINATOR}),
    "voucher.print": DESK,
    "voucher.key": frozenset({COORDINATOR}),
    "need.see": frozenset({OFFICER, REVIEWER, COORDINATOR, LEADER, AUDITOR}),
    "need.village": frozenset({OFFICER, REVIEWER, COORDINATOR}),
    "need.pass": DESK,
    "need.approve": frozenset({COORDINATOR}),
    "need.reveal": frozenset({REVIEWER, COORDINATOR, AUDITOR}),
    "fund.see": frozenset({REVIEWER, COORDINATOR, LEADER, AUDITOR}),
    "fund.write": frozenset({COORDINATOR}),
    "fund.release": frozenset({COORDINATOR, LEADER}),
    "plan.see": frozenset({REVIEWER, COORDINATOR, LEADER, AUDITOR}),
    "plan.make": frozenset({COORDINATOR}),
    "plan.review": DESK,
    "plan.approve": frozenset({COORDINATOR, LEADER}),
    "trip.see": frozenset({REVIEWER, COORDINATOR, KEEPER, LEADER, AUDITOR}),
    "trip.plan": frozenset({KEEPER, COORDINATOR}),
    "trip.drive": frozenset({OFFICER, REVIEWER, KEEPER, COORDINATOR}),
    "case.see": frozenset({OFFICER, REVIEWER, COORDINATOR, LEADER, AUDITOR}),
    "case.settle": DESK,
    "case.extend": frozenset({LEADER}),
    "case.conduct": frozenset({REVIEWER, COORDINATOR, LEADER, AUDITOR}),
    "briefing.see": frozenset({REVIEWER, COORDINATOR, LEADER, AUDITOR}),
    "briefing.make": frozenset({REVIEWER, COORDINATOR, LEADER}),
    "person.post": frozenset({ADMINISTRATOR, COORDINATOR}),
    "person.end": frozenset({ADMINISTRATOR, COORDINATOR}),
    "person.see": frozenset({ADMINISTRATOR, COORDINATOR, AUDITOR}),
    "journal.read": frozenset({AUDITOR, ADMINISTRATOR}),
}
"""Which roles may do which verb in their area. Three powers are kept apart (等保2.0
三权分立): the administrator manages accounts and neither files nor reviews, the auditor
reads everything and changes nothing."""

GRANTS: dict[str, frozenset[str]] = {
    COORDINATOR: frozenset({OFFICER, REVIEWER, KEEPER}),
    ADMINISTRATOR: EVERYBODY,
}
"""Who gives and ends which roles. The bureau staffs its own work; who watches or heads that
work is appointed by the administrator, so that nobody picks their own supervisor."""


class Held(NamedTuple):
    """One role held at one area."""

    role: str
    area_code: str
    post: str = ""


@dataclass(frozen=True)
class Rights:
    """What one person may see and do at present."""

    person_id: int
    name: str
    posts: tuple[Held, ...]

    @cached_property
    def sees(self) -> AreaScope:
        """The areas whose reports this person sees."""
        seeing = POLICY["report.see"]
        return AreaScope.of(held.area_code for held in self.posts if held.role in seeing)

    @cached_property
    def known(self) -> AreaScope:
        """The areas this person has any post in."""
        return AreaScope.of(held.area_code for held in self.posts)

    @cached_property
    def _allowed(self) -> dict[str, tuple[str, ...]]:
        return {
            verb: tuple(prefix_of(held.area_code) for held in self.posts if held.role in roles)
            for verb, roles in POLICY.items()
        }

    def may(self, verb: str, area_code: str) -> bool:
        """Say whether this person may do ``verb`` in an area.

        Raises
        ------
        KeyError
            If the verb is not in :data:`POLICY`: a rule nobody wrote allows nothing.
        """
        return area_code.startswith(self._allowed[verb])

    def where(self, verb: str) -> AreaScope:
        """Give the areas in which this person may do ``verb``."""
        return AreaScope(self._allowed[verb])

    @property
    def home(self) -> str | None:
        """The area this person reports for: the first officer's post, else the first post."""
        officer = next((held.area_code for held in self.posts if held.role == OFFICER), None)
        return officer or next((held.area_code for held in self.posts), None)

    @property
    def is_desk(self) -> bool:
        """Say whether this person works at a desk rather than in a village."""
        return any(held.role != OFFICER for held in self.posts)


def require(rights: Rights, verb: str, area_code: str) -> None:
    """Let pass who may do ``verb`` in an area.

    Raises
    ------
    Problem
        403.1 if the area is in sight but the verb is not theirs, 404.1 if it is out of sight.
    """
    if rights.may(verb, area_code):
        return
    if rights.known.covers(area_code):
        raise problems.NOT_ALLOWED()
    raise problems.NOT_FOUND()


def may_grant(rights: Rights, role: str, area_code: str) -> bool:
    """Say whether this person may give or end a role at an area."""
    return any(
        role in GRANTS.get(held.role, ()) and area_code.startswith(prefix_of(held.area_code))
        for held in rights.posts
    )


def may_manage(rights: Rights, person_id: int, posts: Iterable[Held]) -> bool:
    """Say whether this person may change the account of another, who holds ``posts``.

    Whoever sets a password can act under it: so every post of the account has to be theirs
    to give, and an account is never one's own.
    """
    return rights.person_id != person_id and all(
        may_grant(rights, held.role, held.area_code) for held in posts
    )


def require_grant(rights: Rights, role: str, area_code: str, *, person_id: int) -> None:
    """Let pass who may give a role at an area to a person, or end it.

    Raises
    ------
    Problem
        404.1 if the area is out of sight; 403.1 if the role is not theirs to give, or the
        person is themselves.
    """
    if not rights.known.covers(area_code):
        raise problems.NOT_FOUND()
    if rights.person_id == person_id or not may_grant(rights, role, area_code):
        raise problems.NOT_ALLOWED()


def rights_of(person: Person, *, on: date) -> Rights:
    """Give a person's rights on a day, by one statement."""
    return rights_of_many([person.pk], on=on).get(person.pk) or Rights(person.pk, person.name, ())


def rights_of_many(ids: Sequence[int], *, on: date) -> dict[int, Rights]:
    """Give the rights of many persons by one statement; who holds no post now has none."""
    held_now = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    postings = Posting.objects.filter(held_now, person_id__in=ids, person__is_active=True)
    rows = postings.order_by("id").values_list("person_id", "person__name", "role", "area_id", "post")
    posts: dict[int, list[Held]] = {}
    names: dict[int, str] = {}
    for person_id, name, role, area_code, post in rows:
        posts.setdefault(person_id, []).append(Held(role, area_code, post))
        names[person_id] = name
    return {person_id: Rights(person_id, names[person_id], tuple(held)) for person_id, held in posts.items()}
