"""A few trips of the case before everybody's eyes: real phones against a running server, at the pace of a demo.

Each lorry's driver departs and sends positions over the socket; at every stop the village's officer signs
and gives goods to the first households, over HTTP like any phone.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from disaster.people import sample
from realtime.client import GONE, Phone, Refused

TICK_S = 2.0
"""A position every so many seconds."""
HOUSEHOLDS = 3
"""So many households are served while we look on; the others come later."""
Point = tuple[float, float]


class Lorry:
    """One lorry's trip as its driver's phone tells it."""

    def __init__(
        self, url: str, account: str, trip: str, seconds: float, tell: Callable[[str], None]
    ) -> None:
        self.url, self.trip, self.seconds, self.tell = url, trip, seconds, tell
        self.phone = Phone(url, account, sample.PASSWORD)

    async def drive(self) -> None:
        """Drive from home by every stop and back."""
        await self.phone.sign_in()
        whole = await self.phone.fetch(f"/api/trips/{self.trip}")
        trip, legs = whole["trip"], whole["legs"]
        stops = [list(group) for _, group in itertools.groupby(trip["stops"], lambda stop: stop["place"])]
        await self._act("depart")
        self.tell(f"{trip['plate']} leaves for {len(stops)} places")
        share = self.seconds / max(1, len(legs))
        for leg, group in itertools.zip_longest(legs, stops):
            await self._along([tuple(point) for point in leg["line"]], share)
            if group:
                await self._act("arrive")
                for stop in group:
                    await self._hand_over(stop)
        await self._act("back")
        self.tell(f"{trip['plate']} is back")
        await self.phone.hang_up()

    async def _along(self, line: Sequence[Any], seconds: float) -> None:
        """Send positions along a line for so many seconds; a line that breaks is taken up again."""
        for lon, lat in along(line, max(1, round(seconds / TICK_S))):
            fix = {"id": str(uuid.uuid4()), "at": _now(), "lon": lon, "lat": lat, "accuracy_m": 12}
            with contextlib.suppress(*GONE):
                await self.phone.say({"type": "trip.fix", "trip": self.trip, "fixes": [fix]})
            await asyncio.sleep(TICK_S)

    async def _act(self, kind: str) -> None:
        """Do one thing; that it has arrived or is back the fence may have told already."""
        body = {"id": str(uuid.uuid4()), "kind": kind, "at": _now()}
        try:
            await self.phone.post(f"/api/trips/{self.trip}/acts", body)
        except Refused as refused:
            if kind == "depart" or not str(refused.problem.get("number", "")).startswith("409"):
                raise

    async def _hand_over(self, stop: dict[str, Any]) -> None:
        """Be the village: sign for what came, then give the first households theirs."""
        officer = Phone(self.url, sample.officer_name(stop["area"], "A"), sample.PASSWORD)
        await officer.sign_in()
        name = (await officer.fetch("/api/me"))["person"]["name"]
        coming = (await officer.fetch("/api/receive"))["coming"]
        for paper in coming:
            if paper["id"] == stop["document"]:
                counts = {line["batch"]: {"received": line["quantity"]} for line in paper["lines"]}
                await officer.post("/api/receipts", _hand(name, document=paper["id"], counts=counts))
        listed = await officer.fetch(f"/api/issues?village={stop['area']}")
        waiting = [one for one in listed["households"] if not one["last"] and not one["held"]]
        for one in waiting[:HOUSEHOLDS]:
            goods = {row["item"]: row["granted"] - row["given"] for row in one["goods"]}
            given = _hand(one["name"], application=one["application"], place=stop["place"], goods=goods)
            await officer.post("/api/issues", given)


def along(line: Sequence[Point], steps: int) -> Iterator[Point]:
    """Give points on a line at even distances (in degrees: near enough to look at), the end last.

    >>> list(along([(0.0, 0.0), (2.0, 0.0)], 2))
    [(1.0, 0.0), (2.0, 0.0)]
    """
    lengths = [abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in itertools.pairwise(line)]
    whole = sum(lengths)
    for step in range(1, steps + 1):
        left = whole * step / steps
        for (start, end), length in zip(itertools.pairwise(line), lengths, strict=True):
            if left <= length and length:
                part = left / length
                yield (
                    round(start[0] + part * (end[0] - start[0]), 6),
                    round(start[1] + part * (end[1] - start[1]), 6),
                )
                break
            left -= length
        else:
            yield (round(line[-1][0], 6), round(line[-1][1], 6))


def _hand(signer: str, **fields: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "signer": signer, "taken_at": _now(), **fields}


def _now() -> str:
    return datetime.now(UTC).isoformat()


async def drive_all(lorries: Sequence[Lorry]) -> None:
    """Drive all lorries at once."""
    await asyncio.gather(*(lorry.drive() for lorry in lorries))
