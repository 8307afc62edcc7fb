"""Who may do what in the administration pages: what the policy says, within its areas."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client

from disaster.journal.models import Entry
from disaster.people.models import Person, Posting
from tests.world import BING, COUNTY, EAST, JIA, PASSWORD, YI, World

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "river-stone-42"


@pytest.fixture
def enters(world: World, client_of: Callable[[str], Client]) -> Callable[[str], Client]:
    """Give an account's browser in the administration pages: staff, and nothing more."""

    def make(account: str) -> Client:
        Person.objects.filter(pk=world[account].pk).update(is_staff=True)
        return client_of(account)

    return make


def give(client: Client, person: Person, role: str, area: str, post: str = "") -> HttpResponse:
    values = {"person": person.pk, "role": role, "area": area, "post": post, "valid_from": "2026-07-01"}
    return client.post("/admin/people/posting/add/", values)


def reset(client: Client, person: Person) -> HttpResponse:
    values = {"usable_password": "true", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    return client.post(f"/admin/people/person/{person.pk}/password/", values)


PAGES = ["person/", "person/add/", "posting/", "posting/add/"]
SEEN = {
    "admin": [200, 200, 200, 200],
    "bureau": [200, 200, 200, 200],
    "auditor": [200, 403, 200, 403],
    "leader": [403, 403, 403, 403],
    "east": [403, 403, 403, 403],
    "keeper": [403, 403, 403, 403],
    "jia_a": [403, 403, 403, 403],
    "stranger": [403, 403, 403, 403],
}


@pytest.mark.parametrize(("account", "answers"), SEEN.items())
def test_a_page_opens_for_whom_the_policy_names(
    enters: Callable[[str], Client], account: str, answers: list[int]
) -> None:
    client = enters(account)
    assert [client.get(f"/admin/people/{page}").status_code for page in PAGES] == answers


def test_each_sees_the_people_of_their_own_areas(world: World, enters: Callable[[str], Client]) -> None:
    ours = {name for name in world.people if name != "foreign"}
    listed = enters("bureau").get("/admin/people/person/").context["cl"].queryset
    assert {person.username for person in listed} == ours  # the stranger holds no post anywhere
    posts = enters("foreign").get("/admin/people/posting/").context["cl"].queryset
    assert [posting.person.username for posting in posts] == ["foreign"]
    page = enters("foreign").get(f"/admin/people/person/{world['jia_a'].pk}/change/")
    assert page.status_code == 302  # "does not exist", back to the list


def test_an_ended_person_stays_in_sight(world: World, enters: Callable[[str], Client]) -> None:
    Posting.objects.filter(person=world["jia_a"]).update(valid_to=date(2021, 1, 1))
    listed = enters("bureau").get("/admin/people/person/").context["cl"].queryset
    assert "jia_a" in {person.username for person in listed}


@pytest.mark.parametrize(
    ("account", "role", "area", "post"),
    [("bureau", "keeper", EAST, ""), ("bureau", "officer", BING, "B"), ("admin", "auditor", COUNTY, "")],
)
def test_a_role_is_given_by_whom_the_policy_names(
    world: World, enters: Callable[[str], Client], account: str, role: str, area: str, post: str
) -> None:
    assert give(enters(account), world["stranger"], role, area, post).status_code == 302
    assert Posting.objects.get(person=world["stranger"]).role == role
    assert Entry.objects.get().actor_id == world[account].pk


@pytest.mark.parametrize(
    ("account", "to", "role"),
    [
        ("bureau", "stranger", "administrator"),
        ("bureau", "stranger", "auditor"),
        ("bureau", "bureau", "reviewer"),
        ("admin", "admin", "coordinator"),
    ],
)
def test_another_role_is_refused_at_its_field(
    world: World, enters: Callable[[str], Client], account: str, to: str, role: str
) -> None:
    before = Posting.objects.count()
    answer = give(enters(account), world[to], role, COUNTY)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors == {"role": ["您的岗位不能做这件事"]}
    assert Posting.objects.count() == before
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((field, value) for field in ("role", "area", "valid_from", "post") for value in ("", "x")),
        ("valid_to", "x"),
        ("person", ""),
    ],
)
def test_a_field_that_cannot_be_read_is_named(
    world: World, enters: Callable[[str], Client], field: str, value: str
) -> None:
    values = {"person": world["stranger"].pk, "role": "officer", "area": YI, "post": "B"}
    posted = {**values, "valid_from": "2026-07-01", field: value}
    answer = enters("admin").post("/admin/people/posting/add/", posted)
    errors = answer.context["adminform"].form.errors
    assert set(errors) == ({"__all__"} if (field, value) == ("post", "") else {field})
    assert not Entry.objects.exists()


