"""Roads out of files: cut into a graph, all or nothing; what they are called, whatever the file."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import osmium
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from gis.models import Road, RoadNode
from gis.roads import BadRoads, Way, cut, store
from gis.roads.read import read
from tests.gis import grid

GEOD = Geod(ellps="WGS84")


def way(*line: tuple[float, float], number: int = 1, kind: str = "county") -> Way:
    return Way(number, line, kind)


def test_ways_are_cut_where_they_share_a_vertex_and_not_where_they_only_cross() -> None:
    crossing = [way((116.5, 30.6), (116.6, 30.7)), way((116.5, 30.7), (116.6, 30.6), number=2)]
    nodes, pieces = cut(crossing)
    assert (len(nodes), len(pieces)) == (4, 2)
    middle = (116.55, 30.65)
    meeting = [
        way((116.5, 30.6), middle, (116.6, 30.7)),
        way((116.5, 30.7), middle, (116.6, 30.6), number=2),
    ]
    nodes, pieces = cut(meeting)
    assert (len(nodes), len(pieces)) == (5, 4)


def test_ends_that_miss_by_less_than_a_metre_meet_and_others_do_not() -> None:
    near, far = 116.6 + 8e-6, 116.6 + 2e-5  # 0.77 m and 1.9 m
    nodes, _ = cut([way((116.5, 30.6), (116.6, 30.6)), way((near, 30.6), (116.7, 30.6), number=2)])
    assert len(nodes) == 3
    nodes, _ = cut([way((116.5, 30.6), (116.6, 30.6)), way((far, 30.6), (116.7, 30.6), number=2)])
    assert len(nodes) == 4


def test_a_loop_is_cut_in_two_so_that_each_piece_has_two_ends() -> None:
    _, pieces = cut([way((116.5, 30.6), (116.51, 30.6), (116.51, 30.61), (116.5, 30.6))])
    assert len(pieces) == 2
    assert all(piece.ends[0] != piece.ends[1] for piece in pieces)


@pytest.mark.parametrize(
    "line",
    [
        [(116.5, 30.6)],
        [(116.5, 30.6), (116.5, 30.6)],
        [(30.6, 116.5), (30.7, 116.5)],
        [(116.5, float("nan")), (116.6, 30.6)],
        [(539000.0, 3387000.0), (539100.0, 3387000.0)],
    ],
)
def test_what_is_no_road_is_named_by_its_number(line: list[tuple[float, float]]) -> None:
    with pytest.raises(BadRoads) as refused:
        cut([way((116.5, 30.6), (116.6, 30.6)), Way(7, line, "county")])
    assert list(refused.value.errors) == [7]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=7),
        min_size=1,
        max_size=6,
    )
)
def test_cutting_keeps_every_metre_and_every_piece_joins_its_own_ends(lines: list[list[Any]]) -> None:
    ways = [
        Way(at, [grid.at(*spot) for spot in line], "county")
        for at, line in enumerate(lines)
        if len(set(line)) > 1
    ]
    nodes, pieces = cut(ways)
    whole = sum(GEOD.line_length(*zip(*one.line, strict=True)) for one in ways)
    assert sum(GEOD.line_length(*zip(*one.line, strict=True)) for one in pieces) == pytest.approx(whole)
    assert all((nodes[one.ends[0]], nodes[one.ends[1]]) == (one.line[0], one.line[-1]) for one in pieces)
    inner = {spot for one in pieces for spot in one.line[1:-1]}
    assert not inner & {spot for one in ways for spot in (one.line[0], one.line[-1])}


@pytest.mark.django_db
def test_a_dataset_is_replaced_whole_and_true_roads_displace_simulated_ones() -> None:
    store(grid.streets(3), dataset="示例", is_approximate=True)
    assert (Road.objects.count(), RoadNode.objects.count()) == (12, 9)
    store(grid.streets(4), dataset="真实")
    assert set(Road.objects.values_list("dataset", flat=True)) == {"真实"}
    assert (Road.objects.count(), RoadNode.objects.count()) == (24, 16)
    with pytest.raises(BadRoads):
        store([*grid.streets(2), way((1, 1), (2, 2), number=99)], dataset="真实")
    assert Road.objects.count() == 24
    road = Road.objects.first()
    assert road is not None
    assert road.length_m == pytest.approx(GEOD.line_length(*zip(*road.line.coords, strict=True)), rel=1e-6)


@pytest.mark.django_db
def test_openstreetmap_extracts_are_read_by_their_tags(tmp_path: Path) -> None:
    file = tmp_path / "county.osm.pbf"
    with osmium.SimpleWriter(str(file)) as writer:
        for number, place in enumerate([(116.5, 30.6), (116.51, 30.6), (116.52, 30.6)], start=1):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place))
        rows = [
            ([1, 2], {"highway": "primary", "name": "天柱大道", "oneway": "-1", "bridge": "yes"}),
            ([2, 3], {"highway": "tertiary_link"}),
            ([1, 3], {"highway": "footway"}),
            ([1, 2, 3], {"highway": "track", "access": "private"}),
        ]
        for number, (nodes, tags) in enumerate(rows, start=1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags))
    call_command("load_roads", str(file), dataset="osm", stdout=StringIO())
    first, second = Road.objects.order_by("id")
    assert (first.kind, first.name, first.is_oneway, first.is_bridge) == (
        "provincial",
        "天柱大道",
        True,
        True,
    )
    assert first.line.coords[0] == (116.51, 30.6)  # turned round: it is driven towards its first node
    assert (second.kind, second.is_oneway) == ("township", False)


def _file(tmp_path: Path, *features: dict[str, Any]) -> Path:
    path = tmp_path / "roads.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def _road(kind: str, *line: tuple[float, float], **more: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"类别": kind, **more},
        "geometry": {"type": "LineString", "coordinates": line},
    }


@pytest.mark.django_db
def test_chinese_words_and_slopes_are_understood(tmp_path: Path) -> None:
    read_ways = read(_file(tmp_path, _road("县道", (116.5, 30.6), (116.6, 30.6), 名称="槎水路", 坡度=6)))
    assert [(one.kind, one.name, one.climb) for one in read_ways] == [("county", "槎水路", 6.0)]


@pytest.mark.django_db
def test_a_bad_file_changes_nothing_and_names_its_features(tmp_path: Path) -> None:
    grid.build(2)
    file = _file(
        tmp_path, _road("县道", (116.5, 30.6), (116.6, 30.6)), _road("天路", (116.5, 30.6), (116.6, 30.6))
    )
    with pytest.raises(CommandError, match="2: 不认识的道路类别“天路”"):
        call_command("load_roads", str(file), dataset="town")
    (tmp_path / "noise.osm.pbf").write_bytes(b"not a map")
    with pytest.raises(CommandError, match="OpenStreetMap"):
        call_command("load_roads", str(tmp_path / "noise.osm.pbf"))
    assert Road.objects.count() == 4
