"""Reading what a phone sent, and saying in words what could not be read.

The socket and HTTP both come through here: one parser, one way to explain.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from disaster import problems
from disaster.problems import FieldError, Problem, Words
from disaster.reports.messages import MAX_BYTES, MAX_TEXT, ReportSubmit, decode_submit

_LABELS = {
    "id": Words("报告标识", "id"),
    "area": Words("行政区划代码", "area code"),
    "kind": Words("报告种类", "kind of report"),
    "hazard": Words("灾种", "hazard"),
    "occurred_at": Words("发生时间", "time of occurrence"),
    "discovered_at": Words("发现时间", "time of discovery"),
    "submitted_at": Words("提交时间", "time of submission"),
    "sent_at": Words("发送时间", "time of sending"),
    "event": Words("灾害过程", "event"),
    "corrects": Words("更正的版本", "corrected version"),
    "fix": Words("位置", "position"),
    "figures": Words("灾情数字", "figures"),
    "units": Words("计量单位", "units"),
    "text": Words("文字说明", "description"),
    "photos": Words("照片", "photos"),
    "voices": Words("语音", "voice notes"),
    "notes": Words("核实说明", "notes"),
    "report": Words("报告", "report"),
}
_WRONG = Words("{label}的内容格式不对", "The {label} can't be read")
_MISSING = Words("缺少{label}", "The {label} is missing")
_UNKNOWN = Words("多出不认识的内容“{name}”", "The field “{name}” is unknown")
_TOO_LONG = Words("{label}太长,最多 {limit}", "The {label} is too long, at most {limit}")

_PATH = re.compile(r"at `\$((?:\.[a-z_]+|\[\.\.\.\]|\[\d+\])*)`")
_NAMED = re.compile(r"(missing required|unknown) field `([^`]*)`")
_LENGTH = re.compile(r"length <= (\d+)")


def read_submit(body: bytes) -> ReportSubmit:
    """Read one ``report.submit`` message.

    Raises
    ------
    Problem
        413.1 if it is too large, 400.1 if it is no JSON, 400.2 with the field otherwise.
    """
    if len(body) > MAX_BYTES:
        raise too_large()
    try:
        return decode_submit(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise problem_of(error) from None


def too_large() -> Problem:
    """Say that a message exceeds :data:`MAX_BYTES`."""
    return problems.TOO_LARGE(
        {"text": _field(_TOO_LONG, "text", limit=MAX_TEXT)}, limit=f"{MAX_BYTES // 1024} KB"
    )


def problem_of(error: Exception) -> Problem:
    """Turn a decoder's complaint into a problem that names the field."""
    if not isinstance(error, msgspec.ValidationError):
        return problems.NOT_JSON()
    text = str(error)
    path = [part for part in _path(text) if part != "report"]
    if named := _NAMED.search(text):
        what, name = named.groups()
        if what == "unknown":
            return problems.BAD_FIELDS({".".join([*path, name]): FieldError(_UNKNOWN, {"name": name[:40]})})
        return problems.BAD_FIELDS({".".join([*path, name]): _field(_MISSING, name)})
    if path == ["type"]:
        return problems.UNKNOWN_MESSAGE()
    name = path[0] if path else "report"
    if limit := _LENGTH.search(text):
        return problems.BAD_FIELDS({name: _field(_TOO_LONG, name, limit=limit.group(1))})
    return problems.BAD_FIELDS({name: _field(_WRONG, name)})


def id_in(frame: bytes) -> str | None:
    """Find the report's id in a message that could not be read, to answer to it."""
    try:
        message = msgspec.json.decode(frame)
        found = message["report"]["id"]
    except (msgspec.MsgspecError, KeyError, TypeError, UnicodeDecodeError, RecursionError):
        return None
    return found[:40] if isinstance(found, str) else None


def _path(text: str) -> list[str]:
    found = _PATH.search(text)
    return re.findall(r"[a-z_]+", found.group(1)) if found else []


def _field(words: Words, name: str, **params: Any) -> FieldError:
    label = _LABELS.get(name, Words(name, name))
    # The label is filled in here, in both languages, because a FieldError has one set of parameters.
    return FieldError(
        Words(words.zh.replace("{label}", label.zh), words.en.replace("{label}", label.en)), params
    )
