"""A selection on the map as a file: what is inside, what the reader may see, and a row in the journal."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from disaster.journal.models import Entry
from gis import formats
from tests.gis.test_ogc import a_shelter, a_zone
from tests.world import BING, EAST, JIA, World

pytestmark = pytest.mark.django_db
BOX = {
    "type": "Polygon",
    "coordinates": [[[116.50, 30.60], [116.52, 30.60], [116.52, 30.62], [116.50, 30.62], [116.50, 30.60]]],
}


def export(client: Client, **wanted: Any) -> Any:
    body = {"collections": ["zones", "shelters"], "form": "geojson", **wanted}
    return client.post("/api/map/export", json.dumps(body), content_type="application/json")


def names(response: Any, folder: Path) -> set[str]:
    assert response.status_code == 200, response.content
    kept = folder / ("a.zip" if response.content[:2] == b"PK" else "a.geojson")
    kept.write_bytes(response.content)
    paths = [kept]
    if kept.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            archive.extractall(folder)
        paths = [path for path in folder.iterdir() if path.suffix == ".geojson"]
    return {row.values["name"] for path in paths for row in formats.read(path).rows}


@pytest.fixture
def things(world: World) -> None:
    a_zone(JIA)
    a_zone(BING, west=116.545, name="西坡", kind="flood")
    a_shelter(JIA)
    a_shelter(BING, name="西小", lon=116.55)


@pytest.mark.usefixtures("things")
def test_what_the_outline_meets_goes_out(client_of: Callable[[str], Client], tmp_path: Path) -> None:
    assert names(export(client_of("bureau"), outline=BOX), tmp_path) == {"后山", "小学"}


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, {"后山", "小学", "西坡", "西小"}),
        ({"area": EAST}, {"后山", "小学"}),
        ({"collections": ["zones"], "filters": {"zones": {"kind": "flood"}}}, {"西坡"}),
        ({"area": EAST, "outline": BOX, "collections": ["shelters"]}, {"小学"}),
    ],
)
def test_townships_and_properties_narrow(
    client_of: Callable[[str], Client], tmp_path: Path, wanted: dict[str, Any], found: set[str]
) -> None:
    assert names(export(client_of("bureau"), **wanted), tmp_path) == found


@pytest.mark.usefixtures("things")
def test_nobody_exports_what_they_do_not_see(client_of: Callable[[str], Client], tmp_path: Path) -> None:
    assert names(export(client_of("east")), tmp_path) == {"后山", "小学"}
    assert export(client_of("east"), area=BING).status_code == 400
    assert export(client_of("jia_a")).status_code == 403
    assert export(client_of("nobody")).status_code == 401


@pytest.mark.usefixtures("things")
def test_each_export_is_put_on_record(client_of: Callable[[str], Client]) -> None:
    assert export(client_of("leader"), form="gpkg").status_code == 200
    rows = Entry.objects.filter(verb="map.exported").order_by("id")
    assert [(row.object_id, row.actor, row.put) for row in rows] == [
        ("gpkg:zones:2", "领导", "[]"),
        ("gpkg:shelters:2", "领导", "[]"),
    ]


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"collections": []}, "collections"),
        ({"collections": ["people"]}, "collections"),
        ({"form": "dwg"}, "form"),
        ({"area": "x"}, "area"),
        ({"area": "999999999999"}, "area"),
        ({"filters": {"zones": {"boundary": "x"}}}, "filters"),
        ({"outline": {"type": "Point", "coordinates": [116, 30]}}, "outline"),
        ({"outline": {"type": "Polygon"}}, "outline"),
        ({"outline": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}}, "outline"),
        ({"outline": {"type": "Polygon", "coordinates": [[[0, 0], [500, 1], [0, 1], [0, 0]]]}}, "outline"),
        ({"outline": {"type": "Polygon", "coordinates": [[[0, 0], [0.1, 0], [0, 0.1], [0, 0]]]}}, "outline"),
    ],
)  # fmt: skip
def test_what_cannot_be_exported_is_said(
    client_of: Callable[[str], Client], wanted: dict[str, Any], field: str
) -> None:
    response = export(client_of("bureau"), **wanted)
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
    assert not Entry.objects.filter(verb="map.exported").exists()


@pytest.mark.usefixtures("things")
def test_too_much_is_not_half_a_file(
    client_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from disaster.config import exporting

    monkeypatch.setattr(exporting.book, "value", lambda key: 1)
    response = export(client_of("bureau"))
    assert response.status_code == 400
    assert "超过 1 个" in response.json()["errors"]["outline"]
