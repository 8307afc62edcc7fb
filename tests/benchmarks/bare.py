"""The bare skeletons our speed is compared with: no rights, no checks, no places, no journal.

``ingest``: a Channels consumer that decodes, gathers for 3 ms, writes the same rows by one
statement into one table, and acknowledges after the commit. ``tick``: consumers in a set,
one loop that sends one prepared frame to all of them every 100 ms.

Run by uvicorn as ``tests.benchmarks.bare:ingest`` or ``:tick``.
"""

from __future__ import annotations

import asyncio
import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import psycopg
from channels.generic.websocket import AsyncWebsocketConsumer

from disaster.reports.messages import ReportSubmit

TABLE = """
    CREATE TABLE IF NOT EXISTS bare_report (
        id uuid PRIMARY KEY, area varchar(12) COLLATE "C" NOT NULL REFERENCES places_area (code),
        kind text, hazard text, occurred_at timestamptz, submitted_at timestamptz,
        figures jsonb, text text, point geometry(Point, 4326));
    CREATE INDEX IF NOT EXISTS bare_by_area ON bare_report (area, occurred_at);
    CREATE INDEX IF NOT EXISTS bare_by_point ON bare_report USING gist (point);
"""
INSERT = """
    INSERT INTO bare_report
    SELECT id, area, kind, hazard, occurred_at, submitted_at, figures, text,
           ST_SetSRID(ST_MakePoint(lon, lat), 4326)
      FROM json_to_recordset(%s::json) AS row(
        id uuid, area text, kind text, hazard text, occurred_at timestamptz,
        submitted_at timestamptz, figures jsonb, text text, lon float8, lat float8)
    ON CONFLICT DO NOTHING
"""
_decoder = msgspec.json.Decoder(ReportSubmit)
_encoder = msgspec.json.Encoder(decimal_format="number")


class Batcher:
    """Gathers for 3 ms and commits; one connection, one thread."""

    def __init__(self) -> None:
        self.waiting: list[tuple[dict[str, Any], asyncio.Future[None]]] = []
        self.arrived = asyncio.Event()
        self.thread = ThreadPoolExecutor(1)
        self.connection = psycopg.connect(os.environ["DATABASE_URL"])
        self.task = asyncio.create_task(self.run())

    def write(self, rows: list[dict[str, Any]]) -> None:
        with psycopg.ClientCursor(self.connection) as cursor:
            cursor.execute(INSERT, [_encoder.encode(rows).decode()])
        self.connection.commit()

    async def run(self) -> None:
        while True:
            await self.arrived.wait()
            await asyncio.sleep(0.003)
            batch, self.waiting = self.waiting[:500], self.waiting[500:]
            if not self.waiting:
                self.arrived.clear()
            await asyncio.get_running_loop().run_in_executor(
                self.thread, self.write, [row for row, _ in batch]
            )
            for _, future in batch:
                future.set_result(None)


_batcher: Batcher | None = None


class Ingest(AsyncWebsocketConsumer):
    """Takes reports."""

    channel_layer_alias = "none"

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        global _batcher
        _batcher = _batcher or Batcher()
        report = _decoder.decode(text_data or "").report
        row = {
            name: getattr(report, name)
            for name in ("id", "area", "kind", "hazard", "occurred_at", "submitted_at", "figures", "text")
        }
        row |= {"lon": report.fix.lon, "lat": report.fix.lat} if report.fix else {}
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.add_done_callback(
            lambda _: asyncio.ensure_future(self.send(json.dumps({"id": str(report.id)})))
        )
        _batcher.waiting.append((row, future))
        _batcher.arrived.set()


_watchers: set[Tick] = set()
_ticker: asyncio.Task[None] | None = None
ROWS_PER_TICK = 20


async def _tick() -> None:
    position = 0
    view = {
        "object": "report",
        "id": "0" * 36,
        "number": "340882-20260705-000123",
        "figures": {"affected": 120},
        "text": "x" * 480,
    }
    while True:
        await asyncio.sleep(0.1)
        rows = []
        for _ in range(ROWS_PER_TICK):
            position += 1
            rows.append(
                {"position": position, "verb": "report.submitted", "area": "340882202201", "put": [view]}
            )
        frame = {
            "type": "websocket.send",
            "text": json.dumps({"type": "change", "position": position, "changes": rows}),
        }
        for watcher in tuple(_watchers):
            await watcher.base_send(frame)


class Tick(AsyncWebsocketConsumer):
    """Hears a frame every 100 ms."""

    channel_layer_alias = "none"

    async def connect(self) -> None:
        global _ticker
        await self.accept()
        _watchers.add(self)
        _ticker = _ticker or asyncio.create_task(_tick())

    async def disconnect(self, code: int) -> None:
        _watchers.discard(self)


ingest = Ingest.as_asgi()
tick = Tick.as_asgi()
