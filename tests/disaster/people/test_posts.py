"""Posts: who may give which, one A and one B at a time, and the journal knows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from disaster.journal.models import Entry
from disaster.people import services
from disaster.people.models import Person, Posting
from disaster.people.scope import Held, may_manage
from disaster.problems import Problem
from tests.world import BING, COUNTY, EAST, ELSEWHERE, JIA, WEST, World

pytestmark = pytest.mark.django_db
NEXT_YEAR = date(2027, 1, 1)


def give(world: World, by: str, role: str, area: str, to: str = "stranger", post: str = "") -> Posting:
    return services.post(
        world[to],
        role=role,
        area_code=area,
        post=post,
        valid_from=NEXT_YEAR,
        by=world.rights(by),
        now=timezone.now(),
    )


def holder(world: World, account: str) -> Posting:
    return Posting.objects.get(person=world[account])


GIVEN_BY_BUREAU = {"reviewer", "keeper"}
DESK_ROLES = [role for role in Posting.Role.values if role != "officer"]


@pytest.mark.parametrize("role", DESK_ROLES)
def test_the_bureau_staffs_its_work_and_does_not_pick_its_supervisors(world: World, role: str) -> None:
    if role in GIVEN_BY_BUREAU:
        assert give(world, "bureau", role, EAST).pk
        return
    with pytest.raises(Problem) as refused:
        give(world, "bureau", role, EAST)
    assert refused.value.kind.number == "403.1"
    assert not world["stranger"].postings.exists()


@pytest.mark.parametrize("role", DESK_ROLES)
def test_the_administrator_gives_every_role(world: World, role: str) -> None:
    assert give(world, "admin", role, COUNTY).person == world["stranger"]


@pytest.mark.parametrize("account", ["jia_a", "east", "keeper", "leader", "auditor"])
def test_nobody_else_gives_any(world: World, account: str) -> None:
    with pytest.raises(Problem) as refused:
        give(world, account, "keeper", JIA)
    assert refused.value.kind.number == "403.1"


@pytest.mark.parametrize("account", ["admin", "bureau"])
def test_nobody_gives_themselves_a_post_or_ends_their_own(world: World, account: str) -> None:
    """Else an administrator would file as an officer within a minute (三权分立)."""
    with pytest.raises(Problem) as refused:
        give(world, account, "reviewer", EAST, to=account)
    assert refused.value.kind.number == "403.1"
    with pytest.raises(Problem):
        services.end_post(holder(world, account), on=NEXT_YEAR, by=world.rights(account), now=timezone.now())
    assert holder(world, account).valid_to is None


def test_the_bureau_does_not_dismiss_the_auditor(world: World) -> None:
    with pytest.raises(Problem) as refused:
        services.end_post(
            holder(world, "auditor"), on=NEXT_YEAR, by=world.rights("bureau"), now=timezone.now()
        )
    assert refused.value.kind.number == "403.1"
    assert holder(world, "auditor").valid_to is None


def test_another_county_does_not_exist(world: World) -> None:
    for area in (COUNTY, EAST, JIA):
        with pytest.raises(Problem) as refused:
            give(world, "foreign", "keeper", area)
        assert refused.value.kind.number == "404.1"
    with pytest.raises(Problem) as refused:
        give(world, "admin", "keeper", ELSEWHERE)
    assert refused.value.kind.number == "404.1"


def test_who_sets_a_password_must_be_above_every_post_it_opens(world: World) -> None:
    bureau, officer, reviewer = world.rights("bureau"), Held("officer", JIA, "A"), Held("reviewer", WEST)
    assert may_manage(bureau, 99, [officer, reviewer])
    assert may_manage(bureau, 99, [])
    assert not may_manage(bureau, 99, [officer, Held("auditor", COUNTY)])
    assert not may_manage(bureau, 99, [Held("officer", ELSEWHERE, "A")])
    assert not may_manage(bureau, bureau.person_id, [officer])
    assert not may_manage(world.rights("east"), 99, [officer])


def test_giving_and_ending_are_journaled_without_personal_data(world: World) -> None:
    given = give(world, "admin", "keeper", EAST)
    services.end_post(given, on=NEXT_YEAR + timedelta(1), by=world.rights("bureau"), now=timezone.now())
    rows = list(Entry.objects.order_by("id"))
    assert [(row.verb, row.object_id, row.area_code) for row in rows] == [
        ("person.posted", str(world["stranger"].pk), EAST),
        ("person.post_ended", str(world["stranger"].pk), EAST),
    ]
    assert [row.actor for row in rows] == ["管理", "市局"]
    assert all(world["stranger"].name not in str(row.put) for row in rows)


def test_a_refused_post_leaves_no_journal_row(world: World) -> None:
    with pytest.raises(ValidationError):
        give(world, "admin", "officer", JIA, post="A")
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0, None), (10, None)),
        ((0, 20), (10, 30)),
        ((0, 20), (5, 10)),
        ((0, 20), (0, 20)),
        ((10, None), (0, 11)),
    ],
)
def test_two_a_officers_at_a_time_are_refused_by_the_database(
    world: World, first: tuple[int, int | None], second: tuple[int, int | None]
) -> None:
    write(world, "yi_a", first)
    with pytest.raises(IntegrityError, match="posting_one_a_and_one_b_at_a_time"), transaction.atomic():
        write(world, "jia_b", second)


@pytest.mark.parametrize(("first", "second"), [((0, 10), (10, None)), ((10, None), (0, 10))])
def test_a_successor_starts_on_the_day_the_other_ends(
    world: World, first: tuple[int, int | None], second: tuple[int, int | None]
) -> None:
    write(world, "yi_a", first)
    assert write(world, "jia_b", second).pk


def test_b_stands_beside_a_and_reviewers_may_be_many(world: World) -> None:
    write(world, "yi_a", (0, None))
    assert write(world, "jia_b", (0, None), post="B").pk
    for account in ("jia_a", "yi_a"):
        Posting.objects.create(
            person=world[account], role="reviewer", area_id=EAST, valid_from=date(2026, 1, 1)
        )
    assert Posting.objects.filter(role="reviewer", area=EAST).count() == 3


def write(world: World, account: str, days: tuple[int, int | None], post: str = "A") -> Posting:
    """Write a post of village 丙 past the services, as an import or a shell would."""
    start = date(2026, 6, 1)
    Posting.objects.filter(area=BING, valid_from__lt=start).delete()
    begins, ends = start + timedelta(days[0]), None if days[1] is None else start + timedelta(days[1])
    return Posting.objects.create(
        person=world[account], role="officer", area_id=BING, post=post, valid_from=begins, valid_to=ends
    )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"role": "reviewer", "post": "A"}, "posting_a_or_b_for_officers_only"),
        ({"role": "officer", "post": ""}, "posting_a_or_b_for_officers_only"),
        ({"role": "officer", "post": "C"}, "posting_a_or_b_for_officers_only"),
        ({"role": "keeper", "valid_to": date(2026, 1, 1)}, "posting_ends_after_it_begins"),
        ({"role": "keeper", "valid_to": date(2025, 1, 1)}, "posting_ends_after_it_begins"),
    ],
)
def test_what_no_post_can_be(world: World, fields: dict[str, object], constraint: str) -> None:
    values = {"person": world["stranger"], "area_id": JIA, "valid_from": date(2026, 1, 1), **fields}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Posting.objects.create(**values)


def test_a_taken_post_is_refused_in_words(world: World) -> None:
    with pytest.raises(ValidationError) as refused:
        give(world, "admin", "officer", JIA, post="A")
    assert "已有同岗位的灾害信息员" in str(refused.value)


def test_an_ended_post_does_not_end_again(world: World) -> None:
    keeper, by = holder(world, "keeper"), world.rights("bureau")
    services.end_post(keeper, on=NEXT_YEAR, by=by, now=timezone.now())
    with pytest.raises(Problem) as refused:
        services.end_post(keeper, on=NEXT_YEAR + timedelta(1), by=by, now=timezone.now())
    assert refused.value.kind.number == "409.2"
    assert holder(world, "keeper").valid_to == NEXT_YEAR


def test_a_person_with_posts_is_not_deleted(world: World) -> None:
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        world["jia_a"].delete()
    assert Person.objects.filter(username="jia_a").exists()
