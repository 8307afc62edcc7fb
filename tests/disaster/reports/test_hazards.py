"""The two lists of hazards and the bridge between them."""

import re

import pytest

from disaster.reports.hazards import BY_KEY, HAZARDS, NATIONAL, full_name, is_hazard, main_of, national_code


def test_the_twelve_main_hazards_stand_in_the_order_of_the_rules() -> None:
    main = [full_name(hazard.key) for hazard in HAZARDS if hazard.parent is None]

    assert main == [
        *("洪涝灾害", "干旱灾害", "台风灾害", "风雹灾害", "低温冷冻灾害", "雪灾"),
        *("沙尘暴灾害", "地震灾害", "地质灾害", "海洋灾害", "森林草原火灾", "生物灾害"),
    ]


def test_a_sub_hazard_follows_its_main_hazard_and_shares_its_picture() -> None:
    for hazard in HAZARDS:
        main = BY_KEY[main_of(hazard.key)]
        assert main.icon == hazard.icon == f"hazard-{main.key}"
        assert hazard.parent == (None if hazard is main else main.key)


def test_keys_and_names_are_unique() -> None:
    assert len(BY_KEY) == len(HAZARDS)
    assert len({full_name(hazard.key) for hazard in HAZARDS}) == len(HAZARDS)


@pytest.mark.parametrize("key", ["flood", "flood.flash", "geological.landslide", "storm.other"])
def test_hazards_are_known(key: str) -> None:
    assert is_hazard(key)


@pytest.mark.parametrize("key", ["", "Flood", "flood.", "flash", "flood.hail", "洪涝"])
def test_other_words_are_not(key: str) -> None:
    assert not is_hazard(key)


def test_the_national_system_names_main_and_sub_hazard() -> None:
    assert full_name("flood.other") == "洪涝灾害-其他"
    assert full_name("snow") == "雪灾"


def test_every_hazard_has_a_national_code_that_exists() -> None:
    codes = {entry.code for entry in NATIONAL}

    assert len(codes) == len(NATIONAL)
    assert all(re.fullmatch(r"0[1-5](0[1-9]|1[0-2]|99)00", code) for code in codes)
    assert {hazard.key for hazard in HAZARDS if national_code(hazard.key).code not in codes} == set()


def test_a_code_that_nobody_checked_says_so() -> None:
    assert not national_code("marine").certain
    assert national_code("drought").code == "010100"
    assert national_code("geological.landslide").zh == "滑坡"
