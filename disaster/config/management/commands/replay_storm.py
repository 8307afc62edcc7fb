"""Replay the storm of July 2013: real officers, real websockets, a real running server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from disaster.config import storm
from disaster.people import sample
from gis.models import Area
from realtime.client import GONE, Phone, Refused

NOTE = "2013年暴雨重演"


class Command(BaseCommand):
    """Sign in the villages' sample officers and file the storm over a number of minutes."""

    help = "File the 2013-07-05 storm as the villages' reports against the running server."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address, the minutes and the seed."""
        parser.add_argument(
            "--url", default="http://127.0.0.1:8000", help="the server (default: %(default)s)"
        )
        parser.add_argument("--minutes", type=float, default=10.0, help="how long the storm takes")
        parser.add_argument("--seed", type=int, default=20130705, help="another storm with the same totals")
        parser.add_argument("--villages", type=int, default=0, help="only so many villages (0: all)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay, and compare the county's totals with the published figures."""
        villages = _villages()
        if not villages:
            raise CommandError("no sample county here: run manage.py load_sample first")
        only = options["villages"]
        messages = storm.plan(villages, seed=options["seed"])
        if only:
            kept = {village.code for village in villages[:only]}
            messages = [message for message in messages if message.village.code in kept]
        replay = Replay(options["url"], options["minutes"] * 60, options["seed"])
        self.stdout.write(f"{len(messages)} reports of {len({m.village.code for m in messages})} villages")
        totals = asyncio.run(replay.run(messages))
        self.stdout.write(f"done: {dict(replay.tally)}")
        if not only:
            self._compare(totals)

    def _compare(self, totals: dict[str, str]) -> None:
        wrong = {
            key: (totals.get(key, "0"), expected)
            for key, expected in storm.PUBLISHED.items()
            if abs(float(totals.get(key, "0")) - expected) > 1e-6
        }
        if wrong:
            raise CommandError(f"the totals differ from the published figures (got, published): {wrong}")
        self.stdout.write("the county's totals are the published figures")


def _villages() -> list[storm.Village]:
    names = dict(Area.objects.filter(level=Area.Level.TOWNSHIP).values_list("code", "name"))
    # 旅游度假区's village stands for statistics only: it has no place, and no storm.
    rows = Area.objects.filter(
        level=Area.Level.VILLAGE, code__startswith=sample.COUNTY[:6], point__isnull=False
    ).order_by("code")
    return [
        storm.Village(
            code=area.code,
            name=area.name,
            township=names.get(area.code[:9] + "000", ""),
            population=area.population or 1,
            account=sample.officer_name(area.code, "A"),
        )
        for area in rows.defer("boundary")
    ]


