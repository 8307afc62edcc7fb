"""The import wizard: all or nothing, every error by its row, and no public map's shift unnoticed."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pyproj import Geod
from shapely.geometry import MultiPolygon, Point, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from disaster.config.importing import files
from disaster.journal.models import Entry
from gis import datum
from gis.formats.writing import Column, Feature, Layer, write
from gis.models import Area, HazardZone, Shelter
from tests.world import BING, COUNTY, EAST, JIA, YI, World

pytestmark = pytest.mark.django_db
MIDDLES = {JIA: (116.51, 30.61), YI: (116.53, 30.61), BING: (116.55, 30.61)}


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def geojson(
    *rows: tuple[BaseGeometry | None, dict[str, Any]], name: str = "危险区.geojson"
) -> SimpleUploadedFile:
    features = [
        {"type": "Feature", "properties": values, "geometry": mapping(shape) if shape is not None else None}
        for shape, values in rows
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return SimpleUploadedFile(name, body.encode())


def table(*lines: str, name: str = "点.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join(lines).encode("utf-8-sig"))


def upload(client: Client, file: SimpleUploadedFile) -> Any:
    return client.post("/api/map/imports", {"file": file})


class Wizard:
    """A person at the wizard with one file; what is guessed is taken unless said otherwise."""

    def __init__(self, client: Client, file: SimpleUploadedFile, **plan: Any) -> None:
        self.client = client
        answer = upload(client, file)
        assert answer.status_code == 201, answer.content
        self.told = answer.json()
        kind = plan.get("kind", self.told["kind"])
        self.plan = {"kind": kind, "columns": self.told["guesses"][kind], "crs": "wgs84", **plan}

    def ask(self, step: str, **plan: Any) -> Any:
        body = json.dumps({**self.plan, **plan})
        return self.client.post(
            f"/api/map/imports/{self.told['id']}/{step}", body, content_type="application/json"
        )

    def preview(self, **plan: Any) -> Any:
        response = self.ask("preview", **plan)
        assert response.status_code == 200, response.content
        return response.json()


@pytest.fixture
def wizard(client_of: Callable[[str], Client]) -> Callable[..., Wizard]:
    return lambda file, account="bureau", **plan: Wizard(client_of(account), file, **plan)


def around(place: tuple[float, float], half: float = 0.002) -> Polygon:
    x, y = place
    return box(x - half, y - half, x + half, y + half)


SLOPE = {"名称": "甲村后山", "灾害类型": "滑坡", "等级": "红色"}


def test_zones_come_in_whole(wizard: Callable[..., Wizard]) -> None:
    at = wizard(
        geojson(
            (around(MIDDLES[JIA]), {**SLOPE, "截止时间": "2030-06-01 18:00"}),
            (around((116.52, 30.61), 0.005), {**SLOPE, "名称": "两村之间", "等级": "二级"}),
        )
    )
    assert at.told["kind"] == "zones"
    assert at.told["columns"]["灾害类型"] == ["滑坡"]
    seen = at.preview()
    assert (seen["errors"], seen["good"]) == ([], 2)
    assert len(seen["features"]["features"]) == 2
    assert not HazardZone.objects.exists()
    done = at.ask("apply")
    assert done.status_code == 201, done.content
    assert done.json() == {"kind": "zones", "total": 2}
    first, second = HazardZone.objects.order_by("name")
    assert (second.name, second.kind, second.level, second.area_id) == ("甲村后山", "landslide", "red", JIA)
    assert (first.level, first.area_id) == ("orange", EAST)
    assert second.source == "危险区.geojson"
    assert second.valid_to.isoformat() == "2030-06-01T10:00:00+00:00"
    assert second.boundary.extent == pytest.approx((116.508, 30.608, 116.512, 30.612))
    assert Entry.objects.filter(verb="zone.drawn").count() == 2
    row = Entry.objects.get(verb="map.imported")
    assert row.object_id.startswith("zones:2:")
    assert at.ask("apply").status_code == 404
    assert HazardZone.objects.count() == 2


def test_points_with_a_radius_become_circles(wizard: Callable[..., Wizard]) -> None:
    """隐患点: a point and the reach of its danger; the circle is measured by pyproj."""
    at = wizard(
        table("隐患点名称,类型,险情等级,经度,纬度,影响半径(米)", "一号点,崩塌,黄色,116.51,30.61,150"),
        crs="wgs84",
    )
    assert at.ask("apply").status_code == 201
    [zone] = HazardZone.objects.all()
    assert (zone.kind, zone.level, zone.area_id) == ("rockfall", "yellow", JIA)
    geod = Geod(ellps="GRS80")
    for x, y in zone.boundary[0][0].coords:
        assert geod.inv(116.51, 30.61, x, y)[2] == pytest.approx(150, abs=1)


def test_shelters_stand_by(wizard: Callable[..., Wizard]) -> None:
    at = wizard(
        table(
            "场所名称,容纳人数,避难类型,经度,纬度",
            "甲村小学,300,长期,116.51,30.61",
            "丙村部,80,,116.55,30.61",
        )
    )
    assert at.told["kind"] == "shelters"
    assert at.ask("apply").status_code == 201
    school = Shelter.objects.get(name="甲村小学")
    assert (school.area_id, school.kind, school.capacity, school.state) == (JIA, "long", 300, "standby")
    assert Shelter.objects.get(name="丙村部").kind == "short"
    assert Entry.objects.filter(verb="shelter.imported").count() == 2


def test_villages_move_to_their_points(wizard: Callable[..., Wizard]) -> None:
    at = wizard(table("村名,经度,纬度", "甲村,116.511,30.612", "乙村,116.531,30.611"), kind="villages")
    assert at.ask("apply").status_code == 201
    village = Area.objects.get(pk=JIA)
    assert village.point.coords == (116.511, 30.612)
    assert (village.population, village.boundary is not None) == (1000, True)


def test_every_error_names_its_row_and_field_and_nothing_changes(wizard: Callable[..., Wizard]) -> None:
    good = around(MIDDLES[JIA])
    bow_tie = Polygon([(116.50, 30.60), (116.51, 30.61), (116.51, 30.60), (116.50, 30.61)])
    at = wizard(
        geojson(
            (good, SLOPE),
            (good, {**SLOPE, "名称": ""}),
            (good, {**SLOPE, "灾害类型": "火山"}),
            (good, {**SLOPE, "等级": "紫色"}),
            (bow_tie, SLOPE),
            (Point(116.51, 30.61), SLOPE),
            (None, SLOPE),
            (around((30.61, 116.51)), SLOPE),
            (around((-70.0, 40.0)), SLOPE),
            (around((500_000.0, 3_388_000.0)), SLOPE),
            (box(-179, 30, 179, 31), SLOPE),
            (around((100.0, 40.0)), SLOPE),
            (good, {**SLOPE, "截止时间": "昨天"}),
            (good, {**SLOPE, "截止时间": "2001-01-01"}),
            (good, {**SLOPE, "区划代码": "丁村"}),
            (good, {**SLOPE, "区划代码": "340881000000"}),
            (good, {**SLOPE, "名称": "长" * 61}),
            (good, {**SLOPE, "名称": "??村"}),
            (MultiPolygon([]), SLOPE),
        )
    )
    seen = at.preview()
    wanted = {
        (2, "name"): "名称缺失",
        (3, "kind"): "不认识的种类“火山”",
        (4, "level"): "不认识的级别“紫色”",
        (5, "shape"): "自动修正",
        (6, "radius"): "点须有影响半径",
        (7, "shape"): "没有位置",
        (8, "shape"): "经度和纬度写反",
        (9, "shape"): "不在中国境内",
        (10, "shape"): "投影坐标",
        (11, "shape"): "180度经线",
        (12, "area"): "不在已知的村",
        (13, "valid_to"): "时间无法读取",
        (14, "valid_to"): "须晚于",
        (15, "area"): "没有找到行政区划",
        (16, "area"): "没有找到行政区划",
        (17, "name"): "超过 60 字",
        (18, "name"): "乱码",
        (19, "shape"): "没有位置",
    }
    told = {(error["row"], error["field"]): error["words"] for error in seen["errors"]}
    assert set(told) == set(wanted)
    for key, words in wanted.items():
        assert words in told[key], (key, told[key])
    assert seen["good"] == 1
    refused = at.ask("apply")
    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {f"{row}.{field}" for row, field in wanted}
    assert not HazardZone.objects.exists()
    assert not Entry.objects.exclude(verb__startswith="event").exists()
    assert at.ask("preview").status_code == 200  # the file is still there


def test_a_small_fault_is_repaired_with_a_notice_where_allowed(wizard: Callable[..., Wizard]) -> None:
    """A tiny crossing at a corner: refused first, then mended and said."""
    crossed = Polygon(
        [(116.505, 30.605), (116.515, 30.605), (116.515, 30.615), (116.505, 30.615), (116.5051, 30.6049)]
    )
    at = wizard(geojson((crossed, SLOPE)))
    assert "自动修正" in at.preview()["errors"][0]["words"]
    mended = at.preview(repair=True)
    assert mended["errors"] == []
    assert "已修正" in mended["notices"][0]["words"]
    assert at.ask("apply", repair=True).status_code == 201
    assert HazardZone.objects.get().boundary.valid
    bow_tie = Polygon([(116.50, 30.60), (116.51, 30.61), (116.51, 30.60), (116.50, 30.61)])
    worse = wizard(geojson((bow_tie, SLOPE))).preview(repair=True)
    assert "修正会改变面积" in worse["errors"][0]["words"]


def shifted(place: tuple[float, float], to: str = "gcj02") -> tuple[float, float]:
    return datum.wgs84_to_gcj02(*place) if to == "gcj02" else datum.wgs84_to_bd09(*place)


@pytest.mark.parametrize("crs", ["wgs84", "gcj02", "bd09"])
def test_the_shift_of_public_maps_is_noticed_and_undone(wizard: Callable[..., Wizard], crs: str) -> None:
    rows = []
    for village, name in ((JIA, "甲村"), (YI, "乙村"), (BING, "丙村")):
        x, y = MIDDLES[village]
        near = (x + 0.0003, y - 0.0002)
        x, y = near if crs == "wgs84" else shifted(near, crs)
        rows.append(f"{name}小学,{name},100,{x:.7f},{y:.7f}")
    at = wizard(table("场所名称,所在村,容量,经度,纬度", *rows))
    seen = at.preview()["datum"]
    assert (seen["likely"], seen["compared"]) == (crs, 3)
    assert seen["shifted"] is (crs != "wgs84")
    if crs == "gcj02":
        assert 300 < seen["shift_m"] < 700
        assert seen["east_m"] > 0 > seen["north_m"]
    assert at.ask("apply", crs=crs).status_code == 201
    school = Shelter.objects.get(name="甲村小学")
    assert school.point.coords == pytest.approx((116.5103, 30.6098), abs=1e-6)


def test_two_places_prove_nothing(wizard: Callable[..., Wizard]) -> None:
    x, y = shifted(MIDDLES[JIA])
    at = wizard(table("场所名称,所在村,容量,经度,纬度", f"小学,甲村,100,{x},{y}"))
    assert at.preview()["datum"]["likely"] == ""


def test_the_person_has_to_choose_the_datum(wizard: Callable[..., Wizard]) -> None:
    at = wizard(geojson((around(MIDDLES[JIA]), SLOPE)), crs="")
    assert [(error["row"], error["field"]) for error in at.preview()["errors"]] == [(0, "crs")]
    assert at.ask("apply").status_code == 400


def test_what_holds_for_all_rows_is_said_once(wizard: Callable[..., Wizard]) -> None:
    at = wizard(
        geojson((Point(MIDDLES[JIA]), {"名称": "一号"}), (Point(MIDDLES[YI]), {"名称": "二号"})), kind="zones"
    )
    constants = {"kind": "hidden", "level": "yellow", "radius": "100"}
    assert at.ask("apply", constants=constants).status_code == 201
    assert set(HazardZone.objects.values_list("kind", "level")) == {("hidden", "yellow")}


def test_the_same_thing_twice(wizard: Callable[..., Wizard]) -> None:
    lines = "场所名称,所在村,容量,经度,纬度", "小学,甲村,100,116.51,30.61"
    twice = wizard(table(*lines, lines[1])).preview()["errors"]
    assert [(error["row"], error["words"]) for error in twice] == [(3, "与第 2 行重复")]
    assert wizard(table(*lines)).ask("apply").status_code == 201
    again = wizard(table(*lines))
    assert "已经存在" in again.preview()["errors"][0]["words"]
    assert again.ask("apply").status_code == 400
    zone = geojson((around(MIDDLES[JIA]), SLOPE))
    assert wizard(zone).ask("apply").status_code == 201
    notice = wizard(geojson((around(MIDDLES[JIA]), SLOPE))).preview()
    assert notice["errors"] == []
    assert "已经存在" in notice["notices"][0]["words"]


def test_a_failure_in_the_middle_leaves_nothing(
    wizard: Callable[..., Wizard], monkeypatch: pytest.MonkeyPatch
) -> None:
    from disaster.config.importing import services

    at, calls = wizard(geojson((around(MIDDLES[JIA]), SLOPE), (around(MIDDLES[YI]), SLOPE))), []

    def falter(*args: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise OSError("the disk is full")
        return whole(*args, **options)

    whole = services.draw_zone
    monkeypatch.setattr(services, "draw_zone", falter)
    with pytest.raises(OSError, match="disk"):
        at.ask("apply")
    assert not HazardZone.objects.exists()
    assert not Entry.objects.filter(verb__in=["zone.drawn", "map.imported"]).exists()
    monkeypatch.undo()


@pytest.mark.parametrize("form", ["geojson", "gpkg", "shp", "kml", "csv"])
def test_what_was_exported_can_come_in(wizard: Callable[..., Wizard], form: str) -> None:
    columns = [
        Column("name", "string", "名称", "#loc+name"),
        Column("kind", "string", "种类", "#cause+type"),
        Column("level", "string", "级别", "#severity"),
    ]
    shape = MultiPolygon([around(MIDDLES[JIA])])
    feature = Feature("1", {"name": "后山", "kind": "landslide", "level": "red"}, shape)
    written = write(form, [Layer("zones", "危险区", columns, [feature])], "导出")
    at = wizard(SimpleUploadedFile(written.name, written.content))
    assert at.ask("apply").status_code == 201
    [zone] = HazardZone.objects.all()
    assert (zone.name, zone.kind, zone.level) == ("后山", "landslide", "red")
    assert zone.boundary.extent == pytest.approx((116.508, 30.608, 116.512, 30.612), abs=1e-7)


def test_only_coordinators_import_and_only_their_own(
    world: World, client_of: Callable[[str], Client], wizard: Callable[..., Wizard]
) -> None:
    file = geojson((around(MIDDLES[JIA]), SLOPE))
    for account, status in (("east", 403), ("leader", 403), ("admin", 403), ("jia_a", 403), ("nobody", 401)):
        file.seek(0)
        assert upload(client_of(account), file).status_code == status, account
    at = wizard(geojson((around(MIDDLES[JIA]), SLOPE)))
    other = client_of("foreign").post(
        f"/api/map/imports/{at.told['id']}/preview", json.dumps(at.plan), content_type="application/json"
    )
    assert other.status_code == 404
    abroad = wizard(geojson((around(MIDDLES[JIA]), SLOPE)), account="foreign").preview()
    assert [error["field"] for error in abroad["errors"]] == ["area"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"x", "不认识的文件类型"),
        ("a.geojson", b"{", "GeoJSON"),
        ("a.kml", b'<!DOCTYPE kml [<!ENTITY a "b">]><kml/>', "实体"),
        ("a.zip", b"PK", "压缩包"),
        ("../../a.gpkg", b"<OGRVRTDataSource/>", "内容与扩展名不符"),
        ("a.csv", b"name,lon,lat\n", "没有数据"),
        ("a.shp\0.geojson", b"", ""),
    ],
)
def test_a_file_that_cannot_be_read_is_said(
    client_of: Callable[[str], Client], world: World, name: str, content: bytes, words: str
) -> None:
    answer = upload(client_of("bureau"), SimpleUploadedFile(name, content))
    assert answer.status_code == 400
    assert words in answer.json()["errors"].get("file", "")
    assert not Entry.objects.filter(verb="map.imported").exists()


def test_a_file_too_large_is_refused(
    client_of: Callable[[str], Client], world: World, monkeypatch: Any
) -> None:
    monkeypatch.setattr(files.book, "value", lambda key: 100)
    assert upload(client_of("bureau"), SimpleUploadedFile("a.csv", b"x" * 101)).status_code == 413


def test_left_files_are_swept_and_one_person_keeps_few(
    world: World, wizard: Callable[..., Wizard], tmp_path: Any
) -> None:
    made = [wizard(table("村名,经度,纬度", "甲村,116.511,30.612"), kind="villages") for _ in range(7)]
    own = tmp_path / "media" / "imports" / str(world["bureau"].pk)
    assert len(list(own.iterdir())) == 5
    assert made[-1].ask("preview").status_code == 200
    for folder in own.iterdir():
        os.utime(folder, (0, 0))
    assert files.sweep(now=time.time()) == 5
    assert made[-1].ask("preview").status_code == 404


def test_an_unknown_kind_is_refused(wizard: Callable[..., Wizard]) -> None:
    at = wizard(table("村名,经度,纬度", "甲村,116.511,30.612"))
    assert at.ask("preview", kind="dragons").status_code == 400
    assert at.ask("preview", kind="villages", columns={"area": "没有这列"}).status_code == 200
    assert COUNTY
