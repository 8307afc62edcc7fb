"""The sample county's people: everybody once, however often they are loaded."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.people import sample
from disaster.people.models import Person, Posting
from gis.models import Area
from tests.held import held

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker):
    with held(django_db_blocker, partial(call_command, "load_sample", verbosity=0)):
        yield


def test_every_village_has_one_a_and_one_b(county):
    villages = set(Area.objects.filter(level="village").values_list("code", flat=True))
    assert len(villages) == 184
    officers = Counter(Posting.objects.filter(role="officer").values_list("area_id", "post"))
    assert officers == Counter({(village, post): 1 for village in villages for post in "AB"})


def test_every_township_has_a_reviewer_and_every_desk_somebody(county):
    townships = set(Area.objects.filter(level="township").values_list("code", flat=True))
    assert set(Posting.objects.filter(role="reviewer").values_list("area_id", flat=True)) == townships
    roles = set(Posting.objects.values_list("role", flat=True))
    assert roles == set(Posting.Role.values)


def test_loading_again_makes_nobody_and_is_quick(county):
    before = Person.objects.count(), Posting.objects.count()
    with CaptureQueriesContext(connection) as done:
        assert sample.load(timezone.now()) == 0
    assert len(done) <= 4
    assert (Person.objects.count(), Posting.objects.count()) == before


def test_loading_costs_the_same_statements_for_a_whole_county(county):
    Posting.objects.all().delete()
    Person.objects.all().delete()
    with CaptureQueriesContext(connection) as done:
        sample.load(timezone.now())
    assert len(done) <= 8
    assert Person.objects.count() > 380


def test_who_is_missing_is_made_again_and_takes_nobodys_number(county):
    numbers = {person.username: person.phone for person in Person.objects.all()}
    assert len(set(numbers.values())) == len(numbers)
    assert all(number.startswith("100") and len(number) == 11 for number in numbers.values())
    gone = [name for name in numbers if name.endswith("5a")] + ["bureau", "t202"]
    Posting.objects.filter(person__username__in=gone).delete()
    Person.objects.filter(username__in=gone).delete()
    assert sample.load(timezone.now()) == len(gone)
    assert {person.username: person.phone for person in Person.objects.all()} == numbers


def test_every_printed_sign_in_works(county, client):
    accounts = sample.shown()
    assert len(accounts) == 9
    for account in accounts:
        client.logout()
        body = {"account": account.username, "password": account.password, "next": account.page}
        answer = client.post("/sign-in/", body, follow=True)
        assert answer.redirect_chain[0][0] == account.page
        assert answer.status_code == 200
