"""Every printed map, as it is drawn: what belongs around it is there, nothing lies over anything, and grey is enough."""

from __future__ import annotations

import json
import math
from itertools import combinations, pairwise
from typing import Any

import pytest
import shapely
from matplotlib.text import Text

from disaster.briefings import content as contents
from disaster.briefings import files
from disaster.briefings.maps import classes, ground, interactive, printed, public
from disaster.briefings.maps.sheet import Marks, Sheet
from disaster.briefings.models import Briefing
from tests.disaster.briefings.test_traced import MADE
from tests.world import World, square

pytestmark = pytest.mark.django_db(transaction=True)
APART = 0.08
"""Of the way from black to white that two classes must differ by to be told apart on a copy."""


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Sheet]:
    """The sheets that were finished."""
    sheets: list[Sheet] = []
    finish = Sheet.png

    def keep(sheet: Sheet) -> bytes:
        sheets.append(sheet)
        return finish(sheet)

    monkeypatch.setattr(Sheet, "png", keep)
    return sheets


def box(sheet: Sheet, one: Any) -> Any:
    return one.get_window_extent(sheet.canvas.get_renderer())  # type: ignore[no-untyped-call]


def labels(sheet: Sheet) -> list[Text]:
    return [label for _, label, _ in sheet._labels if label.get_visible()]


def all_maps(briefing: Briefing, size: str) -> int:
    """Draw all maps of a briefing and those for the public."""
    content = contents.decode(bytes(briefing.content))
    here = ground.at(briefing.area, briefing.as_of)
    marks = files._marks(content, files.issue_of(briefing, ""), "图")
    inside, outside = list(files.drawings(content)), list(files.public_drawings(content))
    for _, draw in inside:
        draw(here, marks, size)
    for _, draw in outside:
        draw(public.ground(here), marks._replace(secrecy="审图号:皖S(2026)88号"), size)
    return len(inside) + len(outside)


@pytest.mark.parametrize("size", ["A4", "A3"])
@pytest.mark.parametrize("kind", MADE)
def test_what_belongs_around_a_map_is_there_and_nothing_lies_over_anything(
    world: World, drawn: list[Sheet], kind: str, size: str
) -> None:
    assert all_maps(MADE[kind](world), size) == len(drawn) > 0
    for sheet in drawn:
        texts = [one.get_text() for one in (*sheet.figure.texts, *sheet.axes.texts)]
        whole = "\n".join(texts)
        for part in ("图", "统计截至", "底图:", "EPSG:4548", "千米", "北", sheet.marks.secrecy, "应急管理局"):
            assert part in whole, part
        assert sheet.axes.get_xticks().size > 1, "a grid is named on the frame"
        (legend,) = sheet.figure.legends
        around = [box(sheet, one) for one in (*sheet.figure.texts, legend)]
        page = sheet.figure.bbox
        for one in around:
            assert page.x0 <= one.x0 <= one.x1 <= page.x1, "nothing is cut off"
            assert page.y0 <= one.y0 <= one.y1 <= page.y1
        assert not [pair for pair in combinations(around, 2) if pair[0].overlaps(pair[1])]
        named = [box(sheet, one) for one in labels(sheet)]
        assert not [pair for pair in combinations(named, 2) if pair[0].overlaps(pair[1])]
        frame = box(sheet, sheet.axes.patch)
        assert all(frame.x0 <= one.x0 and one.x1 <= frame.x1 for one in named)


def test_a_label_keeps_off_signs_where_there_is_room(world: World, drawn: list[Sheet]) -> None:
    all_maps(MADE["relief of a township"](world), "A4")
    for sheet in drawn:
        signs = sheet._signs()
        for label in labels(sheet):
            here = box(sheet, label)
            x, y, _ = signs.T
            assert not ((here.x0 < x) & (x < here.x1) & (here.y0 < y) & (y < here.y1)).any(), label.get_text()


def test_of_a_crowd_those_labels_stand_that_find_room() -> None:
    sheet = Sheet("A4", Marks("图", "", "", "", ""), (0, 0, 60_000, 40_000))
    for at in range(80):
        sheet.label(f"第{at}村", (30_000 + 700 * (at % 9), 20_000 + 600 * (at // 9)))
    sheet.png()
    named = labels(sheet)
    assert 10 < len(named) < 80
    assert named[0].get_text() == "第0村", "the first asked for stands"
    boxes = [box(sheet, one) for one in named]
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]


def test_a_townships_map_names_its_villages(world: World, drawn: list[Sheet]) -> None:
    all_maps(MADE["event of a township"](world), "A4")
    names = {label.get_text() for label in labels(drawn[0])}
    assert names == {"甲村 120", "乙村 1200"}


def neighbours() -> ground.Ground:
    """Two townships beside each other below a third, whose border meets theirs in its middle."""
    shapes = {
        "东乡": square(116.50, 30.60),
        "西乡": square(116.52, 30.60),
        "北乡": square(116.50, 30.62, side=0.04),
    }
    whole = shapes["东乡"].union(shapes["西乡"]).union(shapes["北乡"])
    townships = [ground.Shape(name, name, shape, None) for name, shape in shapes.items()]
    return ground.Ground("县", whole, townships, [], [], [], [], [])


def length(lines: list[Any]) -> float:
    """Their length, if no piece of them is there twice."""
    together = shapely.union_all(lines)
    assert sum(line.length for line in lines) == pytest.approx(together.length)
    return float(together.length)


def test_neighbours_have_one_border_on_paper(drawn: list[Sheet]) -> None:
    printed.roads(neighbours(), Marks("图", "", "", "", ""))
    (sheet,) = drawn
    dashed = [line for line in sheet.axes.lines if line.get_color() == printed.BORDER["color"]]
    across, down = 0.04 * 111_320 * math.cos(math.radians(30.62)), 0.02 * 110_850
    assert length([shapely.LineString(line.get_xydata()) for line in dashed]) == pytest.approx(
        across + down, rel=0.01
    )
    (legend,) = sheet.figure.legends
    assert "乡镇界" in [text.get_text() for text in legend.get_texts()]


def test_a_townships_border_is_its_maps_own(drawn: list[Sheet]) -> None:
    alone = neighbours()
    alone = alone._replace(townships=alone.townships[:1], outline=alone.townships[0].shape)
    printed.roads(alone, Marks("图", "", "", "", ""))
    (legend,) = drawn[0].figure.legends
    assert "乡镇界" not in [text.get_text() for text in legend.get_texts()]


def test_neighbours_have_one_border_on_the_screen() -> None:
    between, whole = interactive._outlines(neighbours()).data["features"]
    drawn = [shapely.from_geojson(json.dumps(one["geometry"])) for one in (between, whole)]
    assert length([drawn[0], shapely.boundary(drawn[1])]) == pytest.approx(0.06 + 0.20)


def test_classes_can_be_told_apart_in_grey_and_dangers_by_their_hatch() -> None:
    grey = [
        sum(share * part for share, part in zip((0.299, 0.587, 0.114), printed.rgb(color), strict=True))
        for color in classes.COLORS
    ]
    assert all(light - dark > APART for light, dark in pairwise(grey))
    hatches = {hatch[0] for _, hatch in printed.ZONES.values()}
    assert len(hatches) == len(printed.ZONES)
