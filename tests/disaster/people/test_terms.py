"""How posts end, and where the first one comes from."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from disaster.journal.models import Entry
from disaster.people import services
from disaster.people.models import Person, Posting
from disaster.problems import Problem
from tests.world import COUNTY, JIA, YI

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
DAY = date(2026, 7, 1)
LATER = date(2026, 8, 1)


@pytest.fixture
def new(world):
    return Person.objects.create_user("new", name="新人")


def post(world, person, *, role="officer", area_code=YI, post="B", by="bureau", valid_from=DAY, **details):
    return services.post(
        person,
        role=role,
        area_code=area_code,
        post=post,
        valid_from=valid_from,
        by=world.rights(by),
        now=NOW,
        **details,
    )


def journal():
    return list(Entry.objects.order_by("id").values_list("verb", "object_kind", "area_code", "actor", "put"))


# The end of a post.


def end(world, posting, on=LATER, by="bureau"):
    return services.end_post(posting, on=on, by=world.rights(by), now=NOW)


def test_an_ended_post_makes_room_for_the_next(world, new):
    old = Posting.objects.get(person=world["yi_a"])
    assert end(world, old).valid_to == LATER
    assert post(world, new, post="A", valid_from=LATER).pk
    assert [row[0] for row in journal()] == ["person.post_ended", "person.posted"]


def test_a_post_ends_once(world):
    posting = Posting.objects.get(person=world["yi_a"])
    end(world, posting)
    for day in (LATER, date(2026, 9, 1)):
        with pytest.raises(Problem) as caught:
            end(world, posting, day)
        assert caught.value.kind.number == "409.2"
    assert len(journal()) == 1


def test_an_end_may_be_brought_forward(world):
    posting = end(world, Posting.objects.get(person=world["yi_a"]))
    assert end(world, posting, DAY).valid_to == DAY


def test_a_post_cannot_end_before_it_began(world, new):
    posting = post(world, new)
    with pytest.raises(ValidationError, match="任职止须晚于任职起"):
        end(world, posting, DAY)


def test_whoever_may_not_end_changes_nothing(world):
    posting = Posting.objects.get(person=world["yi_a"])
    for by in ("east", "jia_a", "foreign"):
        with pytest.raises(Problem):
            end(world, posting, by=by)
    posting.refresh_from_db()
    assert posting.valid_to is None
    assert journal() == []


# The first post.


def test_the_first_administrator_comes_from_the_machine(world):
    call_command("createsuperuser", "--no-input", username="chief", name="首任")
    told = StringIO()
    call_command("appoint", "chief", "administrator", COUNTY, stdout=told)
    assert "chief: administrator of 潜山市" in told.getvalue()
    chief = Person.objects.get(username="chief")
    assert (chief.is_staff, chief.is_superuser) == (True, True)
    assert chief.postings.get().area_id == COUNTY
    assert journal() == [("person.posted", "person", COUNTY, "manage.py", "[]")]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["ghost", "leader", COUNTY], "no person 'ghost'"),
        (["keeper", "leader", "999999999999"], "no area"),
        (["keeper", "officer", JIA], "须分A角"),
        (["keeper", "officer", JIA, "--post", "A"], "已有同岗位"),
    ],
)
def test_a_first_post_that_cannot_be_is_refused_in_words(world, words, why):
    with pytest.raises(CommandError, match=why):
        call_command("appoint", *words)
