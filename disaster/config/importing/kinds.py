"""What a file may hold, and by what its columns may be called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from disaster.problems import Words
from gis.models import HazardZone, Shelter


class Field(NamedTuple):
    """One thing to be known of each row; ``choices`` maps codes to what people write."""

    name: str
    words: Words
    headers: tuple[str, ...]
    needed: bool = False
    choices: Mapping[str, tuple[str, ...]] | None = None


class Kind(NamedTuple):
    """Things of one kind."""

    name: str
    words: Words
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """Give a field by name."""
        return next(field for field in self.fields if field.name == name)


_HAZARDS = {
    "flood": ("洪水", "河流洪水", "flood"),
    "flash_flood": ("山洪", "山洪灾害", "flash flood", "flashflood"),
    "landslide": ("滑坡", "landslide"),
    "debris_flow": ("泥石流", "debris flow", "mudflow"),
    "rockfall": ("崩塌", "rockfall", "collapse"),
    "waterlogging": ("内涝", "渍涝", "waterlogging"),
    "ice": ("积雪结冰", "道路结冰", "ice", "snow"),
    "fire": ("火险", "森林火险", "fire"),
    "hidden": ("隐患点", "隐患", "地质灾害隐患点", "hidden"),
    "weather": ("气象", "weather"),
}
_LEVELS = {
    "red": ("红色", "红", "红色(一级)", "一级", "ⅰ级", "i级", "1", "特别重大", "red"),
    "orange": ("橙色", "橙", "橙色(二级)", "二级", "ⅱ级", "ii级", "2", "重大", "orange"),
    "yellow": ("黄色", "黄", "黄色(三级)", "三级", "ⅲ级", "iii级", "3", "较大", "yellow"),
    "blue": ("蓝色", "蓝", "蓝色(四级)", "四级", "ⅳ级", "iv级", "4", "一般", "blue"),
}
_STAYS = {
    "emergency": ("紧急避难", "紧急", "emergency"),
    "short": ("短期避难", "短期", "short"),
    "long": ("长期避难", "长期", "long"),
}
if set(_HAZARDS) != set(HazardZone.Kind.values) or set(_STAYS) != set(Shelter.Kind.values):
    raise ImportError("the words of the importing room no longer fit the models")

_NAME = Field(
    "name",
    Words("名称", "Name"),
    ("name", "名称", "隐患点名称", "灾害点名称", "避难场所名称", "场所名称", "点名称", "村名"),
    True,
)
_AREA = Field(
    "area",
    Words("行政区划(代码或名称)", "Area (code or name)"),
    (
        "code",
        "area",
        "area_code",
        "区划代码",
        "行政区划代码",
        "行政区划",
        "统计用区划代码",
        "所在村",
        "村(社区)",
        "行政村",
        "村",
        "village",
        "乡镇",
        "township",
    ),
)
_LON = Field("lon", Words("经度", "Longitude"), ("lon", "lng", "long", "longitude", "x", "经度"))
_LAT = Field("lat", Words("纬度", "Latitude"), ("lat", "latitude", "y", "纬度"))  # fmt: skip

ZONES = Kind(
    "zones",
    Words("危险区、隐患点", "Hazard zones and hidden dangers"),
    (
        _NAME,
        Field("kind", Words("种类", "Kind"), ("kind", "type", "hazard", "种类", "类型", "灾种", "灾害类型", "隐患类型"), True, _HAZARDS),
        Field("level", Words("级别", "Level"), ("level", "severity", "级别", "等级", "险情等级", "风险等级", "预警级别"), True, _LEVELS),
        Field("radius", Words("影响半径(米)", "Radius (m)"), ("radius", "radius_m", "r", "半径", "影响半径", "影响半径(米)", "威胁半径", "危险区半径")),
        _AREA,
        Field("valid_from", Words("生效时间", "Valid from"), ("valid_from", "start", "from", "生效时间", "开始时间", "起始时间")),
        Field("valid_to", Words("失效时间", "Valid to"), ("valid_to", "end", "until", "失效时间", "截止时间", "结束时间")),
        Field("source", Words("来源", "Source"), ("source", "来源", "数据来源", "填报单位")),
        _LON,
        _LAT,
    ),
)  # fmt: skip
SHELTERS = Kind(
    "shelters",
    Words("避难场所", "Shelters"),
    (
        _NAME,
        Field("capacity", Words("容量(人)", "Capacity (people)"), ("capacity", "容量", "容量(人)", "可容纳人数", "容纳人数", "设计容量"), True),
        Field("kind", Words("类型", "Kind"), ("kind", "type", "类型", "避难类型", "场所类型"), False, _STAYS),
        Field("usable_area_m2", Words("有效避难面积(平方米)", "Usable area (m²)"), ("usable_area_m2", "usable_m2", "area_m2", "有效避难面积", "有效面积", "有效面积(平方米)", "面积")),
        _AREA,
        _LON,
        _LAT,
    ),
)  # fmt: skip
VILLAGES = Kind(
    "villages",
    Words("村(社区)点位", "Positions of villages"),
    (_AREA._replace(needed=True, headers=(*_AREA.headers, *_NAME.headers)), _LON, _LAT),
)
KINDS = {kind.name: kind for kind in (ZONES, SHELTERS, VILLAGES)}


def guess(kind: Kind, columns: Sequence[str]) -> dict[str, str]:
    """Give for each field the column that is called like it; each column serves one field."""
    plain = {_plain(column): column for column in reversed(columns)}
    guessed: dict[str, str] = {}
    for look in (_plain, _cut):  # whole names first
        for field in kind.fields:
            for header in field.headers:
                column = plain.get(look(header))
                if field.name not in guessed and column is not None and column not in guessed.values():
                    guessed[field.name] = column
    return guessed


def guess_kind(columns: Sequence[str], *, polygons: bool) -> str:
    """Give the kind whose needed fields fit most of the columns; only zones are polygons."""
    if polygons:
        return ZONES.name

    def fit(kind: Kind) -> tuple[int, int]:
        found = guess(kind, columns)
        needed = [field.name for field in kind.fields if field.needed]
        return -len([name for name in needed if name not in found]), len(found)

    return max((ZONES, SHELTERS, VILLAGES), key=fit).name


def choice(field: Field, text: str) -> str | None:
    """Give the code of what a person wrote; None if it is none."""
    wanted = _plain(text)
    for code, words in (field.choices or {}).items():
        if wanted == code or wanted in (_plain(word) for word in words):
            return code
    return None


def _cut(text: str) -> str:
    """Give a header as a Shapefile keeps it: ten bytes, which are three Chinese letters."""
    return _plain(text.encode()[:10].decode(errors="ignore"))


def _plain(text: str) -> str:
    """Bring a header to one form: capitals, blanks and the kind of brackets do not matter."""
    narrow = text.strip().lower().translate(str.maketrans("\uff08\uff09", "()"))
    return re.sub(r"[\s_\-]+", "", narrow)
