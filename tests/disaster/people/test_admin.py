"""The administration pages: numbers masked, posts through the services, nothing rewritten."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from disaster.journal.models import Entry
from disaster.people.models import Person, Posting
from tests.world import COUNTY, ELSEWHERE, JIA, YI

PHONE = "13805560001"
ADD = "/admin/people/posting/add/"


@pytest.fixture
def desk(world, client_of):
    Person.objects.filter(username="admin").update(is_staff=True, is_superuser=True)
    person = world["jia_a"]
    person.phone = PHONE
    person.save()
    return client_of("admin")


def form(person, **fields):
    values = {
        "person": person.pk,
        "role": "officer",
        "area": YI,
        "post": "B",
        "valid_from": "2026-07-01",
        **fields,
    }
    return {key: value for key, value in values.items() if value is not None}


def test_numbers_are_masked_in_the_list_and_on_the_page(desk, world):
    for path in ("/admin/people/person/", f"/admin/people/person/{world['jia_a'].pk}/change/"):
        page = desk.get(path).content.decode()
        assert "138****0001" in page
        assert PHONE not in page


def test_a_person_is_made_with_a_number_and_can_sign_in_by_it(desk, client):
    answer = desk.post(
        "/admin/people/person/add/",
        {
            "username": "xin", "name": "新人", "new_phone": "139 0556 0002",
            "usable_password": "true", "password1": "river-stone-42", "password2": "river-stone-42",
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    answer = client.post("/sign-in/", {"account": "13905560002", "password": "river-stone-42"})
    assert answer.status_code == 302


def change(desk, person, **fields):
    values = {"username": person.username, "name": person.name, "is_active": "on", **fields}
    return desk.post(f"/admin/people/person/{person.pk}/change/", values)


def test_a_number_is_changed_by_a_new_one_and_left_by_none(desk, world):
    person = world["jia_a"]
    assert change(desk, person, unit="甲村").status_code == 302
    person.refresh_from_db()
    assert (person.unit, person.phone) == ("甲村", PHONE)
    assert change(desk, person, new_phone="13905560009").status_code == 302
    person.refresh_from_db()
    assert person.phone == "13905560009"


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (PHONE, "这个手机号已属于另一人"),
        ("1380556", "手机号须为11位数字"),
        ("138O5560001", "手机号须为11位数字"),
    ],
)
def test_a_number_that_cannot_be_is_refused_at_its_field(desk, world, number, why):
    answer = change(desk, world["yi_a"], new_phone=number)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors == {"new_phone": [why]}


def test_a_post_made_here_stands_in_the_journal(desk, world):
    assert desk.post(ADD, form(world["stranger"])).status_code == 302
    posting = Posting.objects.get(person=world["stranger"])
    assert (posting.area_id, posting.post, posting.valid_from) == (YI, "B", date(2026, 7, 1))
    entry = Entry.objects.get()
    assert (entry.verb, entry.object_id, entry.area_code) == ("person.posted", str(world["stranger"].pk), YI)
    assert entry.actor_id == world["admin"].pk


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"area": JIA, "post": "A"}, "已有同岗位的灾害信息员"),
        ({"post": ""}, "灾害信息员须分A角、B角"),
        ({"area": ELSEWHERE, "role": "leader", "post": ""}, "没有找到"),
        ({"area": "1"}, ""),
        ({"valid_from": None}, ""),
    ],
)
def test_a_post_that_cannot_be_is_refused_in_words(desk, world, fields, why):
    answer = desk.post(ADD, form(world["stranger"], **fields))
    assert answer.status_code == 200
    assert why in str(answer.context["adminform"].form.errors)
    assert answer.context["adminform"].form.errors
    assert not Entry.objects.exists()


def test_an_administrator_without_a_post_is_told_so(desk, world):
    Posting.objects.filter(person=world["admin"]).delete()
    answer = desk.post(ADD, form(world["stranger"]))
    assert "没有找到" in str(answer.context["adminform"].form.errors)


def test_a_post_is_neither_edited_nor_deleted(desk, world):
    posting = Posting.objects.get(person=world["jia_a"])
    page = f"/admin/people/posting/{posting.pk}"
    shown = desk.get(f"{page}/change/")
    assert shown.status_code == 200
    assert 'name="_save"' not in shown.content.decode()
    assert desk.post(f"{page}/change/", form(world["jia_a"], area=YI)).status_code == 403
    assert desk.post(f"{page}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [posting.pk], "post": "yes"}
    desk.post("/admin/people/posting/", chosen)
    posting.refresh_from_db()
    assert posting.area_id == JIA


def test_posts_are_ended_from_the_list_and_what_cannot_be_is_told(desk, world):
    fine = Posting.objects.get(person=world["jia_a"])
    today = Posting.objects.create(
        person=world["stranger"], role="leader", area_id=COUNTY, valid_from=timezone.localdate()
    )
    chosen = {"action": "end_today", "_selected_action": [fine.pk, today.pk]}
    page = desk.post("/admin/people/posting/", chosen, follow=True).content.decode()
    assert "路人 领导: 任职止须晚于任职起" in page
    fine.refresh_from_db()
    assert fine.valid_to == timezone.localdate()
    assert [entry.verb for entry in Entry.objects.all()] == ["person.post_ended"]
    page = desk.post("/admin/people/posting/", chosen, follow=True).content.decode()
    assert "的状态不允许这样处理" in page


@pytest.mark.parametrize("account", ["jia_a", "bureau", "leader", "stranger", "nobody"])
def test_nobody_else_enters(client_of, account):
    answer = client_of(account).get("/admin/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/admin/")


@pytest.mark.parametrize("page", ["person", "posting"])
def test_a_list_costs_the_same_at_any_length(desk, world, page, django_assert_max_num_queries):
    people = Person.objects.bulk_create(Person(username=f"n{i}", name=f"人{i}") for i in range(60))
    Posting.objects.bulk_create(
        Posting(person=one, role="leader", area_id=COUNTY, valid_from=date(2026, 1, 1)) for one in people
    )
    with django_assert_max_num_queries(9):
        assert desk.get(f"/admin/people/{page}/").status_code == 200
