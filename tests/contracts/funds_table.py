"""The addresses of relief money: who may ask for what, and what is sent there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from tests.contracts.answers import answers
from tests.world import COUNTY

# Who sees money anywhere; a quota of the county; a batch with a payment in village 甲 of the eastern township.
SEES = answers(403, **dict.fromkeys(["east", "west", "bureau", "leader", "auditor", "foreign"], 200))
QUOTA = answers(403, east=404, west=404, foreign=404, **dict.fromkeys(["bureau", "leader", "auditor"], 200))
BATCH = answers(403, west=404, foreign=404, **dict.fromkeys(["bureau", "leader", "auditor", "east"], 200))
WRITES = answers(404, bureau=201, **dict.fromkeys(["keeper", "leader", "auditor", "admin"], 403))
WRITES_PAGE = answers(403, nobody=302, bureau=200, foreign=200)
# The batch waits for its release: it has no file yet, and nothing to be answered.
SENDS = answers(404, bureau=409, **dict.fromkeys(["keeper", "leader", "auditor", "admin"], 403))

TABLE: dict[str, dict[str, int]] = {
    "GET /api/funds": SEES,
    "POST /api/funds/quotas": WRITES,
    "GET /api/funds/quotas/{quota}": QUOTA,
    "POST /api/funds/quotas/{quota}/return": WRITES,
    "POST /api/funds/transfers": WRITES,
    "POST /api/funds/batches": WRITES,
    "GET /api/funds/batches/{payments}": BATCH,
    "POST /api/funds/batches/{payments}/release": answers(
        404, bureau=409, leader=200, keeper=403, auditor=403, admin=403
    ),
    "POST /api/funds/batches/{payments}/cancel": WRITES | {"bureau": 200},
    "POST /api/funds/batches/{payments}/file": SENDS,
    "POST /api/funds/batches/{payments}/answer": SENDS,
    "GET /funds/": SEES | {"nobody": 302},
    "GET /funds/quotas/new/": WRITES_PAGE,
    "GET /funds/quotas/{quota}/": QUOTA | {"nobody": 302},
    "GET /funds/batches/new/": WRITES_PAGE,
    "GET /funds/batches/{payments}/": BATCH | {"nobody": 302},
}

Body = Callable[[Any], dict[str, Any]]
BODIES: dict[str, Body] = {
    "POST /api/funds/quotas": lambda it: {
        "id": str(uuid.uuid4()),
        "number": f"财建〔2026〕{uuid.uuid4().hex[:6]}号",
        "source": "central",
        "purpose": "DC",
        "area": COUNTY,
        "amount": "1000",
        "received_on": it.now.date().isoformat(),
    },
    "POST /api/funds/quotas/{quota}/return": lambda it: {
        "id": str(uuid.uuid4()),
        "amount": "1",
        "reference": "潜财〔2026〕1号",
        "reason": "结余",
    },
    "POST /api/funds/transfers": lambda it: {
        "id": str(uuid.uuid4()),
        "source": str(it.quota.pk),
        "target": str(it.other_quota.pk),
        "amount": "1",
        "reference": "潜财〔2026〕2号",
        "reason": "统筹",
    },
    "POST /api/funds/batches": lambda it: {
        "id": str(uuid.uuid4()),
        "programme": str(it.granted.programme_id),
        "quotas": [str(it.quota.pk)],
        "villages": [COUNTY],
    },
    "POST /api/funds/batches/{payments}/cancel": lambda it: {"reason": "重做"},
    "POST /api/funds/batches/{payments}/file": lambda it: {"kind": "csv", "why": "送银行"},
}
