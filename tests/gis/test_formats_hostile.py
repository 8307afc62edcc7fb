"""Files of strangers: each is answered clearly, in bounded time and memory, and changes nothing."""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import Point, box

from gis.formats import Unreadable, sandbox
from gis.formats.writing import Column, Feature, Layer, write

LIMITS = sandbox.Limits()
NAME = Column("name", "string", "名称", "#loc+name")


def some(count: int = 3) -> Layer:
    made = [Feature(str(n), {"name": f"东坡{n}"}, box(116 + n, 30, 116.1 + n, 30.1)) for n in range(count)]
    return Layer("zones", "危险区", [NAME], made)


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def shapefile(**more: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(write("shp", [some()], "x").content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()} | more


def geojson(*geometries: Any) -> bytes:
    features = [{"type": "Feature", "properties": {"name": "甲"}, "geometry": each} for each in geometries]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def kml(body: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'.encode()


def mark(shape: str) -> str:
    return f"<Placemark><name>甲</name>{shape}</Placemark>"


@pytest.mark.parametrize("form", ["geojson", "gpkg", "shp", "kml", "csv"])
def test_a_good_file_comes_through_whole(form: str, tmp_path: Path) -> None:
    written = write(form, [some()], "好")
    path = tmp_path / written.name
    path.write_bytes(written.content)
    table = sandbox.read(path, LIMITS)
    assert [row.shape.area for row in table.rows if row.shape] == pytest.approx([0.01] * 3)
    assert {row.values.get("name") or row.values.get("名称") for row in table.rows} == {
        "东坡0",
        "东坡1",
        "东坡2",
    }


def bomb(megabytes: int) -> bytes:
    return zipped(**{"a.geojson": b"0" * (megabytes * 1024 * 1024)})


def lying_bomb() -> bytes:
    """A zip whose directory says 10 bytes where 300 MB come."""
    content = bytearray(bomb(300))
    size = struct.pack("<L", 300 * 1024 * 1024)
    return bytes(content.replace(size, struct.pack("<L", 10)))


def slip() -> bytes:
    return zipped(
        **{"../../../../tmp/zaiqing_slip.geojson": geojson({"type": "Point", "coordinates": [1, 2]})}
    )


def recipe(path: str) -> bytes:
    return f'<OGRVRTDataSource><OGRVRTLayer name="passwd"><SrcDataSource>{path}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'.encode()


def two_layers() -> bytes:
    return write("gpkg", [some(), Layer("b", "b", [NAME], some().features)], "x").content


def far_away_crs() -> bytes:
    prj = b'GEOGCS["GCS_Tokyo",DATUM["D_Tokyo",SPHEROID["Bessel_1841",6377397.155,299.1528128]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
    return zipped(**shapefile(**{"危险区.prj": prj}))


def short_shapefile() -> bytes:
    files = shapefile()
    return zipped(**files | {"危险区.shp": files["危险区.shp"][:150]})


def wrong_gpkg() -> bytes:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE gpkg_contents (x)")
    return database.serialize()


def deep_kml() -> bytes:
    return kml(mark("<MultiGeometry>" * 5000 + "</MultiGeometry>" * 5000))


LAUGHS = '<!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

CORPUS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a zip bomb": ("a.zip", lambda: bomb(300), "展开后超过 200 MB"),
    "a lying zip bomb": ("a.zip", lying_bomb, "压缩包"),
    "a bomb within the limit": ("a.zip", lambda: bomb(150), "GeoJSON"),
    "a name that climbs": ("a.zip", slip, ""),
    "an empty zip": ("a.zip", lambda: zipped(), "没有地理数据文件"),
    "no zip": ("a.zip", lambda: b"PK\x03\x04 nothing", "压缩包无法读取"),
    "a zip in a zip": ("a.zip", lambda: zipped(**{"b.zip": slip()}), "没有地理数据文件"),
    "two files in a zip": ("a.zip", lambda: zipped(**{"a.kml": b"", "b.csv": b""}), "现有 2 个"),
    "too many files": ("a.zip", lambda: zipped(**{f"{n}.txt": b"" for n in range(500)}), "太多"),
    "a shapefile without its table": ("a.zip", lambda: zipped(**{"a.shp": shapefile()["危险区.shp"]}), ""),
    "a cut shapefile": ("a.zip", short_shapefile, ""),
    "a recipe called shapefile": ("a.shp", lambda: recipe("/etc/passwd"), "内容与扩展名不符"),
    "a recipe called geopackage": ("a.gpkg", lambda: recipe("/vsicurl/http://127.0.0.1:9/"), "内容与扩展名不符"),
    "a database that is no geopackage": ("a.gpkg", wrong_gpkg, "GDAL 无法读取"),
    "a geopackage of two layers": ("a.gpkg", two_layers, "2 个图层"),
    "a foreign datum": ("a.zip", far_away_crs, "不支持"),
    "NaN": ("a.geojson", lambda: b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[NaN,30]}}]}', "GeoJSON"),
    "a deep nest": ("a.geojson", lambda: b"[" * 200_000 + b"]" * 200_000, "GeoJSON"),
    "a list": ("a.geojson", lambda: b"[]", "FeatureCollection"),
    "binary": ("a.geojson", lambda: bytes(range(256)) * 100, "GeoJSON"),
    "a ring of two points": ("a.geojson", lambda: geojson({"type": "Polygon", "coordinates": [[[116, 30], [117, 30]]]}), "第 1 个要素"),
    "no shape at all": ("a.geojson", lambda: geojson({"type": "Sphere", "coordinates": 1}), "第 1 个要素"),
    "too many features": ("a.geojson", lambda: geojson(*[None] * 2_001), "最多导入 2000 个"),
    "too many vertices": ("a.geojson", lambda: geojson({"type": "LineString", "coordinates": [[116, 30]] * 400_001}), "顶点"),
    "entities that grow": ("a.kml", lambda: kml(mark("&b;"), LAUGHS), "实体"),
    "entities from outside": ("a.kml", lambda: kml(mark("&x;"), OUTSIDE), "实体"),
    "a document type": ("a.kml", lambda: kml("", '<!DOCTYPE kml SYSTEM "http://127.0.0.1:9/x.dtd">'), "实体"),
    "nested too deeply": ("a.kml", deep_kml, ""),
    "KML that is HTML": ("a.kml", lambda: b"<html><body/></html>", "KML"),
    "KML cut short": ("a.kml", lambda: kml(mark(""))[:-20], "KML"),
    "KML with NaN": ("a.kml", lambda: kml(mark("<Point><coordinates>nan,30</coordinates></Point>")), "第 1 个要素"),
    "CSV with a quote left open": ("a.csv", lambda: b'name,lon\n"x', ""),
    "CSV of zeros": ("a.csv", lambda: b"\0" * 1000, ""),
    "CSV of many columns": ("a.csv", lambda: ",".join(f"c{n}" for n in range(300)).encode() + b"\n" + b"1," * 299 + b"1", "最多 200 列"),
    "CSV in no encoding": ("a.csv", lambda: b"name\n\xff\xfe\xff\xff", "编码"),
    "CSV with a false shape": ("a.csv", lambda: b"name,wkt\na,POLYGON((1", "第 2 行"),
    "an unknown kind": ("a.exe", lambda: b"MZ", "不认识"),
}  # fmt: skip


