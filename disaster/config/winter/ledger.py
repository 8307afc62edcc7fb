"""An independent calculation: where every piece and every fen ought to be, from a diary of what was done.

Nothing of the product is imported here, on purpose: each act is noted as the people who did it
would note it, and added up a second time in the plainest way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

MONEY = "money"
WAY = "on the way"


class Wrong(AssertionError):  # noqa: N818 - what it says
    """The product and the ledger disagree."""


@dataclass
class Ledger:
    """The diary of a winter: goods by place and item, money in fen, what was granted and has arrived by village."""

    households: Counter[str] = field(default_factory=Counter)
    persons: Counter[str] = field(default_factory=Counter)
    held: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(place or :data:`WAY`, item) → pieces."""
    came: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    granted: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(village, item or :data:`MONEY`) → pieces or fen."""
    arrived: Counter[tuple[str, str]] = field(default_factory=Counter)
    free: int = 0
    at_bank: int = 0
    paid: int = 0
    got: int = 0
    states: Counter[str] = field(default_factory=Counter)
    owed: dict[object, Counter[str]] = field(default_factory=dict)
    """Application → what of its grants has not arrived yet."""

    # The register.

    def applied(self, village: str, persons: int) -> None:
        """A household of a village applies for so many persons."""
        self.households[village] += 1
        self.persons[village] += persons
        self.states["passed"] += 1

    def moved_on(self, before: str, after: str, many: int) -> None:
        """So many applications go from one state to another."""
        self.states[before] -= many
        self.states[after] += many

    # Goods.

    def took_in(self, place: str, item: str, many: int) -> None:
        """Goods come in."""
        self.came[item] += many
        self.held[place, item] += many

    def sent(self, place: str, item: str, many: int) -> None:
        """Goods leave a place and are on their way."""
        self.held[place, item] -= many
        self.held[WAY, item] += many

    def signed_for(self, place: str, item: str, many: int) -> None:
        """Goods arrive at a place, under a signature."""
        self.held[WAY, item] -= many
        self.held[place, item] += many

    def written_off(self, item: str, many: int) -> None:
        """Goods that were on their way are lost, and somebody has said so."""
        self.held[WAY, item] -= many
        self.lost[item] += many

    def given(self, place: str, village: str, who: object, item: str, many: int) -> None:
        """A household of a village gets goods out of a place."""
        self.held[place, item] -= many
        self._arrives(village, who, item, many)

    # Money.

    def quota(self, fen: int) -> None:
        """A quota paper brings money."""
        self.got += fen
        self.free += fen

    def sent_to_bank(self, fen: int) -> None:
        """A payment batch takes money out."""
        self.free -= fen
        self.at_bank += fen

    def paid_out(self, village: str, who: object, fen: int) -> None:
        """The bank says that money has reached a household."""
        self.at_bank -= fen
        self.paid += fen
        self._arrives(village, who, MONEY, fen)

    def refused(self, fen: int) -> None:
        """The bank gives money back."""
        self.at_bank -= fen
        self.free += fen

    def decided(self, village: str, who: object, item: str, many: int) -> None:
        """So much is granted to a household of a village; its first grant approves it."""
        self.granted[village, item] += many
        if who not in self.owed:
            self.owed[who] = Counter()
            self.moved_on("passed", "approved", 1)
        self.owed[who][item] += many

    def _arrives(self, village: str, who: object, item: str, many: int) -> None:
        """So much has reached a household; whoever has all of it is served (发放完毕)."""
        self.arrived[village, item] += many
        left = self.owed[who]
        left[item] -= many
        if min(left.values()) < 0:
            raise Wrong(f"{who} has more of {item} than was granted")
        if not any(left.values()):
            self.moved_on("approved", "issued", 1)

    def sums(self, which: Counter[tuple[str, str]]) -> dict[str, int]:
        """Add a table of villages up by item."""
        found: defaultdict[str, int] = defaultdict(int)
        for (_, item), many in which.items():
            found[item] += many
        return dict(found)

    def closes(self) -> None:
        """Raise :class:`Wrong` unless all that came is somewhere, and no place has less than nothing."""
        for item, many in self.came.items():
            here = sum(left for (_, one), left in self.held.items() if one == item)
            with_people = self.sums(self.arrived).get(item, 0)
            if here + with_people + self.lost[item] != many:
                raise Wrong(
                    f"{item}: {many} came, {here} are held, {with_people} given, {self.lost[item]} lost"
                )
        if self.free + self.at_bank + self.paid != self.got:
            raise Wrong(
                f"{self.got} fen came, {self.free} free, {self.at_bank} at the bank, {self.paid} paid"
            )
        if min([0, *self.held.values(), self.free, self.at_bank]) < 0:
            raise Wrong("something is less than nothing")
