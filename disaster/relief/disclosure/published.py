"""What the public may read: notices that run, and totals of which small ones stay untold.

Totals are told to steps (rule ``public.steps``), so that what one household adds or takes away from one
day to the next can't be read off them. Nothing here depends on who asks. A line is shown while its notice runs and for the rule's days after,
while its application stands (posted and later); what was sent back, withdrawn or stopped is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, FilteredRelation, Q, Sum
from django.db.models.functions import Coalesce

from disaster import problems
from disaster.relief.disclosure import masks
from disaster.relief.disclosure.cells import Cell, hidden
from disaster.relief.disclosure.models import Entry, Notice
from disaster.relief.disclosure.periods import still_public
from disaster.relief.needs.models import Application, Grant, Programme
from disaster.relief.needs.states import APPROVED, ARCHIVED, DISCLOSED, ISSUED, PASSED, POSTED, SUBMITTED
from disaster.relief.stock.models import Item
from disaster.rules import book
from gis.models import Area
from gis.scope import pad

SHOWN = (POSTED, SUBMITTED, PASSED, APPROVED, ISSUED, DISCLOSED, ARCHIVED)
"""States in which a line of a notice is shown."""
FEN = 100
DECIDED = (APPROVED, ISSUED, DISCLOSED, ARCHIVED)
"""States that totals count: what the county has approved."""


class Line(NamedTuple):
    """One line as the public reads it; ``given`` in words, a thing each."""

    place: int
    name: str
    group: str
    members: int
    category: str
    given: tuple[str, ...]
    entry: int


class Sheet(NamedTuple):
    """A notice with its lines, as the public reads it."""

    notice: Notice
    lines: tuple[Line, ...]
    photos: tuple[Any, ...]
    is_over: bool


class Figure(NamedTuple):
    """A total of an area; ``households`` None where it stays untold. Money in fen."""

    area: Area
    households: int | None
    persons: int | None
    fen: int | None
    has_notice: bool = False


class Given(NamedTuple):
    """So many of an item were approved and so many have reached households."""

    name: str
    unit: str
    approved: int
    settled: int


def programmes() -> list[Programme]:
    """Give the programmes that any notice was ever posted of, the newest first, in one statement."""
    posted = Notice.objects.filter(down_at__isnull=True).values("programme")
    found = Programme.objects.filter(pk__in=posted).select_related("area").defer("area__boundary")
    return list(found.order_by("-opened_at", "number"))


def programme(number: str) -> Programme:
    """Give a programme the public may know of; 404.1 otherwise."""
    posted = Notice.objects.filter(down_at__isnull=True).values("programme")
    asked = Programme.objects.filter(pk__in=posted, number=number).select_related("area")
    found: Programme | None = asked.defer("area__boundary").first()
    if found is None:
        raise problems.NOT_FOUND()
    return found


def readable(*, on: date) -> Q:
    """Say in the database's words that a notice may still be read on a day."""
    return Q(down_at__isnull=True, from_on__lte=on, until_on__gte=still_public(on=on))


def sheets(number: str, area: str, *, on: date, language: str) -> list[Sheet]:
    """Give a village's notices in a programme that may be read on a day, the newest first, in four statements.

    Raises
    ------
    Problem
        404.1 if there is none: whether programme, village or notice is missing is not told apart.
    """
    asked = Notice.objects.filter(readable(on=on), programme__number=number, area=area)
    asked = asked.select_related("programme__area", "area__parent")
    asked = asked.defer("programme__area__boundary", "area__boundary", "area__parent__boundary")
    notices = list(asked.prefetch_related("photos").order_by("-from_on", "-round"))
    if not notices:
        raise problems.NOT_FOUND()
    lines = Entry.objects.filter(notice__in=notices, is_current=True, application__state__in=SHOWN)
    rows: list[Mapping[str, Any]] = list(
        lines.annotate(head=F("application__household__name"))
        .values("pk", "notice_id", "place", "group", "members", "category", "offered", "head")
        .order_by("place")
    )
    words = Words.of(rows, area, language, on)
    by_notice: dict[Any, list[Line]] = {}
    for row in rows:
        by_notice.setdefault(row["notice_id"], []).append(words.line(row))
    return [
        Sheet(one, tuple(by_notice.get(one.pk, ())), tuple(one.photos.all()), on > one.until_on)
        for one in notices
    ]


class Words(NamedTuple):
    """What lines are written with: the rules of an area and day, and the items they name."""

    name: str
    categories: Sequence[Mapping[str, Any]]
    items: Mapping[str, tuple[str, str]]
    language: str

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], area: str, language: str, on: date) -> Words:
        """Read the rules of an area and day, and the items that rows with ``offered`` name; one statement."""
        keys = {key for row in rows for key in row["offered"]} - set(masks.OUR_KEYS)
        return cls(
            book.value("public.name", area=area, on=on),
            book.value("public.category", area=area, on=on),
            items_named(keys, language),
            language,
        )

    def line(self, row: Mapping[str, Any]) -> Line:
        """Write one line, masked."""
        return Line(
            place=row["place"],
            name=masks.name(row["head"], self.name),
            group=row["group"],
            members=row["members"],
            category=masks.category(row["category"], self.categories, self.language),
            given=tuple(self._given(key, quantity) for key, quantity in row["offered"].items()),
            entry=row["pk"],
        )

    def _given(self, key: str, quantity: int) -> str:
        english = self.language.startswith("en")
        if key == "fen":
            return f"{masks.yuan(quantity)} {'yuan' if english else '元'}"
        ours = {
            "grain_kg": ("Grain", "kg") if english else ("口粮", "公斤"),
            "clothing": ("Clothing and bedding", "pieces") if english else ("衣被", "件"),
        }
        name, unit = ours.get(key) or self.items.get(key, (key, ""))
        return f"{name} {quantity} {unit}".strip()