@pytest.mark.parametrize("case", CORPUS)
def test_a_hostile_file_is_answered_clearly(case: str, tmp_path: Path) -> None:
    name, make, words = CORPUS[case]
    path = tmp_path / name
    path.write_bytes(make())
    if not words:  # harmless once its names are forgotten, or told by whoever reads it
        with contextlib.suppress(Unreadable):
            sandbox.read(path, LIMITS)
    else:
        with pytest.raises(Unreadable, match=words):
            sandbox.read(path, LIMITS)
    assert not Path("/tmp/zaiqing_slip.geojson").exists()
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_that_hangs_is_ended(tmp_path: Path) -> None:
    """A large file within small limits: the child ends, the caller hears of it."""
    path = tmp_path / "a.geojson"
    path.write_bytes(geojson(*[{"type": "Point", "coordinates": [116, 30]}] * 300_000))
    began = time.monotonic()
    with pytest.raises(Unreadable, match=r"中止|内存"):
        sandbox.read(path, sandbox.Limits(seconds=1))
    assert time.monotonic() - began < 20


def test_a_reader_that_eats_memory_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(geojson(*[{"type": "Point", "coordinates": [116, 30]}] * 300_000))
    with pytest.raises(Unreadable, match=r"中止|内存|无法读取"):
        sandbox.read(path, sandbox.Limits(memory=250 * 1024 * 1024))


def test_the_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: dict[str, Any] = {}

    def watch(words: list[str], **options: Any) -> None:
        seen.update(options["env"])

    monkeypatch.setattr(sandbox.subprocess, "run", watch)
    with pytest.raises(Unreadable):
        sandbox.read(tmp_path / "a.csv", LIMITS)
    assert not [name for name in seen if name.startswith(("ZAIQING", "DATABASE", "REDIS"))]


def test_heights_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_bytes(kml(mark("<Point><coordinates> 116.5,30.6,85 </coordinates></Point>")))
    [row] = sandbox.read(path, LIMITS).rows
    assert row.shape == Point(116.5, 30.6)
    assert not shapely.has_z(row.shape)
