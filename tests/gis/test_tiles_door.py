"""The door before Django: only whom Django knew a moment ago, and never more than Django would say."""

from __future__ import annotations

import asyncio
import gzip
import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, transaction
from django.test import Client

from gis import layers, tiles
from gis.scope import AreaScope
from gis.tiles import door, quick, readers, shared
from gis.tiles.statement import statement
from tests.gis.mvt import decode
from tests.gis.test_tiles import address, furnished, place_of  # noqa: F401 - a fixture
from tests.world import COUNTY, JIA, YI

COOKIE = "sessionid=abc"


class Asked:
    """An ASGI request by hand; what came back."""

    def __init__(self, path: str, method: str = "GET", **headers: str) -> None:
        given = {
            "cookie": COOKIE,
            "accept-encoding": "gzip",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        self.scope = {
            "type": "http",
            "path": path,
            "method": method,
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        }
        self.sent: list[dict[str, Any]] = []

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int | str:
        return self.sent[0]["status"] if self.sent else "left to Django"

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])


def ask(*asked: Asked) -> None:
    """Let them all come at once."""

    async def go() -> None:
        async def django(*_: Any) -> None:
            pass

        stands = door.Door(django)
        await asyncio.gather(*(stands(one.scope, None, one.send) for one in asked))

    asyncio.run(go())


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_known", {})
    monkeypatch.setattr(tiles, "_cache", tiles.Cache(tiles.KEPT_BYTES))
    monkeypatch.setattr(
        tiles, "_build", lambda layer, scope, place: repr((layer.name, scope.prefixes, place)).encode()
    )
    monkeypatch.setattr(tiles._versions, "_known", {"villages": ("one", float("inf"))})
    readers.remember(COOKIE, "", AreaScope.of([COUNTY]))


def test_a_known_reader_is_given_the_tile_packed(known):
    one = Asked("/tiles/villages/10/843/420.mvt")
    ask(one)
    assert one.status == 200
    assert gzip.decompress(one.sent[1]["body"]) == b"('villages', ('340882',), (10, 843, 420))"
    assert one.headers[b"content-encoding"] == b"gzip"
    assert one.headers[b"cache-control"] == b"private, no-cache"
    again = Asked("/tiles/villages/10/843/420.mvt", if_none_match=one.headers[b"etag"].decode())
    ask(again)
    assert (again.status, again.sent[1]["body"], again.headers[b"etag"]) == (304, b"", one.headers[b"etag"])


@pytest.mark.parametrize(
    "asked",
    [
        Asked("/tiles/villages/10/843/420.mvt", cookie="sessionid=other"),
        Asked("/tiles/villages/10/843/420.mvt", authorization="Bearer x"),
        Asked("/tiles/villages/10/843/420.mvt", accept_encoding="br"),
        Asked("/tiles/villages/10/843/420.mvt", method="POST"),
        Asked("/tiles/villages/10/843/420.mvt", method="HEAD"),
        Asked("/tiles/none/10/843/420.mvt"),
        Asked("/tiles/villages/7/1/1.mvt"),
        Asked("/tiles/villages/10/1024/1.mvt"),
        Asked("/tiles/"),
        Asked("/map/"),
    ],
    ids=lambda asked: f"{asked.scope['method']} {asked.scope['path']}",
)
def test_all_else_is_left_to_django(known, asked: Asked):
    ask(asked)
    assert asked.status == "left to Django"


def test_who_was_known_is_forgotten_within_a_second(known, monkeypatch):
    now = readers.time.monotonic()
    assert readers.recall(COOKIE, "") is not None
    monkeypatch.setattr(readers.time, "monotonic", lambda: now + 1)
    assert readers.recall(COOKIE, "") is None
    assert readers.BELIEVED_S < 1


def test_a_hundred_at_once_cause_one_build(known, monkeypatch):
    built = []
    monkeypatch.setattr(tiles, "_build", lambda *_: built.append(threading.get_ident()) or b"tile")
    asked = [Asked("/tiles/villages/10/843/421.mvt") for _ in range(100)]
    ask(*asked)
    assert len(built) == 1
    assert {one.status for one in asked} == {200}


