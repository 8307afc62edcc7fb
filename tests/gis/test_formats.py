"""What is written is read back the same: shapes to 1e-7 degrees, and every property."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from gis import formats
from gis.formats.writing import FORMATS, Column, Feature, Layer, Written, write

COLUMNS = [
    Column("name", "string", "名称", "#loc+name"),
    Column("capacity", "integer", "容量", "#capacity"),
    Column("rate", "number", "比例", "#indicator+rate"),
    Column("sample", "boolean", "示例", "#meta+sample"),
    Column("valid_from", "date-time", "生效时间", "#date+start"),
    Column("valid_from_long", "string", "名称之二", "#meta+note"),
]
TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"], exclude_characters="\ufeff"), max_size=30
).map(str.strip)
LON, LAT = st.floats(73.5, 135.0), st.floats(18.0, 53.5)


@st.composite
def squares(draw: Any) -> BaseGeometry:
    """One or two squares side by side, perhaps with a hole."""
    west, south, side = draw(LON), draw(LAT), draw(st.floats(1e-4, 0.05))
    whole = box(west, south, west + side, south + side)
    if draw(st.booleans()):
        hole = box(west + side / 4, south + side / 4, west + side / 2, south + side / 2)
        whole = Polygon(whole.exterior, [hole.exterior])
    further = box(west + 2 * side, south, west + 3 * side, south + side)
    return MultiPolygon([whole, further] if draw(st.booleans()) else [whole])


SHAPES = st.one_of(st.builds(Point, LON, LAT), squares())


@st.composite
def features(draw: Any) -> list[Feature]:
    values = st.fixed_dictionaries(
        {
            "name": TEXTS.filter(bool),
            "capacity": st.one_of(st.none(), st.integers(0, 10**8)),
            "rate": st.one_of(st.none(), st.floats(-1e6, 1e6).map(lambda value: round(value, 6))),
            "sample": st.booleans(),
            "valid_from": st.one_of(st.none(), st.just("2026-06-01T08:30:00Z")),
            "valid_from_long": st.one_of(st.none(), TEXTS.filter(bool)),
        }
    )
    drawn = draw(st.lists(st.tuples(values, SHAPES), min_size=1, max_size=5))
    return [Feature(f"k{number}", *each) for number, each in enumerate(drawn)]


def unpacked(written: Written, folder: Path) -> list[Path]:
    for old in folder.iterdir():
        old.unlink()
    if not written.name.endswith(".zip"):
        (folder / written.name).write_bytes(written.content)
        return [folder / written.name]
    with zipfile.ZipFile(io.BytesIO(written.content)) as archive:
        archive.extractall(folder)
    return sorted(
        path for path in folder.iterdir() if path.suffix in (".shp", ".geojson", ".csv", ".gpkg", ".kml")
    )


def same(column: str, kind: str, was: Any, now: Any) -> bool:
    if was is None:
        return now in (None, "")
    if column in ("capacity", "rate"):
        return float(now) == pytest.approx(float(was), abs=1e-6)
    if column == "sample":
        return str(now).lower() in (("true", "1", "t") if was else ("false", "0", "f"))
    if column == "valid_from":
        return str(now).replace(" ", "T").replace("+00:00", "").removesuffix("Z") == "2026-06-01T08:30:00"
    return str(now) == was


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=features())
def test_what_is_written_is_read_back(kind: str, written: list[Feature], tmp_path: Path) -> None:
    paths = unpacked(write(kind, [Layer("things", "事物", COLUMNS, written)], "导出"), tmp_path)
    rows = [row for path in paths for row in formats.read(path).rows]
    assert len(rows) == len(written)
    key = {"csv": "id", "kml": "id", "gpkg": "key", "shp": "key"}.get(kind, "")
    found = (
        {row.values[key]: row for row in rows}
        if key
        else dict(zip((f.key for f in written), rows, strict=True))
    )
    short = dict(
        zip(
            (c.name for c in COLUMNS),
            ["name", "capacity", "rate", "sample", "valid_from", "valid_fr_1"],
            strict=True,
        )
    )
    for feature in written:
        row = found[feature.key]
        for column in COLUMNS:
            name = {"csv": column.title, "shp": short[column.name]}.get(kind, column.name)
            assert same(column.name, kind, feature.values[column.name], row.values.get(name)), (column, row)
        shape = row.shape
        if kind == "csv" and shape is None:
            shape = Point(float(row.values["lon"]), float(row.values["lat"]))
        assert shape is not None
        assert shape.is_valid
        assert shapely.hausdorff_distance(shape, feature.shape) < 1e-7
        assert shape.area == pytest.approx(feature.shape.area, abs=1e-9)


def layer(name: str, *shapes: BaseGeometry) -> Layer:
    made = [Feature(f"{name}{at}", {"name": f"{name}之{at}"}, shape) for at, shape in enumerate(shapes)]
    return Layer(name, name, COLUMNS[:1], made)


def test_several_layers_go_into_one_file() -> None:
    layers = [layer("zones", box(116, 30, 116.1, 30.1)), layer("shelters", Point(116, 30))]
    names = {kind: write(kind, layers, "导出").name for kind in FORMATS}
    assert names == {
        "geojson": "导出.zip",
        "gpkg": "导出.gpkg",
        "shp": "导出.zip",
        "kml": "导出.kml",
        "csv": "导出.zip",
    }
    with zipfile.ZipFile(io.BytesIO(write("shp", layers, "导出").content)) as archive:
        assert {"zones.shp", "zones.cpg", "zones.prj", "shelters.shp"} <= set(archive.namelist())
        assert archive.read("zones.cpg") == b"UTF-8"


def test_an_empty_layer_is_a_file_all_the_same(tmp_path: Path) -> None:
    for kind in FORMATS:
        for path in unpacked(write(kind, [layer("zones")], "导出"), tmp_path):
            assert formats.read(path).rows == []


def test_the_second_line_of_a_table_are_hxl_tags(tmp_path: Path) -> None:
    content = write("csv", [layer("shelters", Point(116.5, 30.6))], "导出").content.decode("utf-8-sig")
    header, tags, row = content.splitlines()
    assert header == "id,名称,lon,lat,wkt"
    assert tags == "#meta+id,#loc+name,#geo+lon,#geo+lat,#geo+bounds+wkt"
    assert row == "shelters0,shelters之0,116.500000000,30.600000000,"


def test_a_table_runs_no_formula() -> None:
    risky = Layer("a", "a", COLUMNS[:1], [Feature("1", {"name": "=1+1"}, None)])
    assert "'=1+1" in write("csv", [risky], "x").content.decode("utf-8-sig")
