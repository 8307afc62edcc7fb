"""Signing: once, by another than who sent it, with what differs explained; pictures are pictures."""

from __future__ import annotations

import base64
import io
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from disaster.journal.models import Entry
from disaster.problems import Problem
from disaster.relief.receipts import pictures, services
from disaster.relief.receipts.models import Receipt
from disaster.relief.stock import papers, queries
from disaster.relief.stock import services as stock
from disaster.relief.stock.models import Balance, Document
from tests.disaster.relief.stock.made import a_place, east_point, ordered, taken_in
from tests.world import JIA, World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def paper(world: World) -> Document:
    """Forty quilts on their way from the county to the eastern township, sent by the keeper."""
    store = a_place()
    taken_in(world, store)
    document = ordered(world, store, east_point(), 40)
    return stock.send(document.pk, by=world.rights("keeper"), now=timezone.now())


def png(size: tuple[int, int] = (60, 24)) -> str:
    out = io.BytesIO()
    Image.new("RGBA", size, (0, 0, 0, 0)).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def jpeg() -> str:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(out, "JPEG")
    return base64.b64encode(out.getvalue()).decode()


def body(paper: Document, received: int = 40, **fields: Any) -> dict[str, Any]:
    (batch,) = papers.on_the_way(paper)
    return {
        "id": str(uuid.uuid4()),
        "document": str(paper.pk),
        "counts": {str(batch): {"received": received, **fields.pop("also", {})}},
        "signer": "东镇",
        "signature": png(),
        "taken_at": timezone.now().isoformat(),
        **fields,
    }


def post(client: Client, sent: dict[str, Any]) -> Any:
    return client.post("/api/receipts", sent, content_type="application/json")


def test_what_is_coming_is_signed_for_and_the_paper_closes(
    world: World, client_of: Browser, paper: Document
) -> None:
    east = client_of("east")
    (coming,) = east.get("/api/receive").json()["coming"]
    assert (coming["number"], coming["lines"][0]["quantity"]) == (paper.number, 40)
    answer = post(east, body(paper, photo=jpeg(), lon=116.5, lat=30.6))
    assert answer.status_code == 201
    paper.refresh_from_db()
    assert (paper.state, paper.received_by) == ("closed", "东审")
    assert Balance.objects.get(place=paper.target).quantity == 40
    assert east.get("/api/receive").json()["coming"] == []
    assert Entry.objects.filter(verb="receipt.signed").count() == 1


def test_the_same_receipt_sent_again_is_taken_once(world: World, client_of: Browser, paper: Document) -> None:
    sent = body(paper, received=30, reason="短少10床")
    first, second = (post(client_of("east"), sent).json() for _ in range(2))
    assert first == second
    assert (Receipt.objects.count(), Balance.objects.get(place=paper.target).quantity) == (1, 30)
    other = post(client_of("east"), {**sent, "signer": "别人"})
    assert (other.status_code, other.json()["number"]) == (409, "409.1")


def test_thirteen_missing_quilts_keep_the_paper_open_and_the_map_of_the_batch_shows_where(
    world: World, client_of: Browser, paper: Document
) -> None:
    assert post(client_of("east"), body(paper, received=27, reason="短少13床")).status_code == 201
    paper.refresh_from_db()
    assert paper.state == "open"
    batch = Balance.objects.filter(place=paper.target).select_related("batch__item").get().batch
    held = {row["kind"]: row["quantity"] for row in queries.held_of(batch)}
    assert held == {"warehouse": 60, "point": 27, "transit": 13}


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"received": 41}, "arrived"),
        ({"received": 39}, "reason"),
        ({"signer": " "}, "signer"),
        ({"relation": "friend"}, "relation"),
        ({"signature": "!!"}, "signature"),
        ({"signature": png((3000, 3000))}, "signature"),
        ({"photo": base64.b64encode(b"MZ not a photo").decode()}, "photo"),
        ({"photo": "\x80照片"}, "photo"),
        ({"lon": 500.0, "lat": 1.0}, "lon"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_moves(
    world: World, client_of: Browser, paper: Document, fields: dict[str, Any], named: str
) -> None:
    answer = post(client_of("east"), body(paper, **fields))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [named])
    assert not Receipt.objects.exists()
    assert sum(papers.on_the_way(paper).values()) == 40


def test_who_sent_it_does_not_sign_for_it(world: World, client_of: Browser, paper: Document) -> None:
    answer = post(client_of("keeper"), body(paper))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["received_by"])


def test_pictures_are_re_encoded_and_given_to_whoever_sees_the_paper(
    world: World, client_of: Browser, paper: Document
) -> None:
    sent = body(paper, photo=jpeg())
    post(client_of("east"), sent)
    address = f"/api/receipts/{sent['id']}"
    assert client_of("leader").get(f"{address}/signature").content.startswith(b"\x89PNG")
    photo = client_of("east").get(f"{address}/photo")
    assert (photo.status_code, photo["Content-Type"]) == (200, "image/jpeg")
    assert client_of("west").get(f"{address}/photo").status_code == 404
    assert client_of("east").get(f"{address}/passport").status_code == 404
    assert default_storage.exists(pictures.path_of(uuid.UUID(sent["id"]), "photo"))


@pytest.mark.django_db(transaction=True)
def test_over_two_lines_at_once_it_is_still_one(world: World, paper: Document) -> None:
    sent = body(paper)
    counts = {uuid.UUID(batch): one for batch, one in sent["counts"].items()}
    signed = services.Signed(
        id=uuid.UUID(sent["id"]),
        document=paper.pk,
        counts=counts,
        signer="东镇",
        taken_at=timezone.now(),
    )
    by = world.rights("east")

    def go(_: int) -> str:
        try:
            return str(services.sign(signed, by=by, now=timezone.now()).pk)
        except Problem as problem:
            return problem.kind.number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        told = set(pool.map(go, range(4)))
    assert told == {sent["id"]}
    assert Balance.objects.get(place=paper.target).quantity == 40


def test_what_is_coming_costs_the_same_for_one_and_for_twenty(world: World, client_of: Browser) -> None:
    store, client = a_place(), client_of("jia_a")
    taken_in(world, store)
    point = a_place("甲村储备点", JIA)
    costs = []
    for papers_more in (1, 19):
        for _ in range(papers_more):
            document = ordered(world, store, point, 2)
            stock.send(document.pk, by=world.rights("keeper"), now=timezone.now())
        with CaptureQueriesContext(
            connection,
        ) as asked:
            told = client.get("/api/receive").json()["coming"]
        costs.append((len(told), len(asked)))
    assert costs[0][0] == 1
    assert costs[1] == (20, costs[0][1])