def items_named(keys: Iterable[str], language: str) -> dict[str, tuple[str, str]]:
    """Give name and unit of items, in one statement; units have no English."""
    english = language.startswith("en")
    found = Item.objects.filter(pk__in=list(keys))
    return {one.pk: (one.name_en if english else one.name, "" if english else one.unit) for one in found}


def figures(batch: Programme, *, on: date) -> list[Figure]:
    """Give a programme's totals: the county's, then each township with its villages; three statements.

    Totals of fewer households than the rule's, and those from which they could be worked out, are
    untold (:mod:`disaster.relief.disclosure.cells`).
    """
    sums = _sums([batch]).get(batch.pk, {})
    untold = _untold(batch, sums, on)
    running = Notice.objects.filter(readable(on=on), programme=batch)
    noticed = set(running.values_list("area_id", flat=True))
    areas = Area.objects.filter(pk__in=[*sums, *noticed]).defer("boundary").order_by("code")
    steps = steps_of(str(batch.area_id), on=on)
    return [
        _figure(area, None if area.pk in untold else sums.get(area.pk, (0, 0, 0)), steps, area.pk in noticed)
        for area in areas
    ]


def steps_of(area: str, *, on: date) -> dict[str, int]:
    """Give to what steps totals are told in an area (rule ``public.steps``): households, persons, yuan, pieces."""
    return {row["of"]: int(row["step"]) for row in book.value("public.steps", area=area, on=on)}


def stepped(value: int, step: int) -> int:
    """Round a total to a whole number of steps, a half upward.

    >>> stepped(12, 5), stepped(13, 5), stepped(0, 5), stepped(7, 1)
    (10, 15, 0, 7)
    """
    return (2 * value + step) // (2 * step) * step


def _figure(
    area: Area, told: tuple[int, int, int] | None, steps: Mapping[str, int], has_notice: bool = False
) -> Figure:
    if told is None:
        return Figure(area, None, None, None, has_notice)
    households, persons, fen = told
    return Figure(
        area,
        stepped(households, steps["households"]),
        stepped(persons, steps["persons"]),
        stepped(fen, steps["yuan"] * FEN),
        has_notice,
    )


def totals(batches: Sequence[Programme], *, on: date) -> list[Figure]:
    """Give each programme's total, untold where it is too small, in one statement for all."""
    sums = _sums(batches)
    found = []
    for batch in batches:
        own = sums.get(batch.pk, {})
        top = str(batch.area_id)
        told = None if top in _untold(batch, own, on) else own.get(top, (0, 0, 0))
        found.append(_figure(batch.area, told, steps_of(top, on=on)))
    return found


Sums = dict[str, tuple[int, int, int]]
"""Area → households, persons, fen; the whole programme's area comes first."""


def _sums(batches: Sequence[Programme]) -> dict[UUID, Sums]:
    """Add up what was approved by village, township and the whole, for each programme."""
    money = FilteredRelation("grants", condition=Q(grants__item__isnull=True))
    rows = (
        Application.objects.filter(programme__in=batches, state__in=DECIDED)
        .annotate(money=money)
        .values("programme_id", "area_id")
        .annotate(households=Count("pk"), people=Sum("persons"), fen=Coalesce(Sum("money__quantity"), 0))
        .order_by("area_id")
    )
    tops = {batch.pk: str(batch.area_id) for batch in batches}
    found: dict[UUID, Sums] = {}
    for row in rows:
        sums = found.setdefault(row["programme_id"], {})
        for code in dict.fromkeys((tops[row["programme_id"]], pad(row["area_id"][:9]), row["area_id"])):
            households, people, fen = sums.get(code, (0, 0, 0))
            sums[code] = (households + row["households"], people + row["people"], fen + int(row["fen"]))
    return found


def _untold(batch: Programme, sums: Sums, on: date) -> frozenset[str]:
    least = int(book.value("public.least", area=str(batch.area_id), on=on))
    return hidden((_cell(code, row, sums) for code, row in sums.items()), least=least)


def _cell(code: str, row: tuple[int, int, int], sums: Sums) -> Cell:
    """Put a total below the nearest one above it."""
    top, township = next(iter(sums)), pad(code[:9])
    above = "" if code == top else township if code != township and township in sums else top
    return Cell(code, above, row[0], row[1:])


def given(batch: Programme, *, on: date, language: str) -> list[Given]:
    """Give a programme's goods and money by item, but for what fewer households than the rule's got."""
    least = int(book.value("public.least", area=str(batch.area_id), on=on))
    rows = Grant.objects.filter(application__programme=batch, application__state__in=DECIDED)
    sums = rows.values("item_id").annotate(
        households=Count("application", distinct=True), approved=Sum("quantity"), settled=Sum("settled")
    )
    found = [row for row in sums.order_by("item_id") if row["households"] >= least]
    names = items_named([row["item_id"] for row in found if row["item_id"]], language)
    money = ("Money", "yuan") if language.startswith("en") else ("资金", "元")
    steps = steps_of(str(batch.area_id), on=on)

    def told(row: Mapping[str, Any], name: str) -> int:
        if row["item_id"]:
            return stepped(row[name], steps["pieces"])
        return stepped(row[name] // FEN, steps["yuan"])

    return [
        Given(*names.get(row["item_id"], money), told(row, "approved"), told(row, "settled")) for row in found
    ]
