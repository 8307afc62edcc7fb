"""Events and reports at minutes of one morning, for the tests of what becomes of events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from disaster.events.models import Event
from disaster.reports import rollup
from disaster.reports.models import Report
from gis.scope import AreaScope
from tests.rows import report_row, store_rows
from tests.world import COUNTY, World

NOW = datetime(2026, 7, 5, 2, 0, tzinfo=UTC)
EVERYWHERE = AreaScope.of([COUNTY])


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def row(
    world: World, event: Event | None, area: str, affected: int, minutes: float = 0, **fields: Any
) -> Report:
    made = report_row(world, event=event, area=area, at=at(minutes), figures={"affected": affected}, **fields)
    store_rows([made])
    return made


def total(event: Event, minutes: float) -> int:
    table = rollup.table(event=event.id, cutoff=at(minutes), scope=EVERYWHERE)
    return int(table[COUNTY].figures.get("affected", 0)) if COUNTY in table else 0
