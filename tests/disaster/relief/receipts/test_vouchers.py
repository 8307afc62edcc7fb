"""Vouchers: signed by the server, good once, void when printed anew; whoever changes a sign is found out."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given as always
from hypothesis import strategies as st

from disaster.journal.models import Entry
from disaster.people.models import Posting
from disaster.people.scope import KEEPER
from disaster.problems import Problem
from disaster.relief.needs.models import Application, Grant
from disaster.relief.receipts import codes, services, voucher_code, voucher_keys
from disaster.relief.receipts.models import Voucher, VoucherKey
from tests.disaster.relief.needs.made import a_programme
from tests.disaster.relief.receipts.made import a_village_point, granted, issue
from tests.world import COUNTY, JIA, World

Browser = Callable[[str], Client]
PAPER = voucher_code.Voucher(
    id=UUID(int=7),
    number="DC2026-00001",
    name="张**",
    area=JIA,
    village="甲村",
    programme="冬春救助",
    goods={"quilt": 2},
    until=date(2027, 5, 31),
    key=3,
)
SECRET = voucher_code.new_key()
KEYS = {3: SECRET.public_key()}


def refused(act: Callable[[], Any]) -> Problem:
    with pytest.raises(Problem) as caught:
        act()
    return caught.value


def made(world: World, application: Application, **fields: Any) -> Voucher:
    services.make_vouchers(
        JIA, application.programme_id, by=world.rights("east"), now=timezone.now(), **fields
    )
    return Voucher.objects.get(application=application, void_at=None)


def test_a_voucher_is_read_as_it_was_written_and_short_enough_to_print() -> None:
    line = voucher_code.line(PAPER, SECRET)
    assert voucher_code.read(line, KEYS) == PAPER
    assert len(line) < 420, "a code of 40 mm has to stay coarse enough for an old phone's camera"


def test_the_signature_is_what_a_browser_verifies_with_the_public_key_alone() -> None:
    said, signed = voucher_code.line(PAPER, SECRET).removeprefix("ZQ1:V:").split(".")
    data, signature = (base64.urlsafe_b64decode(part + "==") for part in (said, signed))
    key = serialization.load_der_public_key(base64.b64decode(voucher_code.public_text(SECRET)))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    halves = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    key.verify(utils.encode_dss_signature(*halves), data, ec.ECDSA(hashes.SHA256()))
    assert json.loads(data)[2] == "张**"


@always(at=st.integers(0, 10_000), sign=st.sampled_from("ABCXYZabcxyz0189-_."))
def test_whoever_changes_a_sign_is_found_out(at: int, sign: str) -> None:
    line = voucher_code.line(PAPER, SECRET)
    at = 6 + at % (len(line) - 6)
    changed = line[:at] + sign + line[at + 1 :]
    # The last sign of base64 holds bits that mean nothing: only the same bytes may still be read.
    assert voucher_code.read(changed, KEYS) in (None, PAPER)
    if line[at] != sign and at < line.index("."):
        assert voucher_code.read(changed, KEYS) is None or voucher_code.read(changed, KEYS) == PAPER


@always(st.text(max_size=80))
def test_anything_at_all_is_read_or_refused_and_never_crashes(text: str) -> None:
    for line in (text, f"ZQ1:V:{text}", f"ZQ1:T:{text}"):
        code = codes.read(line)
        assert code is None or code.value in line
        assert voucher_code.read(line, KEYS) is None


@pytest.mark.django_db
def test_a_voucher_is_good_until_all_of_it_was_given_and_refused_the_second_time(world: World) -> None:
    point, application = a_village_point(world), granted(world)
    voucher = made(world, application)
    issue(world, application, point, 1, voucher=voucher.code)
    issue(world, application, point, 1, voucher=voucher.code)
    problem = refused(lambda: issue(world, application, point, 1, "jia_b", voucher=voucher.code))
    assert (problem.kind.number, problem.params["who"]) == ("409.62", "甲一")


@pytest.mark.django_db
def test_a_household_found_on_the_list_uses_up_its_voucher_too(world: World) -> None:
    point, application = a_village_point(world), granted(world)
    voucher = made(world, application)
    issue(world, application, point)
    assert refused(lambda: issue(world, application, point, voucher=voucher.code)).kind.number == "409.62"


@pytest.mark.django_db
def test_a_lost_voucher_is_void_once_another_was_printed(world: World) -> None:
    point, application = a_village_point(world), granted(world)
    lost = made(world, application)
    assert made(world, application).pk == lost.pk, "printing again changes nothing"
    fresh = made(world, application, anew=[application.number])
    assert fresh.pk != lost.pk
    assert refused(lambda: issue(world, application, point, voucher=lost.code)).kind.number == "409.63"
    issue(world, application, point, voucher=fresh.code)


@pytest.mark.django_db
def test_a_changed_grant_needs_another_voucher(world: World) -> None:
    application = granted(world)
    old = made(world, application)
    Grant.objects.filter(application=application, item="quilt").update(quantity=1)
    assert made(world, application).pk != old.pk


@pytest.mark.django_db
def test_anothers_voucher_a_forged_one_and_one_too_old_are_refused(world: World) -> None:
    point, programme = a_village_point(world), a_programme(world)
    mine, other = granted(world, programme=programme), granted(world, programme=programme)
    made(world, mine)
    others = Voucher.objects.get(application=other)
    assert list(refused(lambda: issue(world, mine, point, voucher=others.code)).errors) == ["voucher"]
    unknown = voucher_code.line(PAPER, SECRET)
    assert list(refused(lambda: issue(world, mine, point, voucher=unknown)).errors) == ["voucher"]
    Voucher.objects.filter(application=mine).update(until=timezone.localdate() - timedelta(days=1))
    own = Voucher.objects.get(application=mine)
    assert refused(lambda: issue(world, mine, point, voucher=own.code)).kind.number == "409.64"


@pytest.mark.django_db
def test_vouchers_of_a_village_are_made_at_once_and_printed_for_whoever_may(
    world: World, client_of: Browser
) -> None:
    programme = a_programme(world)
    homes = [granted(world, programme=programme) for _ in range(3)]
    Application.objects.filter(pk=homes[0].pk).update(held_at=timezone.now(), held_why="投诉")
    east = client_of("east")
    body = {"village": JIA, "programme": str(programme.pk)}
    answer = east.post("/api/vouchers", body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (201, {"made": 2})
    assert Entry.objects.filter(verb="voucher.printed").count() == 1
    address = f"/vouchers/print/?village={JIA}&programme={programme.pk}"
    page = east.get(address).content.decode()
    assert page.count('<article class="voucher">') == page.count("<svg") == 2
    assert homes[1].household.identity not in page
    assert east.get("/vouchers/").content.decode().count("<form") >= 1
    assert client_of("jia_a").get(address).status_code == 403
    assert client_of("west").get(address).status_code == 404
    empty = {**body, "programme": str(uuid4())}
    assert east.post("/api/vouchers", empty, content_type="application/json").status_code == 400


@pytest.mark.django_db
def test_twenty_vouchers_cost_the_statements_of_one(world: World, client_of: Browser) -> None:
    programme = a_programme(world)
    made(world, granted(world, programme=programme))  # and with it the key
    costs = []
    for more in (1, 9):
        homes = [granted(world, programme=programme) for _ in range(more)]
        with CaptureQueriesContext(connection) as asked:
            made(world, homes[0], anew=[one.number for one in homes])
        costs.append(len(asked))
    assert costs[0] == costs[1]


@pytest.mark.django_db
def test_another_key_signs_from_then_on_and_what_the_old_one_signed_stays_good(world: World) -> None:
    point, programme = a_village_point(world), a_programme(world)
    first, second = granted(world, programme=programme), granted(world, programme=programme)
    old = made(world, first)
    changed = services.change_key(
        reason="每年更换", is_leaked=False, by=world.rights("bureau"), now=timezone.now()
    )
    Grant.objects.filter(application=second, item="quilt").update(quantity=1)
    assert made(world, second).key == changed != old.key
    assert made(world, first).pk == old.pk
    issue(world, first, point, voucher=old.code)


@pytest.mark.django_db
def test_what_a_leaked_key_signed_is_void_and_phones_are_told(world: World, client_of: Browser) -> None:
    point, application = a_village_point(world), granted(world)
    old = made(world, application)
    body = {"reason": "备份遗失", "is_leaked": True}
    county, village = client_of("bureau"), client_of("jia_a")
    assert county.post("/api/vouchers/keys", body, content_type="application/json").status_code == 201
    keys = village.get("/api/issues").json()["keys"]
    assert [(one["number"], one["void"]) for one in keys] == [(2, False), (1, True)]
    assert refused(lambda: issue(world, application, point, voucher=old.code)).kind.number == "409.63"
    issue(world, application, point, voucher=made(world, application).code)


@pytest.mark.django_db
def test_the_private_key_lies_sealed_and_only_one_key_signs(world: World) -> None:
    made(world, granted(world))
    key = VoucherKey.objects.get()
    secret = voucher_keys.private_of(key)
    assert voucher_code.public_text(secret) == key.public
    assert voucher_code.private_text(secret).encode() not in bytes(key.sealed)
    with pytest.raises(IntegrityError), transaction.atomic():
        VoucherKey.objects.create(number=9, public="x", sealed=b"x", made_at=timezone.now(), made_by="甲")


@pytest.mark.django_db
def test_a_key_is_changed_with_a_reason_by_the_county_alone(world: World) -> None:
    for account, number in (("bureau", "400.2"), ("east", "403.1")):
        change = partial(services.change_key, is_leaked=False, by=world.rights(account), now=timezone.now())
        assert refused(lambda change=change: change(reason="")).kind.number == number


@pytest.mark.django_db
@pytest.mark.parametrize("number", [0, 1])
def test_a_key_that_was_retired_before_may_be_known_to_have_leaked_later(
    world: World, client_of: Browser, number: int
) -> None:
    point, application = a_village_point(world), granted(world)
    old = made(world, application)
    county = client_of("bureau")

    def change(**body: Any) -> int:
        asked = {"reason": "备份遗失", **body}
        return county.post("/api/vouchers/keys", asked, content_type="application/json").status_code

    assert change() == 201
    if not number:  # the key from before keys had numbers
        first = VoucherKey.objects.get(pk=1)
        first.pk = 0
        first.save(force_insert=True)
        Voucher.objects.update(key=first)
        VoucherKey.objects.filter(pk=1).delete()
    assert [change(leaked=[9]), change(leaked=[2])] == [400, 400], "the key that signs is no retired one"
    assert f'name="leaked" value="{number}"' in county.get("/vouchers/").content.decode()
    assert change(leaked=[str(number)]) == 201
    leaked = VoucherKey.objects.get(pk=number).leaked_at
    assert leaked is not None
    assert refused(lambda: issue(world, application, point, voucher=old.code)).kind.number == (
        "409.63" if number else "400.2"
    )
    assert Voucher.objects.get().void_at == leaked
    assert Entry.objects.filter(verb="voucher.key_changed").latest("pk").area_code == COUNTY


@pytest.mark.django_db
def test_a_changed_key_is_journaled_where_the_right_to_it_was_given(world: World) -> None:
    person = world["bureau"]
    Posting.objects.create(
        person=person, area_id=JIA, role=KEEPER, valid_from=timezone.localdate() - timedelta(days=9)
    )
    posts = sorted(world.rights("bureau").posts, key=lambda one: one.area_code != JIA)
    by = replace(world.rights("bureau"), posts=tuple(posts))
    services.change_key(reason="每年更换", is_leaked=False, by=by, now=timezone.now())
    assert Entry.objects.get(verb="voucher.key_changed").area_code == COUNTY
