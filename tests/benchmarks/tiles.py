"""P10, P11, P12: tiles at national size beside the bare statement, a static file, and the cap.

    script/bench tiles [--tiles 200] [--deepest 10] [--seconds 4] [--url postgresql://… --keep]

A country of 690,000 villages is made in a scratch database (minutes), and read by somebody who sees all
of it. In one run: cold tiles by HTTP ÷ the same statement through libpq as psql sends it; 100 clients who
ask for one cold tile at once; kept tiles ÷ a static file; every tile of zooms 0 to ``deepest``.
Server on core 0, client on core 1, the database wherever it likes.

Measured on 2 vCPU (a busy machine; see docs/performance.md for the table and what follows from it).
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import random
import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from tests.benchmarks import rig
from tests.live import Live

READER = """
from django.test import Client; from disaster.people.models import Person, Posting; from gis.models import Area
from django.utils import timezone
person, _ = Person.objects.get_or_create(username="nation-bench", defaults={"name": "部"})
for area in Area.objects.filter(level="province", code__gte="90"):
    Posting.objects.get_or_create(person=person, area=area, role="leader", defaults={"valid_from": timezone.localdate()})
client = Client(); client.force_login(person, backend="disaster.people.backends.NameOrPhoneBackend")
print("COOKIE", client.cookies["sessionid"].value)
"""
PREFIXES = [f"{number}0000000000" for number in range(90, 100)]
BOX = (78.0, 22.0, 122.0, 48.0)
STATIC = "/static/shared/icon.svg"


class Wire:
    """One kept connection to the server, read by hand: a client must not be slower than what it measures."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port = port
        self.open()
        self.head = f"Host: 127.0.0.1\r\nAccept-Encoding: gzip\r\nCookie: sessionid={cookie}\r\n"

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str, more: str = "") -> tuple[int, dict[str, str], bytes]:
        self.socket.sendall(f"GET {path} HTTP/1.1\r\n{self.head}{more}\r\n".encode())
        data = b""
        while b"\r\n\r\n" not in data:
            more_data = self.socket.recv(65536)
            if not more_data:  # the server ends a connection that was idle for 5 s
                self.open()
                return self.get(path, more)
            data += more_data
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        parts, size = [body], len(body)
        while size < int(headers.get("content-length", 0)):
            parts.append(self.socket.recv(1 << 20))
            size += len(parts[-1])
        return int(lines[0].split()[1]), headers, b"".join(parts)


def place_of(lon: float, lat: float, z: int) -> tuple[int, int, int]:
    """The tile of a position."""
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z
    return z, int((lon + 180) / 360 * 2**z), int(y)


def known_layers() -> dict[str, Any]:
    from gis import layers

    return {name: layers.get(name) for name in ("districts", "townships", "villages", "zones")}


def random_tiles(connection: psycopg.Connection[Any], count: int) -> list[tuple[str, tuple[int, int, int]]]:
    """Tiles that hold something: about random villages, layers and zooms evenly."""
    draw = random.Random(690)
    seats = connection.execute(
        "SELECT ST_X(point), ST_Y(point) FROM places_area WHERE level = 'village' AND code >= '90' ORDER BY md5(code) LIMIT %s",
        [count * 3],
    ).fetchall()
    found: dict[tuple[str, tuple[int, int, int]], None] = {}
    for number, (lon, lat) in enumerate(seats):
        z = 6 + number % 9
        fits = [name for name, layer in known_layers().items() if layer.minzoom <= z <= layer.maxzoom]
        found[draw.choice(fits), place_of(lon, lat, z)] = None
    return list(found)[:count]


class Bare:
    """The statement of a tile as psql would send it: text, through libpq, on one connection."""

    def __init__(self, url: str) -> None:
        from gis.scope import AreaScope

        self.connection = psycopg.connect(url, autocommit=True, options="-c jit=off")
        self.writer = psycopg.ClientCursor(self.connection)
        self.scope = AreaScope.of(PREFIXES)

    def text(self, name: str, place: tuple[int, int, int]) -> bytes:
        from gis.tiles import statement

        return self.writer.mogrify(*statement(known_layers()[name], self.scope, place)).encode()  # type: ignore[arg-type]

    def seconds(self, text: bytes) -> float:
        began = time.perf_counter()
        self.connection.pgconn.exec_(text)
        return time.perf_counter() - began


