"""Which hazard a message speaks of. Pure."""

from __future__ import annotations

import re

from disaster.problems import Words
from disaster.reports.hazards import main_of
from disaster.reports.sentence.model import FoundHazard
from disaster.reports.sentence.written import Written

SEVERAL = Words("提到几种灾,请选定主要的一种", "Several hazards are named: choose the main one")

_TABLE = (
    ("typhoon", r"台风"),
    ("flood.flash", r"山洪"),
    ("flood.urban", r"内涝|积水"),
    ("flood.river", r"河水(?:暴涨|上涨|漫)|江河洪水|漫堤|溃堤|决堤"),
    ("geological.debris", r"泥石流"),
    ("geological.landslide", r"滑坡|山体滑|溜坡"),
    ("geological.collapse", r"塌方|崩塌|落石"),
    ("geological.subsidence", r"塌陷|地陷"),
    ("storm.hail", r"冰雹|下雹|雹子|雹灾"),
    ("storm.tornado", r"龙卷"),
    ("storm.lightning", r"雷击|雷电|遭雷|打雷|被雷"),
    ("storm.wind", r"大风|狂风|刮风|阵风|强风"),
    ("storm", r"风雹|强对流|雷暴"),
    ("flood", r"暴雨|强降雨|强降水|特大雨|大雨|洪涝|洪水|发水|发大水|涨水|大水|水灾|雨大|下雨|降雨|雨情"),
    ("cold.ice", r"冻雨|冰冻|凝冻"),
    ("cold.frost", r"霜冻|霜打"),
    ("cold.spring", r"倒春寒"),
    ("cold.wave", r"寒潮"),
    ("snow", r"雪灾|暴雪|大雪|积雪|下雪"),
    ("cold", r"低温|冻害|冻坏|冻死"),
    ("drought", r"干旱|旱情|旱灾|受旱|抗旱|大旱|天旱|久旱"),
    ("earthquake", r"地震|震感|余震"),
    ("wildfire.forest", r"森林火|山火|山林着火|林火"),
    ("biological.crops", r"稻飞虱|草地贪夜蛾|蝗|病虫害|虫灾"),
)
_DENIED = re.compile(r"(?:无|没有|没|未发生|未出现|未见|防|如遇|可能|防范)$")


def hazard_in(written: Written) -> FoundHazard | None:
    """Find the hazard. A typhoon's rain is the typhoon's; a kind refines what its main hazard says."""
    found: list[tuple[int, int, str]] = []
    for key, pattern in _TABLE:
        found += [
            (match.start(), match.end(), key)
            for match in re.finditer(pattern, written.text)
            if not _DENIED.search(written.text[: match.start()])
        ]
    if not found:
        return None
    found.sort()
    mains = list(dict.fromkeys(main_of(key) for _, _, key in found))
    main = "typhoon" if "typhoon" in mains else mains[0]
    own = [entry for entry in found if main_of(entry[2]) == main]
    kinds = list(dict.fromkeys(key for _, _, key in own if "." in key))
    start, end, key = (
        next((entry for entry in own if entry[2] == kinds[0]), own[0]) if len(kinds) == 1 else own[0]
    )
    if len(kinds) > 1:
        key = main
    sure = len(mains) == 1 or main == "typhoon"
    return FoundHazard(key, *written.span(start, end), sure, None if sure else SEVERAL)
