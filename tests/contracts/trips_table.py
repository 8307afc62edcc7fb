"""The addresses of dispatch: who may ask for what, and what is sent there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.contracts.answers import answers

# A trip from the county's warehouse to 甲村 and 东乡; 丙一 drives it and may, as an officer, see no others.
READS = answers(
    403, **dict.fromkeys(["east", "west", "bureau", "keeper", "leader", "auditor", "foreign"], 200)
)
TRIP = answers(403, west=404, foreign=404) | dict.fromkeys(
    ["bing_a", "east", "bureau", "keeper", "leader", "auditor"], 200
)
PLANS = answers(404, bureau=200, keeper=200, leader=403, auditor=403, admin=403)
HANDLES = PLANS | {"bing_a": 200}
DRIVES = answers(
    403,
    **dict.fromkeys(["jia_a", "jia_b", "yi_a", "bing_a", "east", "west", "bureau", "keeper", "foreign"], 200),
)
ASKS = answers(403, bureau=201, keeper=201, foreign=409)

TABLE: dict[str, dict[str, int]] = {
    "GET /api/trips": READS,
    "POST /api/vehicles": PLANS | {"bureau": 201, "keeper": 201},
    "PUT /api/vehicles/{vehicle}": answers(403, bureau=200, keeper=200, foreign=404),
    "POST /api/trips/plans": ASKS,
    "POST /api/trips/plans/{draft}/confirm": PLANS | {"bureau": 201, "keeper": 201},
    "GET /api/trips/{trip}": TRIP,
    "POST /api/trips/{trip}/cancel": PLANS,
    "POST /api/trips/{trip}/order": PLANS | {"bureau": 409, "keeper": 409},  # no road has closed
    "POST /api/trips/{trip}/acts": HANDLES,
    "POST /api/trips/{trip}/fixes": HANDLES,
    "GET /api/driver": DRIVES,
    "GET /driver/": answers(200, nobody=200),
    "GET /trips/": READS | {"nobody": 302},
    "GET /trips/vehicles/": answers(403, nobody=302, bureau=200, keeper=200, foreign=200),
    "GET /trips/{trip}/": TRIP | {"nobody": 302, "bing_a": 403},  # an officer's trip is on the phone
    "GET /trips/{trip}/waybill/": TRIP | {"nobody": 302, "bing_a": 403},
}

Body = Callable[[Any], dict[str, Any]]


def _lorry(it: Any) -> dict[str, Any]:
    return {
        "plate": "皖H00001",
        "capacity_kg": 3000,
        "capacity_m3": "15",
        "home": str(it.warehouse.pk),
    }


BODIES: dict[str, Body] = {
    "POST /api/vehicles": lambda it: {**_lorry(it), "id": str(uuid.uuid4())},
    "PUT /api/vehicles/{vehicle}": _lorry,
    "POST /api/trips/plans": lambda it: {
        "documents": [str(it.paper.pk)],
        "vehicles": [str(it.vehicle.pk)],
        "starts_at": it.now.isoformat(),
        "ends_at": (it.now + timedelta(hours=8)).isoformat(),
    },
    "POST /api/trips/plans/{draft}/confirm": lambda it: {"aim": "cheapest"},
    "POST /api/trips/{trip}/cancel": lambda it: {"reason": "改用社会车辆"},
    "POST /api/trips/{trip}/order": lambda it: {"version": 1, "stops": []},
    "POST /api/trips/{trip}/acts": lambda it: {
        "id": str(uuid.uuid4()),
        "kind": "depart",
        "at": it.now.isoformat(),
    },
    "POST /api/trips/{trip}/fixes": lambda it: {
        "fixes": [{"id": str(uuid.uuid4()), "at": it.now.isoformat(), "lon": 116.5, "lat": 30.6}]
    },
}
