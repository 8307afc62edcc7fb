"""What the loading of a gazetteer speaks of. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class Place:
    """One area to be stored, EPSG:4326; None where the file does not say."""

    code: str
    name: str
    level: str
    parent: str | None
    population: int | None = None
    boundary: BaseGeometry | None = None  # MultiPolygon
    point: BaseGeometry | None = None
    is_approximate: bool = False
    source: str = ""


class Error(NamedTuple):
    """What is wrong with one row; ``row`` 0 speaks of the whole file. Words in Chinese."""

    file: str
    row: int
    words: str

    def __str__(self) -> str:
        place = f"第 {self.row} 行:" if self.row else ""
        return f"{self.file}:{place}{self.words}"


class Refused(ValueError):  # noqa: N818 - a refusal is an answer
    """Nothing was stored; ``errors`` say why."""

    def __init__(self, errors: Sequence[Error]) -> None:
        super().__init__(f"{len(errors)} errors; the first: {errors[0]}")
        self.errors = list(errors)


class Summary(NamedTuple):
    """How many areas were added, changed, or found as they should be."""

    added: int
    changed: int
    same: int

    def __str__(self) -> str:
        return f"{self.added} added, {self.changed} changed, {self.same} unchanged"
