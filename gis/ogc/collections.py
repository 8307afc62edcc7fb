"""What the OGC API serves, and what a map selection may export. Rooms above enter theirs at start-up.

Everything in a :class:`Collection` is SQL of ours, never a reader's text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gis.models import Area, HazardZone, Shelter
from gis.scope import AreaScope

Type = Literal["string", "integer", "number", "boolean", "date-time"]


@dataclass(frozen=True, slots=True)
class Field:
    """One property: its SQL, type, words, and HXL tag (hxlstandard.org) in tables."""

    sql: str
    type: Type
    zh: str
    en: str
    hxl: str = ""
    choices: Sequence[tuple[Any, Any]] = ()
    """Codes it may have, each with its word."""


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection of features, EPSG:4326 as stored.

    Attributes
    ----------
    table
        Table, given the alias ``t``; ``where`` narrows it.
    key
        Column of a feature's id, unique and never changing; ``key_type`` is its SQL type. Text has
        to be in the "C" collation, or the index can't give the pages' order.
    geometry
        Column of the shape; ``instead`` is the column that stands in where it is null.
    code
        Column of the 12-digit area code that decides who sees a row.
    scope
        "within": rows of the reader's areas. "touches": also rows of the areas above them.
    begins, ends
        SQL of the times between which a feature holds; "" where it has none. A null end is open.
    """

    name: str
    zh: str
    en: str
    table: str
    key: str
    geometry: str
    code: str
    fields: Mapping[str, Field]
    scope: Literal["within", "touches"] = "within"
    where: str = "TRUE"
    key_type: Literal["uuid", "text"] = "uuid"
    instead: str = ""
    begins: str = ""
    ends: str = ""

    def visible_to(self, scope: AreaScope) -> tuple[str, list[str]]:
        """Give the SQL condition of a reader's sight, with its parameters."""
        ask = scope.covers_sql if self.scope == "within" else scope.touches_sql
        return ask(f"t.{self.code}")

    @property
    def shape(self) -> str:
        """The SQL of a feature's shape."""
        whole = f"t.{self.geometry}"
        return f"coalesce({whole}, t.{self.instead})" if self.instead else whole

    def title(self, language: str) -> str:
        """Say its name in the reader's language."""
        return self.en if language.startswith("en") else self.zh


_collections: dict[str, Collection] = {}


def register(collection: Collection) -> None:
    """Enter a collection; the same name again replaces it."""
    _collections[collection.name] = collection


def get(name: str) -> Collection | None:
    """Give a collection by name, None for an unknown one."""
    return _collections.get(name)


def all() -> list[Collection]:
    """Give every collection, by name."""
    return [_collections[name] for name in sorted(_collections)]


register(
    Collection(
        name="areas",
        zh="行政区划",
        en="Administrative areas",
        table="places_area",
        key="code",
        key_type="text",
        geometry="boundary",
        instead="point",
        code="code",
        scope="touches",
        fields={
            "code": Field("t.code", "string", "区划代码", "Area code", "#adm+code"),
            "name": Field("t.name", "string", "名称", "Name", "#adm+name"),
            "level": Field("t.level", "string", "级别", "Level", "#adm+level", Area.Level.choices),
            "parent": Field("t.parent_id", "string", "上级代码", "Parent", "#adm+code+parent"),
            "population": Field("t.population", "integer", "常住人口", "Population", "#population"),
            "approximate": Field("t.is_approximate", "boolean", "模拟位置", "Simulated", "#meta+approximate"),
        },
    )
)
register(
    Collection(
        name="shelters",
        zh="避难场所",
        en="Shelters",
        table="places_shelter",
        key="id",
        geometry="point",
        code="area_code",
        scope="touches",
        fields={
            "name": Field("t.name", "string", "名称", "Name", "#loc+name"),
            "code": Field("t.area_code", "string", "区划代码", "Area code", "#adm+code"),
            "kind": Field("t.kind", "string", "类型", "Kind", "#loc+type", Shelter.Kind.choices),
            "state": Field("t.state", "string", "状态", "State", "#status", Shelter.State.choices),
            "capacity": Field("t.capacity", "integer", "容量(人)", "Capacity (people)", "#capacity"),
            "occupancy": Field("t.occupancy", "integer", "在住人数", "People inside", "#affected+sheltered"),
            "usable_m2": Field("t.usable_area_m2", "integer", "有效面积(平方米)", "Usable area (m²)", "#indicator+area"),
            "sample": Field("t.is_sample", "boolean", "示例", "Sample", "#meta+sample"),
        },
    )
)  # fmt: skip
register(
    Collection(
        name="zones",
        zh="危险区(未解除)",
        en="Hazard zones not lifted",
        table="places_hazardzone",
        key="id",
        where="t.lifted_at IS NULL",
        geometry="boundary",
        code="area_code",
        scope="touches",
        begins="t.valid_from",
        ends="t.valid_to",
        fields={
            "name": Field("t.name", "string", "名称", "Name", "#loc+name"),
            "kind": Field("t.kind", "string", "种类", "Kind", "#cause+type", HazardZone.Kind.choices),
            "level": Field("t.level", "string", "级别", "Level", "#severity", HazardZone.Level.choices),
            "code": Field("t.area_code", "string", "区划代码", "Area code", "#adm+code"),
            "source": Field("t.source", "string", "来源", "Source", "#meta+source"),
            "valid_from": Field("t.valid_from", "date-time", "生效时间", "Valid from", "#date+start"),
            "valid_to": Field("t.valid_to", "date-time", "失效时间", "Valid to", "#date+end"),
        },
    )
)
