"""The statutory checks: every relation, its words, and what must never be refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from disaster.problems import FieldError
from disaster.reports import checks
from disaster.reports.checks import HARD, SOFT, Check
from disaster.reports.indicators import BY_KEY, INDICATORS
from tests.disaster.reports.vectors import CASES, Case, judge

D = Decimal

# The hard relations of the rules, written down a second time: whole, then what can't exceed it.
NEVER_MORE = [
    *(("受灾人口", part) for part in ("因灾死亡人口", "因灾失踪人口", "因灾受伤人口", "因灾重伤人口")),
    *(("受灾人口", f"{part}{column}") for column in ("累计值", "实时值") for part in ("紧急转移安置人口", "需紧急生活救助人口", "因旱需生活救助人口", "因旱饮水困难需救助人口")),
    ("因灾受伤人口", "因灾重伤人口"),
    *((f"{name}累计值", f"{name}实时值") for name in ("紧急转移安置人口", "集中安置人口", "分散安置人口", "集中安置点数量", "需紧急生活救助人口", "因旱需生活救助人口", "因旱饮水困难需救助人口")),
    *((f"因旱需生活救助人口{column}", f"因旱饮水困难需救助人口{column}") for column in ("累计值", "实时值")),
    *((f"{damage}{whole}", f"{damage}{part}") for damage in ("倒塌", "严重损坏", "一般损坏") for whole, part in (("房屋间数", "住房间数"), ("住房间数", "住房户数"), ("房屋间数", "住房户数"))),
    *((f"{crop}{more}面积", f"{crop}{less}面积") for crop in ("农作物", "粮食作物") for more, less in (("受灾", "成灾"), ("成灾", "绝收"), ("受灾", "绝收"))),
    *((f"农作物{more}面积", f"粮食作物{less}面积") for more, less in (("受灾", "受灾"), ("成灾", "成灾"), ("绝收", "绝收"), ("受灾", "成灾"), ("受灾", "绝收"), ("成灾", "绝收"))),
]  # fmt: skip
ADDS_UP = [
    ("紧急转移安置人口累计值", ["集中安置人口累计值", "分散安置人口累计值"]),
    ("紧急转移安置人口实时值", ["集中安置人口实时值", "分散安置人口实时值"]),
    ("因灾死亡牲畜", ["因灾死亡大牲畜", "因灾死亡小牲畜"]),
    ("因旱饮水困难牲畜", ["因旱饮水困难大牲畜", "因旱饮水困难小牲畜"]),
    (
        "直接经济损失",
        [
            "住房及居民家庭财产损失",
            "农林牧渔业损失",
            "工矿商贸业损失",
            "基础设施损失",
            "公共服务损失",
            "其他损失",
        ],
    ),
]
GOES_WITH = [
    *((f"{damage}住房间数", f"{damage}住房户数") for damage in ("倒塌", "严重损坏", "一般损坏")),
    *((f"集中安置人口{column}", f"集中安置点数量{column}") for column in ("累计值", "实时值")),
]
KEYS = {one.zh: one.key for one in INDICATORS}


def zh(error: FieldError) -> str:
    return error.say("zh-hans")


def errors_of(**figures: object) -> dict[str, FieldError]:
    return checks.figures_errors({KEYS[name]: D(str(value)) for name, value in figures.items()})


@pytest.mark.parametrize(("whole", "part"), NEVER_MORE)
def test_a_part_never_exceeds_its_whole(whole: str, part: str) -> None:
    errors = errors_of(**{whole: 10, part: 12})

    told = zh(errors[f"figures.{KEYS[part]}"])
    unit, part_unit = BY_KEY[KEYS[whole]].unit, BY_KEY[KEYS[part]].unit
    assert told == f"{part}(12{part_unit})不能大于{whole}(10{unit})"
    assert f"figures.{KEYS[part]}" not in errors_of(**{whole: 12, part: 12})


@pytest.mark.parametrize(("whole", "parts"), ADDS_UP)
def test_a_whole_is_the_sum_of_its_parts(whole: str, parts: list[str]) -> None:
    even = dict.fromkeys(parts, 5)
    field = f"figures.{KEYS[whole]}"
    unit = BY_KEY[KEYS[whole]].unit
    total = 5 * len(parts)

    assert errors_of(**{whole: total}, **even) == {}
    assert zh(errors_of(**{whole: total + 1}, **even)[field]) == (
        f"{whole}({total + 1}{unit})应等于{'、'.join(parts)}之和({total}{unit})"
    )
    assert (
        zh(errors_of(**{whole: 4}, **{parts[0]: 5})[field])
        == f"{'、'.join(parts)}之和(5{unit})不能大于{whole}(4{unit})"
    )
    assert zh(errors_of(**even)[field]) == f"分项({'、'.join(parts)})合计{total}{unit},还要填写{whole}"


@pytest.mark.parametrize(("cause", "effect"), GOES_WITH)
def test_what_goes_together_is_zero_together(cause: str, effect: str) -> None:
    whole = (
        {"紧急转移安置人口累计值": 5}
        if "累计值" in cause
        else {"紧急转移安置人口实时值": 5}
        if "实时值" in cause
        else {}
    )

    told = zh(errors_of(**whole, **{cause: 5, effect: 0})[f"figures.{KEYS[effect]}"])
    assert told == f"{cause}为5{BY_KEY[KEYS[cause]].unit},{effect}(0{BY_KEY[KEYS[effect]].unit})应大于0"
    assert errors_of(**whole, **{cause: 5, effect: 1}) == {}
    assert errors_of(**{cause: 0, effect: 0}) == {}


def test_casualties_together_never_exceed_the_affected() -> None:
    errors = errors_of(受灾人口=5, 因灾死亡人口=2, 因灾失踪人口=2, 因灾受伤人口=2)

    assert (
        zh(errors["figures.affected"])
        == "因灾死亡人口、因灾失踪人口、因灾受伤人口之和(6人)不能大于受灾人口(5人)"
    )


def test_the_tables_above_are_the_whole_of_the_hard_relations() -> None:
    pairs = {(check.left, check.right) for check in HARD if check.op == "ge" and len(check.right) == 1}
    sums = {(check.left, check.right) for check in HARD if check.op in ("sum", "needs")}

    assert pairs == {(KEYS[whole], (KEYS[part],)) for whole, part in NEVER_MORE}
    assert sums == {(KEYS[whole], tuple(KEYS[part] for part in parts)) for whole, parts in ADDS_UP}
    assert {(c.left, c.right) for c in HARD if c.op == "implies"} == {
        (KEYS[a], (KEYS[b],)) for a, b in GOES_WITH
    }
    assert len(HARD) == len(NEVER_MORE) + 3 * len(ADDS_UP) + len(GOES_WITH) + 1


def test_the_worked_example_of_the_brief() -> None:
    errors = errors_of(农作物受灾面积="10.00", 农作物成灾面积="12.00")

    assert {path: zh(error) for path, error in errors.items()} == {
        "figures.crops_damaged": "农作物成灾面积(12公顷)不能大于农作物受灾面积(10公顷)"
    }
    assert (
        errors["figures.crops_damaged"].say("en")
        == "Crops damaged (12 ha) can't exceed Crops affected (10 ha)"
    )
    assert not errors["figures.crops_damaged"].soft


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_vector(case: Case) -> None:
    assert {path: error.check for path, error in judge(case).items()} == case.errors


def test_the_vectors_touch_every_way_of_checking() -> None:
    told = {key for case in CASES for key in case.errors.values()}
    ops = {check.op for check in checks.ALL if check.key in told}

    assert len(CASES) >= 40
    assert len({case.name for case in CASES}) == len(CASES)
    assert ops == {check.op for check in checks.ALL}
    assert {
        check.key
        for check in SOFT
        if not check.key.startswith(("rooms_per_home", "complete", "loss_per_room"))
    } <= told


def test_keys_are_unique_and_messages_name_what_they_are_about() -> None:
    assert len({check.key for check in checks.ALL}) == len(checks.ALL)
    for check in checks.ALL:
        for key in (check.left, *check.right):
            if key in BY_KEY:
                assert BY_KEY[key].zh in check.words.zh, check.key
                assert BY_KEY[key].en in check.words.en, check.key


@pytest.mark.parametrize("case", [case for case in CASES if case.errors], ids=lambda case: case.name)
def test_every_message_is_filled_in_both_languages(case: Case) -> None:
    for error in judge(case).values():
        for language in ("zh-hans", "en"):
            assert "{" not in error.say(language)
            assert error.say(language)


# --- reading figures -------------------------------------------------------------------


def read(key: str, value: str, unit: str = "") -> tuple[dict[str, Decimal], dict[str, str]]:
    good, errors = checks.canonical_figures({key: D(value)}, {key: unit} if unit else {})
    return good, {path: zh(error) for path, error in errors.items()}


@pytest.mark.parametrize(
    ("mu", "hectares"),
    [
        ("15", "1.00"),
        ("92000", "6133.33"),
        ("37000", "2466.67"),
        ("0.075", "0.01"),
        ("0.07", "0.00"),
        ("0", "0"),
    ],
)
def test_mu_become_hectares(mu: str, hectares: str) -> None:
    assert read("crops_affected", mu, "mu") == ({"crops_affected": D(hectares)}, {})


def test_only_areas_are_given_in_mu() -> None:
    assert read("houses_collapsed_rooms", "3", "mu")[1] == {
        "units.houses_collapsed_rooms": "倒塌房屋间数的单位是间,不能用亩填写"
    }
    assert checks.canonical_figures({}, {"dead": "mu", "cats": "mu"}) == ({}, {})


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("affected", "NaN", "受灾人口要填数字"),
        ("affected", "sNaN", "受灾人口要填数字"),
        ("loss_total", "Infinity", "直接经济损失要填数字"),
        ("loss_total", "-Infinity", "直接经济损失要填数字"),
        ("dead", "-1", "因灾死亡人口不能是负数(填了 -1)"),
        ("crops_affected", "-0.001", "农作物受灾面积不能是负数(填了 -0.001)"),
        ("affected", "1E+10", "受灾人口太大,请核对"),
        ("affected", "1E+999999", "受灾人口太大,请核对"),
        ("affected", "1.5", "受灾人口要填整数(填了 1.5)"),
        ("affected", "1E-999999", "受灾人口要填整数(填了 1e-999999)"),
    ],
)
def test_what_is_no_figure_is_named(key: str, value: str, told: str) -> None:
    assert read(key, value) == ({}, {f"figures.{key}": told})


def test_an_unknown_figure_is_named_and_cut_short() -> None:
    assert read("x" * 1000, "1") == ({}, {"figures." + "x" * 40: f"没有名为“{'x' * 40}”的灾情指标"})


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [("affected", "1E+3", "1000"), ("affected", "3.0", "3"), ("affected", "-0", "0"), ("loss_total", "1.005", "1.01"),
     ("loss_total", "1.004", "1.00"), ("roads_km", "3.1", "3.10"), ("affected", "9999999999", "9999999999")],
)  # fmt: skip
def test_figures_are_kept_in_one_way_of_writing(key: str, value: str, kept: str) -> None:
    assert str(read(key, value)[0][key]) == kept


NUMBERS = (
    st.decimals(allow_nan=True, allow_infinity=True)
    | st.decimals(-5, 500, places=3)
    | st.integers(0, 50).map(D)
)
ANY_KEY = st.sampled_from(sorted(BY_KEY)) | st.text(max_size=60)
FIGURES = st.dictionaries(st.sampled_from(sorted(BY_KEY)), st.integers(0, 12).map(D), max_size=24)


@given(st.dictionaries(ANY_KEY, NUMBERS, max_size=10), st.dictionaries(ANY_KEY, st.just("mu"), max_size=4))
def test_reading_never_fails_and_loses_nothing(figures: dict[str, Decimal], units: dict[str, str]) -> None:
    good, errors = checks.canonical_figures(figures, units)

    for key in figures:
        assert (key in good) != (f"figures.{key[:40]}" in errors) or len(key) > 40
    for key, value in good.items():
        assert 0 <= value <= checks.TOO_LARGE
        assert value == value.quantize(D(1) if BY_KEY[key].type == "int" else D("0.01"))
    assert checks.canonical_figures(good, {}) == (good, {})


@given(st.integers(0, 10**9).map(lambda hundredths: D(hundredths) / 100))
def test_hectares_are_a_fifteenth_of_the_mu_to_a_hundredth(mu: Decimal) -> None:
    hectares = read("forest_affected", str(mu), "mu")[0]["forest_affected"]

    assert abs(hectares * 15 - mu) <= D("0.075")


# --- relations at large ----------------------------------------------------------------


def holds(check: Check, figures: dict[str, Decimal]) -> bool:
    """What a check means, said plainly and slowly."""
    left = figures.get(check.left)
    right = [figures[key] for key in check.right if key in figures]
    if check.op == "needs":
        return left is not None or sum(right) == 0
    if left is None:
        return True
    if check.op == "sum":
        return len(right) < len(check.right) or abs(left - sum(right)) <= check.tolerance
    if check.op == "implies":
        return left == 0 or right != [0]
    return len(right) < check.least or sum(right) <= left + check.tolerance


@given(FIGURES)
def test_the_index_finds_what_a_plain_reading_finds(figures: dict[str, Decimal]) -> None:
    broken = [check for check in HARD if not holds(check, figures)]
    told = checks.figures_errors(figures)

    broken.sort(key=lambda check: check.op != "ge" or len(check.right) > 1)
    first = {check.anchor: check.key for check in reversed(broken)}
    assert {path: error.check for path, error in told.items()} == first


@given(FIGURES, st.sampled_from(HARD))
def test_each_relation_is_found_among_others(figures: dict[str, Decimal], check: Check) -> None:
    figures = {**figures, **dict.fromkeys(check.right, D(7)), check.left: D(6)}
    assume(not holds(check, figures))

    assert check.anchor in checks.figures_errors(figures)


@given(FIGURES)
def test_a_figure_alone_blocks_only_if_it_is_a_part_that_would_be_lost(figures: dict[str, Decimal]) -> None:
    for key, value in figures.items():
        told = checks.figures_errors({key: value})
        assert {error.check.split(":")[-1] for error in told.values()} <= {"needs"}


@given(FIGURES, st.sampled_from(["first", "followup", "verified"]), st.none() | FIGURES)
def test_a_note_to_every_doubt_settles_all(
    figures: dict[str, Decimal], kind: str, previous: dict[str, Decimal] | None
) -> None:
    context = checks.Context(
        figures=figures, previous=previous, kind=kind, population=5, township_population=9
    )  # type: ignore[arg-type]
    doubts = checks.soft_errors(context, {})

    assert all(error.soft and error.check for error in doubts.values())
    assert checks.soft_errors(context, {check.key: "已核实" for check in SOFT}) == {}


@given(FIGURES)
def test_the_same_figures_again_raise_no_doubt_a_second_time(figures: dict[str, Decimal]) -> None:
    again = checks.Context(
        figures=figures, previous=figures, kind="followup", population=1, township_population=1
    )

    assert set(checks.soft_errors(again, {})) == set()


@given(FIGURES, st.none() | FIGURES)
def test_a_zero_report_asks_for_nothing_but_place(
    figures: dict[str, Decimal], previous: dict[str, Decimal] | None
) -> None:
    told = checks.soft_errors(
        checks.Context(figures, previous, "zero", 1, 1, position_outside_township=True), {}
    )

    assert {error.check for error in told.values()} == {"position_outside_township"}
