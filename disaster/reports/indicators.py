"""The figures of a report: the statutory 快报 indicators and the field's own extras.

Names, units, numbers and order of the statutory group follow the 自然灾害损失情况统计快报表
(应急统表1) of the 《自然灾害情况统计调查制度》 (应急〔2020〕19号) as exported by the national
system in 2024; ``docs`` and the domain rules §2.4 list them as 1–36f. Names of English
keys are our own and never change; the official codes are not public, so ``official_code``
stays empty until the bureau gives them. The ``field`` group holds the 四断 (road, power,
water, network) and the trapped, which leaders ask for and the form does not have.

Figures are cumulative since the event began (累计), but for those of aspect ``current``
(实时值) and the ``field`` group, which say how things stand now. Pure: no Django here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["int", "dec2"]
Aspect = Literal["total", "current"]
Group = Literal["statutory", "field"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of the form.

    ``number`` is its place in the form ("7a"); the two columns of one number differ in
    ``aspect`` (累计值 ``total``, 实时值 ``current``). ``parent`` is the key it is a part of
    (其中). ``accepts_mu``: an area in hectares that may be entered in 亩. ``main``: among
    the few that an officer fills in first. ``hint_zh``, ``hint_en``: what counts, in a few
    words, after the form's 指标解释.
    """

    key: str
    zh: str
    en: str
    unit: str
    unit_en: str
    type: Type
    parent: str | None
    order: int
    number: str
    aspect: Aspect | None = None
    accepts_mu: bool = False
    main: bool = False
    group: Group = "statutory"
    hint_zh: str = ""
    hint_en: str = ""
    official_code: str | None = None

    @property
    def cumulative(self) -> bool:
        """Whether the figure counts from the event's start and so should never fall."""
        return self.group == "statutory" and self.aspect != "current"


_UNITS = {
    "人": "people",
    "个": "",
    "间": "rooms",
    "户": "households",
    "公顷": "ha",
    "头只": "head",
    "千米": "km",
    "皮长公里": "cable km",
    "台套": "sets",
    "万元": "×10,000 yuan",
}
_DECIMAL_UNITS = {"公顷", "千米", "皮长公里", "万元"}

