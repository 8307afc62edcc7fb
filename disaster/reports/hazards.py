"""The hazards (灾种) a report may name, and their place in the national classification.

Two lists are kept, as the two are kept apart in practice: the twelve 一级灾种 of the
reporting system (《自然灾害情况统计调查制度》, 应急〔2020〕19号) with their 亚灾种, which a
county has to name, and the GB/T 28921-2012《自然灾害分类与代码》. A mapping joins them.

No code has been compared with the paper standard yet (it is for sale only). Those whose
very number, or whose match with our hazard, is a guess are ``certain=False`` and must not
leave the system before somebody has looked; the others come from a secondary source.

Pure: no Django here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Hazard:
    """One 灾种. ``parent`` is the 一级灾种 of a 亚灾种; ``icon`` an SVG symbol's id."""

    key: str
    zh: str
    en: str
    icon: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class NationalCode:
    """One code of GB/T 28921-2012; ``certain`` is False where the number is a guess."""

    code: str
    zh: str
    certain: bool = True


# A main hazard stands at the margin, its sub-hazards below it.
_TABLE = """
flood 洪涝 Flood
  river 江河洪水 River flood
  flash 山洪 Flash flood
  urban 城乡内涝 Waterlogging
  ice 凌汛 Ice-jam flood
  other 其他 Other flood
drought 干旱 Drought
typhoon 台风 Typhoon
storm 风雹 Wind and hail
  wind 大风 Gale
  hail 冰雹 Hail
  lightning 雷电 Lightning
  tornado 龙卷风 Tornado
  other 其他 Other wind and hail
cold 低温冷冻 Cold
  spring 倒春寒 Late spring cold
  frost 霜冻 Frost
  dew 寒露风 Cold-dew wind
  wave 寒潮 Cold wave
  ice 冻雨冰冻 Freezing rain and ice
  other 其他 Other cold
snow 雪灾 Snow
dust 沙尘暴 Dust storm
earthquake 地震 Earthquake
geological 地质灾害 Geological
  collapse 崩塌 Rockfall
  landslide 滑坡 Landslide
  debris 泥石流 Debris flow
  subsidence 地面塌陷 Ground collapse
  other 其他 Other geological
marine 海洋灾害 Marine
wildfire 森林草原火灾 Wildfire
  forest 森林火灾 Forest fire
  grassland 草原火灾 Grassland fire
biological 生物灾害 Biological
  crops 农作物病虫害 Crop pests
  forest 森林病虫害 Forest pests
  rodents 鼠害 Rodents
  other 其他 Other biological
"""


def _read() -> list[Hazard]:
    found: list[Hazard] = []
    main = ""
    for line in _TABLE.strip("\n").splitlines():
        word, zh, en = line.split(maxsplit=2)
        if line.startswith(" "):
            found.append(Hazard(f"{main}.{word}", zh, en, f"hazard-{main}", main))
        else:
            main = word
            found.append(Hazard(word, zh, en, f"hazard-{word}"))
    return found


HAZARDS: tuple[Hazard, ...] = tuple(_read())
"""Every hazard, each 一级灾种 followed by its 亚灾种."""

BY_KEY: dict[str, Hazard] = {hazard.key: hazard for hazard in HAZARDS}
"""The same by key."""


def is_hazard(key: str) -> bool:
    """Say whether ``key`` names a 一级灾种 or a 亚灾种."""
    return key in BY_KEY


def main_of(key: str) -> str:
    """Give the 一级灾种 of a hazard's key, as a province or a city reports it.

    >>> main_of("flood.flash"), main_of("snow")
    ('flood', 'snow')
    """
    return key.partition(".")[0]


def full_name(key: str) -> str:
    """Give the Chinese name as the national system writes it.

    >>> full_name("flood.other"), full_name("snow")
    ('洪涝灾害-其他', '雪灾')
    """
    hazard = BY_KEY[key]
    if hazard.parent:
        return f"{full_name(hazard.parent)}-{hazard.zh}"
    return hazard.zh if hazard.zh.endswith(("灾", "灾害")) else f"{hazard.zh}灾害"


# A question mark: the number itself is a guess.
_NATIONAL = """
010100 干旱  010200 洪涝  010300 台风  010400 暴雨  010500 大风  010600 冰雹  010700 雷电
010800 低温  010900 冰雪  011000 高温  011100 沙尘暴  011200 大雾  019900 其他气象水文灾害
020100 地震  020200 火山  020300 崩塌  020400 滑坡  020500 泥石流  020600 地面塌陷
020700 地面沉降  020800 地裂缝  029900 其他地质地震灾害
030100? 风暴潮  030200? 海浪  030300? 海冰  030400? 海啸  039900 其他海洋灾害
040100? 植物病虫害  040200? 疫病  040300? 鼠害  040400? 草害  040500? 赤潮
040600? 森林草原火灾  049900 其他生物灾害
050100? 水土流失  050200? 风蚀沙化  050300? 盐渍化  050400? 石漠化  059900 其他生态环境灾害
"""

# Our hazards by national code. A question mark: no code fits the hazard well.
_MATCHES = """
010100 drought
010200 flood flood.river flood.flash flood.urban flood.ice flood.other
010300 typhoon
010500 storm.wind storm.tornado?
010600 storm.hail
010700 storm.lightning
010800 cold cold.spring cold.frost cold.dew cold.wave cold.other
010900 snow cold.ice
011100 dust
019900 storm? storm.other
020100 earthquake
020300 geological.collapse
020400 geological.landslide
020500 geological.debris
020600 geological.subsidence
029900 geological? geological.other
039900 marine?
040100 biological.crops biological.forest
040300 biological.rodents
040600 wildfire wildfire.forest wildfire.grassland
049900 biological? biological.other
"""


def _read_codes() -> list[NationalCode]:
    words = _NATIONAL.split()
    return [
        NationalCode(code.rstrip("?"), zh, not code.endswith("?"))
        for code, zh in zip(words[::2], words[1::2], strict=True)
    ]


NATIONAL: tuple[NationalCode, ...] = tuple(_read_codes())
"""The kinds (灾种) of GB/T 28921-2012, in the order of their codes."""


def _read_matches() -> dict[str, NationalCode]:
    codes = {entry.code: entry for entry in NATIONAL}
    found: dict[str, NationalCode] = {}
    for line in _MATCHES.strip().splitlines():
        code, *keys = line.split()
        for key in keys:
            entry = codes[code]
            found[key.rstrip("?")] = replace(entry, certain=entry.certain and not key.endswith("?"))
    return found


_BY_HAZARD = _read_matches()


def national_code(key: str) -> NationalCode:
    """Give the national code that a hazard falls under; ``certain`` covers number and match.

    >>> national_code("flood.flash").code, national_code("marine").certain
    ('010200', False)
    """
    return _BY_HAZARD[key]