RESETS = {
    ("bureau", "jia_a"): True,
    ("bureau", "east"): True,
    ("bureau", "stranger"): True,
    ("bureau", "admin"): False,
    ("bureau", "auditor"): False,
    ("bureau", "leader"): False,
    ("bureau", "bureau"): False,
    ("admin", "auditor"): True,
    ("admin", "bureau"): True,
    ("auditor", "jia_a"): False,
}


@pytest.mark.parametrize(("who", "may"), RESETS.items())
def test_a_password_is_set_by_who_could_give_every_post_it_opens(
    world: World, enters: Callable[[str], Client], who: tuple[str, str], may: bool
) -> None:
    account, owner = who
    assert reset(enters(account), world[owner]).status_code == (302 if may else 403)
    world[owner].refresh_from_db()
    assert world[owner].check_password(NEW_PASSWORD if may else PASSWORD)


def test_one_post_beyond_reach_closes_the_whole_account(
    world: World, enters: Callable[[str], Client]
) -> None:
    Posting.objects.create(person=world["jia_a"], role="auditor", area_id=COUNTY, valid_from=date(2026, 1, 1))
    client = enters("bureau")
    assert reset(client, world["jia_a"]).status_code == 403
    page = client.get(f"/admin/people/person/{world['jia_a'].pk}/change/").content.decode()
    assert 'name="_save"' not in page


def test_who_set_the_system_up_is_out_of_reach(world: World, enters: Callable[[str], Client]) -> None:
    Person.objects.filter(pk=world["stranger"].pk).update(is_superuser=True)
    assert reset(enters("admin"), world["stranger"]).status_code == 403


def test_nobody_makes_a_superuser_here(world: World, enters: Callable[[str], Client]) -> None:
    values = {"username": "jia_a", "name": "甲一", "is_active": "on", "is_superuser": "on"}
    assert (
        enters("admin").post(f"/admin/people/person/{world['jia_a'].pk}/change/", values).status_code == 302
    )
    world["jia_a"].refresh_from_db()
    assert not world["jia_a"].is_superuser


def test_an_account_is_never_deleted(world: World, enters: Callable[[str], Client]) -> None:
    client = enters("admin")
    assert (
        client.post(f"/admin/people/person/{world['stranger'].pk}/delete/", {"post": "yes"}).status_code
        == 403
    )
    chosen = {"action": "delete_selected", "_selected_action": [world["stranger"].pk], "post": "yes"}
    client.post("/admin/people/person/", chosen)
    assert Person.objects.filter(username="stranger").exists()


def end(client: Client, person: Person) -> None:
    chosen = {"action": "end_today", "_selected_action": [Posting.objects.get(person=person).pk]}
    client.post("/admin/people/posting/", chosen)


@pytest.mark.parametrize(
    ("account", "owner", "ended"),
    [
        ("bureau", "jia_a", True),
        ("bureau", "auditor", False),
        ("auditor", "jia_a", False),
        ("admin", "auditor", True),
    ],
)
def test_a_post_is_ended_by_who_could_give_it(
    world: World, enters: Callable[[str], Client], account: str, owner: str, ended: bool
) -> None:
    end(enters(account), world[owner])
    assert (Posting.objects.get(person=world[owner]).valid_to is not None) == ended
    assert Entry.objects.exists() == ended


def test_a_post_out_of_sight_is_not_ended(world: World, enters: Callable[[str], Client]) -> None:
    end(enters("foreign"), world["jia_a"])
    assert Posting.objects.get(person=world["jia_a"], area=JIA).valid_to is None


def test_a_new_officer_starts_after_the_old_one_was_ended(
    world: World, enters: Callable[[str], Client]
) -> None:
    client = enters("bureau")
    assert "已有同岗位" in str(
        give(client, world["stranger"], "officer", YI, "A").context["adminform"].form.errors
    )
    end(client, world["yi_a"])
    values = {"person": world["stranger"].pk, "role": "officer", "area": YI, "post": "A"}
    ended = Posting.objects.get(person=world["yi_a"]).valid_to
    assert client.post("/admin/people/posting/add/", {**values, "valid_from": str(ended)}).status_code == 302
