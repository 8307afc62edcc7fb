"""The addresses of plans: a draft of the county, made by the bureau."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.contracts.answers import answers

READERS = ["east", "west", "bureau", "leader", "auditor", "foreign"]
LISTS = answers(403, **dict.fromkeys(READERS, 200))
SEES = answers(
    403,
    **dict.fromkeys(["east", "west", "foreign"], 404),
    **dict.fromkeys(["bureau", "leader", "auditor"], 200),
)
IN_SIGHT = dict.fromkeys(["keeper", "leader", "auditor", "admin"], 403)
MAKES = answers(404, **IN_SIGHT) | {"bureau": 201}

TABLE: dict[str, dict[str, int]] = {
    "GET /api/plans": LISTS,
    "POST /api/plans": MAKES,
    "GET /api/plans/{scenario}": SEES,
    "GET /api/plans/{scenario}/map": SEES,
    "GET /api/plans/{scenario}/villages/{area}": SEES,
    "GET /api/plans/{scenario}/proposal": SEES,
    "POST /api/plans/{scenario}/renew": SEES | {"bureau": 201, "leader": 403, "auditor": 403},
    # The bureau made it: another has to review it, and nobody can approve or order what nobody reviewed.
    "POST /api/plans/{scenario}/review": answers(404, **IN_SIGHT) | {"bureau": 409},
    "POST /api/plans/{scenario}/approve": answers(404, **IN_SIGHT) | {"bureau": 409, "leader": 409},
    "POST /api/plans/{scenario}/orders": answers(404, **IN_SIGHT) | {"bureau": 409},
    "POST /api/plans/{scenario}/drop": answers(404, **IN_SIGHT) | {"bureau": 200},
    "GET /plan/": LISTS | {"nobody": 302},
    "GET /plan/{scenario}/": SEES | {"nobody": 302},
}

Body = Callable[[Any], dict[str, Any]]
BODIES: dict[str, Body] = {
    "POST /api/plans": lambda it: {"programme": str(it.scenario.programme_id), "policy": "least"},
    "POST /api/plans/{scenario}/renew": lambda it: {},
    "POST /api/plans/{scenario}/review": lambda it: {},
    "POST /api/plans/{scenario}/approve": lambda it: {},
    "POST /api/plans/{scenario}/orders": lambda it: {},
    "POST /api/plans/{scenario}/drop": lambda it: {},
}
