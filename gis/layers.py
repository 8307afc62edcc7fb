"""The map's tile layers: what each shows, to whom. Rooms above enter theirs at start-up.

Everything in a :class:`Layer` is SQL of ours, never a reader's text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from gis import changes, tally
from gis.scope import AreaScope


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of vector tiles; its MVT layer bears the same name.

    Attributes
    ----------
    table
        Table, given the alias ``t``; ``where`` narrows it, ``{z}`` in it is the tile's zoom.
    geometry
        Column of the shape, in ``srid``; shown from zoom ``geometry_from`` on.
    rough
        Column of a simplified copy of the shape, if any, drawn below zoom ``rough_below``.
    point
        Column of a point that stands for the shape, if any: a second feature of the row, for
        names and dots, up to zoom ``point_until``.
    srid
        4326, or 3857 where the table keeps a copy for tiles: nothing is transformed then.
    code
        Column of the 12-digit area code that decides who sees a row.
    key
        Unique column, by which a tile that would be too heavy is thinned.
    scope
        "within": rows of the reader's areas. "touches": also rows of the areas above them.
        "open": every row, to whoever is signed in; ``code`` is not asked then.
    fields
        Property name to SQL expression; ``fields_from`` names the zoom where one begins.
    minzoom, maxzoom
        Zooms with tiles; above, the map enlarges the last.
    version_sql
        One row that differs whenever the layer's content does. It is believed ``believed_s``
        seconds, so a tile may be that old. ``prepare`` runs before it is read.
    """

    name: str
    table: str
    geometry: str
    code: str
    fields: Mapping[str, str]
    version_sql: str
    scope: Literal["within", "touches", "open"] = "within"
    where: str = "TRUE"
    point: str = ""
    point_until: int = 99
    geometry_from: int = 0
    rough: str = ""
    rough_below: int = 0
    srid: Literal[3857, 4326] = 4326
    key: str = "id"
    fields_from: Mapping[str, int] = field(default_factory=dict)
    minzoom: int = 5
    maxzoom: int = 14
    believed_s: float = 1.0
    prepare: Callable[[], None] | None = None

    def visible_to(self, scope: AreaScope) -> tuple[str, list[str]]:
        """Give the SQL condition of a reader's sight, with its parameters."""
        if self.scope == "open":
            return "TRUE", []
        ask = scope.covers_sql if self.scope == "within" else scope.touches_sql
        return ask(f"t.{self.code}")

    def shapes_at(self, zoom: int) -> list[str]:
        """Name the columns drawn at a zoom."""
        shown = []
        if zoom >= self.geometry_from:
            shown.append(self.rough if self.rough and zoom < self.rough_below else self.geometry)
        if self.point and zoom <= self.point_until:
            shown.append(self.point)
        return shown

    def fields_at(self, zoom: int) -> dict[str, str]:
        """Give the properties a tile of a zoom carries."""
        return {name: sql for name, sql in self.fields.items() if zoom >= self.fields_from.get(name, 0)}


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
    """Give SQL that tells one state of a small table from another: a sum over row versions.

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
_UTC = "to_char(t.{} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"

register(
    Layer(
        name="districts",
        table="places_tally",
        # One level at a time: provinces, prefectures, then counties until villages can be told apart.
        where="t.level = (CASE WHEN {z} < 3 THEN 'province' WHEN {z} < 5 THEN 'prefecture' ELSE 'city' END)",
        geometry="outline",
        point="seat",
        srid=3857,
        key="code",
        code="code",
        scope="touches",
        fields={
            "code": "t.code",
            "name": "t.name",
            "villages": "t.villages",
            "population": "t.population",
        },
        minzoom=0,
        maxzoom=9,
        version_sql="SELECT max(built_from), count(*) FROM places_tally",
        prepare=tally.refresh,
        believed_s=5.0,
    )
)
register(
    Layer(
        name="townships",
        table="places_area",
        where="t.level = 'township'",
        geometry="boundary_3857",
        rough="boundary_rough",
        rough_below=10,
        point="point_3857",
        srid=3857,
        key="code",
        code="code",
        scope="touches",
        fields=_AREA_FIELDS,
        fields_from={"parent": 9, "population": 9, "approximate": 9},
        minzoom=7,
        version_sql=changes.state_sql("places_area"),
        believed_s=5.0,
    )
)
register(
    Layer(
        name="villages",
        table="places_area",
        where="t.level = 'village'",
        geometry="boundary_3857",
        geometry_from=10,  # below, outlines of villages are dust and would weigh 500 KB a tile
        point="point_3857",
        srid=3857,
        key="code",
        code="code",
        fields=_AREA_FIELDS,
        fields_from={"name": 10, "parent": 10, "population": 10, "approximate": 10},
        minzoom=8,
        version_sql=changes.state_sql("places_area"),
        believed_s=5.0,
    )
)
register(
    Layer(
        name="roads",
        table="places_road",
        # Far away the great roads alone: the rest would be a grey mat.
        where="({z} >= 11 OR t.kind IN ('motorway', 'national', 'provincial') OR {z} >= 9 AND t.kind = 'county')",
        geometry="line_3857",
        srid=3857,
        code="",
        scope="open",
        fields={"kind": "t.kind", "name": "t.name", "bridge": "t.is_bridge", "simulated": "t.is_approximate"},
        fields_from={"name": 11, "bridge": 11, "simulated": 11},
        minzoom=7,
        version_sql=changes.state_sql("places_road"),
        believed_s=5.0,
    )
)
register(
    Layer(
        name="shelters",
        table="places_shelter",
        geometry="point_3857",
        srid=3857,
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
        fields_from={"id": 9, "name": 9, "kind": 9, "capacity": 9, "occupancy": 9, "sample": 9},
        version_sql=changes.state_sql("places_shelter"),
    )
)
register(
    Layer(
        name="zones",
        table="places_hazardzone",
        where="t.lifted_at IS NULL",
        geometry="boundary_3857",
        geometry_from=8,
        point="centre_3857",
        point_until=7,  # far away a zone is smaller than the dot that stands for it
        srid=3857,
        code="area_code",
        scope="touches",
        fields={
            "id": "t.id::text",
            "code": "t.area_code",
            "name": "t.name",
            "kind": "t.kind",
            "level": "t.level",
            "valid_from": _UTC.format("valid_from"),
            "valid_to": _UTC.format("valid_to"),
        },
        fields_from={"id": 8, "code": 8, "name": 8, "kind": 8, "valid_from": 8, "valid_to": 8},
        version_sql=changes.state_sql("places_hazardzone"),
    )
)
