"""Accounts whose password everybody knows are not put beside real people."""

from __future__ import annotations

import logging

import pytest
from django.core.management import call_command
from django.utils import timezone

from disaster.people import sample
from disaster.people.models import Person, Posting
from gis import sample_county

pytestmark = pytest.mark.django_db


@pytest.fixture
def real() -> Person:
    """The county is loaded, and one real person works in it."""
    sample_county.load()
    return Person.objects.create_user("chief", "correct-horse-7", name="王局")


def test_none_is_made_where_real_people_work(real: Person, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert sample.load(timezone.now()) == 0
    assert list(Person.objects.all()) == [real]
    assert "real people work here" in caplog.text
    assert sample.shown() == []


def test_what_was_removed_does_not_come_back_beside_real_people(db: object) -> None:
    """script/server loads the sample at every start: an account taken away has to stay away."""
    call_command("load_sample", verbosity=0)
    Posting.objects.filter(person__username="admin").delete()
    Person.objects.filter(username="admin").delete()
    Person.objects.create_user("chief", "correct-horse-7", name="王局")
    assert sample.load(timezone.now()) == 0
    assert not Person.objects.filter(username="admin").exists()


def test_they_are_made_when_forced(real: Person) -> None:
    assert sample.load(timezone.now(), force=True) > 380
    assert len(sample.shown()) == 9


def test_a_real_persons_name_is_not_taken_and_not_printed(db: object) -> None:
    sample_county.load()
    Person.objects.create_user("bureau", "correct-horse-7", name="王局")
    sample.load(timezone.now(), force=True)
    assert Person.objects.get(username="bureau").check_password("correct-horse-7")
    assert not Person.objects.get(username="bureau").is_sample
    assert "bureau" not in {account.username for account in sample.shown()}


def test_who_was_put_out_of_use_is_not_printed(db: object) -> None:
    call_command("load_sample", verbosity=0)
    Person.objects.filter(username="admin").update(is_active=False)
    assert "admin" not in {account.username for account in sample.shown()}
