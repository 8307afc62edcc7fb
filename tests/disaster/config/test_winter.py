"""The founding case: nobody real, always the same, and its sums are the published ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from disaster.config.management.commands.replay_storm import _villages
from disaster.config.management.commands.sample_winter import a_season
from disaster.config.storm import Village
from disaster.config.winter import homes, load, published
from disaster.config.winter.compare import compare
from disaster.config.winter.finish import Ending
from disaster.config.winter.ledger import Wrong
from disaster.config.winter.season import Season
from disaster.people import sample
from disaster.people.models import Person
from disaster.registers import identity
from disaster.relief.funds.models import PayLine
from disaster.relief.needs.models import Application, Grant, Household
from disaster.relief.receipts.models import Case
from disaster.relief.stock.models import Balance, Place
from gis import sample_county
from tests.held import held

pytestmark = pytest.mark.django_db


def _loaded() -> list[Village]:
    sample_county.load()
    sample.load(timezone.now(), force=True)
    return _villages()


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Village]]:
    with held(django_db_blocker, _loaded) as villages:
        yield villages


def winter(*words: str) -> str:
    said = StringIO()
    call_command("sample_winter", *words, stdout=said)
    return said.getvalue()


def test_households_are_the_published_ones_and_nobody_real(county: list[Village]) -> None:
    made = homes.plan(county)
    assert len({home.village for home in made}) == 183
    assert (len(made), sum(home.persons for home in made)) == (published.HOUSEHOLDS, published.PEOPLE)
    assert len({home.identity for home in made}) == len({home.card for home in made}) == len(made)
    assert not any(identity.fault(home.identity) for home in made)
    assert all(home.identity.startswith("990000") and home.persons <= home.members for home in made)
    assert homes.plan(county[::-1]) == made
    assert homes.plan(county, seed=1) != made


def test_quotas_and_deliveries_add_up_to_what_was_published() -> None:
    assert sum(quota.yuan for quota in published.QUOTAS) == published.YUAN
    came: Counter[str] = Counter()
    for one in published.DELIVERIES:
        came[one.item] += one.quantity
    assert came == Counter(published.GOODS)


def test_a_small_winter_is_loaded_once(county: list[Village]) -> None:
    winter("--villages", "12")
    codes = set(Household.objects.values_list("area_id", flat=True))
    made = [home for home in homes.plan(county) if home.village in codes]
    assert len(codes) == 12
    assert Application.objects.filter(state="passed").count() == len(made) == Household.objects.count()
    assert sum(Application.objects.values_list("persons", flat=True)) == sum(home.persons for home in made)
    one = Household.objects.get(identity_hash__gt="", name=made[0].name, address=made[0].address)
    assert (one.identity, one.card) == (made[0].identity, made[0].card)
    assert Balance.objects.filter(place__kind="warehouse", quantity__gt=0).count() >= 4
    keepers = {str(place.area_id): place.keeper for place in Place.objects.filter(kind="point")}
    names = dict(Person.objects.values_list("username", "name"))
    assert codes < set(keepers)
    for code, keeper in keepers.items():  # whom the driver calls is whoever signs there
        signs = sample.officer_name(code, "a") if code in codes else sample.reviewer_name(code)
        assert keeper == names[signs]
    assert Place.objects.get(kind="warehouse").keeper == names["keeper"]
    assert "nothing is loaded twice" in winter()
    assert Household.objects.count() == len(made)


@pytest.fixture
def season(county: list[Village]) -> Season:
    return a_season(county, 8, homes.SEED)


def test_a_small_winter_to_its_end_is_the_ledgers(season: Season) -> None:
    happened: list[str] = []
    load.load(season, happened.append)
    ending = Ending(season, happened.append)
    ending.play()
    assert sum("are the ledger's" in line for line in happened) == 7
    ledger = ending.ledger
    assert ledger.paid + ledger.at_bank + ledger.free == sum(season.quotas().values())
    assert ledger.states["archived"] > 0
    assert Case.objects.filter(state="open").count() <= 1
    assert PayLine.objects.filter(state="refused").exists()

    arrived = Grant.objects.filter(settled__gt=0, item="quilt").values_list("pk", flat=True)
    Grant.objects.filter(pk=arrived[0]).update(settled=0)
    with pytest.raises(Wrong, match="the board"):
        compare(season, ledger)
