"""The addresses of needs: who may ask for what, and what is sent there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from tests.contracts.answers import answers
from tests.world import COUNTY, JIA

OFFICERS = ["jia_a", "jia_b", "yi_a", "bing_a"]
READERS = [*OFFICERS, "east", "west", "bureau", "leader", "auditor"]
HERE = ["jia_a", "jia_b", "east", "bureau", "leader", "auditor"]

# A programme of the county, seen by all of it; a household of village 甲 and its application.
ALL = answers(403, **dict.fromkeys([*READERS, "foreign"], 200))
PROGRAMME = answers(403, **dict.fromkeys(READERS, 200), foreign=404)
FILE = answers(404, **dict.fromkeys(HERE, 200), keeper=403, admin=403)
VILLAGE = answers(404, **dict.fromkeys(["jia_a", "jia_b", "east", "bureau"], 200)) | dict.fromkeys(
    ["keeper", "leader", "auditor", "admin"], 403
)
ENTERS = VILLAGE | dict.fromkeys(["jia_a", "jia_b", "east", "bureau"], 201)
COUNTYS = (
    answers(404, bureau=200)
    | dict.fromkeys(
        ["jia_a", "jia_b", "yi_a", "bing_a", "east", "west", "keeper", "leader", "auditor", "admin"], 404
    )
    | dict.fromkeys(["keeper", "leader", "auditor", "admin"], 403)
)
REVEALS = answers(404, bureau=200, east=200, auditor=200) | dict.fromkeys(
    ["jia_a", "jia_b", "keeper", "leader", "admin"], 403
)
VISITS = answers(404, bureau=200, east=200) | dict.fromkeys(
    ["jia_a", "jia_b", "keeper", "leader", "auditor", "admin"], 403
)
ACTS = answers(404, **dict.fromkeys(["jia_a", "jia_b", "east", "bureau"], 200)) | dict.fromkeys(
    ["keeper", "leader", "auditor", "admin", "stranger"], 403
)
APPROVES = answers(404, bureau=200) | dict.fromkeys(
    ["jia_a", "jia_b", "east", "keeper", "leader", "auditor", "admin", "stranger"], 403
)
EXPORTS = answers(403, **dict.fromkeys(["east", "west", "bureau", "leader", "auditor"], 200), foreign=404)
WHOLE = EXPORTS | {"leader": 403}
IMPORTS = answers(403, **dict.fromkeys([*OFFICERS, "east", "west", "bureau"], 400), foreign=404)
ENTER_PAGE = answers(
    403, nobody=302, **dict.fromkeys([*OFFICERS, "east", "west", "bureau"], 200), foreign=404
)

TABLE: dict[str, dict[str, int]] = {
    "GET /api/relief/programmes": ALL,
    "POST /api/relief/programmes": COUNTYS | {"bureau": 201},
    "GET /api/relief/programmes/{programme}": PROGRAMME,
    "POST /api/relief/programmes/{programme}/close": COUNTYS,
    "GET /api/relief/programmes/{programme}/applications": PROGRAMME,
    "POST /api/relief/programmes/{programme}/applications": ENTERS,
    "POST /api/relief/programmes/{programme}/entries": ENTERS,
    "POST /api/relief/households": ENTERS,
    "GET /api/relief/households/{needy}": FILE,
    "PUT /api/relief/households/{needy}": VILLAGE,
    "POST /api/relief/households/{needy}/mark": VILLAGE,
    "POST /api/relief/households/{needy}/reveal": REVEALS,
    "POST /api/relief/households/{needy}/members": ENTERS,
    "PUT /api/relief/households/{needy}/members/{member}": VILLAGE,
    "POST /api/relief/households/{needy}/members/{member}/remove": VILLAGE,
    "PUT /api/relief/applications/{application}": VILLAGE,
    "POST /api/relief/applications/{application}/visit": VISITS,
    "POST /api/relief/act": ACTS,
    "POST /api/relief/act/cover": APPROVES,
    "GET /api/relief/programmes/{programme}/forms/{kind}": answers(404),  # there is no such form
    "GET /api/relief/programmes/{programme}/forms/register": EXPORTS,
    "POST /api/relief/programmes/{programme}/register": WHOLE,
    "POST /api/relief/programmes/{programme}/import": IMPORTS,
    "GET /relief/": ALL | {"nobody": 302},
    "GET /relief/new/": answers(403, nobody=302, bureau=200, foreign=200),
    "GET /relief/{programme}/": PROGRAMME | {"nobody": 302},
    "GET /relief/{programme}/enter/": ENTER_PAGE,
    "GET /relief/households/{needy}/": FILE | {"nobody": 302, "stranger": 403},
}

Body = Callable[[Any], dict[str, Any]]


def _home(**more: Any) -> dict[str, Any]:
    return {"area": JIA, "name": "王大山", "members": 3, "types": ["ordinary"], **more}


def _person(**more: Any) -> dict[str, Any]:
    return {"name": "王小山", "relation": "son", "marks": ["minimum_living"], **more}


BODIES: dict[str, Body] = {
    "POST /api/relief/programmes": lambda it: {
        "id": str(uuid.uuid4()),
        "name": "过渡期救助",
        "kind": "GD",
        "area": COUNTY,
        "starts_on": "2026-07-01",
        "ends_on": "2026-09-30",
    },
    "POST /api/relief/programmes/{programme}/applications": lambda it: {
        "id": str(uuid.uuid4()),
        "household": str(it.needy.pk),
        "persons": 1,
    },
    "POST /api/relief/programmes/{programme}/entries": lambda it: _home(
        id=str(uuid.uuid4()), application=str(uuid.uuid4()), persons=2
    ),
    "POST /api/relief/households": lambda it: _home(id=str(uuid.uuid4())),
    "PUT /api/relief/households/{needy}": lambda it: _home(version=it.needy.version),
    "POST /api/relief/households/{needy}/mark": lambda it: {"state": "moved", "why": "随子女进城"},
    "POST /api/relief/households/{needy}/members": lambda it: _person(id=str(uuid.uuid4())),
    "PUT /api/relief/households/{needy}/members/{member}": lambda it: _person(version=it.needy.version),
    "POST /api/relief/households/{needy}/members/{member}/remove": lambda it: {
        "why": "误登",
        "version": it.needy.version,
    },
    "PUT /api/relief/applications/{application}": lambda it: {
        "persons": 1,
        "version": it.application.version,
    },
    "POST /api/relief/act": lambda it: {"act": "verify", "ids": [str(it.application.pk)]},
    "POST /api/relief/act/cover": lambda it: {"ids": [str(it.application.pk)], "goods": {"quilt": 1}},
}
