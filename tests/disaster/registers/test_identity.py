"""The identity number (GB 11643-1999): its check digit, its birthday, its sex."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disaster.registers import identity

DIGITS = "0123456789X"
numbers = st.builds(
    lambda place, born, sequence: f"{place}{born:%Y%m%d}{sequence:03d}",
    st.integers(100_000, 999_999),
    st.dates(date(1900, 1, 1), date(2030, 12, 31)),
    st.integers(0, 999),
).map(lambda first: first + identity.check_digit(first))


@given(numbers)
def test_a_number_made_by_the_rule_has_no_fault(number: str) -> None:
    assert identity.fault(number) is None
    # ISO 7064 MOD 11-2, from its definition rather than from a table of weights.
    assert sum(DIGITS.index(char) * 2 ** (17 - at) for at, char in enumerate(number)) % 11 == 1


@given(numbers, st.integers(0, 17), st.sampled_from(DIGITS))
def test_any_single_wrong_digit_is_noticed(number: str, at: int, char: str) -> None:
    wrong = number[:at] + char + number[at + 1 :]
    assert (identity.fault(wrong) is None) == (wrong == number)


@given(numbers, st.integers(0, 16))
def test_any_two_neighbours_swapped_are_noticed(number: str, at: int) -> None:
    wrong = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert (identity.fault(wrong) is None) == (wrong == number)


@given(numbers)
def test_a_number_says_birthday_and_sex(number: str) -> None:
    told = identity.said(number)
    assert f"{told.born:%Y%m%d}" == number[6:14]
    assert told.sex == ("male" if number[16] in "13579" else "female")


@given(st.text(max_size=20))
def test_whatever_is_typed_is_judged(text: str) -> None:
    assert identity.fault(identity.plain(text)) is None or identity.fault(text) is not None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("110105491231002", identity.FIFTEEN),
        ("11010519491231002", identity.NOT_EIGHTEEN),
        ("1101051949123100２X", None),
        ("11010519491331002X", identity.NO_BIRTHDAY),
        ("110105194912310021", identity.WRONG_CHECK),
        ("11010519491231002x", None),
    ],
)
def test_each_fault_has_its_words(text: str, words: object) -> None:
    assert identity.fault(identity.plain(text)) == words
