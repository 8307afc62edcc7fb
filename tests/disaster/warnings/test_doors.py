"""The ways in: a token at the API, files of a folder, addresses that are polled. And what is hostile."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from disaster.journal.models import Entry
from disaster.problems import Problem
from disaster.warnings import sources, tokens, web
from disaster.warnings.models import Alert, AlertToken, Fetched
from tests.disaster.warnings.written import area, cap, gbt, polygon
from tests.world import COUNTY, EAST, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(world: World) -> str:
    return tokens.make(
        name="潜山市气象台", area_code=COUNTY, by=world.rights("admin"), now=timezone.now()
    ).text


def post(data: bytes, token: str = "", **headers: Any) -> Any:
    auth = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}
    return Client().post("/api/alerts", data, content_type="application/cap+xml", **auth, **headers)


def test_a_token_opens_the_door(world: World, token: str) -> None:
    now = timezone.now()
    answer = post(cap("a-1", now=now), token)
    assert answer.status_code == 201
    assert answer.json()["alert"]["state"] == "active"
    assert len(answer.json()["zones"]) == 1
    assert post(cap("a-1", now=now), token).status_code == 200
    assert Alert.objects.get().feeder == "潜山市气象台"


def test_no_session_and_no_guess_opens_it(
    world: World, token: str, client_of: Callable[[str], Client]
) -> None:
    data = cap("a-1")
    for account in ("bureau", "admin"):
        answer = client_of(account).post("/api/alerts", data, content_type="application/xml")
        assert answer.status_code == 401
    for guess in ("x", token[:-1], token + "x", token[:8] + "x" * 35):
        answer = post(data, guess)
        assert (answer.status_code, answer.json()["number"]) == (401, "401.4")
    assert not Alert.objects.exists()


def test_a_token_is_kept_as_a_hash_and_can_be_taken_back(world: World, token: str) -> None:
    row = AlertToken.objects.get()
    assert token.encode() not in bytes(row.digest) + row.hint.encode()
    tokens.revoke(row, by=world.rights("admin"), now=timezone.now())
    assert post(cap("a-1"), token).status_code == 401
    assert list(Entry.objects.values_list("verb", flat=True)) == ["token.made", "token.revoked"]


@pytest.mark.parametrize(("account", "status"), [("bureau", 403), ("east", 404), ("jia_a", 404)])
def test_only_the_administrator_makes_tokens(world: World, account: str, status: int) -> None:
    with pytest.raises(Problem) as caught:
        tokens.make(name="我", area_code=COUNTY, by=world.rights(account), now=timezone.now())
    assert caught.value.kind.status == status


def test_the_administration_pages_show_a_token_once(world: World, client_of: Callable[[str], Client]) -> None:
    client = client_of("admin")
    page = client.post(
        "/admin/warnings/alerttoken/add/", {"name": "气象台", "area_code": EAST}, follow=True
    ).content.decode()
    row = AlertToken.objects.get()
    assert page.count(row.hint) >= 2, "in the list, and once as the whole token"
    assert page.count("只显示这一次") == 1
    again = client.get("/admin/warnings/alerttoken/").content.decode()
    assert "只显示这一次" not in again
    wrong = client.post("/admin/warnings/alerttoken/add/", {"name": "气象台", "area_code": "1" * 12})
    assert "没有这个区划代码" in wrong.content.decode()
    client.post("/admin/warnings/alerttoken/", {"action": "revoke", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.revoked_at is not None
    assert client_of("bureau").get("/admin/warnings/alerttoken/").status_code in {302, 403}


def test_who_comes_too_often_is_told_when_to_come_again(
    world: World, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens.book, "value", lambda key, **_: 2 if key == "alert.per_minute" else 24)
    now = timezone.now().replace(second=10)
    for _ in range(2):
        tokens.admit(token, now=now)
    with pytest.raises(Problem) as caught:
        tokens.admit(token, now=now)
    assert (caught.value.kind.number, caught.value.retry_after_s) == ("429.1", pytest.approx(50, abs=1))
    tokens.admit(token, now=now.replace(minute=(now.minute + 1) % 60))


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "{f"&{chr(ord(name) - 1)};" * 10}">' for name in "bcdefghij"
)
HOSTILE = {
    "billion laughs": (f"{BOMB}]><alert>&j;</alert>".encode(), "422.2"),
    "outside entity": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert>&x;</alert>',
        "422.2",
    ),
    "outside type": (b'<!DOCTYPE alert SYSTEM "http://127.0.0.1:9/x.dtd"><alert/>', "422.2"),
    "too deep": (b"<a>" * 9000 + b"</a>" * 9000, "422.2"),
    "fifty megabytes": (b"<alert>" + b"x" * 50_000_000 + b"</alert>", "413.1"),
    "no xml": (b'{"alert": 1}', "422.1"),
    "nothing": (b"", "422.1"),
    "not its encoding": (gbt(encoding="GBK").replace(b"GBK", b"UTF-8"), "422.1"),
    "odd encoding": (b'<?xml version="1.0" encoding="utf-7"?><alert/>', "422.1"),
    "another root": (b"<html/>", "422.3"),
    "older cap": (cap().replace(b"cap:1.2", b"cap:1.1"), "422.3"),
    "unknown element": (cap(tail="<extra/>"), "422.3"),
    "draft": (cap(status="Draft"), "422.4"),
    "receipt": (cap(msgType="Ack"), "422.4"),
    "a null in it": (cap(headline="a\0b"), "422.1"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_changes_nothing_and_is_answered(world: World, token: str, name: str) -> None:
    data, number = HOSTILE[name]
    answer = post(data, token)
    assert answer.json()["number"] == number
    assert answer.status_code == int(number[:3])
    assert not Alert.objects.exists()


SQUARE = "30.60,116.50 30.60,116.52 30.62,116.52 30.62,116.50 30.60,116.50"
PLACES = {
    "no number": "30.6,NaN 30.6,116.5 30.7,116.5 30.6,NaN",
    "infinite": "30.6,inf 30.6,116.5 30.7,116.5 30.6,inf",
    "longitude first": "116.50,30.60 116.52,30.60 116.52,30.62 116.50,30.60",
    "off the globe": "91,181 91,182 92,182 91,181",
    "crossing itself": "30.60,116.50 30.62,116.52 30.60,116.52 30.62,116.50 30.60,116.50",
    "open": "30.60,116.50 30.60,116.52 30.62,116.52 30.62,116.50",
    "a line": "30.60,116.50 30.60,116.52 30.60,116.50",
    "flat": "30.60,116.50 30.60,116.52 30.60,116.54 30.60,116.50",
    "over the antimeridian": "30,179 30,-179 31,-179 31,179 30,179",
    "words": "here there everywhere here",
}


@pytest.mark.parametrize("name", PLACES)
def test_a_wrong_polygon_is_named(world: World, token: str, name: str) -> None:
    answer = post(cap("a-1", areas=area(polygon(SQUARE), polygon(PLACES[name]))), token)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["info[1]/area[1]/polygon[2]"]
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    "circle",
    ["30.61,116.51", "30.61,116.51 0", "30.61,116.51 -4", "30.61,116.51 NaN", "116,30 5", "30,116 9999"],
)
def test_a_wrong_circle_is_named(world: World, token: str, circle: str) -> None:
    answer = post(cap("a-1", areas=area(f"<circle>{circle}</circle>")), token)
    assert list(answer.json()["errors"]) == ["info[1]/area[1]/circle[1]"]


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    old = time.time() - 60
    os.utime(path, (old, old))
    return path


def test_files_are_taken_from_the_folder(world: World, settings: Any, tmp_path: Path) -> None:
    settings.ALERT_FOLDER = str(tmp_path)
    put(tmp_path, "good.xml", gbt(encoding="GB2312"))
    put(tmp_path, "bad.xml", cap("a-9", severity="Dreadful"))
    put(tmp_path, "large.xml", b"x" * 3_000_000)
    put(tmp_path, ".hidden", cap("a-2"))
    put(tmp_path, "unfinished.part", cap("a-3"))
    (tmp_path / "young.xml").write_bytes(cap("a-4"))
    (tmp_path / "link.xml").symlink_to("/etc/passwd")

    assert sources.look_in_folder() == 3

    assert [alert.way for alert in Alert.objects.all()] == ["folder"]
    assert [path.name.split("-", 3)[-1] for path in (tmp_path / "done").iterdir()] == ["good.xml"]
    refused = sorted((tmp_path / "refused").iterdir())
    assert [path.name.split("-", 3)[-1] for path in refused] == [
        "bad.xml",
        "bad.xml.txt",
        "large.xml",
        "large.xml.txt",
    ]
    assert refused[1].read_text().startswith("422.3 ")
    assert "severity" in refused[1].read_text()
    assert sources.look_in_folder() == 0
    left = {path.name for path in tmp_path.iterdir() if not path.is_dir()}
    assert left == {".hidden", "unfinished.part", "young.xml", "link.xml"}


class Station:
    """A weather office's server: what it gives by path, and how it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.asked: list[tuple[str, str | None]] = []
        station = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mark = self.headers.get("If-None-Match")
                station.asked.append((self.path, mark))
                data = station.pages.get(self.path)
                tag = f'"{hash(data)}"'
                status = 404 if data is None else 304 if mark == tag else 200
                self.send_response(status)
                self.send_header("ETag", tag)
                self.end_headers()
                if status == 200:
                    self.wfile.write(data or b"")

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def paths(self) -> list[str]:
        found = [path for path, _ in self.asked]
        self.asked.clear()
        return found


