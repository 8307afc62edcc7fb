"""The addresses of briefings: who may ask for what, and what is sent there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.contracts.answers import answers
from tests.world import COUNTY

READERS = ["east", "west", "bureau", "leader", "auditor", "foreign"]
LISTED = answers(403, **dict.fromkeys(READERS, 200))
# A briefing of the whole county: townships lie below it, it is out of their sight.
ONE = answers(403, **dict.fromkeys(["bureau", "leader", "auditor"], 200), east=404, west=404, foreign=404)

TABLE: dict[str, dict[str, int]] = {
    "GET /api/briefings": LISTED,
    "POST /api/briefings": answers(404, bureau=201, leader=201, auditor=403, keeper=403, admin=403),
    "GET /api/briefings/{briefing}/xlsx": ONE,
    "GET /api/briefings/{briefing}/{kind}": answers(400),  # there is no such form
    "GET /api/briefings/{briefing}/maps/{kind}": answers(400),  # that is no number
    "GET /api/briefings/subscriptions": LISTED,
    "POST /api/briefings/subscriptions": answers(
        403, bureau=201, leader=201, auditor=201, east=404, west=404, foreign=404
    ),
    "POST /api/briefings/subscriptions/{subscription}/end": answers(404, bureau=200),  # the bureau's own
    "GET /briefings/subscriptions/": LISTED | {"nobody": 302},
    "GET /api/replay/{event}": answers(404, keeper=403, admin=403, stranger=403),  # there is no such event
    "GET /api/replay/{event}/state": answers(400),  # at what moment?
    "GET /api/replay/{event}/changes": answers(400),
    "GET /api/replay/{event}/totals": answers(400),
    "GET /api/replay/{event}/since-briefing": LISTED | dict.fromkeys(READERS, 404),
    "GET /api/wall": LISTED,
    "GET /wall/": LISTED | {"nobody": 302},
    "GET /briefings/": LISTED | {"nobody": 302},
    "GET /briefings/{briefing}/": ONE | {"nobody": 302},
    # There is no such number.
    "GET /briefings/{briefing}/figures/{kind}/": ONE
    | {"nobody": 302}
    | dict.fromkeys(["bureau", "leader", "auditor"], 404),
}

BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "POST /api/briefings/subscriptions": lambda it: {"area": COUNTY},
    "POST /api/briefings": lambda it: {"event": str(it.disaster.id), "area": COUNTY},
}
