"""The reports' tile layer: where the standing reports are, for maps that do not live on the feed."""

from __future__ import annotations

from gis import layers

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


def register() -> None:
    """Enter the layer into the registry below."""
    layers.register(REPORTS)