def cold(live: Live, wire: Wire, bare: Bare, count: int) -> None:
    """P10."""
    with live.database.connect() as connection:
        chosen = random_tiles(connection, count)
    theirs, ours, ratios, kept = [], [], [], []
    for name, place in chosen:
        text, path = bare.text(name, place), "/tiles/{}/{}/{}/{}.mvt".format(name, *place)
        bare.seconds(text)  # both find the pages in memory
        theirs.append(min(bare.seconds(text), bare.seconds(text)))
        began = time.perf_counter()
        status, _, _ = wire.get(path)
        ours.append(time.perf_counter() - began)
        assert status == 200, live.log.read_text()
        began = time.perf_counter()
        wire.get(path)
        kept.append(time.perf_counter() - began)
        ratios.append(ours[-1] / theirs[-1])
    ms = {
        name: (rig.percentile(values, 0.5) * 1000, rig.percentile(values, 0.99) * 1000)
        for name, values in (("http", ours), ("psql", theirs), ("kept", kept))
    }
    over = statistics.median(mine - base for mine, base in zip(ours, theirs, strict=True)) * 1000
    print(
        f"P10 {len(chosen)} cold tiles z6–z14: HTTP p50 {ms['http'][0]:.2f} p99 {ms['http'][1]:.2f} ms, "
        f"psql p50 {ms['psql'][0]:.2f} p99 {ms['psql'][1]:.2f} ms, kept p50 {ms['kept'][0]:.2f} p99 {ms['kept'][1]:.2f} ms\n"
        f"    ratio of p50 {ms['http'][0] / ms['psql'][0]:.2f} (aim 1.25), of p99 {ms['http'][1] / ms['psql'][1]:.2f} (aim 1.5), "
        f"median of ratios {statistics.median(ratios):.2f}; HTTP adds {over:.2f} ms",
        flush=True,
    )


def scans(live: Live) -> int:
    """How often the villages' points have been looked up, once the backends have told."""
    with live.database.connect() as connection:
        before = -1
        while True:
            now = rig.scalar(
                connection,
                "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'area_village_points'",
            )
            if now == before:
                return int(now)
            before = now
            time.sleep(11)  # an idle backend tells after 10 s


async def together(port: int, cookie: str, path: str, clients: int) -> list[float]:
    """Ask from many connections at once; give how long each waited."""
    lines = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nCookie: sessionid={cookie}\r\n\r\n".encode()
    streams = [await asyncio.open_connection("127.0.0.1", port) for _ in range(clients)]

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> float:
        began = time.perf_counter()
        writer.write(lines)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:200]
        return time.perf_counter() - began

    waits = await asyncio.gather(*(one(*stream) for stream in streams))
    for _, writer in streams:
        writer.close()
    return waits


def stampede(live: Live, cookie: str, bare: Bare, clients: int = 100) -> None:
    """P11, first half: who comes together causes one statement."""
    place = place_of(121.2, 30.5, 8)
    start = scans(live)
    bare.seconds(bare.text("villages", place))
    bare.connection.execute("SELECT pg_stat_force_next_flush()")
    alone = scans(live) - start
    waits = asyncio.run(together(live.port, cookie, "/tiles/villages/{}/{}/{}.mvt".format(*place), clients))
    caused = (scans(live) - start - alone) / max(alone, 1)
    print(
        f"P11 {clients} clients, one cold tile: {caused:g} statements (aim 1), "
        f"first {min(waits) * 1000:.0f} ms, last {max(waits) * 1000:.0f} ms",
        flush=True,
    )


async def rate(port: int, request: bytes, seconds: float, clients: int = 8) -> float:
    """Answers a second on kept connections."""
    until = time.perf_counter() + seconds

    async def one() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        count = 0
        while time.perf_counter() < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if b"chunked" in head.lower():
                await reader.readuntil(b"0\r\n\r\n")
            at = head.lower().find(b"content-length:")
            if at >= 0 and b" 304 " not in head[:16]:
                await reader.readexactly(int(head[at + 15 : head.index(b"\r", at)]))
            count += 1
        writer.close()
        return count

    return sum(await asyncio.gather(*(one() for _ in range(clients)))) / seconds


