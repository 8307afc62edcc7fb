"""Alerts as other systems write them: CAP 1.2 and GB/T 35965.1, every part to be chosen."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

BEIJING = timezone(timedelta(hours=8))
SENDER = "qianshan@weather.example"
JIA_RING = "30.601,116.501 30.601,116.519 30.619,116.519 30.619,116.501 30.601,116.501"
"""Inside village 甲 of tests.world, latitude first."""


def stamp(moment: datetime) -> str:
    return moment.astimezone(BEIJING).isoformat(timespec="seconds")


def area(*shapes: str, name: str = "甲村") -> str:
    return f"<area><areaDesc>{name}</areaDesc>{''.join(shapes)}</area>"


def polygon(ring: str = JIA_RING) -> str:
    return f"<polygon>{ring}</polygon>"


def geocode(code: str) -> str:
    return f"<geocode><valueName>GB/T 2260</valueName><value>{code}</value></geocode>"


def cap(identifier: str = "34088241600000_20260705143000_1", **parts: Any) -> bytes:
    """A CAP 1.2 alert: an orange warning of a rainstorm for village 甲, unless said otherwise."""
    now = parts.get("now") or datetime.now(BEIJING)
    values: dict[str, Any] = {
        "sender": SENDER,
        "sent": stamp(now),
        "status": "Actual",
        "msgType": "Alert",
        "references": "",
        "language": "zh-CN",
        "event": "暴雨",
        "severity": "Severe",
        "code": "11B03",
        "effective": stamp(now),
        "expires": stamp(now + timedelta(hours=6)),
        "senderName": "潜山市气象台",
        "headline": "潜山市气象台发布暴雨橙色预警信号",
        "description": "过去3小时甲村降雨量已达50毫米以上,预计降雨持续。",
        "instruction": "危险地带人员立即转移。",
        "areas": area(polygon()),
        "info": None,
        "tail": "",
        "head": '<?xml version="1.0" encoding="UTF-8"?>',
        **parts,
    }
    info = values["info"]
    if info is None:
        info = _info(values)
    references = f"<references>{values['references']}</references>" if values["references"] else ""
    return (
        f'{values["head"]}<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{identifier}</identifier><sender>{values['sender']}</sender><sent>{values['sent']}</sent>"
        f"<status>{values['status']}</status><msgType>{values['msgType']}</msgType><scope>Public</scope>"
        f"{references}{info}{values['tail']}</alert>"
    ).encode()


def _info(values: dict[str, Any]) -> str:
    times = "".join(f"<{name}>{values[name]}</{name}>" for name in ("effective", "expires") if values[name])
    return (
        f"<info><language>{values['language']}</language><category>Met</category>"
        f"<event>{values['event']}</event><urgency>Immediate</urgency><severity>{values['severity']}</severity>"
        "<certainty>Observed</certainty>"
        f"<eventCode><valueName>GB/T 35561</valueName><value>{values['code']}</value></eventCode>{times}"
        f"<senderName>{values['senderName']}</senderName><headline>{values['headline']}</headline>"
        f"<description>{values['description']}</description><instruction>{values['instruction']}</instruction>"
        f"{values['areas']}</info>"
    )


def gbt(identifier: str = "34088241600000_20260705143000_2", **parts: Any) -> bytes:
    """A warning of the national profile, in its own order and with its own names."""
    now = parts.get("now") or datetime.now(BEIJING)
    values: dict[str, Any] = {
        "sendTime": f"{now:%Y-%m-%d %H:%M:%S}+08:00",
        "status": "Actual",
        "msgType": "Alert",
        "references": "",
        "eventType": "11B03",
        "severity": "Red",
        "geocode": "340882",
        "expires": f"{now + timedelta(hours=3):%Y-%m-%d %H:%M:%S}",
        "encoding": "UTF-8",
        **parts,
    }
    text = (
        f'<?xml version="1.0" encoding="{values["encoding"]}"?><alert>'
        f"<identifier>{identifier}</identifier><sender>潜山市气象局</sender><senderCode>34088241600000</senderCode>"
        f"<sendTime>{values['sendTime']}</sendTime><status>{values['status']}</status>"
        f"<msgType>{values['msgType']}</msgType><scope>Public</scope><code></code>"
        f"<secClassification>None</secClassification><note></note><references>{values['references']}</references>"
        "<info><language>zh-CN</language>"
        f"<eventType>{values['eventType']}</eventType><urgency>Immediate</urgency>"
        f"<severity>{values['severity']}</severity><certainty>Observed</certainty><effective></effective>"
        f"<onset></onset><expires>{values['expires']}</expires><senderName>潜山市气象局</senderName>"
        "<headline>潜山市气象局发布暴雨红色预警</headline><description>3小时100毫米以上。</description>"
        "<instruction>立即转移。</instruction><web></web><contact></contact>"
        f"<area><areaDesc>潜山市</areaDesc><polygon></polygon><circle></circle>"
        f"<geocode>{values['geocode']}</geocode></area>"
        "<method><methodName>SMS</methodName></method></info></alert>"
    )
    codec = {"GB2312": "gbk", "GBK": "gbk"}.get(values["encoding"], values["encoding"])
    return text.encode(codec)
