"""The base map: what is set is offered, its hosts alone may be asked, files of ours are read right."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from gis import basemap
from gis.basemap import pmtiles, relief
from gis.basemap.checks import settings_can_be_used
from tests.gis.relief_file import SUMMIT_M, archive, hill

Browser = Callable[[str], Client]
XYZ = "https://tiles.example.org:8443/map/{z}/{x}/{y}.png"
UNSET = dict.fromkeys(("tianditu_key", "vector", "image", "terrain", "dem", "credit", "approval"), "")


@pytest.fixture
def configure(settings: Any) -> Callable[..., None]:
    def set_to(**given: str) -> None:
        settings.BASEMAP = UNSET | given

    set_to()
    return set_to


def policy(client: Client) -> dict[str, set[str]]:
    parts = client.get("/map/")["Content-Security-Policy"].split(";")
    return {words[0]: set(words[1:]) for words in (part.split() for part in parts)}


# ------------------------------------------------------------------ what is offered


def test_with_nothing_set_nothing_foreign_is_asked(configure, client_of: Browser):
    client = client_of("bureau")
    assert client.get("/basemap/").json() == {"choices": [], "relief": None, "notice": ""}
    allowed = policy(client)
    assert allowed["connect-src"] == {"'self'"}
    assert not any("http" in word for words in allowed.values() for word in words)


def test_tianditu_offers_its_three_maps_with_names(configure, client_of: Browser):
    configure(tianditu_key="abc", approval="GS(2026)0001号")
    client = client_of("bureau")
    shown = client.get("/basemap/").json()
    assert [choice["id"] for choice in shown["choices"]] == ["vector", "image", "terrain"]
    found = [[re.search(r"LAYER=(\w+)", s["tiles"][0])[1] for s in c["sources"]] for c in shown["choices"]]
    assert found == [["vec", "cva"], ["img", "cia"], ["ter", "cta"]]
    assert all("tk=abc" in tile for c in shown["choices"] for s in c["sources"] for tile in s["tiles"])
    assert shown["notice"] == "天地图 审图号:GS(2026)0001号"
    hosts = {f"https://t{number}.tianditu.gov.cn" for number in range(8)}
    assert policy(client)["connect-src"] == {"'self'", *hosts}


def test_the_map_page_alone_may_ask_the_host_that_is_set(configure, client_of: Browser):
    configure(vector=XYZ)
    client = client_of("bureau")
    allowed = policy(client)
    assert allowed["connect-src"] == {"'self'", "https://tiles.example.org:8443"}
    assert allowed["img-src"] == {"'self'", "data:", "blob:", "https://tiles.example.org:8443"}
    assert allowed["script-src"] == {"'self'"}
    assert "example.org" not in client.get("/duty/")["Content-Security-Policy"]


@pytest.mark.parametrize(
    "text",
    [
        "https://tiles.example.org/{z}/{x}.png",
        "ftp://tiles.example.org/{z}/{x}/{y}.png",
        "https://*.example.org/{z}/{x}/{y}.png",
        "https://{s}.example.org/{z}/{x}/{y}.png",
        "https://a b.example.org/{z}/{x}/{y}.png",
        "https://x; script-src *.evil/{z}/{x}/{y}",
        "//tiles.example.org/{z}/{x}/{y}.png",
        "tianditu",
        "/nowhere/at/all.pmtiles",
    ],
)
def test_a_setting_that_would_open_more_than_it_names_is_refused(configure, text):
    configure(vector=text)
    with pytest.raises(basemap.BadSource):
        basemap.sources()


def test_a_wrong_setting_is_said_at_the_start(configure, tmp_path: Path):
    assert settings_can_be_used() == []
    configure(vector=XYZ)
    assert [found.id for found in settings_can_be_used()] == ["places.W001"]
    configure(vector=XYZ, approval="GS(2026)0001号")
    assert settings_can_be_used() == []
    configure(image="nonsense", dem=str(tmp_path / "none.tif"))
    assert [found.id for found in settings_can_be_used()] == ["places.E001", "places.E002"]


# ------------------------------------------------------------------ PMTiles


@pytest.mark.parametrize("leaves", [False, True])
def test_a_tile_is_found_by_its_place(tmp_path: Path, leaves: bool):
    places = [(z, x, y) for z in range(4) for x in range(1 << z) for y in range(1 << z) if (x + y) % 3]
    wanted = {place: repr(place).encode() for place in places}
    path = archive(
        tmp_path / "a.pmtiles",
        {pmtiles.tile_number(*place): content for place, content in wanted.items()},
        kind=2,
        leaves=leaves,
    )
    file = pmtiles.open_file(path)
    for z in range(5):
        for x in range(1 << z):
            for y in range(1 << z):
                tile = file.tile(z, x, y)
                assert (tile.content if tile else None) == wanted.get((z, x, y))
    assert file.tile(3, 8, 0) is None
    assert file.tile(15, 0, 0) is None


def test_the_curve_numbers_each_place_once_and_steps_to_neighbours():
    places = {pmtiles.tile_number(5, x, y): (x, y) for x in range(32) for y in range(32)}
    first = (4**5 - 1) // 3
    assert sorted(places) == list(range(first, first + 4**5))
    for number in range(first, first + 4**5 - 1):
        (x, y), (u, v) = places[number], places[number + 1]
        assert abs(x - u) + abs(y - v) == 1
    assert (pmtiles.tile_number(0, 0, 0), places[first]) == (0, (0, 0))


def test_a_file_of_ours_is_served_to_whoever_is_signed_in(configure, tmp_path: Path, client_of: Browser):
    tile = gzip.compress(b"vector tile")
    path = archive(tmp_path / "v.pmtiles", {0: tile}, kind=1, names=("water", "roads"))
    data = bytearray(path.read_bytes())
    data[98] = 2  # the tiles themselves are packed
    path.write_bytes(data)
    configure(vector=str(path))
    client = client_of("jia_a")
    (choice,) = client.get("/basemap/").json()["choices"]
    assert choice["sources"][0]["layers"] == ["water", "roads"]
    assert choice["sources"][0]["tiles"] == ["/basemap/vector/{z}/{x}/{y}"]
    plain = client.get("/basemap/vector/0/0/0")
    assert (plain.content, plain["Content-Type"]) == (b"vector tile", "application/vnd.mapbox-vector-tile")
    packed = client.get("/basemap/vector/0/0/0", headers={"Accept-Encoding": "gzip"})
    assert (packed.content, packed["Content-Encoding"]) == (tile, "gzip")
    again = client.get("/basemap/vector/0/0/0", headers={"If-None-Match": plain["ETag"]})
    assert again.status_code == 304
    assert client.get("/basemap/vector/1/0/0").status_code == 404
    assert client.get("/basemap/image/0/0/0").status_code == 404
    assert Client().get("/basemap/vector/0/0/0").status_code == 401
    assert policy(client)["connect-src"] == {"'self'"}


@pytest.mark.parametrize(
    "content", [b"", b"PMTiles\x03", b"PMTiles\x02" + bytes(200), b"\x89PNG" + bytes(200)]
)
def test_a_file_that_is_none_is_named(configure, tmp_path: Path, content: bytes):
    path = tmp_path / "torn.pmtiles"
    path.write_bytes(content)
    configure(vector=str(path))
    with pytest.raises(basemap.BadSource, match=r"torn\.pmtiles"):
        basemap.sources()


# ------------------------------------------------------------------ relief


def heights(content: bytes) -> np.ndarray:
    red, green, blue = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), dtype=float).transpose(
        2, 0, 1
    )
    return red * 256 + green + blue / 256 - 32768


def place_of(lon: float, lat: float, z: int) -> tuple[int, int, int]:
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * 2**z
    return z, int((lon + 180) / 360 * 2**z), int(y)


@pytest.mark.parametrize("srid", [4326, 4490])
def test_relief_is_as_high_as_the_file_says(configure, tmp_path: Path, client_of: Browser, srid: int):
    configure(dem=str(hill(tmp_path / "dem.tif", srid=srid)))
    client = client_of("bureau")
    shown = client.get("/basemap/").json()["relief"]
    assert shown["bounds"] == pytest.approx([116.2, 30.4, 117.0, 31.1], abs=1e-6)
    z, x, y = place_of(116.6, 30.75, shown["maxzoom"])
    response = client.get(f"/basemap/relief/{z}/{x}/{y}.png")
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert heights(response.content).max() == pytest.approx(SUMMIT_M, abs=8)
    assert Client().get(f"/basemap/relief/{z}/{x}/{y}.png").status_code == 401


def test_relief_has_no_cliff_where_the_file_ends(configure, tmp_path: Path):
    configure(dem=str(hill(tmp_path / "dem.tif")))
    about = relief.about()
    z, x, y = place_of(116.21, 31.09, about["maxzoom"])
    found = heights(relief.tile((z, x, y)))
    assert found.max() < 450
    assert found.min() > -450


@pytest.mark.parametrize("place", [(9, 0, 0), (2, 0, 0), (14, 0, 0), (9, 600, 0), (9, 0, 512)])
def test_where_the_file_says_nothing_there_is_no_tile(configure, tmp_path: Path, place):
    configure(dem=str(hill(tmp_path / "dem.tif")))
    assert relief.tile(place) is None
