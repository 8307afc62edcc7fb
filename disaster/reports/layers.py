"""The reports' tile layer: where the standing reports are, for maps that do not live on the feed."""

from __future__ import annotations

from gis import layers
from gis.ogc import collections
from gis.ogc.collections import Collection, Field

REPORTS = layers.Layer(
    name="reports",
    table="reports_report",
    where="t.superseded_by IS NULL AND t.state <> 'returned' AND t.point IS NOT NULL",
    geometry="point",
    code="area_code",
    fields={
        "id": "t.id::text",
        "code": "t.area_code",
        "number": "t.number",
        "hazard": "t.hazard",
        "kind": "t.kind",
        "state": "t.state",
        "event": "t.event_id::text",
    },
    # Each change of a report writes a journal row. The newest id alone could miss a row that
    # commits late with a lower id; the sealed head tells of it moments later.
    version_sql="SELECT (SELECT max(id) FROM journal_entry), (SELECT max(position) FROM journal_seal)",
)
"""The standing version of each report that has a position."""


_FIGURES = {
    "affected": ("受灾人口", "People affected", "#affected"),
    "dead": ("因灾死亡", "Dead", "#affected+killed"),
    "missing": ("失踪", "Missing", "#affected+missing"),
    "relocated": ("紧急转移安置", "Relocated", "#affected+displaced"),
}

SERVED = Collection(
    name="reports",
    zh="灾情报告(有效版本)",
    en="Disaster reports, standing versions",
    table="reports_report",
    where=REPORTS.where,
    key="id",
    geometry="point",
    code="area_code",
    begins="t.occurred_at",
    fields={
        "number": Field("t.number", "string", "报告编号", "Number", "#meta+id"),
        "code": Field("t.area_code", "string", "区划代码", "Area code", "#adm+code"),
        "hazard": Field("t.hazard", "string", "灾种", "Hazard", "#cause+type"),
        "kind": Field("t.kind", "string", "报告种类", "Kind of report", "#meta+type"),
        "state": Field("t.state", "string", "状态", "State", "#status"),
        "event": Field("t.event_id::text", "string", "灾害过程", "Event", "#crisis+code"),
        "occurred_at": Field("t.occurred_at", "date-time", "发生时间", "Occurred", "#date+occurred"),
        "received_at": Field("t.received_at", "date-time", "接收时间", "Received", "#date+reported"),
        **{
            key: Field(f"(t.figures->>'{key}')::numeric", "number", zh, en, hxl)
            for key, (zh, en, hxl) in _FIGURES.items()
        },
    },
)
"""The same versions for other programs; no name of a person goes out."""


def register() -> None:
    """Enter the layer and the collection into the registries below."""
    layers.register(REPORTS)
    collections.register(SERVED)