# number | key | Chinese | English | unit; two aspects: ×2. A lettered number is a part of the plain one.
_FORM = """
1   | townships_flooded           | 受淹乡镇(街道)数量         | Flooded townships                        | 个
2   | affected                    | 受灾人口                   | People affected                          | 人
3   | dead                        | 因灾死亡人口               | Dead                                     | 人
4   | missing                     | 因灾失踪人口               | Missing                                  | 人
5   | injured                     | 因灾受伤人口               | Injured                                  | 人
5a  | seriously_injured           | 因灾重伤人口               | Seriously injured                        | 人
6   | evacuated_early             | 紧急避险转移人口           | Evacuated ahead of danger                | 人
7   | relocated                   | 紧急转移安置人口           | Relocated and sheltered                  | 人 ×2
7a  | relocated_central           | 集中安置人口               | Sheltered together                       | 人 ×2
7b  | relocated_scattered         | 分散安置人口               | Sheltered with kin or in rented rooms    | 人 ×2
8   | shelters_used               | 集中安置点数量             | Shelters in use                          | 个 ×2
9   | need_relief                 | 需紧急生活救助人口         | In need of emergency relief              | 人 ×2
10  | need_transition             | 需过渡期生活救助人口       | In need of transitional relief           | 人
11  | drought_relief              | 因旱需生活救助人口         | In need of relief from drought           | 人 ×2
11a | drought_water               | 因旱饮水困难需救助人口     | Short of drinking water from drought     | 人 ×2
12  | houses_collapsed_rooms      | 倒塌房屋间数               | Rooms collapsed                          | 间
12a | houses_collapsed_homes_rooms| 倒塌住房间数               | Rooms collapsed in homes                 | 间
12b | houses_collapsed_homes      | 倒塌住房户数               | Households whose homes collapsed         | 户
13  | houses_severe_rooms         | 严重损坏房屋间数           | Rooms badly damaged                      | 间
13a | houses_severe_homes_rooms   | 严重损坏住房间数           | Rooms badly damaged in homes             | 间
13b | houses_severe_homes         | 严重损坏住房户数           | Households whose homes are badly damaged | 户
14  | houses_slight_rooms         | 一般损坏房屋间数           | Rooms damaged                            | 间
14a | houses_slight_homes_rooms   | 一般损坏住房间数           | Rooms damaged in homes                   | 间
14b | houses_slight_homes         | 一般损坏住房户数           | Households whose homes are damaged       | 户
15  | crops_affected              | 农作物受灾面积             | Crops affected                           | 公顷
15a | crops_affected_grain        | 粮食作物受灾面积           | Grain affected                           | 公顷
16  | crops_damaged               | 农作物成灾面积             | Crops damaged                            | 公顷
16a | crops_damaged_grain         | 粮食作物成灾面积           | Grain damaged                            | 公顷
17  | crops_lost                  | 农作物绝收面积             | Crops lost                               | 公顷
17a | crops_lost_grain            | 粮食作物绝收面积           | Grain lost                               | 公顷
18  | grassland_affected          | 草场受灾面积               | Grassland affected                       | 公顷
19  | forest_affected             | 林地受灾面积               | Forest affected                          | 公顷
20  | livestock_dead              | 因灾死亡牲畜               | Livestock dead                           | 头只
20a | livestock_dead_large        | 因灾死亡大牲畜             | Large livestock dead                     | 头只
20b | livestock_dead_small        | 因灾死亡小牲畜             | Small livestock dead                     | 头只
21  | livestock_thirsty           | 因旱饮水困难牲畜           | Livestock short of water                 | 头只
21a | livestock_thirsty_large     | 因旱饮水困难大牲畜         | Large livestock short of water           | 头只
21b | livestock_thirsty_small     | 因旱饮水困难小牲畜         | Small livestock short of water           | 头只
22  | aquaculture_affected        | 水产养殖受灾面积           | Aquaculture affected                     | 公顷
23  | industry_damaged            | 受损工业企业数量           | Industrial firms damaged                 | 个
24  | shops_damaged               | 受损商贸网点数量           | Shops damaged                            | 个
25  | roads_km                    | 受损公路长度               | Roads damaged                            | 千米
26  | telecom_lines_km            | 受损通信线路长度           | Telecom lines damaged                    | 皮长公里
27  | base_stations               | 受损通信基站数量           | Base stations damaged                    | 个
28  | power_lines_km              | 受损电力线路长度           | Power lines damaged                      | 千米
29  | power_equipment             | 受损输变电设备数量         | Power equipment damaged                  | 台套
30  | reservoirs                  | 受损水库数量               | Reservoirs damaged                       | 个
31  | dykes_km                    | 受损堤防长度               | Dykes damaged                            | 千米
32  | town_roads_km               | 受损市政道路长度           | Town roads damaged                       | 千米
33  | water_mains_km              | 受损市政供水管网长度       | Water mains damaged                      | 千米
34  | schools                     | 受损学校数量               | Schools damaged                          | 个
35  | health_facilities           | 受损医院和卫生机构数量     | Hospitals and clinics damaged            | 个
36  | loss_total                  | 直接经济损失               | Direct economic loss                     | 万元
36a | loss_homes                  | 住房及居民家庭财产损失     | Loss of homes and household goods        | 万元
36b | loss_agriculture            | 农林牧渔业损失             | Loss in farming, forestry and fishing    | 万元
36c | loss_industry               | 工矿商贸业损失             | Loss in industry, mining and trade       | 万元
36d | loss_infrastructure         | 基础设施损失               | Loss of infrastructure                   | 万元
36e | loss_public_services        | 公共服务损失               | Loss in public services                  | 万元
36f | loss_other                  | 其他损失                   | Other loss                               | 万元
"""

_FIELD = """
F1  | villages_without_road       | 断路村数                   | Villages without a road                  | 个
F2  | villages_without_power      | 断电村数                   | Villages without power                   | 个
F3  | villages_without_water      | 断水村数                   | Villages without water                   | 个
F4  | villages_without_network    | 断网村数                   | Villages without a network               | 个
F5  | trapped                     | 受困人数                   | People trapped                           | 人
"""

