"""The written words against what was published of 2013 and 2018 (figures of 潜山)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disaster.reports.indicators import INDICATORS
from disaster.reports.narrative import Facts, Place, Step, amount, bulletin, lead, lead_en
from disaster.rules.book import BEIJING


def figures(**values: str | int) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in values.items()}


def facts(**fields: Any) -> Facts:
    values: dict[str, Any] = {
        "event": "暴雨洪涝",
        "hazard": "洪涝灾害-山洪",
        "started_at": datetime(2013, 7, 5, 6, tzinfo=BEIJING),
        "cutoff": datetime(2013, 7, 7, 18, tzinfo=BEIJING),
        "figures": {},
    }
    return Facts(**{**values, **fields})


# 2013-07-05/07: 16 townships and the development zone, 145,000 people, 11,200 moved, 92,000 亩 of
# crops (6133.33 公顷), 5 households with 11 rooms collapsed, 14 with 31 damaged, about 82 million yuan.
STORM_2013 = facts(
    figures=figures(
        affected=145000,
        dead=0,
        relocated=11200,
        houses_collapsed_homes=5,
        houses_collapsed_rooms=11,
        houses_severe_homes=14,
        houses_severe_rooms=31,
        crops_affected="6133.33",
        loss_total="8200.00",
    ),
    parts=[Place(f"乡{n}", figures(affected=n + 1)) for n in range(17)],
)


def test_the_storm_of_2013() -> None:
    assert lead(STORM_2013) == (
        "截至7月7日18时统计,此次暴雨洪涝过程造成我市17个乡镇(街道)145000人受灾,"
        "暂无人员伤亡报告,紧急转移安置11200人;倒塌房屋5户11间,严重损坏14户31间;"
        "农作物受灾面积6133.33公顷;直接经济损失8200万元(以上为初步统计数)。"
    )


def test_the_storm_of_2018() -> None:
    storm = facts(
        event="7·04暴雨",
        cutoff=datetime(2018, 7, 5, 17, tzinfo=BEIJING),
        figures=figures(
            houses_collapsed_homes=2,
            houses_collapsed_rooms=12,
            houses_severe_homes=10,
            houses_severe_rooms=23,
            houses_slight_homes=99,
        ),
    )
    assert lead(storm) == (
        "截至7月5日17时统计,此次7·04暴雨过程造成我市"
        "倒塌房屋2户12间,严重损坏10户23间,一般损坏99户;暂无人员伤亡报告(以上为初步统计数)。"
    )


def test_deaths_are_said_and_zeros_are_not() -> None:
    told = lead(facts(figures=figures(affected=10, dead=3, missing=1, relocated=5, relocated_central=2)))
    assert "因灾死亡3人、失踪1人,紧急转移安置5人(其中集中安置2人)" in told
    assert "房屋" not in told
    assert "公顷" not in told
    assert "暂无" not in told


def test_an_injury_is_no_absence_of_casualties() -> None:
    told = lead(facts(figures=figures(affected=10, injured=2)))
    assert "暂无人员伤亡报告" not in told
    assert "因灾受伤2人" in told


def test_verified_figures_say_so_and_english_too() -> None:
    verified = replace(STORM_2013, is_verified=True)
    assert "核定" in lead(verified)
    assert lead_en(verified).startswith(
        "As of 2013-07-07 18:00 (Beijing), verified: 145000 people affected; no deaths"
    )


def test_the_whole_text_has_its_five_parts_and_marks_what_nobody_said() -> None:
    began = datetime(2013, 7, 6, 8, tzinfo=BEIJING)
    text = bulletin(
        replace(STORM_2013, responses=[Step(4, "潜减救〔2013〕3号", began, None, "派出工作组。")])
    )
    parts = ["一、灾害过程", "二、灾情", "三、已采取措施", "四、困难需求", "五、下步工作"]
    assert [line for line in text.splitlines() if line in parts] == parts
    assert "7月6日8时,启动四级应急响应(潜减救〔2013〕3号)。派出工作组。" in text
    assert text.count("【待填:") == 4
    assert "受灾较重的乡镇(街道):乡16受灾17人;" in text
    assert "我市发生洪涝灾害(山洪)。" in text


def test_where_all_is_in_one_place_its_figures_are_said_once() -> None:
    here = facts(figures=figures(affected=45), parts=[Place("东乡", figures(affected=45)), Place("西乡", {})])
    assert "受灾较重" not in bulletin(here)
    assert bulletin(here).count("45人") == 1


def test_a_township_speaks_of_its_villages() -> None:
    villages = [Place("甲村", figures(affected=120, relocated=30)), Place("乙村", figures(affected=1200))]
    own = facts(
        figures=figures(affected=1320, relocated=30),
        parts=villages,
        part_name="村(社区)",
        self_name="东乡",
    )
    assert "造成东乡2个村(社区)1320人受灾,暂无人员伤亡报告,紧急转移安置30人" in lead(own)
    assert "受灾较重的村(社区):乙村受灾1200人;甲村受灾120人、紧急转移安置30人。" in bulletin(own)


def test_of_what_nobody_reported_nothing_is_said_to_be_caused() -> None:
    assert lead(facts()) == (
        "截至7月7日18时统计,此次暴雨洪涝过程中我市暂无人员伤亡和财产损失报告(以上为初步统计数)。"
    )


@pytest.mark.parametrize(("value", "told"), [("0.50", "0.5"), ("1E+2", "100"), ("1200", "1200"), ("0", "0")])
def test_amounts(value: str, told: str) -> None:
    assert amount(Decimal(value)) == told


@given(
    st.dictionaries(
        st.sampled_from([one.key for one in INDICATORS]),
        st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False),
    )
)
def test_the_lead_always_says_cutoff_casualties_and_standing(given_figures: dict[str, Decimal]) -> None:
    told = lead(facts(figures=given_figures))
    assert told.startswith("截至7月7日18时统计")
    assert told.endswith("(以上为初步统计数)。")
    assert any(words in told for words in ("暂无人员", "因灾死亡", "因灾失踪"))
    assert ";;" not in told
    assert ",," not in told