def hot(live: Live, wire: Wire, cookie: str, seconds: float) -> None:
    """P11, second half: what is kept against a static file."""
    path = "/tiles/villages/{}/{}/{}.mvt".format(*place_of(120.0, 31.0, 12))
    _, headers, body = wire.get(path)
    common = f"Host: 127.0.0.1\r\nAccept-Encoding: gzip\r\nCookie: sessionid={cookie}\r\n"
    asks = {
        "static": f"GET {STATIC} HTTP/1.1\r\n{common}\r\n",
        "hit": f"GET {path} HTTP/1.1\r\n{common}\r\n",
        "304": f"GET {path} HTTP/1.1\r\n{common}If-None-Match: {headers['etag']}\r\n\r\n",
    }
    seen: dict[str, list[float]] = {name: [] for name in asks}
    for _ in range(3):
        for name, text in asks.items():
            seen[name].append(asyncio.run(rate(live.port, text.encode(), seconds / 2)))
    median = {name: statistics.median(values) for name, values in seen.items()}
    print(
        f"P11 a second: static file {median['static']:,.0f}, kept tile of {len(body)} B {median['hit']:,.0f}, 304 {median['304']:,.0f}; "
        f"÷ static: {median['hit'] / median['static']:.2f} and {median['304'] / median['static']:.2f} (aim 0.5)",
        flush=True,
    )


def country(layer: Any, z: int) -> Iterator[tuple[int, int, int]]:
    if not layer.minzoom <= z <= layer.maxzoom:
        return
    _, west, north = place_of(BOX[0], BOX[3], z)
    _, east, south = place_of(BOX[2], BOX[1], z)
    for x in range(west, east + 1):
        for y in range(north, south + 1):
            yield z, x, y


def crawl(wire: Wire, bare: Bare, deepest: int) -> None:
    """P12: every tile, cold."""
    import gzip

    slowest = heaviest = (0.0, "")
    count, began, late = 0, time.monotonic(), []
    for name, layer in known_layers().items():
        for z in range(deepest + 1):
            worst: tuple[float, int] = (0.0, 0)
            for place in country(layer, z):
                path = "/tiles/{}/{}/{}/{}.mvt".format(name, *place)
                start = time.perf_counter()
                _, _, body = wire.get(path)
                took, size = (time.perf_counter() - start) * 1000, len(gzip.decompress(body))
                slowest, heaviest = max(slowest, (took, path)), max(heaviest, (size, path))
                worst = (max(worst[0], took), max(worst[1], size))
                if took > 100:
                    late.append((took, bare.seconds(bare.text(name, place)) * 1000))
                count += 1
            if worst[1]:
                print(
                    f"    {name} z{z}: slowest {worst[0]:.0f} ms, heaviest {worst[1] / 1000:.0f} KB",
                    flush=True,
                )
    print(
        f"P12 {count} tiles z0–z{deepest} in {time.monotonic() - began:.0f} s: slowest {slowest[0]:.0f} ms {slowest[1]} (aim 100; {len(late)} over, whose statements take at most {max((alone for _, alone in late), default=0):.0f} ms alone), "
        f"heaviest {heaviest[0] / 1000:.0f} KB before packing {heaviest[1]} (aim 500)",
        flush=True,
    )


class Nation(Live):
    """The server on a country, which may be kept from run to run."""

    def __init__(self, url: str, *, keep: bool) -> None:
        super().__init__("tiles", ZAIQING_TESTING="0")
        self.keep = keep
        if url:
            self.database.url = url
            self.environment["DATABASE_URL"] = url

    def __enter__(self) -> Nation:
        if not self.keep:
            self.database.create()
        self.manage("migrate", "--verbosity", "0")
        if not self.keep:
            print(self.manage("make_nation").strip(), flush=True)
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
        if not self.keep:
            self.database.drop()
        self.files.cleanup()


def main(words: Sequence[str] | None = None) -> None:
    """Measure all of it in one run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tiles", type=int, default=200)
    parser.add_argument("--deepest", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--url", default="", help="a database that holds the country already, with --keep")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args(words)
    os.sched_setaffinity(0, {1})
    with Nation(options.url, keep=options.keep) as live:
        assert live.process is not None
        rig.pin(live.process.pid, 0)
        out = live.manage("shell", "-v", "0", "-c", READER)
        cookie = next(line.split()[1] for line in out.splitlines() if line.startswith("COOKIE"))
        wire, bare = Wire(live.port, cookie), Bare(live.database.url)
        for _ in range(3):
            wire.get("/tiles/")
        cold(live, wire, bare, options.tiles)
        stampede(live, cookie, bare)
        hot(live, wire, cookie, options.seconds)
        crawl(wire, bare, options.deepest)


if __name__ == "__main__":
    main()
