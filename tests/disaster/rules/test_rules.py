"""Dated rules: the value of the day, of the area; what the product reads follows a changed row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from disaster.journal.models import Entry
from disaster.problems import Problem
from disaster.reports import hazards, rulebook, services
from disaster.rules import book, load
from disaster.rules.catalogue import CATALOGUE, WrongValue
from disaster.rules.models import Code, Rule
from tests.world import COUNTY, JIA, YI, World, a_report, submission

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """What a test changed is rolled back, but would be remembered for some seconds."""
    yield
    book.forget()


def change(key: str, value: Any, **fields: Any) -> Rule:
    """End the row in force and begin another today, as the administration pages do."""
    Rule.objects.filter(key=key, area_code=fields.get("area_code", "")).update(valid_to=book.today())
    return Rule.objects.create(key=key, value=value, valid_from=book.today(), source="测试", **fields)


def test_every_shipped_rule_is_a_row_with_its_source_and_reads_as_its_kind() -> None:
    rows = {row.key: row for row in Rule.objects.all()}
    assert rows.keys() == CATALOGUE.keys()
    for key, row in rows.items():
        row.full_clean()
        assert row.source
        assert book.value(key) == CATALOGUE[key].read(row.value)
    assert book.value("clock.daily.county") == time(9)
    assert book.value("proposal.km") == Decimal(10)


def test_a_row_counts_from_its_day_and_the_old_days_keep_theirs() -> None:
    change("clock.first.county", 90)
    yesterday = book.today() - timedelta(days=1)
    assert (book.value("clock.first.county"), book.value("clock.first.county", on=yesterday)) == (90, 120)


def test_a_day_before_any_row_reads_what_is_shipped() -> None:
    assert book.value("clock.first.county", on=date(2013, 7, 5)) == 120
    assert {entry.key for entry in book.codes("hazard", on=date(2013, 7, 5))} == {
        one.key for one in hazards.HAZARDS
    }


def test_the_narrower_area_wins() -> None:
    change("upward.people", 3, area_code=COUNTY)
    assert book.value("upward.people", area=JIA) == 3
    assert book.value("upward.people", area="340881101201") == 10
    assert book.value("upward.people") == 10


@pytest.mark.parametrize(
    ("key", "value"),
    [("clock.first.county", -1), ("clock.first.county", "2h"), ("clock.daily.county", "25:00"), ("proposal.km", "x"),
     ("silence.zones", {"level": "red"}), ("no.such.rule", 1)],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_words(key: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        Rule(key=key, value=value, valid_from=date(2020, 3, 8), source="x").full_clean()


def test_two_values_at_one_time_are_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.create(key="upward.people", value=5, valid_from=date(2024, 1, 1), source="x")


def test_loading_again_never_touches_what_the_bureau_set() -> None:
    Rule.objects.filter(key="upward.people").update(value=7)
    Code.objects.filter(list="hazard", key="snow").update(zh="雪灾(本地)")
    load.after_migrate()
    assert Rule.objects.get(key="upward.people").value == 7
    assert Code.objects.get(list="hazard", key="snow").zh == "雪灾(本地)"


def test_the_phones_catalogue_and_the_server_follow_a_changed_threshold(world: World) -> None:
    before = rulebook.catalogue()["version"]
    report = a_report(JIA, figures={"affected": Decimal(1200)})
    services.submit(submission(report, world.rights("jia_a")))
    change("check.village_factor", "1.1")
    assert rulebook.catalogue()["version"] != before
    told = next(check for check in rulebook.catalogue()["checks"] if check["key"] == "affected_over_village")
    assert (told["factor"], "1.1倍" in told["zh"]) == (1.1, True)
    with pytest.raises(Problem) as caught:
        services.submit(submission(a_report(YI, figures={"affected": Decimal(1200)}), world.rights("yi_a")))
    assert "1.1倍" in caught.value.errors["figures.affected"].say("zh-hans")


def test_a_retired_hazard_is_refused_from_that_day_on(world: World) -> None:
    Code.objects.filter(list="hazard", key="flood.flash").update(valid_to=book.today())
    book.forget()
    with pytest.raises(Problem) as caught:
        services.submit(submission(a_report(JIA, occurred_at=timezone.now()), world.rights("jia_a")))
    assert "hazard" in caught.value.errors
    old = a_report(JIA, occurred_at=timezone.now() - timedelta(days=2))
    assert services.submit(submission(old, world.rights("jia_a"))).number


def test_both_code_lists_are_rows_and_one_maps_to_the_other() -> None:
    national = {entry.key: entry for entry in book.codes("hazard_national")}
    assert {key: entry.certain for key, entry in national.items()} == {
        c.code: c.certain for c in hazards.NATIONAL
    }
    for entry in book.codes("hazard"):
        assert entry.national in national
        assert entry.national == hazards.national_code(entry.key).code


def test_reading_costs_a_statement_now_and_then_and_none_between(django_assert_num_queries: Any) -> None:
    book.forget()
    with django_assert_num_queries(2):
        book.value("upward.people")
        rulebook.arranged()
        rulebook.is_hazard("flood", on=book.today())
        book.codes("hazard")


def test_only_the_administrator_edits_and_the_journal_knows(
    client_of: Callable[[str], Client], world: World
) -> None:
    row = Rule.objects.get(key="review.lease")
    body = {
        "key": row.key,
        "area_code": "",
        "value": "15",
        "valid_from": "2020-03-08",
        "source": "市局〔2026〕1号",
    }
    address = f"/admin/rules/rule/{row.pk}/change/"
    assert client_of("bureau").post(address, body).status_code in {302, 403}
    row.refresh_from_db()
    assert row.value == 10
    assert client_of("admin").post(address, body).status_code == 302
    row.refresh_from_db()
    assert (row.value, row.source) == (15, "市局〔2026〕1号")
    assert Entry.objects.get(verb="rule.changed").actor == "管理"


def test_a_kind_says_what_it_expects() -> None:
    with pytest.raises(WrongValue, match="时刻"):
        CATALOGUE["clock.daily.county"].read("morning")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rules_rule WHERE source = ''")
        assert cursor.fetchone()[0] == 0
