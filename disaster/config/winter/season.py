"""One run of the case: its villages and households, who does what, and how ids are made."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from disaster.config import storm
from disaster.config.winter import published
from disaster.config.winter.homes import Home
from disaster.people import sample
from disaster.people.models import Person
from disaster.people.scope import Rights, rights_of_many
from disaster.relief.needs.batch import Answer
from disaster.relief.needs.models import Programme
from disaster.relief.stock.models import Place
from disaster.rules import book

COUNTY = sample.COUNTY
NAMESPACE = uuid.UUID("d9b2d63d-a233-4123-847a-7b2d1b0c2018")
"""What the ids of the case are derived from: a repeat would meet the first."""


def key(*words: object) -> uuid.UUID:
    """Give the id of a thing of the case."""
    return uuid.uuid5(NAMESPACE, " ".join(map(str, words)))


def all_done(answers: Iterable[Answer]) -> None:
    """Raise the first refusal among the answers to an act on many."""
    for answer in answers:
        if answer.problem:
            raise answer.problem


@dataclass
class Season:
    """The case in one county; ``now`` is when its story has come to today."""

    villages: Sequence[storm.Village]
    homes: Sequence[Home]
    now: datetime
    rights: dict[str, Rights] = field(default_factory=dict)
    programme: Programme = field(init=False)
    warehouse: Place = field(init=False)
    points: dict[str, Place] = field(default_factory=dict)
    """Area's code → its point."""

    def __post_init__(self) -> None:
        self.rights = _rights(self.villages)

    def ago(self, days: float) -> datetime:
        """Give the moment so many days ago."""
        return self.now - timedelta(days=days)

    @property
    def bureau(self) -> Rights:
        """The bureau's coordinator."""
        return self.rights["bureau"]

    @property
    def deputy(self) -> Rights:
        """The bureau's second coordinator: plans and payments take two."""
        return self.rights["deputy"]

    @property
    def keeper(self) -> Rights:
        """The keeper of the warehouse."""
        return self.rights["keeper"]

    @property
    def leader(self) -> Rights:
        """The county's leader, who approves plans."""
        return self.rights["leader"]

    def officer(self, village: str, post: str = "a") -> Rights:
        """The officer of a village, A 角 or B 角."""
        return self.rights[sample.officer_name(village, post)]

    def reviewer(self, area: str) -> Rights:
        """The reviewer of an area's township."""
        return self.rights[sample.reviewer_name(area)]

    @property
    def share(self) -> Decimal:
        """How much of the whole county's people is in this run: 1 unless it is a short one."""
        return Decimal(sum(home.persons for home in self.homes)) / published.PEOPLE

    def goods(self) -> dict[str, int]:
        """How many of each item this run is about: the published numbers, or their share."""
        return {item: max(1, int(many * self.share)) for item, many in published.GOODS.items()}

    def quotas(self) -> dict[published.Quota, int]:
        """How many fen each quota brings in this run."""
        return {quota: int(quota.yuan * self.share) * 100 for quota in published.QUOTAS}

    def walked(self) -> list[str]:
        """Name one village of each township: its applications go through every step by the services."""
        first: dict[str, str] = {}
        for village in self.villages:
            first.setdefault(village.code[:9], village.code)
        return list(first.values())


def _rights(villages: Sequence[storm.Village]) -> dict[str, Rights]:
    """Give the rights of everybody who plays, by user name, by two statements."""
    wanted = {name for name, _, _ in sample.DESKS}
    for village in villages:
        wanted |= {sample.officer_name(village.code, post) for post in "ab"}
        wanted.add(sample.reviewer_name(village.code))
    people = dict(Person.objects.filter(username__in=wanted, is_sample=True).values_list("pk", "username"))
    held = rights_of_many(list(people), on=book.today())
    return {people[person]: rights for person, rights in held.items()}
