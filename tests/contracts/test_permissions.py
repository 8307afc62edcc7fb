"""Who may do what, as one table: every address, every role, and whoever comes by."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from disaster.config.shells import SHELLS
from disaster.registers import services as registers
from disaster.registers.models import Casualty
from disaster.reports.models import Report
from disaster.reports.services import submit
from tests.contracts import atlas_table, briefing_table, relief_table
from tests.contracts.answers import EVERYONE, answers
from tests.contracts.bodies import Things
from tests.disaster.registers.filled import a_casualty, a_number, casualty_body
from tests.held import held
from tests.world import (
    JIA,
    World,
    a_report,
    build,
    submission,
)

pytestmark = pytest.mark.django_db

# What happens to a report of village 甲 of the eastern township.
SEES = answers(
    404, jia_a=200, jia_b=200, east=200, bureau=200, leader=200, auditor=200, keeper=403, admin=403
)
REVIEWS = answers(
    404, east=200, bureau=200, jia_a=403, jia_b=403, leader=403, auditor=403, keeper=403, admin=403
)
FILES = answers(
    404, jia_a=201, jia_b=201, east=201, bureau=201, leader=403, auditor=403, keeper=403, admin=403
)
DRAFTS = answers(403, jia_a=200, jia_b=200, yi_a=200, bing_a=200, east=200, west=200, bureau=200, foreign=200)
STANDS = FILES | {"jia_a": 200, "jia_b": 200, "east": 200, "bureau": 200}
FILES_FOR = answers(403, east=200, west=200, bureau=200, foreign=200, nobody=302)
# Registers, and a row of village 甲.
REGISTERS = answers(403, east=200, west=200, bureau=200, auditor=200, foreign=200)
ROW = answers(404, east=200, bureau=200, auditor=200, jia_a=403, jia_b=403, leader=403, keeper=403, admin=403)
ROW_WRITE = ROW | {"auditor": 403}
ROW_ENTER = ROW_WRITE | {"east": 201, "bureau": 201}
SIGNED_IN = answers(200)
PAGE = answers(200, nobody=302)
REVIEW_PAGE = answers(403, nobody=302, **dict.fromkeys(["east", "west", "bureau", "foreign"], 200))
DUTY_PAGE = answers(
    403, nobody=302, **dict.fromkeys(["east", "west", "bureau", "leader", "auditor", "foreign"], 200)
)

EXPORTS = answers(403, east=200, west=200, bureau=200, leader=200, auditor=200, foreign=400)
SEES_TABLE = answers(200, nobody=302, keeper=403, admin=403, stranger=403)

READERS = ["jia_a", "jia_b", "yi_a", "bing_a", "east", "west", "bureau", "leader", "auditor", "foreign"]
# The bureau's alone; whoever has no post in the county does not see that it is there. Officers and
# townships lie below the event's area: it is out of their sight for changing.
CHANGES_EVENT = answers(404, bureau=200, leader=403, auditor=403, keeper=403, admin=403)
OPENS_EVENT = CHANGES_EVENT | {"bureau": 201}
DESK_OF_JIA = answers(
    404, east=200, bureau=200, jia_a=403, jia_b=403, leader=403, auditor=403, keeper=403, admin=403
)
DESK_OF_EAST = answers(404, east=200, bureau=200, leader=403, auditor=403, keeper=403, admin=403)

# A zone in village 甲.
SEES_ZONE = answers(
    404,
    **dict.fromkeys(["jia_a", "jia_b", "east", "bureau", "leader", "auditor", "keeper", "admin"], 200),
)
CHANGES_ZONE = {who: 403 if status == 200 else status for who, status in SEES_ZONE.items()} | {
    "east": 200,
    "bureau": 200,
}

# A shelter in village 甲, and a plan of the eastern township.
SHELTER = answers(
    404, admin=403, **dict.fromkeys(["jia_a", "jia_b", "east", "bureau", "keeper", "leader", "auditor"], 200)
)
PLANS = answers(403, **dict.fromkeys(["east", "west", "bureau", "leader", "auditor", "foreign"], 200))
PLAN = answers(404, east=200, bureau=200, leader=200, auditor=200, keeper=403, admin=403)
PLAN_PAGE = answers(
    403, nobody=302, west=404, foreign=404, **dict.fromkeys(["east", "bureau", "leader", "auditor"], 200)
)
ROUTES = answers(200, admin=403, stranger=403)

TABLE: dict[str, dict[str, int]] = (
    {
        "GET /api/me": SIGNED_IN,
        "GET /api/catalogue": SIGNED_IN,
        "GET /api/areas": SIGNED_IN,
        "GET /api/feed/snapshot": SIGNED_IN,
        "GET /api/totals": SIGNED_IN,
        "POST /api/token": SIGNED_IN,
        "POST /api/sign-out": SIGNED_IN,
        "POST /api/reports": FILES,
        "POST /api/reports/draft": DRAFTS,
        "GET /api/reports/standing/{area}/{event}": STANDS,
        "GET /file/": FILES_FOR,
        "GET /api/reports/{report}": SEES,
        "POST /api/reports/{report}/seen": REVIEWS,
        "POST /api/reports/{report}/return": REVIEWS,
        "POST /api/reports/{report}/claim": REVIEWS,
        "POST /api/reports/{report}/release": REVIEWS,
        "POST /api/reports/{report}/pass": REVIEWS,
        "POST /api/reports/{report}/approve": answers(
            404, bureau=400, east=403, jia_a=403, jia_b=403, leader=403, auditor=403, keeper=403, admin=403
        ),  # 400: no township has passed it, and the county does not say why
        "GET /api/reports/{report}/evidence": answers(
            404, east=200, bureau=200, jia_a=403, jia_b=403, leader=403, auditor=403, keeper=403, admin=403
        ),
        # Each report is answered by itself, in the body.
        "POST /api/review/pass": SIGNED_IN,
        "POST /api/review/approve": SIGNED_IN,
        "GET /review/": REVIEW_PAGE,
        "GET /review/{report}/": answers(403, nobody=302, east=200, bureau=200, west=404, foreign=404),
        "PUT /api/reports/{report}/photos/{hash}": answers(404, jia_a=400),
        "PUT /api/reports/{report}/voices/{hash}": answers(404, jia_a=400),
        "GET /api/photos/{hash}": answers(404),
        "GET /api/voices/{hash}": answers(404),
        "GET /api/uploads/{hash}?report={report}": answers(404, jia_a=200),
        "PATCH /api/uploads/{hash}?report={report}&size=9": answers(404, jia_a=409),  # it says no offset
        "GET /api/registers/duplicates": REGISTERS,
        "GET /api/registers/{kind}": REGISTERS,
        "POST /api/registers/{kind}": ROW_ENTER,
        "GET /api/registers/{kind}/{row}": ROW,
        "PUT /api/registers/{kind}/{row}": ROW_WRITE,
        "POST /api/registers/casualties/{row}/status": ROW_WRITE,
        "POST /api/registers/{kind}/{row}/withdraw": ROW_WRITE,
        "POST /api/registers/{kind}/{row}/reveal": ROW,
        "POST /api/events": OPENS_EVENT,
        "POST /api/events/{disaster}/change": CHANGES_EVENT,
        "POST /api/events/{disaster}/close": CHANGES_EVENT,
        "POST /api/events/{disaster}/merge": CHANGES_EVENT,
        "POST /api/events/{disaster}/unmerge": CHANGES_EVENT | {"bureau": 409},  # it is not merged
        "POST /api/events/{disaster}/split": CHANGES_EVENT | {"bureau": 201},
        "POST /api/events/{disaster}/responses": CHANGES_EVENT | {"bureau": 201},
        "POST /api/responses/{response}/end": CHANGES_EVENT,
        "POST /api/events/proposals/look": answers(403, bureau=200, foreign=200),
        "POST /api/events/proposals/{proposal}/confirm": CHANGES_EVENT | {"bureau": 201},
        "POST /api/events/proposals/{proposal}/dismiss": CHANGES_EVENT,
        "GET /events/": answers(403, nobody=302, **dict.fromkeys(READERS, 200)),
        "GET /events/{disaster}/": answers(
            403, nobody=302, **(dict.fromkeys(READERS, 200) | {"foreign": 404})
        ),
        "GET /api/duty/board": SIGNED_IN,
        "GET /api/duty/silence": SIGNED_IN,
        "GET /registers/": REGISTERS | {"nobody": 302},
        "GET /registers/duplicates/": REGISTERS | {"nobody": 302},
        "GET /registers/{kind}/new/": REGISTERS | {"nobody": 302, "auditor": 403},
        "GET /registers/{kind}/{row}/": ROW | {"nobody": 302, "yi_a": 403, "bing_a": 403, "stranger": 403},
        "GET /api/duty/reminders": SIGNED_IN,
        "POST /api/duty/calls": DESK_OF_JIA | {"east": 201, "bureau": 201},
        "POST /api/duty/numbers": DESK_OF_JIA,
        "GET /duty/": DUTY_PAGE,
        "POST /api/duty/reminders/stop": DESK_OF_EAST,
        "POST /api/duty/reminders/resume": DESK_OF_EAST | {"east": 409, "bureau": 409},  # it is not stopped
        "GET /warnings/": DUTY_PAGE,
        "POST /api/alerts": answers(401),  # a feeder's token alone opens it
        "POST /api/notices": DESK_OF_JIA | {"east": 201, "bureau": 201},
        "POST /api/notices/{notice}/confirmations": DESK_OF_JIA | {"jia_a": 200, "jia_b": 200},
        "GET /api/forms/{kind}": answers(400),  # there is no such form
        "GET /api/forms/detail?event={disaster}": EXPORTS,
        "GET /api/forms/registers?event={disaster}": EXPORTS | {"leader": 403},  # personal data
        "POST /api/forms/import": answers(403, east=400, west=400, bureau=400, foreign=400),
        "GET /table/": SEES_TABLE,
        "GET /table/sources/": {who: 404 if status == 200 else status for who, status in SEES_TABLE.items()},
        "GET /api/zones": SIGNED_IN,
        "GET /api/zones/choices": SIGNED_IN,
        # Elsewhere: outside their area.
        "POST /api/zones": answers(403, east=201, bureau=201, west=400, foreign=400),
        "POST /api/zones/threat": answers(
            403, **dict.fromkeys(["east", "west", "bureau", "leader", "foreign"], 200)
        ),
        "GET /api/zones/{zone}": SEES_ZONE,
        "PUT /api/zones/{zone}": CHANGES_ZONE,
        "POST /api/zones/{zone}/lift": CHANGES_ZONE,
        "GET /api/zones/{zone}/threat": answers(
            403, west=404, foreign=404, **dict.fromkeys(["east", "bureau", "leader"], 200)
        ),
        "GET /api/shelters": answers(200, admin=403, stranger=403),
        "GET /api/shelters/choices": SIGNED_IN,
        "POST /api/shelters": DESK_OF_JIA | {"east": 201, "bureau": 201},
        "GET /api/shelters/{shelter}": SHELTER,
        "PUT /api/shelters/{shelter}": DESK_OF_JIA,
        "POST /api/shelters/{shelter}/open": DESK_OF_JIA,
        "POST /api/shelters/{shelter}/close": DESK_OF_JIA,
        "POST /api/shelters/{shelter}/in": SHELTER | {"leader": 403, "auditor": 403},
        "POST /api/shelters/{shelter}/out": SHELTER | {"leader": 403, "auditor": 403},
        "POST /api/shelters/{shelter}/phone": DESK_OF_JIA | {"auditor": 200},
        "POST /api/households/{household}/reveal": DESK_OF_JIA | {"auditor": 200},
        "GET /shelters/": answers(200, nobody=302, admin=403, stranger=403),
        "GET /shelters/new/": answers(
            403, nobody=302, **dict.fromkeys(["east", "west", "bureau", "foreign"], 200)
        ),
        "GET /shelters/{shelter}/": SHELTER | {"nobody": 302, "stranger": 403},
        "GET /shelters/{shelter}/edit/": answers(
            403, nobody=302, east=200, bureau=200, west=404, foreign=404
        ),
        "GET /api/evacuations": PLANS,
        "POST /api/evacuations": answers(403, east=201, bureau=201, west=400, foreign=400),
        "GET /api/evacuations/{plan}": PLAN,
        "GET /api/evacuations/{plan}/proposal": PLAN,
        "POST /api/evacuations/{plan}/renew": DESK_OF_EAST,
        "POST /api/evacuations/{plan}/end": DESK_OF_EAST,
        "GET /evacuation/": PLANS | {"nobody": 302},
        "GET /evacuation/{plan}/": PLAN_PAGE,
        "GET /evacuation/{plan}/print/": PLAN_PAGE,
        "GET /api/closures": SIGNED_IN,
        "POST /api/closures": answers(403, east=201, bureau=201, west=400, foreign=400),
        "PUT /api/closures/{closure}": DESK_OF_JIA,
        "POST /api/closures/{closure}/open": DESK_OF_JIA,
        "POST /api/reports/{report}/closure": DESK_OF_JIA | {"east": 201, "bureau": 201},
        "GET /api/routes?start=116.5,30.6&end=116.51,30.6": ROUTES,
        "GET /api/routes/reach?place=116.5,30.6&minutes=15": ROUTES,
        "POST /api/routes/matrix": ROUTES,
        "GET /basemap/": SIGNED_IN,
        "GET /basemap/relief/9/420/211.png": answers(404),  # no file is set
        "GET /basemap/vector/9/420/211": answers(404),
        "GET /tiles/": SIGNED_IN,
        "GET /ogc/": SIGNED_IN,
        "GET /ogc/conformance": SIGNED_IN,
        "GET /ogc/api": SIGNED_IN,
        "GET /ogc/collections": SIGNED_IN,
        "GET /ogc/collections/{kind}": answers(404),  # there is no such collection
        "GET /ogc/collections/{kind}/items": answers(404),
        "GET /ogc/collections/{kind}/items/{row}": answers(404),
        "GET /api/map/collections": SIGNED_IN,
        "POST /api/map/imports": answers(400),  # there is no file
        "POST /api/map/imports/{file}/preview": answers(
            403, bureau=404, foreign=404
        ),  # there is none of theirs
        "POST /api/map/imports/{file}/apply": answers(403, bureau=404, foreign=404),
        "POST /api/map/export": answers(
            403, **dict.fromkeys(["east", "west", "bureau", "leader", "auditor", "foreign"], 400)
        ),  # nothing is chosen
        "GET /tiles/reports/9/420/211.mvt": SIGNED_IN,
        "GET /field/": answers(
            200, nobody=200
        ),  # an empty shell: what it shows comes from the phone and the API
        "GET /map/": PAGE,
        "GET /tokens/": PAGE,
        "POST /tokens/{file}/revoke": answers(404, nobody=302),  # there is none of theirs
        "GET /import/": answers(403, nobody=302, bureau=200, foreign=200),
        "GET /": answers(200, nobody=302, **dict.fromkeys(["jia_a", "jia_b", "yi_a", "bing_a"], 302))
        | dict.fromkeys(["east", "west", "bureau", "leader", "auditor", "foreign"], 302),
    }
    | relief_table.TABLE
    | briefing_table.TABLE
    | atlas_table.TABLE
)
"""Address → the status each account gets. 404 where the thing is out of sight, 403 where the verb is not theirs."""

OPEN = {
    "sign-in/",
    "sign-out/",
    "api/sign-in",
    "api/docs",
    "api/openapi.json",
    "i18n/setlang/",
    *{f"{shell.name}/worker.js" for shell in SHELLS},
    *{f"{shell.name}/manifest.webmanifest" for shell in SHELLS},
    "admin/",
}
"""Addresses that hold nothing of anybody, or that guard themselves."""


class Gathered(NamedTuple):
    """The county in which all addresses are tried: a report of village 甲, and the cookies of whoever tries."""

    world: World
    report: Report
    cookies: dict[str, SimpleCookie]

    def client(self, account: str) -> Client:
        """Give a browser that signed in before."""
        client = Client()
        client.cookies = SimpleCookie({name: one.value for name, one in self.cookies[account].items()})
        return client


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[Gathered]:
    with held(django_db_blocker, build) as world:
        filed = a_report(JIA, photos=("0" * 64,), voices=("0" * 64,))
        submit(submission(filed, world.rights("jia_a")))
        gathered = Gathered(world, Report.objects.get(id=filed.id), {"nobody": SimpleCookie()})
        for account, person in world.people.items():
            client = Client()
            client.force_login(person, backend="disaster.people.backends.NameOrPhoneBackend")
            gathered.cookies[account] = client.cookies
        yield gathered


def a_row(world: World) -> Casualty:
    """A missing person of village 甲, entered by the township."""
    by, entry = world.rights("east"), a_casualty(world.event())
    row = registers.enter("casualties", entry, by=by, now=datetime.now(UTC))
    assert isinstance(row, Casualty)
    return row


@pytest.mark.parametrize("address", TABLE)
def test_each_address_answers_each_account_as_the_table_says(county: Gathered, address: str) -> None:
    """One county for all who try this address: what each of them changed is taken back before the next."""
    method, path = address.split(" ")
    row = a_row(county.world) if "registers/" in path else None
    things = Things(county.world, county.report)
    path = path.format_map(
        things.path()
        | {
            "hash": "0" * 64,
            "kind": "casualties",
            "row": row and row.id,
            "area": JIA,
            "event": uuid.UUID(int=0),
            "file": uuid.UUID(int=0),
        }
    )
    body = json.dumps(_body(address, path, row, things))
    found: dict[str, int] = {}
    said: dict[str, bytes] = {}
    for account in EVERYONE:
        client = county.client(account)
        with transaction.atomic():
            answer = client.generic(method, path, body, content_type="application/json")
            said[account] = b"".join(answer) if answer.streaming else answer.content
            transaction.set_rollback(True)
        found[account] = answer.status_code
        if answer.status_code == 401:
            assert json.loads(said[account])["number"] == "401.1"
    wrong = {who: said[who][:300] for who in found if found[who] != TABLE[address][who]}
    assert found == TABLE[address], wrong


def _body(address: str, path: str, row: Casualty | None, things: Things) -> Any:
    """Give what is sent to an address."""
    body: Any = {"remark": "请核对", "why": "核对", "status": "dead"}
    if row and path.endswith(("/casualties", f"/{row.id}")):
        body = casualty_body(row.event, identity=a_number(5), why="更正")
    if address == "POST /api/reports/draft":
        body = {"text": "甲村倒房3户5间"}
    if address == "POST /api/reports":
        body = {
            "type": "report.submit",
            "sent_at": datetime.now(UTC).isoformat(),
            "report": json.loads(_json(a_report(JIA))),
        }
    return things.body(address) or body


def _json(report: Any) -> bytes:
    import msgspec

    return msgspec.json.Encoder(decimal_format="number").encode(report)


def addresses(patterns: list[Any], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if path.startswith("admin/"):
                yield "admin/"
            else:
                yield from addresses(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield path


def test_no_address_is_missing_from_the_table() -> None:
    """A new door can't be forgotten: it stands in the table, or in the list of the open ones."""
    shapes = {_shape(address.split(" ")[1].split("?")[0].lstrip("/")) for address in TABLE}
    found = {_shape(path) for path in addresses(get_resolver().url_patterns)}
    missing = {path for path in found if path not in shapes and path not in OPEN and path != "api/"}
    assert not missing


def _shape(path: str) -> str:
    """Bring "reports/<uuid:id>/seen" and "reports/{report}/seen" to one form."""
    import re

    path = re.sub(r"<[^>]*>|\{[^}]*\}", "*", path.replace("^", "").replace("$", ""))
    if path.startswith("basemap/"):
        path = re.sub(r"\d+", "*", path).replace("vector", "*")
    return "tiles/*/*/*/*.mvt" if path.startswith("tiles/") and path != "tiles/" else path


def test_another_townships_reports_are_nowhere_to_be_seen(county: Gathered) -> None:
    """Snapshot, totals, detail and history of a village officer of the other township."""
    client = county.client("bing_a")
    snapshot = client.get("/api/feed/snapshot").json()
    assert [view for view in snapshot["objects"] if view["object"] == "report"] == []
    assert client.get("/api/totals").json()["reports"] == 0
    assert client.get(f"/api/totals?area={JIA}").status_code == 404
    assert client.get(f"/api/reports/{county.report.id}").status_code == 404
    assert client.get(f"/api/reports/{uuid.uuid4()}").status_code == 404
