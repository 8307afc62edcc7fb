"""What is given to the planner and what it answers. Pure: numbers in, numbers out.

A *problem* has villages, items and lots. A *lot* is what one place has of one item under one
donor's wish: it may go to the villages under its ``only`` prefixes that a dry road reaches. What the
items share are *limits* alone: worth a person or a household, weight a place can take, spending. One
item in one round (:mod:`disaster.relief.plan.solve.rounds`) is a *task*, in which a limit is how many
pieces fit still.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Policy(StrEnum):
    """What is wanted first; then, always, the fewest piece-minutes on the road."""

    PROPORTIONAL = "proportional"
    """Everybody's need times the village's hardship is met in the same share."""
    PRIORITY = "priority"
    """The first tier's need is met before the second's, in equal shares within a tier."""
    FAIREST = "fairest"
    """The worst-off village is as well off as can be, then the next (lexicographic max-min)."""
    LEAST = "least"
    """The need left unmet, weighted by hardship, is least."""


class Class(msgspec.Struct, frozen=True):
    """A class of households: its tier (1 is served first) and its hardship's weight."""

    key: str
    tier: int
    weight: float
    name: str = ""
    name_en: str = ""


class Village(msgspec.Struct, frozen=True):
    """A village with its persons and households in need; ``coefficient`` is their mean hardship's weight."""

    code: str
    name: str
    persons: int
    coefficient: float = 1.0
    households: int = 0


class Item(msgspec.Struct, frozen=True):
    """An item of goods with its packed weight and worth, or money: unit yuan, no weight, key ""."""

    key: str
    name: str
    unit: str
    kg: float = 0.0
    yuan: float = 0.0
    name_en: str = ""


class Lot(msgspec.Struct, frozen=True):
    """What a place has of an item under one wish: it may go to villages under all of ``only``.

    ``place`` counts the problem's places; -1 is the purse, whose ``quota`` is the paper the money
    came with ("" where it is only expected).
    """

    place: int
    item: int
    quantity: int
    only: tuple[str, ...] = ()
    quota: str = ""


class Pin(msgspec.Struct, frozen=True):
    """A village gets just so many of an item; both by their place in the lists."""

    village: int
    item: int
    quantity: int


class LimitKind(StrEnum):
    """What a limit bounds. A household's and a person's stand for one village each."""

    PERSON = "person"
    HOUSEHOLD = "household"
    WEIGHT = "weight"
    SPEND = "spend"


class Limit(msgspec.Struct, frozen=True):
    """All items together that some villages get may not come to more than ``amount``.

    ``each`` is what one unit of each item counts: whole fen (worth), or grams (weight), as is
    ``amount``: what is left of the ``whole`` limit after what reached households before. ``whole``
    and ``heads`` are only told: a person's limit is ``whole`` a head. The villages of any two limits
    are nested or apart.
    """

    kind: LimitKind
    name: str
    villages: list[int]
    each: list[int]
    amount: int
    whole: int
    heads: int = 0


class Source(StrEnum):
    """What an item's supply is made of. What is kept back or at the bank is told, and given to nobody."""

    STOCK = "stock"
    COMING = "coming"
    KEPT = "kept"
    FREE = "free"
    PLANNED = "planned"
    FLIGHT = "flight"
    EXPECTED = "expected"


class Supply(msgspec.Struct, frozen=True):
    """So many units of an item (by its key) from one source."""

    item: str
    source: Source
    quantity: int


class Problem(msgspec.Struct, frozen=True):
    """Everything a plan rests on, as it is frozen with the scenario.

    ``need[item][village][class]`` and ``least[item][village]`` are whole units; ``minutes[place]
    [village]`` is -1 where no dry road leads. ``places`` are (id, name). ``settled`` (by item and
    village) has reached households already, ``committed`` is on its way to their cards: both stand
    outside ``need``, and count where shares are compared. ``met`` (as ``need``) is that of the households
    that are planned for still. ``by_roads`` is False where minutes are along straight lines. Where limits are
    short, items are served in their order.
    """

    policy: Policy
    villages: list[Village]
    classes: list[Class]
    items: list[Item]
    places: list[tuple[str, str]]
    lots: list[Lot]
    need: list[list[list[int]]]
    least: list[list[int]]
    minutes: list[list[float]]
    pins: list[Pin] = []
    settled: list[list[int]] = []
    committed: list[list[int]] = []
    met: list[list[list[int]]] = []
    limits: list[Limit] = []
    supply: list[Supply] = []
    by_roads: bool = True

    def outside(self, item: int, village: int) -> int:
        """Give what has reached a village's households, or is on its way to their cards."""
        return sum(table[item][village] for table in (self.settled, self.committed) if table)


class Bundle(NamedTuple):
    """Villages that may get no more than ``room`` pieces together. Two bundles' villages are nested or apart."""

    villages: Flags
    room: int


