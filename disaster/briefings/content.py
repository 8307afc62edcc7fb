"""What a briefing says, before it is a PDF, a document, a workbook or a map. Pure.

Every renderer takes the same content, so that figures in all of them are equal; content is
frozen when a briefing is made, so that it can be rendered again years later.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec


class Source(msgspec.Struct, frozen=True):
    """One report, village, store or paper a figure is made of: its number, where, and its place in the journal.

    ``code`` is the area's, 12 digits; ``path`` the address below the server of its own page, where it has one.
    """

    number: str
    area: str
    value: Decimal
    position: int | None
    """The journal's position it is told up to; None where the sealer had not come by yet."""
    code: str = ""
    path: str = ""


class Figure(msgspec.Struct, frozen=True):
    """One number of a briefing: what it counts, how much, in which unit, and what it is made of.

    ``path`` is the address below the server that opens the drill-down.
    """

    key: str
    zh: str
    en: str
    value: Decimal
    unit: str
    unit_en: str
    path: str
    sources: tuple[Source, ...] = ()

    @property
    def position(self) -> int | None:
        """Give the newest position of what it is made of; None where nothing is, or nothing sealed."""
        return max((one.position for one in self.sources if one.position), default=None)


class Row(msgspec.Struct, frozen=True):
    """A line of the table: one township or village with its values, in the order of the columns."""

    area: str
    name: str
    values: tuple[Decimal | None, ...]


class Column(msgspec.Struct, frozen=True):
    """A column of the table."""

    key: str
    zh: str
    en: str
    unit: str
    unit_en: str


class Table(msgspec.Struct, frozen=True):
    """Figures by area. An ``is_annex`` one is for the workbook and the maps: too long for a page."""

    zh: str
    en: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    is_annex: bool = False

    def column(self, key: str) -> dict[str, Decimal]:
        """Give one column's values by area; who said nothing is left out."""
        at = next(number for number, one in enumerate(self.columns) if one.key == key)
        return {row.area: value for row in self.rows if (value := row.values[at]) is not None}


class Moment(msgspec.Struct, frozen=True):
    """What each area had reported of the mapped figure at a moment, for the slider.

    ``positions``: up to where in the journal each area's value is told.
    """

    at: datetime
    values: dict[str, Decimal]
    positions: dict[str, int] = {}


class Section(msgspec.Struct, frozen=True):
    """A part of the body with its heading (一、…)."""

    zh: str
    paragraphs: tuple[str, ...]


class Witness(msgspec.Struct, frozen=True):
    """The head of the journal's hash chain when the briefing was made."""

    position: int
    hash: str
    at: datetime


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A whole briefing as of one moment.

    ``basis`` says which reports count; ``is_verified`` whether that is 核定. ``area`` is the
    12-digit code of the place it speaks of.
    """

    kind: str
    title: str
    title_en: str
    subject: str
    area: str
    area_name: str
    as_of: datetime
    basis: str
    is_verified: bool
    lead: str
    lead_en: str
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    mapped: str
    """The key of the figure that maps show first."""
    moments: tuple[Moment, ...]
    witness: Witness


def encode(content: Content) -> bytes:
    """Write content in one fixed form: equal content, equal bytes."""
    return msgspec.json.encode(content, order="deterministic")


def decode(data: bytes) -> Content:
    """Read what :func:`encode` wrote."""
    return msgspec.json.decode(data, type=Content)