def test_when_the_database_is_away_django_answers(known, monkeypatch):
    def away(*_: Any) -> bytes:
        raise OperationalError("gone")

    monkeypatch.setattr(tiles, "_build", away)
    one = Asked("/tiles/villages/10/843/422.mvt")
    ask(one)
    assert one.status == "left to Django"


def test_django_lets_the_door_know_whom_it_let_in(furnished, client_of: Callable[[str], Client]):  # noqa: F811
    client = client_of("jia_a")
    assert client.get(address("villages")).status_code == 200
    session = client.cookies["sessionid"].value
    (scope,) = (known for (cookie, _), (known, _) in readers._known.items() if session in cookie)
    assert scope.covers(JIA)
    assert not scope.covers(YI)
    Client().get(address("villages"))
    assert readers.recall("", "") is None


def test_a_prepared_statement_says_what_an_ordinary_one_says(furnished, monkeypatch):  # noqa: F811
    scope = AreaScope.of([COUNTY])
    for layer in layers.all():
        for zoom in range(layer.minzoom, layer.maxzoom + 1):
            asked = statement(layer, scope, place_of(116.53, 30.61, zoom))
            monkeypatch.setattr(quick, "_here", threading.local())
            ordinary = quick.fetch(*asked)
            quick.keep_connection()
            prepared = quick.fetch(*asked)
            assert {n: sorted(map(repr, f)) for n, f in decode(prepared).items()} == {
                n: sorted(map(repr, f)) for n, f in decode(ordinary).items()
            }


def test_a_refusal_of_the_database_is_an_error_of_django(furnished, monkeypatch):  # noqa: F811
    monkeypatch.setattr(quick, "_here", threading.local())
    quick.keep_connection()
    with pytest.raises(DatabaseError), transaction.atomic():
        quick.fetch("SELECT nothing FROM nowhere WHERE 1 = %s", [1])
    assert quick.fetch("SELECT convert_to(%s || '%%', 'UTF8')", ["十"]) == "十%".encode()


def test_a_statement_too_many_is_asked_without_being_prepared(furnished, monkeypatch):  # noqa: F811
    monkeypatch.setattr(quick, "_here", threading.local())
    monkeypatch.setattr(quick, "MOST", 0)
    quick.keep_connection()
    assert quick.fetch("SELECT convert_to(%s::int::text, 'UTF8')", [7]) == b"7"


@pytest.mark.parametrize("length", [0, 1, 300, 511, 512, 5_000, 70_000, 500_000])
def test_whatever_is_packed_is_unpacked_whole(length: int) -> None:
    content = random.Random(length).randbytes(length // 2) * 2
    assert gzip.decompress(tiles.packed(content)) == content


# ------------------------------------------------------------------ several processes


def test_processes_share_a_far_tile_and_build_near_ones_themselves(furnished, settings):  # noqa: F811
    settings.REDIS_URL = "redis://somewhere"
    built: list[int] = []

    def build() -> bytes:
        built.append(1)
        return b"content"

    far, near = place_of(116.53, 30.61, 8), place_of(116.53, 30.61, 12)
    assert [shared.once(far, ("villages", far), build) for _ in range(2)] == [b"content", b"content"]
    assert len(built) == 1
    for _ in range(2):
        shared.once(near, ("villages", near), build)
    assert len(built) == 3
    settings.REDIS_URL = ""
    shared.once(far, ("villages", far), build)
    assert len(built) == 4


def test_what_is_shared_is_what_one_alone_would_show(furnished, settings, monkeypatch):  # noqa: F811
    layer, scope, place = layers.get("villages"), AreaScope.of([COUNTY]), place_of(116.53, 30.61, 8)
    assert layer is not None
    alone = tiles.tile(layer, scope, place)
    settings.REDIS_URL = "redis://somewhere"
    for _ in range(2):
        monkeypatch.setattr(tiles, "_cache", tiles.Cache(1000))
        assert tiles.tile(layer, scope, place) == alone
    assert decode(gzip.decompress(alone))["villages"]
