"""The catalogue as the phone gets it."""

from __future__ import annotations

import json
import re
from typing import Any

from disaster.reports.catalogue import catalogue
from disaster.reports.checks import ALL
from disaster.reports.hazards import HAZARDS
from disaster.reports.indicators import BY_KEY, INDICATORS


def sent() -> Any:
    return json.loads(json.dumps(catalogue(), allow_nan=False))


def test_it_survives_json_unchanged() -> None:
    assert sent() == catalogue()


def test_it_holds_everything_in_order() -> None:
    content = sent()

    assert [row["key"] for row in content["indicators"]] == [one.key for one in INDICATORS]
    assert [row["key"] for row in content["hazards"]] == [one.key for one in HAZARDS]
    assert [row["key"] for row in content["checks"]] == [one.key for one in ALL]
    assert [row["zh"] for row in content["kinds"]] == ["初报", "续报", "核报", "零报告"]
    assert (content["mu_per_hectare"], content["too_large"]) == (15, 10**10)


def test_a_check_refers_only_to_what_the_phone_has() -> None:
    context = {"population", "township_population", "arable_ha"}
    for row in sent()["checks"]:
        assert {row["left"], *row["right"]} <= {"", *BY_KEY, *context}, row["key"]
        field = row["anchor"].removeprefix("figures.")
        assert field in {"*", "fix", "hazard", *BY_KEY}, row["key"]
        places = set(re.findall(r"{(\w+)}", row["zh"] + row["en"]))
        assert places <= {"left_value", "right_value", "zh", "en", "unit", "unit_en", "month"}, row["key"]


def test_a_relation_arrives_whole() -> None:
    (row,) = (row for row in sent()["checks"] if row["key"] == "loss_total:sum")

    assert (row["severity"], row["op"], row["left"], len(row["right"])) == ("hard", "sum", "loss_total", 6)
    assert row["tolerance"] == 0.01
    assert row["zh"].startswith("直接经济损失({left_value}万元)应等于住房及居民家庭财产损失、")


def test_the_version_is_stable_and_changes_with_the_content() -> None:
    before = catalogue()["version"]
    assert re.fullmatch(r"[0-9a-f]{16}", before)
    assert catalogue()["version"] == before
    assert catalogue(hazards=HAZARDS[:-1])["version"] != before
