"""The addresses of receipts beyond signing: issue lists, goods to households and back, vouchers, differences."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from tests.contracts.answers import answers
from tests.disaster.relief.receipts.made import issue
from tests.world import JIA

OFFICERS = ["jia_a", "jia_b", "yi_a", "bing_a"]
LISTS = answers(403, **dict.fromkeys([*OFFICERS, "east", "west", "bureau", "foreign"], 200))
# A household and a point of village 甲.
GIVES = answers(
    404,
    **dict.fromkeys(["jia_a", "jia_b", "east", "bureau"], 201),
    **dict.fromkeys(["keeper", "leader", "auditor", "admin"], 403),
)
CASES = answers(
    403, **dict.fromkeys([*OFFICERS, "east", "west", "bureau", "leader", "auditor", "foreign"], 200)
)
# Thirteen quilts that 甲一 signed are missing: what moves goods in the books is the county's.
SETTLES = answers(
    404,
    bureau=200,
    **dict.fromkeys(["east", "jia_a", "jia_b", "keeper", "leader", "auditor", "admin"], 403),
)
PRINTS = answers(403, **dict.fromkeys(["east", "west", "bureau", "foreign"], 200), nobody=302)

TABLE: dict[str, dict[str, int]] = {
    "GET /api/issues": LISTS,
    "POST /api/issues": GIVES,
    "POST /api/issues/returns": GIVES,
    "GET /api/cases": CASES,
    "POST /api/cases/{difference}/settle": SETTLES,
    "POST /api/cases/{difference}/holder": SETTLES | dict.fromkeys(["east"], 200),
    "POST /api/vouchers/keys": answers(403, **dict.fromkeys(["bureau", "foreign"], 201)),
    "GET /api/stock/batches/{batch}/custody": answers(
        404, stranger=403, admin=403, **dict.fromkeys(["bureau", "keeper", "leader", "auditor"], 200)
    ),
    # Some of it is still in store.
    "POST /api/stock/batches/{batch}/close": answers(
        404, bureau=409, **dict.fromkeys(["keeper", "leader", "auditor", "admin"], 403)
    ),
    "POST /api/vouchers": answers(
        404,
        **dict.fromkeys(["east", "bureau"], 201),
        **dict.fromkeys(["jia_a", "jia_b", "keeper", "leader", "auditor", "admin"], 403),
    ),
    "GET /cases/": CASES | {"nobody": 302},
    "GET /vouchers/": PRINTS,
    # No village is named.
    "GET /vouchers/print/": PRINTS | {who: 404 for who, status in PRINTS.items() if status == 200},
}


def _given(it: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "application": str(it.quilted.pk),
        "place": str(it.point.pk),
        "goods": {"quilt": 1},
        "signer": "张守田",
        "taken_at": it.now.isoformat(),
    }


def _back(it: Any) -> dict[str, Any]:
    issue(it.world, it.quilted, it.point)
    return {**_given(it), "goods": {"quilt": {"whole": 1}}, "reason": "规格不符"}


BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "POST /api/issues": _given,
    "POST /api/issues/returns": _back,
    "POST /api/cases/{difference}/settle": lambda it: {"resolution": "lost", "words": "途中遗失"},
    "POST /api/cases/{difference}/holder": lambda it: {"person": it.world["jia_b"].pk, "reason": "转交"},
    "POST /api/vouchers/keys": lambda it: {"reason": "每年更换"},
    "POST /api/vouchers": lambda it: {"village": JIA, "programme": str(it.quilted.programme_id)},
}
