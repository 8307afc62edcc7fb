"""What every format gives: rows of text with their number, a shape, and the datum the file declares."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry


class Unreadable(ValueError):  # noqa: N818 - it is told to the person, in Chinese
    """The file can't be read at all; the text says why, in Chinese."""


class Declared(StrEnum):
    """The datum a file names for its coordinates."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    NONE = ""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row: ``number`` as a person counts (CSV: the line; else the feature from 1)."""

    number: int
    values: dict[str, Any]
    shape: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows; shapes in degrees, longitude first, in ``declared`` or the caller's datum.

    ``projected`` says that the file held metres and was brought to ``declared`` degrees.
    """

    path: Path
    rows: list[FileRow] = field(default_factory=list)
    declared: Declared = Declared.NONE
    projected: bool = False
