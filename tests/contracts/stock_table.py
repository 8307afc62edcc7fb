"""The addresses of stock and receipts: who may ask for what, and what is sent there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from tests.contracts.answers import answers

OFFICERS = ["jia_a", "jia_b", "yi_a", "bing_a"]
READERS = [*OFFICERS, "east", "west", "bureau", "keeper", "leader", "auditor", "foreign"]

# A point of village 甲, and a paper that goes there from the county's warehouse.
PLACE = answers(
    404, admin=403, **dict.fromkeys(["jia_a", "jia_b", "east", "bureau", "keeper", "leader", "auditor"], 200)
)
PAPER = PLACE | {"stranger": 403}
PLACE_PAGE = PAPER | {"nobody": 302}
STOCK = answers(403, **dict.fromkeys(READERS, 200))
STOCK_PAGE = STOCK | {"nobody": 302}
SENDS = answers(404, **dict.fromkeys(["jia_a", "jia_b", "east", "west", "yi_a", "bing_a"], 404)) | {
    **dict.fromkeys(["bureau", "keeper"], 200),
    **dict.fromkeys(["leader", "auditor", "admin"], 403),
}
ORDERS = answers(404, bureau=200, keeper=403, leader=403, auditor=403, admin=403)
TAKES_IN = answers(404, bureau=201, keeper=201, leader=403, auditor=403, admin=403)
SETTLES = TAKES_IN | {"keeper": 403}
SIGNS = answers(
    404, bureau=409, keeper=409, east=409, jia_a=409, jia_b=409, leader=403, auditor=403, admin=403
)
RECEIVES = answers(403, **dict.fromkeys([*OFFICERS, "east", "west", "bureau", "keeper", "foreign"], 200))
WRITES_PAGE = answers(403, nobody=302, bureau=200, keeper=200, foreign=200)
ORDERS_PAGE = answers(403, nobody=302, bureau=200, east=200, west=200, foreign=200)

TABLE: dict[str, dict[str, int]] = {
    "GET /api/stock": STOCK,
    "POST /api/stock/places": answers(
        404, bureau=201, east=201, jia_a=403, jia_b=403, keeper=403, leader=403, auditor=403, admin=403
    ),
    "GET /api/stock/places/{place}": PLACE,
    "GET /api/stock/batches/{batch}": answers(
        404, stranger=403, admin=403, **dict.fromkeys(["bureau", "keeper", "leader", "auditor"], 200)
    ),
    "POST /api/stock/incoming": TAKES_IN,
    "POST /api/stock/orders": answers(404, bureau=201, keeper=403, leader=403, auditor=403, admin=403),
    "GET /api/stock/documents/{paper}": PAPER,
    "POST /api/stock/documents/{paper}/send": SENDS,
    "POST /api/stock/documents/{paper}/cancel": ORDERS,
    "POST /api/stock/documents/{paper}/paper": ORDERS,
    "POST /api/stock/scrap": SETTLES,
    "POST /api/stock/count": SETTLES,
    "GET /api/stock/documents/{paper}/receipts": PAPER,
    "GET /api/receive": RECEIVES,
    "POST /api/receipts": answers(409),  # the paper was not sent yet
    "GET /api/receipts/{receipt}/{kind}": PAPER
    | {who: 404 for who, status in PAPER.items() if status == 200},
    "GET /receive/": answers(200, nobody=200),
    "GET /stock/": STOCK_PAGE,
    "GET /stock/in/": WRITES_PAGE,
    "GET /stock/order/": ORDERS_PAGE,
    "GET /stock/places/new/": ORDERS_PAGE,
    "GET /stock/places/{place}/": PLACE_PAGE,
    "GET /stock/documents/{paper}/": PLACE_PAGE,
    "GET /stock/batches/{batch}/": answers(
        404,
        stranger=403,
        admin=403,
        nobody=302,
        **dict.fromkeys(["bureau", "keeper", "leader", "auditor"], 200),
    ),
}

Body = Callable[[Any], dict[str, Any]]
BODIES: dict[str, Body] = {
    "POST /api/stock/places": lambda it: {
        "id": str(uuid.uuid4()),
        "name": "甲村二点",
        "area": it.place.area_id,
        "lon": 116.5,
        "lat": 30.6,
    },
    "POST /api/stock/incoming": lambda it: {
        "id": str(uuid.uuid4()),
        "kind": "purchase",
        "place": str(it.warehouse.pk),
        "goods": {"quilt": {"quantity": 5}},
    },
    "POST /api/stock/orders": lambda it: {
        "id": str(uuid.uuid4()),
        "source": str(it.warehouse.pk),
        "target": str(it.place.pk),
        "goods": {"quilt": 1},
    },
    "POST /api/stock/documents/{paper}/send": lambda it: {},
    "POST /api/stock/documents/{paper}/cancel": lambda it: {"reason": "重开"},
    "POST /api/stock/documents/{paper}/paper": lambda it: {"reference": "潜应急〔2026〕1号"},
    "POST /api/stock/scrap": lambda it: {
        "id": str(uuid.uuid4()),
        "place": str(it.warehouse.pk),
        "batch": str(it.batch.pk),
        "quantity": 1,
        "reason": "受潮",
    },
    "POST /api/stock/count": lambda it: {
        "id": str(uuid.uuid4()),
        "place": str(it.warehouse.pk),
        "counted": {str(it.batch.pk): 99},
        "reason": "破损",
    },
    "POST /api/receipts": lambda it: {
        "id": str(uuid.uuid4()),
        "document": str(it.paper.pk),
        "counts": {},
        "signer": "甲一",
        "taken_at": it.now.isoformat(),
    },
}
