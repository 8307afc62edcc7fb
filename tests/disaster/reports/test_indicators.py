"""The list of indicators against the statutory form, written down a second time."""

from disaster.reports.indicators import BY_KEY, INDICATORS

# 应急统表1 in its own order: number, heading, unit; "2" for the columns 累计值 and 实时值.
FORM = """
1 受淹乡镇(街道)数量 个
2 受灾人口 人
3 因灾死亡人口 人
4 因灾失踪人口 人
5 因灾受伤人口 人
5a 因灾重伤人口 人
6 紧急避险转移人口 人
7 紧急转移安置人口 人 2
7a 集中安置人口 人 2
7b 分散安置人口 人 2
8 集中安置点数量 个 2
9 需紧急生活救助人口 人 2
10 需过渡期生活救助人口 人
11 因旱需生活救助人口 人 2
11a 因旱饮水困难需救助人口 人 2
12 倒塌房屋间数 间
12a 倒塌住房间数 间
12b 倒塌住房户数 户
13 严重损坏房屋间数 间
13a 严重损坏住房间数 间
13b 严重损坏住房户数 户
14 一般损坏房屋间数 间
14a 一般损坏住房间数 间
14b 一般损坏住房户数 户
15 农作物受灾面积 公顷
15a 粮食作物受灾面积 公顷
16 农作物成灾面积 公顷
16a 粮食作物成灾面积 公顷
17 农作物绝收面积 公顷
17a 粮食作物绝收面积 公顷
18 草场受灾面积 公顷
19 林地受灾面积 公顷
20 因灾死亡牲畜 头只
20a 因灾死亡大牲畜 头只
20b 因灾死亡小牲畜 头只
21 因旱饮水困难牲畜 头只
21a 因旱饮水困难大牲畜 头只
21b 因旱饮水困难小牲畜 头只
22 水产养殖受灾面积 公顷
23 受损工业企业数量 个
24 受损商贸网点数量 个
25 受损公路长度 千米
26 受损通信线路长度 皮长公里
27 受损通信基站数量 个
28 受损电力线路长度 千米
29 受损输变电设备数量 台套
30 受损水库数量 个
31 受损堤防长度 千米
32 受损市政道路长度 千米
33 受损市政供水管网长度 千米
34 受损学校数量 个
35 受损医院和卫生机构数量 个
36 直接经济损失 万元
36a 住房及居民家庭财产损失 万元
36b 农林牧渔业损失 万元
36c 工矿商贸业损失 万元
36d 基础设施损失 万元
36e 公共服务损失 万元
36f 其他损失 万元
"""
WHOLE = {"人", "个", "间", "户", "头只", "台套"}


def columns() -> list[tuple[str, str, str]]:
    found = []
    for line in FORM.split("\n")[1:-1]:
        number, heading, unit, *two = line.split()
        found += [(number, heading + column, unit) for column in (("累计值", "实时值") if two else ("",))]
    return found


def test_the_statutory_form_is_complete_and_in_order() -> None:
    ours = [(one.number, one.zh, one.unit) for one in INDICATORS if one.group == "statutory"]

    assert ours == columns()


def test_people_and_rooms_are_counted_and_the_rest_measured_to_two_decimals() -> None:
    assert {one.key for one in INDICATORS if (one.type == "int") != (one.unit in WHOLE)} == set()


def test_a_column_says_whether_it_is_so_far_or_now() -> None:
    both = [(one.key, one.aspect) for one in INDICATORS if one.aspect]

    assert len(both) == 14
    assert all(aspect == ("current" if key.endswith("_now") else "total") for key, aspect in both)


def test_a_lettered_number_is_a_part_of_the_plain_one_in_the_same_column() -> None:
    for one in INDICATORS:
        if one.number[0] != "F" and one.number[-1].isalpha():
            whole = BY_KEY[one.parent or ""]
            assert (whole.number, whole.aspect) == (one.number[:-1], one.aspect), one.key
        else:
            assert one.parent is None, one.key


def test_order_counts_up_through_both_groups() -> None:
    assert [one.order for one in INDICATORS] == list(range(1, len(INDICATORS) + 1))
    assert [one.zh for one in INDICATORS if one.group == "field"] == [
        "断路村数",
        "断电村数",
        "断水村数",
        "断网村数",
        "受困人数",
    ]


def test_names_are_there_in_both_languages_and_no_two_are_alike() -> None:
    assert all(one.en.isascii() or "×" in one.unit_en for one in INDICATORS)
    assert len({one.zh for one in INDICATORS}) == len({one.en for one in INDICATORS}) == len(INDICATORS)


def test_the_first_few_fit_one_screen_and_lead_with_people() -> None:
    main = [one.key for one in INDICATORS if one.main]

    assert 8 <= len(main) <= 12
    assert main[:4] == ["affected", "dead", "missing", "injured"]


def test_mu_are_for_areas_of_land() -> None:
    assert {one.unit for one in INDICATORS if one.accepts_mu} == {"公顷"}
    assert sum(one.accepts_mu for one in INDICATORS) == 9


def test_what_counts_from_the_start_is_told_from_what_is_now() -> None:
    assert BY_KEY["dead"].cumulative
    assert BY_KEY["relocated"].cumulative
    assert not BY_KEY["relocated_now"].cumulative
    assert not BY_KEY["villages_without_road"].cumulative
