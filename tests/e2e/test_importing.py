"""Zones of a shapefile come in through the wizard, shift and all; a selection of the map goes out again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from shapely.geometry import MultiPolygon, box

from gis import datum, formats
from gis.formats.writing import Column, Feature, Layer, write
from tests.e2e.conftest import Site
from tests.e2e.looks import camera

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
shot, shot_of_map = camera("import"), camera("select", whole=False)
COLUMNS = [
    Column("名称", "string", "名称", "#loc+name"),
    Column("灾害类型", "string", "灾害类型", "#cause"),
    Column("等级", "string", "等级", "#severity"),
]


def villages(live: Site) -> list[tuple[str, float, float]]:
    with live.database.connect() as connection:
        return connection.execute(
            "SELECT name, ST_X(point), ST_Y(point) FROM places_area WHERE level = 'village' AND point IS NOT NULL"
            " AND name IN (SELECT name FROM places_area GROUP BY name HAVING count(*) = 1) AND length(name) > 2"
            " ORDER BY code LIMIT 6"
        ).fetchall()


def shapefile_of_a_public_map(live: Site, folder: Path) -> Path:
    """Squares around villages, named after them, and shifted as GCJ-02 shifts."""
    features = []
    for number, (name, x, y) in enumerate(villages(live)):
        lon, lat = datum.wgs84_to_gcj02(x + 0.0002 * (number % 3), y)
        values = {"名称": f"{name}滑坡", "灾害类型": "滑坡", "等级": ["红色", "橙色", "黄色"][number % 3]}
        shape = MultiPolygon([box(lon - 0.004, lat - 0.004, lon + 0.004, lat + 0.004)])
        features.append(Feature(str(number), values, shape))
    written = write("shp", [Layer("zones", "隐患区", COLUMNS, features)], "隐患区")
    path = folder / written.name
    path.write_bytes(written.content)
    return path


def zones(live: Site) -> list[tuple[str, float, float]]:
    with live.database.connect() as connection:
        return connection.execute(
            "SELECT name, ST_X(ST_Centroid(boundary)), ST_Y(ST_Centroid(boundary))"
            " FROM places_hazardzone WHERE source LIKE '隐患区%' ORDER BY name"
        ).fetchall()


def test_a_shifted_shapefile_comes_in_where_it_belongs_and_goes_out_again(
    live: Site, desk: Callable[..., Page], tmp_path: Path
) -> None:
    page = desk("bureau", "/import/")
    page.set_input_files("#file", shapefile_of_a_public_map(live, tmp_path))
    page.click("#pick button")
    expect(page.locator("#shift")).to_contain_text("火星坐标(GCJ-02)")
    expect(page.locator("#shift")).to_contain_text("整体偏移约")
    expect(page.locator("#counted")).to_have_text("可导入 6 项")
    page.wait_for_function(
        "document.querySelector('#import-map canvas') || document.querySelector('#import-map').hidden"
    )
    shot(page, "shift")
    page.click("#shift button")
    expect(page.locator("#shift")).to_be_hidden()
    expect(page.locator("input[name=crs][value=gcj02]")).to_be_checked()
    page.select_option("[data-column=level]", "")
    expect(page.locator("#findings")).to_contain_text("级别缺失")
    expect(page.locator("#apply")).to_be_disabled()
    shot(page, "errors")
    page.select_option("[data-column=level]", "等级")
    expect(page.locator("#apply")).to_be_enabled()
    shot(page, "good")
    page.click("#apply")
    expect(page.locator("#file-said")).to_contain_text("已导入 6 项")
    came = zones(live)
    known = sorted(villages(live))
    assert len(came) == 6
    for (name, x, y), (village, lon, lat) in zip(sorted(came), known, strict=True):
        assert name == f"{village}滑坡"
        assert abs(x - lon) < 0.0005
        assert abs(y - lat) < 0.0001
    page.goto("/map/")
    page.wait_for_selector("html[data-map=ready]", timeout=60_000)
    page.click("[data-tool=select]")
    page.wait_for_selector("[name=collection][value=zones]")
    for one in page.locator("[name=collection]:not([value=zones])").all():
        one.set_checked(False)
    page.select_option("[name=where]", "box")
    canvas: Any = page.locator("#map").bounding_box()
    page.mouse.move(canvas["x"] + canvas["width"] - 20, canvas["y"] + 60)
    page.mouse.down()
    page.mouse.move(canvas["x"] + 400, canvas["y"] + canvas["height"] - 60, steps=4)
    page.mouse.up()
    expect(page.locator("[data-role=shape]")).to_contain_text("范围已画好")
    page.select_option("[name=form]", "gpkg")
    shot_of_map(page, "box")
    with page.expect_download() as coming:
        page.click(".tool-panel button.main")
    kept = tmp_path / "out.gpkg"
    coming.value.save_as(kept)
    rows = formats.read(kept).rows
    assert rows
    assert {row.values["kind"] for row in rows} >= {"landslide"}
    page.select_option("[name=where]", "all")
    page.select_option("[name=form]", "shp")
    page.click(".tool-panel summary")
    page.select_option("[name=property]", "zones.kind")
    page.select_option("[name=value]", "landslide")
    with page.expect_download() as coming:
        page.click(".tool-panel button.main")
    archive = zipfile.ZipFile(io.BytesIO(Path(coming.value.path()).read_bytes()))
    archive.extractall(tmp_path / "back")
    [back] = (tmp_path / "back").glob("*.shp")
    again = {row.values["name"]: row.shape for row in formats.read(back).rows}
    for name, x, y in came:
        assert again[name].centroid.distance(box(x, y, x, y).centroid) < 1e-6
    shot_of_map(page, "done")
