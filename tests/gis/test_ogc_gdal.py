"""GDAL as a foreign client of the OGC API, over HTTP, on a live server: QGIS reads through the same driver."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyproj import Transformer

from gis import formats
from tests.live import Live

pytestmark = pytest.mark.slow
MAKE = """
from datetime import timedelta
from django.utils import timezone
from disaster.people import tokens
from disaster.people.models import Person
from disaster.people.scope import rights_of
now = timezone.now()
for name in ("bureau", "{township}"):
    person = Person.objects.get(username=name)
    print(tokens.make(name="gdal", ends_at=now + timedelta(days=1), by=rights_of(person, on=timezone.localdate()), now=now)[1])
"""


@pytest.fixture(scope="module")
def served(sample: Live) -> Iterator[tuple[Live, str, str]]:
    """A live server with the sample county, a bureau's token and a township's."""
    with Live("ogc", like=sample) as live:
        with live.database.connect() as connection:
            (township,) = connection.execute(
                "SELECT username FROM people_person p JOIN people_posting o ON o.person_id = p.id"
                " WHERE o.role = 'reviewer' ORDER BY username LIMIT 1"
            ).fetchone()  # type: ignore[misc]
        said = live.manage("shell", "-c", MAKE.format(township=township))
        bureau, reviewer = re.findall(r"zq_\S+", said)
        yield live, bureau, reviewer


def gdal(token: str, *words: str) -> str:
    done = subprocess.run(
        list(words),
        env={**os.environ, "GDAL_HTTP_HEADERS": f"Authorization: Bearer {token}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


def counted(live: Live, sql: str) -> int:
    with live.database.connect() as connection:
        return int(connection.execute(sql).fetchone()[0])  # type: ignore[index,arg-type]


def test_ogrinfo_finds_every_collection(served: tuple[Live, str, str]) -> None:
    live, token, _ = served
    said = gdal(token, "ogrinfo", "-ro", f"OAPIF:{live.url}/ogc")
    for name in ("areas", "deliveries", "reports", "shelters", "zones"):
        assert name in said
    areas = gdal(token, "ogrinfo", "-ro", "-so", f"OAPIF:{live.url}/ogc", "areas")
    total = counted(live, "SELECT count(*) FROM places_area")
    assert f"Feature Count: {total}" in areas
    assert "WGS 84" in areas
    assert "population: Integer" in areas


def test_ogr2ogr_copies_all_of_it_page_by_page(served: tuple[Live, str, str], tmp_path: Path) -> None:
    live, token, _ = served
    out = tmp_path / "areas.gpkg"
    gdal(token, "ogr2ogr", "-f", "GPKG", str(out), f"OAPIF:{live.url}/ogc", "areas", "-oo", "PAGE_SIZE=20")
    rows = formats.read(out).rows
    assert len(rows) == counted(live, "SELECT count(*) FROM places_area")
    with live.database.connect() as connection:
        stored = dict(
            connection.execute(
                "SELECT code, ST_AsText(ST_Centroid(coalesce(boundary, point)), 7) FROM places_area"
            ).fetchall()
        )
    for row in rows:
        if stored[row.values["code"]] is None:  # a township that is known by name alone
            assert row.shape is None
            continue
        assert row.shape is not None
        x, y = (float(part) for part in re.findall(r"[-\d.]+", stored[row.values["code"]]))
        assert row.shape.centroid.coords[0] == pytest.approx((x, y), abs=1e-6)


def test_boxes_and_properties_are_asked_of_the_server(served: tuple[Live, str, str]) -> None:
    live, token, _ = served
    source = f"OAPIF:{live.url}/ogc"
    box = ("-spat", "116.4", "30.6", "116.6", "30.8")
    said = gdal(token, "ogrinfo", "-ro", "-so", *box, source, "shelters")
    found = int(re.search(r"Feature Count: (\d+)", said)[1])  # type: ignore[index]
    inside = "point && ST_MakeEnvelope(116.4, 30.6, 116.6, 30.8, 4326)"
    assert found == counted(live, f"SELECT count(*) FROM places_shelter WHERE {inside}") > 0
    said = gdal(token, "ogrinfo", "-ro", "-so", "-where", "level = 'township'", source, "areas")
    assert (
        f"Feature Count: {counted(live, 'SELECT count(*) FROM places_area WHERE level = $$township$$')}"
        in said
    )


def test_a_townships_token_shows_a_townships_part(served: tuple[Live, str, str]) -> None:
    live, bureau, reviewer = served

    def many(token: str) -> int:
        said = gdal(token, "ogrinfo", "-ro", "-so", f"OAPIF:{live.url}/ogc", "areas")
        return int(re.search(r"Feature Count: (\d+)", said)[1])  # type: ignore[index]

    assert 1 < many(reviewer) < many(bureau)


def test_without_a_token_nothing_opens(served: tuple[Live, str, str]) -> None:
    live, _, _ = served
    done = subprocess.run(
        ["ogrinfo", "-ro", f"OAPIF:{live.url}/ogc"], capture_output=True, text=True, check=False
    )
    assert "zones" not in done.stdout
    assert "401" in done.stderr


NEWER = """
import json, sys
from pyogrio.raw import read
from pyogrio import set_gdal_config_options
import pyogrio, shapely
set_gdal_config_options({"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": sys.argv[2]})
meta, _, shapes, fields = read("OAPIF:" + sys.argv[1], layer="shelters", CRS=sys.argv[3])
names = list(meta["fields"]).index("name")
print(json.dumps({"crs": meta["crs"], "places": {str(n): [shapely.from_wkb(s).x, shapely.from_wkb(s).y]
      for n, s in zip(fields[names], shapes)}}))
"""


@pytest.mark.parametrize("code", ["4326", "4490", "4548"])
def test_a_newer_gdal_asks_in_other_coordinate_systems(served: tuple[Live, str, str], code: str) -> None:
    """Part 2: GDAL turns the authority's axis order back to x, y; wrong order would land far away."""
    import sys

    live, token, _ = served
    done = subprocess.run(
        [sys.executable, "-c", NEWER, f"{live.url}/ogc", token, f"EPSG:{code}"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    with live.database.connect() as connection:
        rows = connection.execute("SELECT name, ST_X(point), ST_Y(point) FROM places_shelter").fetchall()
    names = [row[0] for row in rows]
    to = Transformer.from_crs("EPSG:4490", f"EPSG:{code}", always_xy=True)
    assert len(found["places"]) == len(set(names))
    for name, lon, lat in rows:
        if names.count(name) == 1:
            wanted = to.transform(lon, lat)
            assert found["places"][name] == pytest.approx(wanted, abs=0.01 if code == "4548" else 1e-8)