class Task(msgspec.Struct, frozen=True):
    """One item's part of a problem, as arrays.

    ``need`` is villages × classes; ``cost`` lots × villages in minutes, infinite where a lot may
    not or cannot go; ``fixed`` is a pin's quantity or -1. ``room`` (by village) and ``bundles`` are how
    many pieces limits leave room for, minimums and pins among them. ``had`` (by village) and ``met``
    (villages × classes) are out already, beside ``need``.
    """

    policy: Policy
    need: Whole
    classes: list[Class]
    coefficient: Floats
    least: Whole
    fixed: Whole
    stock: Whole
    cost: Floats
    had: Whole
    met: Whole
    room: Whole | None = None
    bundles: tuple[Bundle, ...] = ()

    @property
    def total(self) -> Whole:
        """Each village's need, all classes together."""
        whole: Whole = self.need.sum(axis=1)
        return whole

    @property
    def floor(self) -> Whole:
        """What each village has to get: its pin, else its minimum within its need.

        A village that no lot can reach has no minimum: it is told apart (不通), not refused.
        """
        reached = np.isfinite(self.cost).any(axis=0) if len(self.stock) else np.zeros(len(self.need), bool)
        least = np.where(reached, np.minimum(self.least, self.total), 0)
        return np.where(self.fixed >= 0, self.fixed, least)

    @property
    def most(self) -> Whole:
        """What each village may get by itself: its pin, else its need as far as its own limits have room."""
        most = self.total if self.room is None else np.minimum(self.total, self.room)
        return np.where(self.fixed >= 0, self.fixed, np.maximum(most, self.floor))

    @property
    def shared(self) -> list[Bundle]:
        """Give the bundles that leave something unserved."""
        most = self.most
        return [one for one in self.bundles if int(most[one.villages].sum()) > one.room]


class Flow(msgspec.Struct, frozen=True):
    """So many from a lot to a village; both by their place in the lists."""

    lot: int
    village: int
    quantity: int


class Answer(msgspec.Struct, frozen=True):
    """What each village gets of a task's item. ``minutes`` and ``bound`` are piece-minutes.

    ``bound`` is the least that any plan serving the same claims could need, from the lots' prices
    over every road: the answer is optimal where both are equal. ``prices`` are the minutes saved
    by one piece more in a lot.
    """

    given: Whole
    flows: list[Flow]
    minutes: float
    bound: float
    prices: Floats
    queue: Whole
    """How many villages would be served before this one's next piece; -1 where it lacks nothing or can't be served."""


class Short(msgspec.Struct, frozen=True):
    """What can't be kept of the rules on one item: pieces of minimums and of pins, by village."""

    item: int
    pinned: dict[int, int]
    least: dict[int, int]

    @property
    def pieces(self) -> int:
        """All that is missing."""
        return sum(self.pinned.values()) + sum(self.least.values())


class Infeasible(Exception):  # noqa: N818 - an answer, not a crash
    """The minimums and pins can't all be kept."""

    def __init__(self, short: Short) -> None:
        super().__init__("the floors exceed the stock")
        self.short = short


class Over(Exception):  # noqa: N818 - an answer, not a crash
    """Minimums and pins come to more than limits allow: each such limit with how much more (fen, grams)."""

    def __init__(self, limits: list[tuple[Limit, int]]) -> None:
        super().__init__("the floors exceed the limits")
        self.limits = limits


def task_of(problem: Problem, item: int) -> tuple[Task, list[int]]:
    """Cut one item out of a problem; gives with it which of the problem's lots the task's are."""
    chosen = [at for at, lot in enumerate(problem.lots) if lot.item == item and lot.quantity > 0]
    villages = len(problem.villages)
    fixed = np.full(villages, -1, dtype=np.int64)
    for pin in problem.pins:
        if pin.item == item:
            fixed[pin.village] = pin.quantity
    minutes = np.array(problem.minutes, dtype=float).reshape(len(problem.places), villages)
    cost = np.zeros((len(chosen), villages))
    codes = [village.code for village in problem.villages]
    for row, at in enumerate(chosen):
        lot = problem.lots[at]
        if lot.place >= 0:
            cost[row] = np.where(minutes[lot.place] < 0, np.inf, minutes[lot.place])
        if lot.only:
            cost[row, [not all(code.startswith(one) for one in lot.only) for code in codes]] = np.inf
    need = np.array(problem.need[item], dtype=np.int64).reshape(villages, len(problem.classes))
    met = (
        np.array(problem.met[item], dtype=np.int64).reshape(need.shape)
        if problem.met
        else np.zeros_like(need)
    )
    return (
        Task(
            policy=problem.policy,
            need=need,
            classes=problem.classes,
            coefficient=np.array([village.coefficient for village in problem.villages], dtype=float),
            least=np.array(problem.least[item], dtype=np.int64),
            fixed=fixed,
            stock=np.array([problem.lots[at].quantity for at in chosen], dtype=np.int64),
            cost=cost,
            had=np.array([problem.outside(item, at) for at in range(villages)], dtype=np.int64),
            met=met,
        ),
        chosen,
    )
