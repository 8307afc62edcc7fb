"""The addresses of disclosure: the public's, open to whoever comes by, and the desk's."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from tests.contracts.answers import answers
from tests.world import JIA

PUBLIC = answers(200, nobody=200)
"""Nobody signs in to read what is public, and whoever has signed in reads the same."""
OFFICERS = ["jia_a", "jia_b", "yi_a", "bing_a"]
DESK = ["east", "west", "bureau", "foreign"]
CASES = answers(403, **dict.fromkeys([*OFFICERS, *DESK, "leader", "auditor"], 200))
CASES_PAGE = CASES | {"nobody": 302}
# A case and a notice of village 甲.
CASE = answers(
    404,
    keeper=403,
    admin=403,
    stranger=403,
    **dict.fromkeys(["jia_a", "jia_b", "east", "bureau", "leader", "auditor"], 200),
)
CASE_PAGE = CASE | {"nobody": 302}
ENTERS_PAGE = answers(403, nobody=302, **dict.fromkeys([*OFFICERS, *DESK], 200))
VILLAGE = answers(
    404,
    keeper=403,
    admin=403,
    leader=403,
    auditor=403,
    **dict.fromkeys(["jia_a", "jia_b", "east", "bureau"], 200),
)
EXTENDS = answers(
    404,
    **dict.fromkeys(["jia_a", "jia_b", "east", "bureau", "keeper", "admin", "auditor"], 403),
    leader=409,
)
SETTLES = VILLAGE | {"jia_a": 403, "jia_b": 403}


def _instead(row: dict[str, int], status: int) -> dict[str, int]:
    return {who: status if answer == 200 else answer for who, answer in row.items()}


TABLE: dict[str, dict[str, int]] = {
    "GET /public/": PUBLIC,
    "GET /public/{batch_number}/": PUBLIC,
    "GET /public/{batch_number}/figures.csv": PUBLIC,
    "GET /public/{batch_number}/{area}/": PUBLIC,
    "GET /public/{batch_number}/{area}/photos/{picture}/{size}.jpg": PUBLIC,
    "GET /public/{batch_number}/{area}/levels/{level}/": answers(404, nobody=404),  # a village has none
    "GET /public/objections/new/": PUBLIC,
    "GET /public/objections/answer/": PUBLIC,
    "GET /complaints/": CASES_PAGE,
    "GET /complaints/new/": ENTERS_PAGE,
    "GET /complaints/notices/": CASES_PAGE,
    "GET /complaints/notices/{paper_notice}/": CASE_PAGE,
    "GET /complaints/{complaint}/": CASE_PAGE,
    "GET /api/complaints": CASES,
    "GET /api/complaints/{complaint}": CASE,
    "POST /api/complaints": _instead(VILLAGE, 201),
    "POST /api/complaints/{complaint}/take": SETTLES,
    "POST /api/complaints/{complaint}/answer": _instead(SETTLES, 409),  # nobody has taken it on
    "POST /api/complaints/{complaint}/settle": _instead(SETTLES, 409),
    "POST /api/complaints/{complaint}/ask-extension": _instead(SETTLES, 409),
    "POST /api/complaints/{complaint}/extension": EXTENDS,  # nobody has asked for it
    "POST /api/complaints/{complaint}/reveal": SETTLES,
    "POST /api/disclosure/notices": _instead(VILLAGE, 409),  # nobody waits for one
    "PUT /api/disclosure/notices/{paper_notice}/photos": _instead(VILLAGE, 400),  # that is no picture
    "GET /api/disclosure/notices/{paper_notice}/photos/{picture}/{size}": CASE,
    "POST /api/disclosure/notices/{paper_notice}/finish": VILLAGE,
    "POST /api/disclosure/notices/{paper_notice}/take-down": VILLAGE,
}

Body = Callable[[Any], dict[str, Any]]
BODIES: dict[str, Body] = {
    "POST /api/complaints": lambda it: {
        "id": str(uuid.uuid4()),
        "kind": "unpaid",
        "words": "没收到钱",
        "area": JIA,
    },
    "POST /api/complaints/{complaint}/answer": lambda it: {"words": "查过了"},
    "POST /api/complaints/{complaint}/ask-extension": lambda it: {"why": "要等乡里的账"},
    "POST /api/complaints/{complaint}/extension": lambda it: {"granted": True},
    "POST /api/complaints/{complaint}/settle": lambda it: {"words": "不属实"},
    "POST /api/disclosure/notices": lambda it: {
        "id": str(uuid.uuid4()),
        "programme": str(it.paper_notice.programme_id),
        "area": JIA,
        "stage": "assessed",
    },
}
