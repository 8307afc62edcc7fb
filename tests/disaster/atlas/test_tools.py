"""Kept views, shapes with what lies around them, and printed windows."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from disaster.atlas import around, kept
from disaster.atlas.models import MapView
from disaster.journal.models import Entry
from disaster.problems import Problem
from gis.models import HazardZone
from tests.beside import beside
from tests.contracts.atlas_table import WHERE
from tests.rows import report_row, store_rows
from tests.world import EAST, JIA, YI, World, square

pytestmark = pytest.mark.django_db
CLIENT = Callable[[str], Client]
WINDOW = {"west": 116.48, "south": 30.58, "east": 116.58, "north": 30.64}


def sent(client: Client, method: str, path: str, body: Any) -> Any:
    return client.generic(method, path, json.dumps(body), content_type="application/json")


def test_a_shared_view_says_where_to_look_and_never_what_is_there(world: World, client_of: CLIENT) -> None:
    bureau, east = client_of("bureau"), client_of("east")
    state = {**WHERE, "filter": {"township": EAST}, "hidden": ["zones"], "moment": "2026-07-01T00:00:00Z"}
    view = sent(bureau, "POST", "/api/map/views", {"name": " 汛期  值班 ", "state": state}).json()["view"]
    assert view["name"] == "汛期 值班"
    path = f"/api/map/views/{view['id']}"
    assert east.get(path).status_code == 404
    assert sent(bureau, "PUT", path, {"name": "值班", "shared": True}).status_code == 200
    seen = east.get(path).json()["view"]
    assert (seen["mine"], seen["by"], seen["state"]["hidden"]) == (False, "市局", ["zones"])
    assert set(seen["state"]) == {"lon", "lat", "zoom", "hidden", "filter", "moment"}
    assert sent(east, "PUT", path, {"name": "我的"}).status_code == 404
    assert bureau.delete(path).status_code == 200
    assert east.get(path).status_code == 404
    verbs = list(Entry.objects.filter(object_kind="map_view").order_by("id").values_list("verb", flat=True))
    assert verbs == ["map.view_kept", "map.view_shared", "map.view_removed"]


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_view_needs_a_name(world: World, name: str) -> None:
    with pytest.raises(Problem) as caught:
        kept.keep(name, WHERE, by=world.rights("bureau"), now=timezone.now())
    assert caught.value.kind.number == "400.2"


def test_a_name_is_once_a_persons(world: World) -> None:
    kept.keep("值班", WHERE, by=world.rights("bureau"), now=timezone.now())
    kept.keep("值班", WHERE, by=world.rights("east"), now=timezone.now())
    with pytest.raises(Problem):
        kept.keep("值班", WHERE, by=world.rights("bureau"), now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_a_name_given_twice_at_once_is_refused_the_second_time(world: World) -> None:
    by, now = world.rights("bureau"), timezone.now()
    night = kept.keep("夜班", WHERE, by=by, now=now)

    def take(name: str) -> MapView:
        return kept.keep(name, WHERE, by=by, now=now)

    def rename(name: str) -> MapView:
        return kept.change(night.pk, name=name, state=None, shared=False, by=by, now=now)

    for name, second in (("值班", take), ("白班", rename)):
        with pytest.raises(Problem) as caught:
            beside(partial(take, name), partial(second, name))
        assert caught.value.kind.number == "400.2"


def test_who_lies_around_a_line(world: World, client_of: CLIENT) -> None:
    line = {"type": "LineString", "coordinates": [[116.49, 30.61], [116.495, 30.61]]}
    near = sent(client_of("bureau"), "POST", "/api/map/around", {"geometry": line, "distance_m": 100}).json()
    far = sent(client_of("bureau"), "POST", "/api/map/around", {"geometry": line, "distance_m": 1500}).json()
    assert near["villages"] == []
    assert [one["code"] for one in far["villages"]] == [JIA]
    assert far["outline"]["type"] == "Polygon"
    refused = sent(client_of("bureau"), "POST", "/api/map/around", {"geometry": line})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["distance_m"])


@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": [1e9, 0]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "LineString", "coordinates": [[0, 0]]},
        {"type": "LineString", "coordinates": [[0, 0]] * 6000},
    ],
)
def test_a_shape_that_cannot_be_read_is_refused(shape: dict[str, Any]) -> None:
    with pytest.raises(Problem):
        around.read(shape, 100)


@pytest.mark.parametrize(("form", "size"), [("png", "A4"), ("pdf", "A3")])
def test_a_window_is_printed_in_its_readers_scope_and_put_on_record(
    world: World, client_of: CLIENT, form: str, size: str
) -> None:
    HazardZone.objects.create(
        name="甲河",
        kind="flood",
        level="red",
        area_id=JIA,
        boundary=square(116.5, 30.6),
        valid_from=timezone.now(),
    )
    body = {
        **WINDOW, "title": "值班形势图", "form": form, "size": size,
        "layers": ["townships", "villages", "zones", "closures", "roads", "shelters", "reports", "trips", "silence"],
    }  # fmt: skip
    answer = sent(client_of("east"), "POST", "/api/map/print", body)
    assert answer.status_code == 200
    if form == "png":
        assert Image.open(io.BytesIO(answer.content)).size == (1987, 1405)
    else:
        assert answer.content.startswith(b"%PDF")
    assert Entry.objects.filter(verb="map.printed", object_id=f"{form}:{size}").count() == 1
    assert sent(client_of("east"), "POST", "/api/map/print", {**body, "east": 116.0}).status_code == 400


@pytest.mark.parametrize(
    ("window", "status"),
    [
        ((72.0, 0.0, 162.0, 60.0), 200),
        ((-180.0, -85.0, 180.0, 85.0), 400),
        ((116.0, -45.0, 117.0, 31.0), 400),
        ((116.5, 30.6, 116.5, 30.7), 400),
    ],
)
def test_a_window_is_printed_as_far_as_the_sheets_plane_reaches(
    client_of: CLIENT, window: tuple[float, ...], status: int
) -> None:
    body = dict(zip(("west", "south", "east", "north"), window, strict=True))
    answer = sent(
        client_of("bureau"), "POST", "/api/map/print", {**body, "title": "图", "layers": ["villages"]}
    )
    assert answer.status_code == status
    if status == 400:
        assert list(answer.json()["errors"]) == ["box"]


def test_a_print_is_text_with_the_choice_and_its_sums(world: World, client_of: CLIENT) -> None:
    event = world.event(name="7月5日暴雨")
    store_rows(
        [
            report_row(world, event=event, area=JIA, state="seen", figures={"affected": 1234}),
            report_row(world, event=event, area=YI, figures={"affected": 800}),
        ]
    )
    body = {
        **WINDOW,
        "title": "值班 形势图",
        "layers": ["townships", "villages", "reports"],
        "event": str(event.pk),
    }
    answer = sent(client_of("bureau"), "POST", "/api/map/print", {**body, "state": "seen"})
    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    text = page.extract_text()
    for words in (
        "值班 形势图",
        "图例",
        "甲村",
        "有其他损失(1)",
        "1,234 人",
        "7月5日暴雨",
        "状态:已阅",
        "千米",
    ):
        assert words in text
    assert "2,034" not in text
    whole = sent(client_of("bureau"), "POST", "/api/map/print", body)
    assert "2,034 人" in PdfReader(io.BytesIO(whole.content)).pages[0].extract_text()


def test_a_print_names_no_event_out_of_its_readers_sight(world: World, client_of: CLIENT) -> None:
    event = world.event(name="7月5日暴雨")
    body = {**WINDOW, "title": "形势图", "layers": ["reports"], "event": str(event.pk)}
    names = {}
    for account in ("bureau", "foreign"):
        answer = sent(client_of(account), "POST", "/api/map/print", body)
        assert answer.status_code == 200
        names[account] = "7月5日暴雨" in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert names == {"bureau": True, "foreign": False}


@pytest.mark.parametrize("form", ["pdf", "png"])
def test_a_title_is_words_whatever_its_signs(world: World, client_of: CLIENT, form: str) -> None:
    """Neither a formula nor markup; what has no shape is left out, what no font has is a box."""
    title = "暴雨$a^$\x1b<b>&\ufffe \U000347bd 形势"
    body = {**WINDOW, "title": title, "layers": ["villages"], "form": form}
    answer = sent(client_of("bureau"), "POST", "/api/map/print", body)
    assert answer.status_code == 200
    if form == "pdf":
        assert "暴雨$a^$<b>& " in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()


def test_a_past_moment_is_printed_of_one_event_in_sight(world: World, client_of: CLIENT) -> None:
    event = world.event()
    body = {**WINDOW, "title": "当时", "layers": ["reports"], "moment": timezone.now().isoformat()}
    refused = sent(client_of("bureau"), "POST", "/api/map/print", body)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["event"])
    foreign = sent(client_of("foreign"), "POST", "/api/map/print", {**body, "event": str(event.pk)})
    assert foreign.status_code == 404
    printed = sent(client_of("bureau"), "POST", "/api/map/print", {**body, "event": str(event.pk)})
    assert "历史回放" in PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()
