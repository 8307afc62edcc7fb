"""Loading the sample: harmless the second time, and beside a real county."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from disaster.events.models import Event
from disaster.people.models import Person
from gis.models import Area

pytestmark = pytest.mark.django_db


def load() -> str:
    out = StringIO()
    call_command("load_sample", stdout=out)
    return out.getvalue()


def test_the_second_time_changes_nothing() -> None:
    load()
    before = (Area.objects.count(), Person.objects.count(), Event.objects.count())
    assert before[2] == 1
    assert "qianshan-2026" in load()
    assert (Area.objects.count(), Person.objects.count(), Event.objects.count()) == before


def test_beside_real_people_no_sample_account_and_no_event_is_made() -> None:
    Person.objects.create_user("someone", "correct-horse-7", name="真人")
    assert "qianshan-2026" not in load()
    assert Person.objects.count() == 1
    assert Event.objects.count() == 0
