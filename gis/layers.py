"""The map's tile layers: what each shows, to whom. Rooms above enter theirs at start-up.

Everything in a :class:`Layer` is SQL of ours, never a reader's text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gis.scope import AreaScope


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of vector tiles; its MVT layer bears the same name.

    Attributes
    ----------
    table
        Table, given the alias ``t``; ``where`` narrows it.
    geometry
        Column of the shape, EPSG:4326; shown from zoom ``geometry_from`` on.
    point
        Column of a point that stands for the shape, if any: a second feature of the row, for
        names and dots.
    code
        Column of the 12-digit area code that decides who sees a row.
    scope
        "within": rows of the reader's areas. "touches": also rows of the areas above them.
    fields
        Property name to SQL expression.
    minzoom, maxzoom
        Zooms with tiles; above, the map enlarges the last.
    version_sql
        One row that differs whenever the layer's content does. It is believed ``believed_s``
        seconds, so a tile may be that old.
    """

    name: str
    table: str
    geometry: str
    code: str
    fields: Mapping[str, str]
    version_sql: str
    scope: Literal["within", "touches"] = "within"
    where: str = "TRUE"
    point: str = ""
    geometry_from: int = 0
    minzoom: int = 5
    maxzoom: int = 14
    believed_s: float = 1.0

    def visible_to(self, scope: AreaScope) -> tuple[str, list[str]]:
        """Give the SQL condition of a reader's sight, with its parameters."""
        ask = scope.covers_sql if self.scope == "within" else scope.touches_sql
        return ask(f"t.{self.code}")


_layers: dict[str, Layer] = {}


def register(layer: Layer) -> None:
    """Enter a layer; the same name again replaces it."""
    _layers[layer.name] = layer


def get(name: str) -> Layer | None:
    """Give a layer by name, None for an unknown one."""
    return _layers.get(name)


def all() -> list[Layer]:
    """Give every layer, by name."""
    return [_layers[name] for name in sorted(_layers)]


def rows_version(table: str, key: str, where: str = "TRUE") -> str:
    """Give SQL that tells one state of a table from another: a sum over row versions.

    ``xmin`` is the transaction that wrote the row as it stands and ``ctid`` its place, so every
    insert, update and delete changes the sum; outlines are not read.
    """
    return (
        "SELECT count(*), coalesce(sum("  # noqa: S608
        f"hashtextextended(concat_ws(':', {key}, xmin::text, ctid::text), 0)::numeric), 0)"
        f" FROM {table} WHERE {where}"
    )


_AREA_FIELDS = {
    "code": "t.code",
    "name": "t.name",
    "parent": "t.parent_id",
    "population": "t.population",
    "approximate": "t.is_approximate",
}

register(
    Layer(
        name="townships",
        table="places_area",
        where="t.level = 'township'",
        geometry="boundary",
        point="point",
        code="code",
        scope="touches",
        fields=_AREA_FIELDS,
        version_sql=rows_version("places_area", "code", "level = 'township'"),
        believed_s=30.0,
    )
)
register(
    Layer(
        name="villages",
        table="places_area",
        where="t.level = 'village'",
        geometry="boundary",
        geometry_from=10,  # below, outlines of villages are dust and would weigh 500 KB a tile
        point="point",
        code="code",
        fields=_AREA_FIELDS,
        minzoom=8,
        version_sql=rows_version("places_area", "code", "level = 'village'"),
        believed_s=30.0,
    )
)
register(
    Layer(
        name="shelters",
        table="places_shelter",
        geometry="point",
        code="area_code",
        scope="touches",
        fields={
            "id": "t.id::text",
            "code": "t.area_code",
            "name": "t.name",
            "kind": "t.kind",
            "state": "t.state",
            "capacity": "t.capacity",
            "occupancy": "t.occupancy",
            "sample": "t.is_sample",
        },
        version_sql=rows_version("places_shelter", "id"),
    )
)
register(
    Layer(
        name="zones",
        table="places_hazardzone",
        where="t.lifted_at IS NULL",
        geometry="boundary",
        code="area_code",
        scope="touches",
        fields={
            "id": "t.id::text",
            "code": "t.area_code",
            "name": "t.name",
            "kind": "t.kind",
            "level": "t.level",
            "valid_from": "to_char(t.valid_from AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
            "valid_to": "to_char(t.valid_to AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
        },
        version_sql=rows_version("places_hazardzone", "id"),
    )
)
