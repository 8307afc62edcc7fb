"""Which features are asked for, as SQL: used by the API's pages and by the export of a selection."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from gis.ogc.collections import Collection, Field
from gis.ogc.crs import Box, Crs
from gis.scope import AreaScope


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks of a collection; what is left out does not narrow it.

    ``boxes`` are in degrees or metres of ``boxes_srid``, ``outline`` is WKB in EPSG:4326; ``since``
    and ``until`` are included. ``equals`` compares properties as text.
    """

    boxes: Sequence[Box] = ()
    boxes_srid: int = 4326
    outline: bytes | None = None
    areas: AreaScope | None = None
    timed: bool = False
    since: datetime | None = None
    until: datetime | None = None
    equals: Mapping[str, str] = field(default_factory=dict)


class Page(NamedTuple):
    """Features as GeoJSON text, how many there are in all, and the key to go on after."""

    features: list[str]
    matched: int
    after: str


def page(collection: Collection, scope: AreaScope, asked: Asked, *, crs: Crs, limit: int, after: str) -> Page:
    """Give one page of features by two statements, in the order of their keys."""
    where, params = _conditions(collection, scope, asked)
    further, key = (f" AND t.{collection.key} > %s::{collection.key_type}", [after]) if after else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {collection.table} t WHERE {where}", params)  # noqa: S608
        matched = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT {_feature(collection, crs)} FROM {collection.table} t"  # noqa: S608
            f" WHERE {where}{further} ORDER BY t.{collection.key} LIMIT %s",
            [*params, *key, limit + 1],
        )
        rows = cursor.fetchall()
    more = len(rows) > limit
    features = [_written(*row) for row in rows[:limit]]
    return Page(features, matched, rows[limit - 1][0] if more else "")


def one(collection: Collection, scope: AreaScope, key: str, *, crs: Crs) -> str | None:
    """Give one feature as GeoJSON text; None where there is none in the reader's sight."""
    where, params = _conditions(collection, scope, Asked())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_feature(collection, crs)} FROM {collection.table} t WHERE {where}"  # noqa: S608
            f" AND t.{collection.key} = %s::{collection.key_type}",
            [*params, key],
        )
        row = cursor.fetchone()
    return _written(*row) if row else None


def rows(
    collection: Collection, scope: AreaScope, asked: Asked, *, most: int
) -> list[tuple[str, dict[str, Any], bytes | None]]:
    """Give up to ``most`` features as key, properties and WKB (EPSG:4326), by one statement."""
    where, params = _conditions(collection, scope, asked)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.{collection.key}::text, {_properties(collection)}, ST_AsBinary({collection.shape})"  # noqa: S608
            f" FROM {collection.table} t WHERE {where} ORDER BY t.{collection.key} LIMIT %s",
            [*params, most],
        )
        found = cursor.fetchall()
    return [(key, json.loads(values), bytes(shape) if shape else None) for key, values, shape in found]


def _feature(collection: Collection, crs: Crs) -> str:
    shape = crs.out_sql(collection.shape)
    return f"t.{collection.key}::text, ST_AsGeoJSON({shape}, {crs.digits}, 0), {_properties(collection)}"


def _properties(collection: Collection) -> str:
    pairs = ", ".join(f"'{name}', {_value(one)}" for name, one in collection.fields.items())
    return f"json_build_object({pairs})::text"


def _value(one: Field) -> str:
    if one.type == "date-time":
        return f"to_char({one.sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
    return one.sql


def _written(key: str, shape: str | None, properties: str) -> str:
    return (
        f'{{"type":"Feature","id":{json.dumps(key)},"geometry":{shape or "null"},"properties":{properties}}}'
    )


def _conditions(collection: Collection, scope: AreaScope, asked: Asked) -> tuple[str, list[Any]]:
    visible, seen = collection.visible_to(scope)
    conditions, params = [f"({collection.where})", f"({visible})"], list[Any](seen)
    if asked.boxes:
        parts = []
        for box in asked.boxes:
            envelope = "ST_MakeEnvelope(%s, %s, %s, %s, %s)"
            parts.append(_meets(collection, f"ST_Transform({envelope}, 4326)"))
            params += [*box, asked.boxes_srid] * _times(collection)
        conditions.append(f"({' OR '.join(parts)})")
    if asked.outline is not None:
        conditions.append(_meets(collection, "ST_GeomFromWKB(%s, 4326)"))
        params += [asked.outline] * _times(collection)
    if asked.areas is not None:
        inside, codes = asked.areas.covers_sql(f"t.{collection.code}")
        conditions.append(f"({inside})")
        params += codes
    if asked.timed and collection.begins:
        conditions.append(_holds(collection, asked, params))
    for name, text in asked.equals.items():
        conditions.append(f"({_value(collection.fields[name])})::text = %s")
        params.append(text)
    return " AND ".join(conditions), params


def _meets(collection: Collection, other: str) -> str:
    """Give the condition that a feature meets a shape; each column asks its own index."""
    own = f"ST_Intersects(t.{collection.geometry}, {other})"
    if not collection.instead:
        return own
    return f"({own} OR (t.{collection.geometry} IS NULL AND ST_Intersects(t.{collection.instead}, {other})))"


def _times(collection: Collection) -> int:
    return 2 if collection.instead else 1


def _holds(collection: Collection, asked: Asked, params: list[Any]) -> str:
    parts = ["TRUE"]
    if asked.until is not None:
        parts.append(f"{collection.begins} <= %s")
        params.append(asked.until)
    if asked.since is not None:
        ends = collection.ends or collection.begins
        parts.append(f"({ends} IS NULL OR {ends} >= %s)" if collection.ends else f"{ends} >= %s")
        params.append(asked.since)
    return f"({' AND '.join(parts)})"
