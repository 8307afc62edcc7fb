"""Writing the protocol down: docs/protocol.md and docs/protocol.schema.json from the types. Pure."""

from __future__ import annotations

import inspect
import json
from typing import Any

import msgspec

from disaster import problems
from disaster.relief.dispatch.messages import FixEntry
from disaster.reports.messages import Fix, Report
from realtime import protocol

_AT = "2026-07-05T15:04:05+08:00"
_ID = "0190f3c4-7a8b-4c1d-9e2f-3a4b5c6d7e8f"

EXAMPLES: dict[str, str] = {
    "feed.resume": '{"type":"feed.resume","since":1041,"epoch":"6f0e…"}',
    "report.submit": json.dumps(
        {
            "type": "report.submit",
            "sent_at": _AT,
            "report": {
                "id": _ID,
                "area": "340882202201",
                "kind": "first",
                "hazard": "flood.flash",
                "occurred_at": "2026-07-05T14:30:00+08:00",
                "submitted_at": _AT,
                "fix": {"lon": 116.32, "lat": 30.71, "datum": "wgs84", "method": "gps", "accuracy_m": 12.0},
                "figures": {"affected": 120, "crops_affected": 60},
                "units": {"crops_affected": "mu"},
                "text": "沟河水位上涨",
            },
        },
        ensure_ascii=False,
    ),
    "trip.fix": json.dumps(
        {
            "type": "trip.fix",
            "trip": _ID,
            "sent_at": _AT,
            "fixes": [{"id": _ID, "at": _AT, "lon": 116.58, "lat": 30.64, "accuracy_m": 8.0}],
        }
    ),
    "trip.fixed": json.dumps(
        {"type": "trip.fixed", "trip": _ID, "ids": [_ID], "state": "away", "version": 2}
    ),
    "ping": '{"type":"ping"}',
    "welcome": json.dumps(
        {
            "type": "welcome",
            "person": "7",
            "name": "王建国",
            "areas": ["340882202201"],
            "position": 1041,
            "epoch": "6f0e…",
            "server_time": "2026-07-05T07:04:05Z",
        },
        ensure_ascii=False,
    ),
    "report.stored": json.dumps(
        {
            "type": "report.stored",
            "id": _ID,
            "number": "340882-20260705-000123",
            "area": "340882202201",
            "occurred_at": "2026-07-05T06:30:00Z",
            "discovered_at": None,
            "submitted_at": "2026-07-05T07:04:05Z",
            "received_at": "2026-07-05T07:04:05.2Z",
            "approved_at": None,
            "clock_skew_s": -0.2,
            "crosses": None,
        }
    ),
    "problem": json.dumps(
        {
            "type": "problem",
            "number": "400.2",
            "message": "有内容需要改正",
            "errors": {"figures.crops_damaged": "农作物成灾面积(12公顷)不能大于农作物受灾面积(10公顷)"},
            "re": _ID,
        },
        ensure_ascii=False,
    ),
    "change": '{"type":"change","position":1042,"changes":[{"position":1042,"at":"2026-07-05T07:04:05Z",'
    '"verb":"report.submitted","area":"340882202201","put":[{"object":"report","id":"0190…"}]}]}',
    "snapshot_needed": '{"type":"snapshot_needed","reason":"far","position":90001,"epoch":"6f0e…"}',
    "pong": '{"type":"pong","server_time":"2026-07-05T07:04:05Z","position":1042}',
}
"""One example of each message, by its type."""


def name_of(message: type[msgspec.Struct]) -> str:
    """Give the ``type`` a message carries on the wire."""
    return str(message.__struct_config__.tag)


