"""The administration pages show places and change none."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point

from disaster.people.models import Person
from gis.models import Shelter
from tests.world import JIA


@pytest.fixture
def browser(world, client):
    Shelter.objects.create(name="甲村小学", area_id=JIA, point=Point(116.51, 30.61, srid=4326), capacity=9)
    Person.objects.filter(username="admin").update(is_staff=True, is_superuser=True)
    client.force_login(world["admin"], backend="disaster.people.backends.NameOrPhoneBackend")
    return client


@pytest.mark.parametrize("name", ["area", "areaalias", "shelter", "hazardzone"])
def test_lists_are_shown_and_nothing_is_added(browser, name):
    assert browser.get(f"/admin/places/{name}/").status_code == 200
    assert browser.get(f"/admin/places/{name}/add/").status_code == 403


def test_one_is_shown_without_a_form(browser):
    page = browser.get(f"/admin/places/area/{JIA}/change/")
    assert page.status_code == 200
    assert "甲村" in page.content.decode()
    assert 'name="_save"' not in page.content.decode()
    assert browser.post(f"/admin/places/area/{JIA}/delete/", {"post": "yes"}).status_code == 403


def test_a_list_costs_the_same_at_any_length(browser, django_assert_max_num_queries):
    rows = [
        Shelter(name=str(i), area_id=JIA, point=Point(116.51, 30.61, srid=4326), capacity=1)
        for i in range(40)
    ]
    Shelter.objects.bulk_create(rows)
    with django_assert_max_num_queries(9):
        browser.get("/admin/places/shelter/")
