"""Deliveries (调拨、发放) for other programs: the papers of relief goods as features, by where they go.

The OGC API and the exports know nothing of relief, and relief nothing of them; this room knows both.
"""

from __future__ import annotations

from disaster.relief.stock.models import Document
from gis.ogc import collections
from gis.ogc.collections import Collection, Field

_PAPERS = """(
    SELECT paper.*, source.name AS source_name, target.name AS target_name,
           coalesce(target.point, source.point) AS place,
           coalesce(target.area_code, source.area_code) AS code,
           (SELECT string_agg(item.name || line.ordered || item.unit, '、' ORDER BY line.id)
              FROM stock_line line JOIN stock_item item ON item.key = line.item_id
             WHERE line.document_id = paper.id) AS goods
      FROM stock_document paper
      JOIN stock_place source ON source.id = paper.source_id
      JOIN stock_place target ON target.id = paper.target_id
     WHERE paper.kind IN ('transfer', 'issue') AND paper.state <> 'cancelled')"""

DELIVERIES = Collection(
    name="deliveries",
    zh="物资调拨和发放",
    en="Deliveries of relief goods",
    table=_PAPERS,
    key="id",
    geometry="place",
    code="code",
    begins="t.made_at",
    ends="t.closed_at",
    fields={
        "number": Field("t.number", "string", "单号", "Number", "#meta+id"),
        "kind": Field("t.kind", "string", "类型", "Kind", "#activity+type", Document.Kind.choices),
        "state": Field("t.state", "string", "状态", "State", "#status", Document.State.choices),
        "code": Field("t.code", "string", "区划代码", "Area code", "#adm+code"),
        "source": Field("t.source_name", "string", "从", "From", "#loc+name+origin"),
        "target": Field("t.target_name", "string", "到", "To", "#loc+name+destination"),
        "goods": Field("t.goods", "string", "物资", "Goods", "#item+name"),
        "made_at": Field("t.made_at", "date-time", "开单时间", "Made", "#date+start"),
        "sent_at": Field("t.sent_at", "date-time", "发出时间", "Sent", "#date+sent"),
        "received_at": Field("t.received_at", "date-time", "签收时间", "Received", "#date+received"),
    },
)
"""Where the goods arrive; goods handed out to households stand at the place they left. No person is named."""


def register() -> None:
    """Enter the collection into the registry below."""
    collections.register(DELIVERIES)
