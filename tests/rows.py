"""Reports written straight into the table, for tests that need many or need their times chosen."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from disaster.reports.models import Report
from tests.world import JIA, World


def report_row(
    world: World, *, area: str = JIA, event: Any = None, at: datetime | None = None, **fields: Any
) -> Report:
    """An unsaved report as the submission path would have stored it; ``at`` is when it arrived."""
    moment = at or timezone.now()
    identity = fields.pop("id", uuid.uuid4())
    values: dict[str, Any] = {
        "id": identity,
        "number": f"{area[:6]}-{identity}"[:40],
        "digest": b"0" * 32,
        "series": uuid.uuid5(event.id, area) if event else identity,
        "event": event,
        "area_id": area,
        "kind": "first",
        "hazard": "flood.flash",
        "author": world["jia_a"],
        "author_name": world["jia_a"].name,
        "occurred_at": moment,
        "submitted_at": moment,
        "received_at": moment,
        "clock_skew_s": 0.0,
        "figures": {},
    }
    values.update(fields)
    values["figures"] = {key: _plain(value) for key, value in values["figures"].items()}
    return Report(**values)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def store_rows(rows: list[Report]) -> None:
    """Write them by few statements, in their order."""
    Report.objects.bulk_create(rows, batch_size=1_000)