def schema() -> dict[str, Any]:
    """Give the JSON Schema of every message."""
    every = (*protocol.REQUESTS, *protocol.EVENTS)
    (_, *_), components = msgspec.json.schema_components(every, ref_template="#/$defs/{name}")
    # Raw is any JSON; a change's put is an array of objects.
    components["Change"]["properties"]["put"] = {"type": "array", "items": {"type": "object"}}
    # A figure is exact: a JSON number, or the same as text.
    components["Report"]["properties"]["figures"]["additionalProperties"] = {
        "anyOf": [{"type": "number"}, {"type": "string", "format": "decimal"}]
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "灾情一张图: the messages at /ws/",
        "oneOf": [{"$ref": f"#/$defs/{message.__name__}"} for message in every],
        "$defs": components,
    }


def schema_text() -> str:
    """Give docs/protocol.schema.json."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def page() -> str:
    """Give docs/protocol.md."""
    parts = [_HEAD]
    for title, messages in (("Requests", protocol.REQUESTS), ("Events", protocol.EVENTS)):
        parts.append(f"## {title}\n")
        parts += [_section(message) for message in messages]
    parts.append("## Inside a report or a batch of positions\n")
    inside = (Report, Fix, FixEntry)
    parts += [f"### {part.__name__}\n\n{inspect.getdoc(part)}\n\n{_fields(part)}" for part in inside]
    parts.append("## Close codes\n\n| code | why |\n|---|---|")
    parts += [f"| {code} | {why} |" for code, why in sorted(protocol.CLOSE_CODES.items())]
    parts.append(
        "\n## Problems\n\nThe whole part of a number is the HTTP status.\n\n| number | 中文 | English |\n|---|---|---|"
    )
    parts += [
        f"| {kind.number} | {kind.words.zh} | {kind.words.en} |" for kind in problems.CATALOGUE.values()
    ]
    return "\n".join(parts) + "\n"


def _section(message: type[msgspec.Struct]) -> str:
    name = name_of(message)
    return (
        f"### `{name}`\n\n{inspect.getdoc(message)}\n\n{_fields(message)}\n```json\n{EXAMPLES[name]}\n```\n"
    )


def _fields(message: type[msgspec.Struct]) -> str:
    rows = ["| field | type | needed |", "|---|---|---|"]
    for field in msgspec.structs.fields(message):
        kind = inspect.formatannotation(field.type).replace("|", "\\|").replace("typing.", "")
        rows.append(f"| `{field.encode_name}` | `{kind}` | {'yes' if field.required else 'no'} |")
    return "\n".join(rows) + "\n"


_HEAD = """# The protocol at `/ws/`

<!-- Generated by `manage.py write_docs`; a test compares it with the types. -->

One JSON object a text frame. `type` names the message; requests are imperative, events are
past tense. A phone uses the session of its sign-in; a program sends `Authorization: Bearer …`
with a token of `POST /api/token`. A browser's `Origin` must be the host itself or one of
`ZAIQING_ORIGINS`. A frame may have 64 KB.

1. The server speaks first: `welcome`.
2. A map fetches `GET /api/feed/snapshot` (a position, an epoch, the present objects) and sends
   `feed.resume` with that position. It gets every later change, then lives on. Putting a
   change means storing each object of `put` whole, by its `object` and `id`. Changes at or
   below a position already had are ignored. `snapshot_needed` means: fetch anew. After a
   break, `feed.resume` from the last position; there is never a silent gap.
3. A phone sends `report.submit` and keeps the report until `report.stored` names its id. It
   may send as often as it likes: the same id with the same content always gets the first
   receipt; with other content, problem 409.1. The receipt is sent after the commit. The
   journal position follows with the `change`.
4. What is refused is answered by `problem` with `re` naming the report. Fields in `confirm`
   are doubts: send again with `notes` saying why, under the check's key. 429 and 503 mean:
   the same again, after `retry_after_s`. A bad frame never ends the socket; twenty do.
5. `POST /api/reports` takes the body of `report.submit` and answers the same.
6. A driver's phone sends `trip.fix` with what waits, oldest first, and forgets the positions that
   `trip.fixed` names; each is kept once, however often it is sent. A refusal is a `problem` with `re`
   naming the trip. `POST /api/trips/{trip}/fixes` takes the same positions and answers the same.
"""
