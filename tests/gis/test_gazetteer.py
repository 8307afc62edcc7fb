"""Loading areas from files: every error by its row, all or nothing, and nothing twice."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pyproj import Geod

from gis import datum, gazetteer, locate, tiles
from gis.models import Area

TOWNSHIP, VILLAGE = "340882103000", "340882103201"
SQUARE = [[116.6, 30.6], [116.62, 30.6], [116.62, 30.62], [116.6, 30.62], [116.6, 30.6]]
CRS84 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}


def csv_file(folder: Path, *lines: str, name: str = "村.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def geojson_file(folder: Path, *features: dict[str, Any], crs: Any = CRS84, name: str = "村.geojson") -> Path:
    body = {"type": "FeatureCollection", "features": list(features)}
    path = folder / name
    path.write_text(json.dumps(body | ({"crs": crs} if crs else {}), ensure_ascii=False), encoding="utf-8")
    return path


def feature(code: str, name: str, ring: list[list[float]] | None = None, **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [ring]} if ring else None
    return {"type": "Feature", "properties": {"code": code, "name": name, **properties}, "geometry": geometry}


def load(path: Path, *options: str, capsys: Any) -> str:
    call_command("load_gazetteer", str(path), *options)
    return str(capsys.readouterr().out).strip()


def errors_of(path: Path, *options: str) -> list[str]:
    with pytest.raises(CommandError) as refused:
        call_command("load_gazetteer", str(path), *options)
    return str(refused.value).splitlines()


GOOD = [f"{TOWNSHIP},南乡,500,116.61,30.61", f"{VILLAGE},丁村,120,116.61,30.612"]


@pytest.mark.parametrize("header", ["区划代码,名称,常住人口,经度,纬度", "Code,NAME,population,lng,Latitude"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_spellings_people_use(world, tmp_path, capsys, header, encoding):
    path = csv_file(tmp_path, header, *GOOD, encoding=encoding)
    assert load(path, "--crs", "wgs84", capsys=capsys) == "新增 2,更改 0,未变 0"
    village = Area.objects.get(pk=VILLAGE)
    assert (village.name, village.level, village.parent_id, village.population) == (
        "丁村",
        "village",
        TOWNSHIP,
        120,
    )
    assert village.point.coords == (116.61, 30.612)
    assert village.source == "村.csv"


def test_the_second_run_changes_nothing_and_a_change_is_counted(world, tmp_path, capsys):
    path = csv_file(tmp_path, "code,name,population,lon,lat", *GOOD)
    load(path, "--crs", "gcj02", capsys=capsys)
    assert load(path, "--crs", "gcj02", capsys=capsys) == "新增 0,更改 0,未变 2"
    csv_file(tmp_path, "code,name,population,lon,lat", GOOD[0], GOOD[1].replace("120", "121"))
    assert load(path, "--crs", "gcj02", capsys=capsys) == "新增 0,更改 1,未变 1"


def test_a_dry_run_counts_and_stores_nothing(world, tmp_path, capsys):
    path = csv_file(tmp_path, "code,name,population,lon,lat", *GOOD)
    assert load(path, "--crs", "wgs84", "--dry-run", capsys=capsys) == "试运行,未写入。新增 2,更改 0,未变 0"
    assert not Area.objects.filter(pk__in=[TOWNSHIP, VILLAGE]).exists()


def test_every_wrong_row_is_named_and_none_is_stored(world, tmp_path):
    path = csv_file(
        tmp_path,
        "区划代码,名称,常住人口,经度,纬度,模拟位置",
        f"{TOWNSHIP},南乡,500,116.61,30.61,",
        "3.40882E+11,科学,1,116.61,30.61,",
        "34088210320,短码,1,116.61,30.61,",
        f"{VILLAGE},,1,116.61,30.61,",
        "340882103202,人口,-5,116.61,30.61,",
        "",
        "340882103203,反了,1,30.61,116.61,",
        "340882103204,外国,1,2.35,48.85,",
        "340882103205,缺纬度,1,116.61,,",
        "340882103206,非数,1,nan,30,",
        "340882999201,无乡,1,116.61,30.61,",
        f"{TOWNSHIP},又一个,1,116.61,30.61,也许",
        f"{TOWNSHIP},再一个,1,116.61,30.61,",
    )
    told = errors_of(path, "--crs", "wgs84")
    assert told[0] == "共 11 处错误,未写入任何数据:"
    for row, words in [
        (3, "科学计数"),
        (4, "区划代码须为12位数字(或6位、9位),现为“34088210320”"),
        (5, "名称缺失"),
        (6, "常住人口须为非负整数,现为“-5”"),
        (8, "像是经度和纬度写反了"),
        (9, "位置 2.35, 48.85 不在中国境内"),
        (10, "经纬度无法读取:“116.61, ”"),
        (11, "不在中国境内"),
        (12, "上级 340882999000 不在文件里,也未在库中"),
        (13, "模拟位置须为是或否,现为“也许”"),
        (14, f"区划代码 {TOWNSHIP} 与 村.csv 第 2 行重复"),
    ]:
        assert any(line.startswith(f"村.csv:第 {row} 行:") and words in line for line in told), (
            row,
            words,
            told,
        )
    assert not Area.objects.filter(code__startswith="340882103").exists()


def test_fifty_errors_are_listed_and_the_rest_counted(world, tmp_path):
    rows = [f"{340882103201 + step},,1,116.61,30.61" for step in range(80)]
    told = errors_of(csv_file(tmp_path, "code,name,population,lon,lat", *rows), "--crs", "wgs84")
    assert told[0].startswith("共 80 处错误")
    assert (len(told), told[-1]) == (52, "……另有 30 处")


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000", "gcj02", "bd09"])
def test_positions_come_to_lie_where_they_are(world, tmp_path, capsys, crs):
    shift = {"gcj02": datum.wgs84_to_gcj02, "bd09": datum.wgs84_to_bd09}.get(crs, lambda lon, lat: (lon, lat))
    ring = [list(shift(*position)) for position in SQUARE]
    lon, lat = shift(116.61, 30.61)
    path = geojson_file(tmp_path, feature(TOWNSHIP, "南乡", ring, lon=lon, lat=lat), crs=None)
    load(path, "--crs", crs, capsys=capsys)
    area = Area.objects.get(pk=TOWNSHIP)
    geod = Geod(ellps="WGS84")
    assert geod.inv(*area.point.coords, 116.61, 30.61)[2] < 0.01
    for stored, true in zip(area.boundary[0][0].coords, SQUARE, strict=True):
        assert geod.inv(*stored, *true)[2] < 0.01


def test_a_file_that_does_not_say_its_datum_is_not_guessed(world, tmp_path, capsys):
    path = geojson_file(tmp_path, feature(TOWNSHIP, "南乡", SQUARE), crs=None)
    assert errors_of(path)[1] == "村.geojson:文件没有写明坐标系,请加 --crs wgs84|cgcs2000|gcj02|bd09"
    without_places = csv_file(tmp_path, "code,name", f"{TOWNSHIP},南乡")
    assert load(without_places, capsys=capsys) == "新增 1,更改 0,未变 0"


def test_what_a_file_leaves_out_is_kept(world, tmp_path, capsys):
    jia = "340882101201"
    before = Area.objects.get(pk=jia)
    load(csv_file(tmp_path, "code,name", f"{jia},甲庄"), capsys=capsys)
    after = Area.objects.get(pk=jia)
    assert after.name == "甲庄"
    assert (after.population, after.point, after.boundary) == (
        before.population,
        before.point,
        before.boundary,
    )


def test_a_simulated_place_stays_marked_until_all_of_it_is_replaced(world, tmp_path, capsys):
    jia = "340882101201"
    Area.objects.filter(pk=jia).update(is_approximate=True)
    load(
        csv_file(tmp_path, "code,name,lon,lat", f"{jia},甲村,116.505,30.605"), "--crs", "wgs84", capsys=capsys
    )
    assert Area.objects.get(pk=jia).is_approximate
    load(geojson_file(tmp_path, feature(jia, "甲村", SQUARE, lon=116.61, lat=30.61)), capsys=capsys)
    area = Area.objects.get(pk=jia)
    assert not area.is_approximate
    assert area.boundary.covers(area.point)


def test_a_seat_left_outside_a_new_outline_moves_into_it(world, tmp_path, capsys):
    jia = "340882101201"
    path = geojson_file(tmp_path, feature(jia, "甲村", SQUARE))
    load(path, capsys=capsys)
    area = Area.objects.get(pk=jia)
    assert area.boundary.covers(area.point)
    assert load(path, capsys=capsys) == "新增 0,更改 0,未变 1"


def test_what_is_loaded_is_used_at_once(world, tmp_path, capsys, django_capture_on_commit_callbacks):
    load(csv_file(tmp_path, "code,name", f"{TOWNSHIP},南乡"), capsys=capsys)
    assert locate.village_at(116.61, 30.61) is None
    from gis import layers

    before = tiles.version(layers.get("villages"))
    with django_capture_on_commit_callbacks(execute=True):
        load(geojson_file(tmp_path, feature(VILLAGE, "丁村", SQUARE)), capsys=capsys)
    assert locate.village_at(116.61, 30.61) == VILLAGE
    assert tiles.version(layers.get("villages")) != before


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        ({"type": "LineString", "coordinates": SQUARE}, "现为 LineString"),
        (
            {
                "type": "Polygon",
                "coordinates": [
                    [[116.6, 30.6], [116.62, 30.62], [116.62, 30.6], [116.6, 30.62], [116.6, 30.6]]
                ],
            },
            "Self-intersection",
        ),
        ({"type": "Polygon", "coordinates": [[[3, 3], [3, 4], [4, 4], [3, 3]]]}, "边界不在中国境内"),
        ({"type": "Polygon", "coordinates": [["x"]]}, "几何图形无法读取"),
        ({"type": "Blob"}, "几何图形无法读取"),
    ],
)
def test_outlines_that_are_none(world, tmp_path, geometry, words):
    path = geojson_file(tmp_path, feature(TOWNSHIP, "南乡") | {"geometry": geometry})
    assert words in errors_of(path)[1]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "没有数据行"),
        ("a.csv", b"code,name\n", "没有数据行"),
        ("a.csv", b"code,name\n340882103000,x,y\n", "多出了列"),
        ("a.csv", b'code,name\n340882103000,"x"y\n', "不是可读的 CSV"),
        ("a.csv", b"\xff\xff\xff", "文字编码无法识别"),
        ("a.geojson", b"{", "不是可读的 GeoJSON"),
        ("a.geojson", b"[]", "FeatureCollection"),
        ("a.geojson", b'{"features":[7]}', "第 1 个要素"),
        (
            "a.geojson",
            b'{"features":[],"crs":{"type":"name","properties":{"name":"EPSG:3857"}}}',
            "EPSG:3857 不支持",
        ),
        ("a.gpkg", b"nothing", "GDAL 无法读取"),
        ("a.shp", b"nothing", "GDAL 无法读取"),
        ("a.xlsx", b"", "不认识的文件类型 .xlsx"),
    ],
)
def test_files_that_are_none(db, tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    told = errors_of(path)
    assert len(told) == 2
    assert words in told[1]


def test_a_missing_file_and_two_files_with_one_area(world, tmp_path):
    assert "文件不存在" in errors_of(tmp_path / "none.csv")[1]
    one = csv_file(tmp_path, "code,name", f"{TOWNSHIP},南乡", name="一.csv")
    two = csv_file(tmp_path, "code,name", f"{TOWNSHIP},南乡", name="二.csv")
    with pytest.raises(gazetteer.Refused, match=r"与 一.csv 第 2 行重复"):
        gazetteer.read([one, two])


def test_short_codes_are_filled_up(world, tmp_path, capsys):
    load(csv_file(tmp_path, "code,name", "340882103,南乡", "340883,新县"), capsys=capsys)
    assert Area.objects.get(pk=TOWNSHIP).level == "township"
    assert Area.objects.get(pk="340883000000").level == "city"


# --------------------------------------------------------- GeoPackage and Shapefile


def converted(folder: Path, name: str, *options: str) -> Path:
    """Write the square as 南乡 in another format, by the tool a bureau would use."""
    source, target = geojson_file(folder, feature(TOWNSHIP, "南乡", SQUARE, population=500)), folder / name
    subprocess.run(["ogr2ogr", *options, str(target), str(source)], check=True, capture_output=True)
    return target


UTF8 = {".shp": ("-lco", "ENCODING=UTF-8"), ".gpkg": ()}


def off_by_m(area: Area) -> float:
    """How far the farthest corner lies from the nearest corner of the square, at most."""
    geod = Geod(ellps="WGS84")
    return max(min(geod.inv(*stored, *true)[2] for true in SQUARE) for stored in area.boundary[0][0].coords)


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp"])
@pytest.mark.parametrize("srs", ["EPSG:4326", "EPSG:4490", "EPSG:4548", "EPSG:4527", "EPSG:3857"])
def test_geopackage_and_shapefile_in_the_systems_bureaus_use(world, tmp_path, capsys, name, srs):
    path = converted(tmp_path, name, "-t_srs", srs, *UTF8[Path(name).suffix])
    assert load(path, capsys=capsys) == "新增 1,更改 0,未变 0"
    area = Area.objects.get(pk=TOWNSHIP)
    assert (area.name, area.population) == ("南乡", 500)
    assert off_by_m(area) < 0.2
    assert load(path, capsys=capsys) == "新增 0,更改 0,未变 1"


def test_a_name_that_lost_its_letters_is_refused(world, tmp_path):
    path = converted(tmp_path, "a.shp")  # GDAL writes ISO-8859-1 unless told: 南乡 becomes ??
    assert errors_of(path)[1] == "a.shp:第 1 行:名称“??”有乱码,请另存为 UTF-8"


def test_a_shapefile_in_gbk_that_does_not_say_so(world, tmp_path, capsys):
    path = converted(tmp_path, "a.shp", "-lco", "ENCODING=GBK")
    path.with_suffix(".cpg").unlink()
    load(path, capsys=capsys)
    assert Area.objects.get(pk=TOWNSHIP).name == "南乡"


def test_a_shapefile_without_prj_has_to_be_told(world, tmp_path, capsys):
    path = converted(tmp_path, "a.shp", *UTF8[".shp"])
    path.with_suffix(".prj").unlink()
    assert "请加 --crs" in errors_of(path)[1]
    load(path, "--crs", "gcj02", capsys=capsys)
    assert 500 < off_by_m(Area.objects.get(pk=TOWNSHIP)) < 600


def test_metres_and_a_shifted_datum_contradict_each_other(world, tmp_path):
    path = converted(tmp_path, "a.gpkg", "-t_srs", "EPSG:4548")
    assert errors_of(path, "--crs", "gcj02")[1] == "a.gpkg:文件是投影坐标,与 --crs gcj02 不符"


def test_an_old_datum_is_refused(world, tmp_path):
    path = converted(tmp_path, "a.gpkg", "-t_srs", "EPSG:4610")  # Xian 1980: a hundred metres off
    assert "不支持" in errors_of(path)[1]
