"""The SQL of a tile."""

from __future__ import annotations

from gis.layers import Layer
from gis.scope import AreaScope

EXTENT = 4096
BUFFER = 64
"""Units of the extent drawn beyond a tile's edge, so that lines meet."""
_PARTS = 100_000

Place = tuple[int, int, int]
"""Zoom, column, row, counted from the north-west."""


def statement(
    layer: Layer, scope: AreaScope, place: Place, *, share: float = 1.0
) -> tuple[str, list[int | str]]:
    """Give the SQL of a tile and its parameters; ``share`` is the part of the rows shown.

    Which rows a share keeps is decided by their keys, so that neighbouring tiles keep the same.
    """
    visible, seen = layer.visible_to(scope)
    where = layer.where.replace("{z}", str(int(place[0])))
    if share < 1:
        kept = f"abs(hashtextextended(t.{layer.key}::text, 0) %% {_PARTS}) < {int(share * _PARTS)}"
        where = f"{where} AND {kept}"
    fields = ", ".join(f'{sql} AS "{name}"' for name, sql in layer.fields_at(place[0]).items())
    parts: list[str] = []
    params: list[int | str] = []
    for column in layer.shapes_at(place[0]):
        parts.append(
            f"SELECT {fields}, ST_AsMVTGeom({_mercator(layer, column)}, ST_TileEnvelope(%s, %s, %s),"  # noqa: S608
            f" {EXTENT}, {BUFFER}) AS geom FROM {layer.table} t WHERE {where} AND {visible}"
            f" AND t.{column} && {_around(layer)}"
        )
        params += [*place, *seen, *place]
    # set_config() is not parallel-safe, and that is why it stands here: starting workers takes
    # 20 ms, a tile takes one. MATERIALIZED, or each shape would be cut twice: once to be tested, once to be drawn.
    sql = (
        f"WITH tile AS MATERIALIZED ({' UNION ALL '.join(parts)})"  # noqa: S608
        f" SELECT coalesce(ST_AsMVT(tile, %s, {EXTENT}, 'geom'), ''), set_config('zaiqing.tile', '', true) FROM tile WHERE geom IS NOT NULL"
    )
    params.append(layer.name)
    return sql, params


def _mercator(layer: Layer, column: str) -> str:
    return f"t.{column}" if layer.srid == 3857 else f"ST_Transform(t.{column}, 3857)"


def _around(layer: Layer) -> str:
    box = f"ST_TileEnvelope(%s, %s, %s, margin => {BUFFER / EXTENT})"
    return box if layer.srid == 3857 else f"ST_Transform({box}, 4326)"
