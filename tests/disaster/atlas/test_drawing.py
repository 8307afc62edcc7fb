"""What a printed window draws: every border once, the greater before the smaller."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from disaster.atlas import drawing
from disaster.atlas.ground import View
from disaster.briefings.maps.ground import Shape
from disaster.briefings.maps.sheet import Marks, Sheet
from tests.world import square

EMPTY: list[Any] = []


def test_villages_and_townships_have_each_border_once() -> None:
    villages = [
        Shape(name, name, square(west, 30.60), None) for name, west in (("甲", 116.50), ("乙", 116.52))
    ]
    township = Shape("东", "东乡", square(116.50, 30.60).union(square(116.52, 30.60)), None)
    view = View([township], villages, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY)
    sheet = Sheet("A4", Marks("图", "", "", "", ""), (450_000, 3_385_000, 456_000, 3_390_000))
    drawing.draw(sheet, view, {}, is_near=False)

    lines = [shapely.LineString(line.get_xydata()) for line in sheet.axes.lines]
    together = shapely.union_all(lines)
    assert sum(line.length for line in lines) == pytest.approx(together.length)
    between = [line for line in sheet.axes.lines if line.get_linewidth() == 0.25]
    assert len(between) == 1, "the villages' rim is the township's border"
    assert [text for _, text in sheet.handles] == ["村界", "乡镇界"]