_MAIN = {
    *("affected", "dead", "missing", "injured", "relocated", "need_relief"),
    *("houses_collapsed_rooms", "houses_severe_rooms", "houses_slight_rooms"),
    *("crops_affected", "crops_lost", "loss_total"),
}

_HINTS = {
    "affected": ("因灾遭受损失的人,含外来人员", "Anyone who suffered loss, outsiders included"),
    "dead": ("以自然灾害为直接原因死亡的人", "Death with the disaster as its direct cause"),
    "missing": ("因灾下落不明、暂不能确认死亡的人", "Whereabouts unknown, death not confirmed"),
    "evacuated_early": ("提前避险、不需要政府安置的人", "Moved ahead of danger, no placement needed"),
    "relocated": ("不能在家住、需要政府安置的人", "Can't live at home and need placement"),
    "relocated_central": ("住在学校、安置点、帐篷的人", "In schools, shelters or tents"),
    "relocated_scattered": ("投亲靠友或租房的人", "With kin or friends, or in rented rooms"),
    "need_relief": (
        "未转移但眼下缺吃穿、饮水、取暖、医药的人",
        "Not moved, but short of food, water, heat or medicine",
    ),
    "need_transition": (
        "无房可住、无生活来源、无自救能力的人",
        "No home, no income and no means of their own",
    ),
    "houses_collapsed_rooms": (
        "必须重建的,按自然间计;厨房、畜棚不算",
        "Must be rebuilt; kitchens and sheds don't count",
    ),
    "houses_severe_rooms": ("需要大修或局部拆除的", "Need major repair or partial demolition"),
    "houses_slight_rooms": ("一般修理后可以住的", "Habitable after ordinary repair"),
    "crops_affected": ("减产一成以上,同一地块只算一次", "Yield down by 10 % or more; each plot once"),
    "crops_damaged": ("减产三成以上", "Yield down by 30 % or more"),
    "crops_lost": ("减产八成以上", "Yield down by 80 % or more"),
}


def _read() -> list[Indicator]:
    found: list[Indicator] = []
    plain: dict[str, str] = {}
    tables: tuple[tuple[Group, str], ...] = (("statutory", _FORM), ("field", _FIELD))
    for group, table in tables:
        for line in table.strip().splitlines():
            number, key, zh, en, unit = (cell.strip() for cell in line.split("|"))
            plain.setdefault(number.rstrip("abcdef"), key)
            for aspect in ("total", "current") if unit.endswith("×2") else (None,):
                found.append(
                    _indicator(
                        group, number, key, zh, en, unit.removesuffix(" ×2"), aspect, plain, len(found)
                    )
                )
    return found


def _indicator(
    group: Group,
    number: str,
    key: str,
    zh: str,
    en: str,
    unit: str,
    aspect: Aspect | None,
    plain: dict[str, str],
    before: int,
) -> Indicator:
    now = "_now" if aspect == "current" else ""
    parent = plain[number.rstrip("abcdef")]
    hint_zh, hint_en = _HINTS.get(key, ("", ""))
    return Indicator(
        key=key + now,
        zh=zh + {"total": "累计值", "current": "实时值", None: ""}[aspect],
        en=en + {"total": " (so far)", "current": " (now)", None: ""}[aspect],
        unit=unit,
        unit_en=_UNITS[unit],
        type="dec2" if unit in _DECIMAL_UNITS else "int",
        parent=None if parent == key else parent + now,
        order=before + 1,
        number=number,
        aspect=aspect,
        accepts_mu=unit == "公顷",
        main=key + now in _MAIN,
        group=group,
        hint_zh=hint_zh,
        hint_en=hint_en,
    )


INDICATORS: tuple[Indicator, ...] = tuple(_read())
"""Every indicator, in the order of the form, the field's extras last."""

BY_KEY: dict[str, Indicator] = {indicator.key: indicator for indicator in INDICATORS}
"""The same by key."""

if len(BY_KEY) != len(INDICATORS):
    raise ValueError("an indicator key stands twice in the form")

ONCE_A_TOWNSHIP: frozenset[str] = frozenset({"townships_flooded"})
"""Figures that count townships: several villages of one township saying 1 are still 1."""
