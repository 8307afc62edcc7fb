"""A way in words, as somebody with the paper in the hand reads it."""

from __future__ import annotations

import pytest

from gis.routing import directions
from gis.routing.directions import Bit, Section

HERE, EAST, NORTH_EAST = (116.50, 30.60), (116.51, 30.60), (116.51, 30.61)


def bits(*parts: tuple[str, str, float]) -> list[Bit]:
    return [Bit(kind, name, metres, HERE, EAST) for kind, name, metres in parts]


def test_neighbouring_stretches_of_one_road_are_told_once() -> None:
    told = directions.sections(
        bits(
            ("county", "X105", 2000), ("county", "X105", 2210), ("village", "", 1100), ("county", "X105", 50)
        )
    )
    assert [(one.name, one.metres) for one in told] == [("X105", 4210), ("", 1100), ("X105", 50)]
    assert directions.say(told[:2], (0, 0), "zh-hans") == "沿X105县道向东 4.2 公里 → 村道向东 1.1 公里"
    assert (
        directions.say(told[:2], (0, 0), "en") == "X105 (county road) east 4.2 km → village road east 1.1 km"
    )


def test_a_road_made_of_many_stretches_leads_where_its_end_lies() -> None:
    (one,) = directions.sections(
        [Bit("township", "", 900, HERE, EAST, is_bridge=True), Bit("township", "", 1100, EAST, NORTH_EAST)]
    )
    assert directions.say([one], (0, 0), "zh-hans") == "沿乡道向东北 2.0 公里(过桥1座)"
    assert directions.say([one], (0, 0), "en") == "township road north-east 2.0 km over 1 bridge"


def test_the_walk_to_the_road_and_from_it_is_told_when_it_is_worth_it() -> None:
    told = [Section("county", "G318", 995, 4)]
    assert directions.say(told, (300.4, 19), "zh-hans") == "步行 300 米上路 → 沿G318县道向南 1.0 公里"
    assert directions.say(told, (0, 26), "zh-hans") == "沿G318县道向南 1.0 公里 → 步行 30 米"
    assert directions.say([], (40, 0), "zh-hans") == "步行 40 米"
    assert (
        directions.say(told, (300, 40), "en")
        == "on foot 300 m to the road → G318 (county road) south 1.0 km → on foot 40 m"
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("X105", "X105县道"),
        ("梅城镇至何庄村(模拟)", "梅城镇至何庄村(县道)"),
        ("横1路", "横1路(县道)"),
        ("", "县道"),
    ],
)
def test_a_road_bears_its_class(name: str, shown: str) -> None:
    assert directions.called(Section("county", name, 1, 0)) == shown


@pytest.mark.parametrize(
    ("east", "north", "wind"), [(0, 1, 0), (1, 1, 1), (1, 0, 2), (0, -1, 4), (-1, 0, 6), (-1, 1, 7)]
)
def test_the_eight_winds(east: int, north: int, wind: int) -> None:
    assert directions.wind((0.0, 0.0), (east / 100, north / 100)) == wind
