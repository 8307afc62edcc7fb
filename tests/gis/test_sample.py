"""The sample county: real names and codes, cells that tile the real outline."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import shapely
from django.db import connection
from shapely.geometry import shape

from gis import sample, sample_county
from gis.models import Area, AreaAlias, HazardZone, Shelter
from gis.sample import make

HERE = Path(sample.__file__).parent
DIGITS_OF_A_CELL = 1e-6


def source_rows(name: str) -> list[dict[str, str]]:
    with (HERE / f"source/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def features() -> dict[str, dict]:
    found = json.loads((HERE / "areas.geojson").read_text("utf-8"))["features"]
    return {feature["properties"]["code"]: feature for feature in found}


def outlines(features: dict[str, dict], level: str) -> dict[str, shapely.Geometry]:
    chosen = (f for f in features.values() if f["properties"]["level"] == level and f["geometry"])
    return {f["properties"]["code"]: shape(f["geometry"]) for f in chosen}


def test_every_unit_of_the_statistics_is_there_under_its_name(features):
    villages, townships = source_rows("qianshan_villages"), source_rows("qianshan_townships")
    assert (len(townships), len(villages)) == (18, 184)
    assert {row["code"] for row in townships + villages} | {"340882000000"} == set(features)
    for row in villages:
        own = features[row["code"]]["properties"]
        stem = row["name"].removesuffix("村委会").removesuffix("居委会")
        assert own["name"] in (f"{stem}村", f"{stem}社区", row["name"])
        assert own["parent"] == row["township_code"]
    for row in townships:
        assert features[row["code"]]["properties"]["name"] == row["name"]


def test_the_census_is_split_without_losing_anyone(features):
    for level in ("city", "township", "village"):
        people = [
            f["properties"]["population"] for f in features.values() if f["properties"]["level"] == level
        ]
        assert sum(people) == 441_224


@pytest.mark.parametrize("level", ["village", "township"])
def test_cells_tile_the_outline_without_gap_or_overlap(features, level):
    cells = outlines(features, level)
    assert len(cells) == {"village": 183, "township": 17}[level]
    assert all(cell.is_valid and len(cell.geoms) == 1 for cell in cells.values())
    assert shapely.coverage_is_valid(list(cells.values()))
    city = outlines(features, "city")["340882000000"]
    assert shapely.coverage_union_all(list(cells.values())).equals(city)


def test_the_outline_is_the_real_one(features):
    real = shape(json.loads((HERE / "source/qianshan_outline.geojson").read_text("utf-8"))["geometry"])
    city = outlines(features, "city")["340882000000"]
    assert city.boundary.hausdorff_distance(real.boundary) <= 2 * DIGITS_OF_A_CELL
    assert not features["340882000000"]["properties"]["is_approximate"]


def test_villages_lie_in_their_township_and_seats_in_their_cell(features):
    townships = outlines(features, "township")
    for code, cell in outlines(features, "village").items():
        own = features[code]["properties"]
        assert townships[own["parent"]].covers(cell)
    for code, cell in {**townships, **outlines(features, "village")}.items():
        own = features[code]["properties"]
        assert cell.contains(shapely.Point(own["lon"], own["lat"]))
        assert own["is_approximate"]
        assert "模拟位置" in own["source"]


def test_the_unit_of_statistics_has_no_place(features):
    for code in ("340882401000", *[code for code in features if code.startswith("340882401")]):
        assert features[code]["geometry"] is None
        assert features[code]["properties"]["lon"] is None
        assert features[code]["properties"]["population"] == 0


def test_names_repeat_so_the_code_is_the_key(features):
    for name, townships in (("和平村", {"黄铺镇", "水吼镇"}), ("红光村", {"王河镇", "五庙乡"})):
        parents = [f["properties"]["parent"] for f in features.values() if f["properties"]["name"] == name]
        assert {features[code]["properties"]["name"] for code in parents} == townships


def test_making_it_again_gives_the_same_files(tmp_path, monkeypatch):
    from gis.sample import extras

    (tmp_path / "source").symlink_to(HERE / "source")
    monkeypatch.setattr(make, "HERE", tmp_path)
    monkeypatch.setattr(extras, "HERE", tmp_path)
    make.make()
    first = {path.name: path.read_bytes() for path in tmp_path.glob("*.*") if path.is_file()}
    make.make()
    assert set(first) == {"areas.geojson", "roads.geojson", "shelters.csv", "zones.geojson"}
    assert {name: (tmp_path / name).read_bytes() for name in first} == first
    assert first["roads.geojson"] == (HERE / "roads.geojson").read_bytes()
    assert first["shelters.csv"].count(b"\n") == (HERE / "shelters.csv").read_bytes().count(b"\n")


def test_loading_is_idempotent_and_leaves_alone_what_was_put_right(county):
    assert "203 added" in county
    Shelter.objects.filter(name__startswith="梅城镇中心学校").update(occupancy=12, state="open")
    Area.objects.filter(code="340882202205").update(population=1)
    assert (
        sample_county.load()
        == "潜山市: areas 0 added, 0 changed, 0 unchanged; new: 0 aliases, 0 shelters, 0 zones, 0 pieces of road"
    )
    assert Shelter.objects.get(name__startswith="梅城镇中心学校").occupancy == 12
    assert Area.objects.get(code="340882202205").population == 1
    assert (Area.objects.count(), Shelter.objects.count(), HazardZone.objects.count()) == (203, 24, 10)


def test_samples_say_that_they_are(county):
    assert all(name.endswith("(示例)") for name in Shelter.objects.values_list("name", flat=True))
    assert all(name.endswith("(示例)") for name in HazardZone.objects.values_list("name", flat=True))
    assert Shelter.objects.filter(is_sample=False).count() == 0
    assert AreaAlias.objects.get(pk="340824000000").area_id == "340882000000"


def test_shelters_and_zones_lie_where_their_code_says(county):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM places_shelter s JOIN places_area a ON a.code = s.area_code"
            " WHERE NOT ST_Covers(a.boundary, s.point)"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT count(*) FROM places_hazardzone z JOIN places_area a ON a.code = z.area_code"
            " WHERE NOT ST_IsValid(z.boundary)"
            " OR ST_Area(ST_Difference(z.boundary, a.boundary)::geography) > 100"
        )
        assert cursor.fetchone() == (0,)
