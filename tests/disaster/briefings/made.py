"""A storm of three villages, and a briefing of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from disaster.briefings import services
from disaster.briefings.models import Briefing
from disaster.events.models import Event
from disaster.reports.services import submit
from tests.sealing import seal_everything
from tests.world import BING, COUNTY, JIA, YI, World, a_report, submission

FIGURES: dict[str, dict[str, int | str]] = {
    JIA: {
        "affected": 120,
        "relocated": 30,
        "relocated_central": 10,
        "relocated_scattered": 20,
        "shelters_used": 1,
    },
    YI: {"affected": 1200, "crops_affected": "35.50", "crops_lost": "2.25"},
    BING: {"affected": 45, "loss_total": "310.07", "loss_agriculture": "310.07"},
}
OFFICERS = {JIA: "jia_a", YI: "yi_a", BING: "bing_a"}


def a_storm(world: World) -> Event:
    event = world.event(name="7月5日暴雨", hazard="flood.flash")
    for village, figures in FIGURES.items():
        report = a_report(
            village, event=event.id, figures={key: Decimal(value) for key, value in figures.items()}
        )
        submit(submission(report, world.rights(OFFICERS[village])))
    return event


def a_briefing(world: World, event: Event | None = None, **fields: Any) -> Briefing:
    event = event or a_storm(world)
    seal_everything()
    now = timezone.now()
    values = {"area": COUNTY, "as_of": now, "basis": "received", "by": world.rights("bureau"), "now": now}
    return services.make(event_id=event.id, **{**values, **fields})