@pytest.fixture
def station(settings: Any) -> Iterator[Station]:
    station = Station()
    thread = threading.Thread(target=station.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.ALERT_URLS = [f"{station.url}/index"]
    yield station
    station.server.shutdown()
    thread.join()
    station.server.server_close()


def test_a_single_alert_is_polled_for_news_only(world: World, station: Station) -> None:
    station.pages["/index"] = cap("a-1")
    assert sources.poll() == 1
    assert sources.poll() == 0
    assert [mark is not None for _, mark in station.asked] == [False, True]
    assert Alert.objects.get().way == "url"


def test_an_atom_index_is_followed_to_new_alerts(world: World, station: Station) -> None:
    def index(*entries: str) -> bytes:
        return f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(entries)}</feed>'.encode()

    def entry(path: str, updated: str = "1") -> str:
        return f'<entry><link type="application/cap+xml" href="{path}"/><updated>{updated}</updated></entry>'

    station.pages = {
        "/one": cap("a-1"),
        "/bad": cap("a-2", severity="Dreadful"),
        "/index": index(entry("/one"), entry("/bad"), entry("/gone"), entry("http://127.0.0.2/elsewhere")),
    }
    assert sources.poll() == 2
    assert station.paths() == ["/index", "/one", "/bad", "/gone"]
    assert Fetched.objects.get(url__endswith="/bad").told.startswith("422.3 ")
    assert [alert.identifier for alert in Alert.objects.all()] == ["a-1"]

    station.pages["/gone"] = cap("a-3")
    assert sources.poll() == 1
    assert station.paths() == ["/index", "/gone"], "what was taken or refused is not asked for again"
    station.paths()
    sources.poll()
    assert station.paths() == ["/index"]


def test_an_rss_index_is_followed(world: World, station: Station) -> None:
    station.pages = {
        "/one": gbt(),
        "/index": b"<rss><channel><item><link>/one</link><pubDate>1</pubDate></item></channel></rss>",
    }
    assert sources.poll() == 1
    assert Alert.objects.get().standard == "gbt"


def test_a_dead_address_is_noted(world: World, settings: Any) -> None:
    settings.ALERT_URLS = ["http://127.0.0.1:9/", "file:///etc/passwd"]
    assert sources.poll() == 0
    assert {row.url: bool(row.told) for row in Fetched.objects.all()} == dict.fromkeys(
        settings.ALERT_URLS, True
    )
    with pytest.raises(web.Unreachable):
        web.get("file:///etc/passwd")