class Replay:
    """One run of the storm: a phone for each village, each telling its story in order."""

    def __init__(self, url: str, seconds: float, seed: int) -> None:
        self.url = url
        self.seconds = seconds
        self.chance = random.Random(seed)  # noqa: S311 - a rehearsal
        self.tally: Counter[str] = Counter()
        self._start = time.monotonic()

    async def run(self, messages: Sequence[storm.Message]) -> dict[str, str]:
        """File everything, and give the county's totals as the bureau sees them."""
        event = await self._event()
        stories: dict[str, list[storm.Message]] = {}
        for message in messages:
            stories.setdefault(message.village.code, []).append(message)
        self._start = time.monotonic()
        await asyncio.gather(*(self._tell(story, event) for story in stories.values()))
        totals = await self._bureau(f"/api/totals?event={event}")
        figures: dict[str, str] = totals["figures"]
        return figures

    async def _bureau(self, path: str) -> dict[str, Any]:
        bureau = Phone(self.url, "bureau", sample.PASSWORD)
        await bureau.sign_in()
        return await bureau.fetch(path)

    async def _event(self) -> str:
        snapshot = await self._bureau("/api/feed/snapshot")
        for view in snapshot["objects"]:
            if view["object"] == "event" and view["state"] == "open":
                return str(view["id"])
        raise CommandError("no event is open: the bureau opens one on the map, or run load_sample")

    async def _tell(self, story: Sequence[storm.Message], event: str) -> None:
        village = story[0].village
        await self._until(story[0].at)
        phone = Phone(self.url, village.account, sample.PASSWORD)
        await phone.sign_in()
        home = (await phone.fetch("/api/me"))["home"]
        last = await self._known(phone, village.code, event)
        for message in story:
            await self._until(message.at)
            report = self._report(message, event, home["point"], last)
            await self._file(phone, report)
            last = report["id"]
        await phone.hang_up()

    async def _known(self, phone: Phone, area: str, event: str) -> str | None:
        """Give the newest version the village has filed before, as its phone would know it."""
        snapshot = await phone.fetch("/api/feed/snapshot")
        versions = [
            view
            for view in snapshot["objects"]
            if view["object"] == "report"
            and (view["area"], view["event"]) == (area, event)
            and not view["superseded_by"]
        ]
        return max(versions, key=lambda view: view["number"])["id"] if versions else None

    async def _until(self, at: float) -> None:
        await asyncio.sleep(max(0.0, self._start + at * self.seconds - time.monotonic()))

    async def _file(self, phone: Phone, report: dict[str, Any]) -> None:
        """File one report as people do in a storm: now and then wrongly, twice, or over a broken line."""
        luck = self.chance.random()
        if luck < 0.04 and "crops_damaged" in report["figures"]:
            await self._file_wrongly(phone, report)
        elif luck < 0.14:
            await self._break_off(phone, report)
        receipt = await self._file_with_note(phone, report)
        self.tally["stored"] += 1
        if luck > 0.93:
            again = await phone.file(report)
            if again != receipt:
                raise CommandError(f"a repeat got another receipt: {again} instead of {receipt}")
            self.tally["repeated"] += 1

    async def _file_wrongly(self, phone: Phone, report: dict[str, Any]) -> None:
        wrong = {**report["figures"], "crops_damaged": report["figures"]["crops_affected"] + 300}
        try:
            await phone.file({**report, "figures": wrong})
        except Refused:
            self.tally["refused"] += 1
        else:
            raise CommandError("crops_damaged > crops_affected was taken")

    async def _break_off(self, phone: Phone, report: dict[str, Any]) -> None:
        """Send, and lose the line before the answer; file() will send the same again."""
        sending = asyncio.create_task(phone.send_once(report))
        await asyncio.sleep(self.chance.uniform(0.0, 0.05))
        phone.cut()
        with contextlib.suppress(*GONE):
            await sending
        self.tally["broken off"] += 1

    async def _file_with_note(self, phone: Phone, report: dict[str, Any]) -> dict[str, Any]:
        while True:
            try:
                return await phone.file(report)
            except Refused as refused:
                doubts = refused.problem.get("confirm")
                if not doubts:
                    raise
                report["notes"] = {**report.get("notes", {}), **dict.fromkeys(doubts.values(), NOTE)}
                self.tally["confirmed with a note"] += 1

    def _report(
        self, message: storm.Message, event: str, point: list[float], last: str | None
    ) -> dict[str, Any]:
        now = datetime.now(UTC)
        lon, lat = (round(value + self.chance.uniform(-0.0005, 0.0005), 6) for value in point)
        report: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "area": message.village.code,
            "kind": "followup" if last else "first",
            "hazard": message.hazard,
            "occurred_at": (now - timedelta(minutes=self.chance.uniform(5, 90))).isoformat(),
            "submitted_at": now.isoformat(),
            "event": event,
            "corrects": last,
            "fix": {
                "lon": lon,
                "lat": lat,
                "datum": "wgs84",
                "method": "gps",
                "accuracy_m": round(self.chance.uniform(4, 60)),
            },
            "figures": message.figures,
            "units": message.units,
            "text": message.text,
        }
        return json.loads(json.dumps(report))
