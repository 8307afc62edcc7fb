"""The hazards (灾种) a report may name, and their place in the national classification.

Two lists are kept, as the two are kept apart in practice: the twelve 一级灾种 of the
reporting system (《自然灾害情况统计调查制度》, 应急〔2020〕19号) with their 亚灾种, which a
county has to name, and GB/T 28921-2012《自然灾害分类与代码》. A mapping joins them. The codes
were written down from secondary sources: those not confirmed against the paper standard
are marked ``certain=False`` and must not be exported before somebody has looked.

Pure: no Django here.
"""

from __future__ import annotations

from dataclasses import dataclass


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
    """One code of GB/T 28921-2012. ``certain`` says whether it was confirmed."""

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
    ('洪涝-其他', '雪灾')
    """
    hazard = BY_KEY[key]
    return f"{BY_KEY[hazard.parent].zh}-{hazard.zh}" if hazard.parent else hazard.zh
