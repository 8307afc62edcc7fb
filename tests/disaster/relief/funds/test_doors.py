"""The doors of money: what is sent is read to the fen, pages cost the same for few and many, a township sees its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.relief.funds import paying, services
from disaster.relief.funds.models import Entry, PayBatch, PayLine
from gis.scope import AreaScope
from tests.disaster.relief.funds.made import (
    YUAN,
    a_programme,
    a_quota,
    answer,
    answered,
    granted,
    made,
    released,
)
from tests.world import BING, COUNTY, JIA, YI, World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def entry(**fields: Any) -> dict[str, Any]:
    values = {
        "id": str(uuid.uuid4()),
        "number": "财建〔2026〕245号",
        "source": "central",
        "purpose": "DC",
        "area": COUNTY,
        "amount": "3,740,000.05",
        "received_on": timezone.localdate().isoformat(),
    }
    return {**values, **fields}


def test_yuan_come_in_and_fen_go_out(world: World, client_of: Browser) -> None:
    client = client_of("bureau")
    told = post(client, "/api/funds/quotas", **entry())
    assert (told.status_code, told.json()["quota"]["free_fen"]) == (201, 374000005)
    for amount in ("12.345", "-5", "一百", "1e9", ""):
        refusal = post(client, "/api/funds/quotas", **entry(amount=amount))
        assert (refusal.status_code, list(refusal.json()["errors"])) == (400, ["amount"])


def test_the_bank_is_answered_over_http(world: World, client_of: Browser) -> None:
    programme, quota, client = a_programme(), a_quota(world), client_of("bureau")
    granted(programme, card="6217000012345678901")
    batch = released(world, programme, quota)
    file = post(client, f"/api/funds/batches/{batch.pk}/file", kind="csv", why="送银行")
    assert file["Content-Disposition"].endswith(f"{batch.number}.csv")
    assert "6217000012345678901" in file.content.decode("utf-8-sig")
    shown = client.get(f"/api/funds/batches/{batch.pk}").json()
    assert (shown["lines"][0]["card"], shown["batch"]["total_fen"]) == ("****8901", 130 * YUAN)
    assert "6217000012345678901" not in client.get(f"/funds/batches/{batch.pk}/").content.decode()
    address = f"/api/funds/batches/{batch.pk}/answer"
    bad = client.post(address, answer(batch)[:-9], content_type="application/octet-stream")
    assert (bad.status_code, list(bad.json()["errors"])) == (400, ["file"])
    good = client.post(address, answer(batch), content_type="application/octet-stream")
    assert good.json() == {"paid": 1, "refused": 0, "waiting": 0}


def test_a_township_sees_the_payments_of_its_own(world: World, client_of: Browser) -> None:
    programme, quota = a_programme(), a_quota(world)
    granted(programme, 100 * YUAN, JIA, name="甲某某")
    granted(programme, 200 * YUAN, BING, name="丙某某")
    batch = made(world, programme, quota)
    page = client_of("east").get(f"/funds/batches/{batch.pk}/").content.decode()
    assert ("甲某某" in page, "丙某某" in page) == (True, False)
    body = client_of("east").get("/api/funds").json()
    assert ([one["total_fen"] for one in body["batches"]], body["quotas"]) == ([100 * YUAN], [])
    assert client_of("foreign").get("/api/funds").json() == {"quotas": [], "batches": []}


def test_what_villages_got(world: World) -> None:
    programme, quota = a_programme(), a_quota(world)
    granted(programme, 100 * YUAN, JIA)
    answered(world, released(world, programme, quota))
    granted(programme, 50 * YUAN, JIA)
    granted(programme, 70 * YUAN, YI)
    released(world, programme, quota)
    rows = paying.paid_by_village(AreaScope.of([COUNTY]), programme=programme.pk)
    assert [(row.area, row.households, row.paid_fen, row.flight_fen) for row in rows] == [
        (JIA, 1, 100 * YUAN, 50 * YUAN),
        (YI, 0, 0, 70 * YUAN),
    ]


@pytest.mark.parametrize("page", ["/funds/", "/api/funds", "quota", "batch", "new"])
def test_many_cost_what_few_do(world: World, client_of: Browser, page: str) -> None:
    programme, quota, client = a_programme(), a_quota(world, 100_000 * YUAN), client_of("bureau")
    granted(programme, 100 * YUAN)
    batch = released(world, programme, quota)
    granted(programme, 100 * YUAN)
    costs = []
    for number in (1, 12):
        for _ in range(number):
            a_quota(world)
            granted(programme, 10 * YUAN, YI)
            made(world, programme, quota, villages=[YI])
            granted(programme, 10 * YUAN, BING)
        address = {
            "quota": f"/funds/quotas/{quota.pk}/?of=approved",
            "batch": f"/funds/batches/{batch.pk}/",
            "new": f"/funds/batches/new/?programme={programme.pk}",
        }.get(page, page)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 20


@pytest.mark.parametrize("households", [3, 60])
def test_a_batch_costs_the_same_statements_for_few_and_many(world: World, households: int) -> None:
    programme, quota = a_programme(), a_quota(world, 100_000 * YUAN)
    for _ in range(households):
        granted(programme, 100 * YUAN)
    by, now = world.rights("bureau"), timezone.now()
    with CaptureQueriesContext(connection) as asked:
        batch = services.make_batch(
            uuid.uuid4(), programme=programme.pk, villages=[COUNTY], quotas=[quota.pk], by=by, now=now
        )
    with CaptureQueriesContext(connection) as released_by:
        services.release(batch.pk, by=world.rights("leader"), now=now)
    batch.refresh_from_db()
    data = answer(batch)
    with CaptureQueriesContext(connection) as told:
        services.read_answer(batch.pk, data, by=by, now=now)
    assert len(asked) <= 30
    assert len(released_by) <= 20
    assert len(told) <= 45
    assert Entry.objects.filter(line__batch=batch).count() == 2 * households


@pytest.mark.parametrize(
    "figure", ["received", "shifted", "free", "planned", "approved", "flight", "paid", "returned"]
)
def test_every_figure_opens(world: World, client_of: Browser, figure: str) -> None:
    programme, quota = a_programme(), a_quota(world)
    granted(programme)
    answered(world, released(world, programme, quota))
    granted(programme)
    made(world, programme, quota)
    services.reserve(quota.pk, uuid.uuid4(), {JIA: YUAN}, by=world.rights("bureau"), now=timezone.now())
    page = client_of("auditor").get(f"/funds/quotas/{quota.pk}/?of={figure}")
    assert (page.status_code, 'id="pieces"' in page.content.decode()) == (200, True)


def test_what_is_not_there_is_not_there(world: World, client_of: Browser) -> None:
    quota, client = a_quota(world), client_of("bureau")
    for address in (
        f"/funds/quotas/{quota.pk}/?of=everything",
        f"/funds/batches/{quota.pk}/",
        f"/funds/quotas/{uuid.uuid4()}/",
    ):
        assert client.get(address).status_code == 404
    assert client.get("/funds/batches/new/").status_code == 200
    assert (PayBatch.objects.count(), PayLine.objects.count()) == (0, 0)


def test_an_answer_beyond_the_limit_is_refused_in_words(
    world: World, client_of: Browser, settings: Any
) -> None:
    programme, quota = a_programme(), a_quota(world)
    granted(programme)
    batch = released(world, programme, quota)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    told = client_of("bureau").post(
        f"/api/funds/batches/{batch.pk}/answer", b"x" * 2000, content_type="application/octet-stream"
    )
    assert told.json()["number"] == "413.1"
