"""Whatever is pasted: nothing breaks, and every value stands in the message."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from disaster.reports.indicators import BY_KEY
from disaster.reports.sentence.numerals import chinese, value_of
from tests.disaster.reports.sentence.corpus import MESSAGES, read

_PIECES = st.sampled_from(
    [
        "龙湾村",
        "太平村",
        "转移",
        "倒房",
        "受灾",
        "无人员伤亡",
        "3户",
        "5间",
        "41人",
        "1.2万",
        "三十二",
        "亩",
        "水稻",
        ",",
        "。",
        ":",
        ".",
        "\n",
        " ",
        "7月5日",
        "32月",
        "25:99",
        "7.5",
        "〇",
        "万",
        "亿亿",
        "约",
        "余",
        "0",
        "9" * 40,
    ]
)
_TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(_PIECES, max_size=14).map("".join),
    st.sampled_from([message["text"] for message in MESSAGES]).flatmap(
        lambda text: st.integers(0, len(text)).map(lambda cut: text[cut:] + text[:cut])
    ),
)


@settings(max_examples=400, deadline=None)
@given(_TEXTS)
def test_any_text_is_read_and_every_span_lies_within_it(text: str) -> None:
    draft = read(text)
    spans = [(one.start, one.end) for one in (draft.area, draft.hazard, draft.occurred_at) if one]
    spans += [(figure.start, figure.end) for figure in draft.figures]
    spans += draft.leftover
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert len({figure.key for figure in draft.figures}) == len(draft.figures)
    for figure in draft.figures:
        assert figure.key in BY_KEY
        assert figure.value >= 0
        assert figure.sure is (figure.why is None)


@settings(max_examples=300, deadline=None)
@given(_TEXTS)
def test_every_digit_is_read_or_left_over(text: str) -> None:
    draft = read(text)
    spans = [(figure.start, figure.end) for figure in draft.figures] + list(draft.leftover)
    spans += [span for figure in draft.figures for span in figure.also]
    spans += [(one.start, one.end) for one in (draft.area, draft.occurred_at) if one]
    digits = [place for place, char in enumerate(text) if char in "0123456789"]
    times = [place for place in digits if not any(start <= place < end for start, end in spans)]
    # What was read as a time but not as the time is a date of another thing.
    assert all(read_as_time(text, place) for place in times)


def read_as_time(text: str, place: int) -> bool:
    from disaster.reports.sentence.times import time_in
    from disaster.reports.sentence.written import write
    from tests.disaster.reports.sentence.corpus import TODAY

    written = write(text)
    return any(
        written.origin[start] <= place <= written.origin[end - 1] for start, end in time_in(written, TODAY)[1]
    )


@given(st.integers(0, 9_999_999))
def test_chinese_numerals_round_trip(value: int) -> None:
    assert value_of(chinese(value)) == value


@given(st.integers(0, 9_999_999))
def test_arabic_numerals_with_and_without_commas(value: int) -> None:
    assert value_of(str(value)) == value_of(f"{value:,}") == value
