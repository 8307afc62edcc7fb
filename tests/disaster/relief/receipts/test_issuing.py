"""Goods to households: each grant once, whoever comes first; stock, grant and signature together or not at all."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.problems import Problem
from disaster.relief.needs import services as needs
from disaster.relief.needs.models import Application, Grant
from disaster.relief.receipts import services
from disaster.relief.receipts.models import Issue, Receipt
from disaster.relief.stock.models import Balance, Document, Movement, Place
from tests.disaster.relief.needs.made import a_programme
from tests.disaster.relief.receipts.made import a_village_point, give_back, given, granted, issue, png
from tests.world import JIA, World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def quilts(place: Place | Place.Kind) -> int:
    rows = (
        Balance.objects.filter(place=place)
        if isinstance(place, Place)
        else Balance.objects.filter(place__kind=place)
    )
    return sum(row.quantity for row in rows)


def refused(act: Callable[[], Any]) -> Problem:
    with pytest.raises(Problem) as caught:
        act()
    return caught.value


def test_a_household_gets_what_was_granted_and_stock_grant_and_signature_agree(world: World) -> None:
    point, application = a_village_point(world), granted(world)
    receipt = issue(world, application, point, signature=png())
    application.refresh_from_db()
    assert (quilts(point), quilts(Place.Kind.HOUSEHOLD)) == (8, 2)
    assert Grant.objects.get(application=application, item="quilt").settled == 2
    assert application.state == "issued"
    assert (receipt.document.kind, receipt.document.state, receipt.area_code) == ("issue", "closed", JIA)
    assert receipt.document.number.startswith("FF")
    assert list(receipt.issues.values_list("item", "quantity", "kind")) == [("quilt", 2, "given")]


def test_the_same_issue_sent_again_is_taken_once(world: World) -> None:
    point, application = a_village_point(world), granted(world)
    sent, by = given(application, point, 1), world.rights("jia_a")
    first, second = (services.issue(sent, by=by, now=timezone.now()) for _ in range(2))
    assert first.pk == second.pk
    assert (quilts(point), Issue.objects.count()) == (9, 1)
    changed = given(application, point, 2, id=sent.id)
    assert refused(lambda: services.issue(changed, by=by, now=timezone.now())).kind.number == "409.1"


def test_part_now_and_the_rest_later_never_more_than_was_granted(world: World) -> None:
    point, application = a_village_point(world), granted(world)
    issue(world, application, point, 1)
    application.refresh_from_db()
    assert application.state == "approved"
    problem = refused(lambda: issue(world, application, point, 2, "jia_b"))
    assert (problem.kind.number, problem.params["left"], problem.params["who"]) == ("409.61", 1, "甲一")
    issue(world, application, point, 1, "jia_b")
    assert quilts(point) == 8


def test_who_comes_second_is_told_who_gave_it_and_when(world: World, client_of: Browser) -> None:
    point, application = a_village_point(world), granted(world)
    issue(world, application, point)
    body = {
        "id": str(uuid.uuid4()),
        "application": str(application.pk),
        "place": str(point.pk),
        "goods": {"quilt": 2},
        "signer": "张守田",
        "taken_at": timezone.now().isoformat(),
    }
    answer = client_of("jia_b").post("/api/issues", body, content_type="application/json")
    assert answer.status_code == 409
    assert answer.json()["message"].startswith("张** 的棉被还可领 0 床:甲一 已于 ")


def test_nothing_is_given_while_it_is_held_before_it_is_approved_or_under_a_running_notice(
    world: World,
) -> None:
    point, application = a_village_point(world), granted(world)
    by, now = world.rights("east"), timezone.now()
    needs.hold(application.pk, why="有人投诉", by=by, now=now)
    assert refused(lambda: issue(world, application, point)).kind.number == "409.20"
    needs.release(application.pk, why="不实", by=by, now=now)
    Application.objects.filter(pk=application.pk).update(
        notice_until=timezone.localdate() + timedelta(days=2)
    )
    assert refused(lambda: issue(world, application, point)).kind.number == "409.21"
    Application.objects.filter(pk=application.pk).update(notice_until=None, state="passed")
    assert refused(lambda: issue(world, application, point)).kind.number == "409.2"
    assert (quilts(point), Receipt.objects.filter(document__kind="issue").count()) == (10, 0)


def test_what_is_not_in_store_is_not_given_and_leaves_nothing_behind(world: World) -> None:
    point, application = a_village_point(world, quilts=1), granted(world)
    assert refused(lambda: issue(world, application, point)).kind.number == "409.9"
    assert Grant.objects.get(application=application, item="quilt").settled == 0
    assert not Issue.objects.exists()


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"quilts": 0}, "goods"),
        ({"goods": {"sofa": 1}}, "goods.sofa"),
        ({"quilts": -1}, "goods.quilt.quantity"),
        ({"signer": " "}, "signer"),
        ({"relation": "friend"}, "relation"),
        ({"relation": "neighbour"}, "signature"),
        ({"voucher": "ZQ1:V:a.b"}, "voucher"),
        ({"photo": "TVogbm90IGEgcGhvdG8="}, "photo"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_moves(world: World, fields: dict[str, Any], named: str) -> None:
    point, application = a_village_point(world), granted(world)
    assert list(refused(lambda: issue(world, application, point, **fields)).errors) == [named]
    assert quilts(point) == 10


def test_whose_it_is(world: World) -> None:
    point, application = a_village_point(world), granted(world)
    told = {
        account: refused(
            lambda account=account: issue(world, application, point, account=account)
        ).kind.number
        for account in ("keeper", "leader", "auditor", "yi_a", "west", "foreign", "stranger")
    }
    assert told == {
        **dict.fromkeys(("keeper", "leader", "auditor"), "403.1"),
        **dict.fromkeys(("yi_a", "west", "foreign", "stranger"), "404.1"),
    }
    issue(world, application, point, account="east")


def test_what_comes_back_whole_is_in_store_again_damaged_is_not_and_both_may_be_given_anew(
    world: World,
) -> None:
    point, application = a_village_point(world), granted(world)
    issue(world, application, point)
    receipt = give_back(world, application, point, whole=1, damaged=1)
    application.refresh_from_db()
    assert (quilts(point), quilts(Place.Kind.SCRAP), quilts(Place.Kind.HOUSEHOLD)) == (9, 1, 0)
    assert (application.state, Grant.objects.get(application=application, item="quilt").settled) == (
        "approved",
        0,
    )
    assert sorted(receipt.issues.values_list("condition", "quantity")) == [("damaged", 1), ("whole", 1)]
    assert list(refused(lambda: give_back(world, application, point, whole=1)).errors) == ["goods.quilt"]
    issue(world, application, point)
    assert quilts(point) == 7


def test_the_database_itself_asks_for_the_receipt(world: World) -> None:
    """Whoever moves goods to a household, or off the way, past the verbs is stopped when the transaction ends."""
    point = a_village_point(world)
    household = Place.objects.get(kind=Place.Kind.HOUSEHOLD)
    batch = Balance.objects.get(place=point).batch
    paper = Document.objects.create(
        pk=uuid.uuid4(),
        number="X",
        kind="issue",
        state="closed",
        area_code=JIA,
        source=point,
        target=household,
        made_at=timezone.now(),
        made_by="",
    )

    def go_past() -> None:
        with transaction.atomic():
            Movement.objects.create(
                document=paper,
                batch=batch,
                source=point,
                target=household,
                quantity=1,
                at=timezone.now(),
                by_name="",
            )
            connection.check_constraints()

    with pytest.raises(DatabaseError, match="without a receipt"):
        go_past()
    issue(world, granted(world), point)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Issue.objects.update(quantity=9)


def test_the_list_of_a_village_tells_what_its_phone_needs_and_no_more(
    world: World, client_of: Browser
) -> None:
    point, application = a_village_point(world), granted(world)
    told = client_of("jia_a").get("/api/issues").json()
    assert told["village"] == {"code": JIA, "name": "甲村"}
    (home,) = told["households"]
    assert (home["name"], home["group"], home["number"]) == ("张守田", "一组", application.number)
    assert home["goods"] == [{"item": "quilt", "granted": 2, "given": 0}]
    assert (len(home["tail"]), application.household.identity.endswith(home["tail"])) == (4, True)
    assert application.household.identity not in str(told)
    assert told["places"] == [{"id": str(point.pk), "name": point.name, "goods": {"quilt": 10}}]
    assert told["items"]["quilt"]["name"] == "棉被"
    choice = client_of("east").get("/api/issues").json()
    assert (choice["village"]["code"], len(choice["households"])) == (JIA, 1)
    assert client_of("yi_a").get("/api/issues").json()["households"] == []
    assert client_of("yi_a").get(f"/api/issues?village={JIA}").status_code == 404
    assert client_of("keeper").get("/api/issues").status_code == 403


def test_the_list_costs_the_same_for_one_household_and_for_twenty(world: World, client_of: Browser) -> None:
    a_village_point(world)
    programme, client = a_programme(world), client_of("jia_a")
    costs = []
    for more in (1, 11):
        for _ in range(more):
            granted(world, programme=programme)
        with CaptureQueriesContext(connection) as asked:
            told = client.get("/api/issues").json()["households"]
        costs.append((len(told), len(asked)))
    assert [told for told, _ in costs] == [1, 12]
    assert costs[0][1] == costs[1][1]


def at_once(number: int, act: Callable[[int], Any]) -> list[str]:
    """Let so many phones act at one moment; gives "done" or a problem's number for each, sorted."""
    start, told = threading.Barrier(number), []

    def go(at: int) -> None:
        start.wait()
        try:
            act(at)
            told.append("done")
        except Problem as problem:
            told.append(problem.kind.number)
        finally:
            connection.close()

    phones = [threading.Thread(target=go, args=(at,)) for at in range(number)]
    for one in phones:
        one.start()
    for one in phones:
        one.join()
    return sorted(told)


@pytest.mark.django_db(transaction=True)
def test_two_phones_with_one_grant_one_wins_and_the_other_is_told(world: World) -> None:
    point, application = a_village_point(world), granted(world)
    accounts = ("jia_a", "jia_b", "east", "bureau")
    rights = [world.rights(account) for account in accounts]
    sent = [given(application, point) for _ in accounts]
    told = at_once(4, lambda at: services.issue(sent[at], by=rights[at], now=timezone.now()))
    assert told == ["409.61"] * 3 + ["done"]
    assert (quilts(point), Issue.objects.count()) == (8, 1)


@pytest.mark.django_db(transaction=True)
def test_the_last_quilt_goes_to_one_household(world: World) -> None:
    point, programme = a_village_point(world, quilts=1), a_programme(world)
    homes = [granted(world, 1, programme) for _ in range(3)]
    by = world.rights("jia_a")
    told = at_once(3, lambda at: services.issue(given(homes[at], point, 1), by=by, now=timezone.now()))
    assert told == ["409.9", "409.9", "done"]
    assert (quilts(point), sum(Grant.objects.filter(item="quilt").values_list("settled", flat=True))) == (
        0,
        1,
    )
