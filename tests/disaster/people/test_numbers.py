"""Telephone numbers at rest, found and shown."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, connection, transaction

from disaster.people import private
from disaster.people.models import Person
from tests.world import World

PHONE = "13800138000"


@pytest.mark.django_db
def test_a_number_is_nowhere_in_clear_in_the_table(world: World) -> None:
    world["jia_a"].phone = PHONE
    world["jia_a"].save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_person.*::text FROM people_person WHERE username = 'jia_a'")
        row = cursor.fetchone()[0]
    assert PHONE not in row
    assert PHONE.encode().hex() not in row
    assert private.blind(PHONE) in row
    assert Person.objects.get(username="jia_a").phone == PHONE


@pytest.mark.django_db
def test_a_number_belongs_to_one_person(world: World) -> None:
    world["jia_a"].phone = PHONE
    world["jia_a"].save()
    world["jia_b"].phone = "+86 " + PHONE
    with pytest.raises(IntegrityError, match="person_phone_is_unique"), transaction.atomic():
        world["jia_b"].save()


@pytest.mark.django_db
def test_many_have_no_number(world: World) -> None:
    assert Person.objects.filter(phone_hash="").count() == len(world.people)
    assert not Person.objects.by_phone("").exists()
    assert not Person.objects.by_phone("jia_a").exists()


def test_what_is_no_number_is_not_kept() -> None:
    with pytest.raises(ValueError, match="telephone"):
        Person().phone = "甲村"


def test_each_sealing_differs_and_opens() -> None:
    one, two = private.seal("340824199001010012"), private.seal("340824199001010012")
    assert one != two
    assert private.open_sealed(one) == private.open_sealed(two) == "340824199001010012"


@pytest.mark.parametrize("at", [0, 11, 12, -1])
def test_a_changed_byte_does_not_open(at: int) -> None:
    sealed = bytearray(private.seal(PHONE))
    sealed[at] ^= 1
    with pytest.raises(InvalidTag):
        private.open_sealed(bytes(sealed))


def test_another_key_opens_nothing_and_finds_nothing(settings: object) -> None:
    sealed, found = private.seal(PHONE), private.blind(PHONE)
    settings.FIELD_KEY = "ab" * 32  # type: ignore[attr-defined]
    assert private.blind(PHONE) != found
    with pytest.raises(InvalidTag):
        private.open_sealed(sealed)


def test_a_short_key_is_refused(settings: object) -> None:
    settings.FIELD_KEY = "ab" * 16  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="64 hexadecimal"):
        private.seal(PHONE)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800138000", PHONE),
        ("+86 138-0013-8000", PHONE),
        ("008613800138000", PHONE),
        ("１３８ ００１３ ８０００", PHONE),
        ("(0556) 892-1234", "05568921234"),
        ("86", "86"),
        ("v202201a", ""),
        ("", ""),
        ("138001380a0", ""),
    ],
)
def test_a_number_has_one_form(written: str, kept: str) -> None:
    assert private.plain_phone(written) == kept


@pytest.mark.parametrize(
    ("mask", "number", "shown"),
    [
        (private.mask_phone, "13800138000", "138****8000"),
        (private.mask_phone, "8921234", "*******"),
        (private.mask_phone, "", ""),
        (private.mask_identity, "340824199001010012", "340824********0012"),
        (private.mask_identity, "34082419900101001X", "340824********001X"),
        (private.mask_identity, "340824900101001", "340824********001"),
        (private.mask_identity, "3408", "****"),
    ],
)
def test_masks_hide_the_middle(mask: object, number: str, shown: str) -> None:
    assert mask(number) == shown  # type: ignore[operator]
