"""How well messages are read: floors over the corpus, and the numbers that docs/sentence.md tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.disaster.reports.sentence.corpus import FIELDS, MESSAGES, read, score, table

DOCS = Path(__file__).resolve().parents[4] / "docs" / "sentence.md"


def test_the_corpus_is_large_enough_and_holds_messages_back() -> None:
    assert len(MESSAGES) >= 120
    assert sum(message["held_out"] for message in MESSAGES) >= 30


@pytest.mark.parametrize("name", FIELDS)
def test_what_is_marked_sure_is_right_and_little_is_missed(name: str) -> None:
    told = score(MESSAGES)
    assert told.precision(name) >= 0.97, table()
    assert told.recall(name) >= 0.9, table()


def test_the_document_tells_these_very_numbers() -> None:
    assert table() in DOCS.read_text(encoding="utf-8"), f"docs/sentence.md should hold:\n{table()}"


@pytest.mark.parametrize("text", ["", " ", "收到", "大家早上好!", "请问明天几点开会?"])
def test_a_message_without_a_report_makes_an_empty_draft(text: str) -> None:
    assert not read(text).figures


def test_what_is_not_read_is_named() -> None:
    text = "龙湾村昨晚降雨120毫米,倒房3户5间,塌方2处"
    assert [text[start:end] for start, end in read(text).leftover] == ["120", "2处"]


def test_two_townships_have_a_village_of_one_name() -> None:
    assert (area := read("太平村倒房3间").area)
    assert (area.code, area.sure) == (None, False)
    assert (area := read("余井镇太平村倒房3间").area)
    assert (area.code, area.sure) == ("340882103201", True)


def test_mu_stay_mu() -> None:
    (figure,) = (one for one in read("龙湾村茶叶受灾45亩").figures if one.key == "crops_affected")
    assert (str(figure.value), str(figure.entered), figure.unit) == ("3.00", "45", "mu")


def test_a_rough_number_is_not_sure() -> None:
    for text in ("转移约40人", "转移安置40余人", "转移安置40人左右", "转移安置四十多人"):
        figures = read(text).figures
        assert [(int(one.value), one.sure) for one in figures] == [(40, False)], text


def test_the_county_may_be_named_too() -> None:
    assert (area := read("潜山市龙湾村倒房3间").area)
    assert (area.code, area.sure) == ("340882101201", True)


def test_a_village_named_with_another_township_is_to_be_checked() -> None:
    assert (area := read("源潭镇龙湾村倒房3间").area)
    assert (area.code, area.sure) == ("340882101201", False)


def test_the_longest_message_is_read_at_once() -> None:
    from time import process_time

    for piece in ("3户", "无人员伤亡", "7月5日8时", "太平村", "倒房3户5间,"):
        began = process_time()
        read((piece * 2000)[:2000])
        assert process_time() - began < 1, piece
