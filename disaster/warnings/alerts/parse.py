"""From bytes to an alert: CAP 1.2 and GB/T 35965.1-2018. Pure: no Django here.

Every refusal is a problem that names the element by its path (``info[1]/area[2]/polygon[1]``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeVar
from xml.etree.ElementTree import Element

from disaster import problems
from disaster.problems import FieldError, Words
from disaster.warnings.alerts import places, xml
from disaster.warnings.alerts.model import Alert, Circle, Info, LonLat, Place, Reference

T = TypeVar("T")
BEIJING = timezone(timedelta(hours=8))
RELAYED_STATUS = ("Actual", "Exercise", "Test")
RELAYED_TYPES = ("Alert", "Update", "Cancel")
MAX_TEXT = 20_000
YEARS = range(2000, 2101)
"""What lies outside is a broken clock, and can't be reckoned with."""

NOT_A_TIME = Words("“{text}”不是时间", "“{text}” is no time")
NEEDS_REFERENCE = Words("更新和解除须写明所指的预警", "An update or a cancellation must refer to an alert")
BAD_REFERENCE = Words("“{text}”不是“发布者,标识,时间”", "“{text}” is no “sender,identifier,time”")
NEEDS_INFO = Words("预警须有内容", "An alert needs an info")
NEEDS_AREA = Words("预警须有范围", "An alert needs an area")
NEEDS_SHAPE = Words("范围须有多边形、圆或区划代码", "An area needs a polygon, a circle or a code")
ENDS_EARLY = Words("失效时间须晚于生效时间", "It must expire after it takes effect")
TOO_LONG = Words("太长,最多{limit}字", "Too long, at most {limit} characters")
NOT_RELAYED = Words("“{text}”不予转发", "“{text}” is not relayed")

_TIME = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?"
_TRIPLE = re.compile(rf"([^\s,]+),([^\s,]+),({_TIME})(?=\s|$)")
_EVENT_CODE = re.compile(r"\d{2}[A-Z]\d{2}", re.ASCII)


def parse(data: bytes) -> Alert:
    """Read one alert.

    Raises
    ------
    Problem
        413.1 too large; 422.1 no XML; 422.2 hostile XML; 422.3 naming each element that is
        wrong; 422.4 a status or kind of message that is nobody's warning (Draft, Ack …).
    """
    standard, root = xml.read(data)
    return _Reader(standard, root).alert()


class _Reader:
    """Reads one checked document, gathering what is wrong with it."""

    def __init__(self, standard: str, root: Element) -> None:
        self.standard = standard
        self.root = root
        self.errors: dict[str, FieldError] = {}

    def alert(self) -> Alert:
        """Read the whole.

        Raises
        ------
        Problem
            422.3 with everything found, or 422.4.
        """
        root = self.root
        status, kind = _text(root, "status"), _text(root, "msgType")
        for name, value, known in (("status", status, RELAYED_STATUS), ("msgType", kind, RELAYED_TYPES)):
            if value not in known:
                raise problems.ALERT_NOT_RELAYED({name: FieldError(NOT_RELAYED, {"text": value})})
        sent = self._time(root, "sent" if self.standard == "cap" else "sendTime", "")
        infos = tuple(self._info(one, f"info[{at}]") for at, one in enumerate(root.findall("info"), 1))
        references = self._references()
        if kind != "Cancel" and not infos:
            self.errors["info"] = FieldError(NEEDS_INFO)
        if kind != "Alert" and not references:
            self.errors["references"] = FieldError(NEEDS_REFERENCE)
        for at, info in enumerate(infos, 1):
            if kind != "Cancel" and not info.places:
                self.errors[f"info[{at}]/area"] = FieldError(NEEDS_AREA)
        if self.errors or sent is None:
            raise problems.ALERT_INVALID(self.errors)
        return Alert(
            standard=self.standard,
            identifier=_text(root, "identifier"),
            sender=_text(root, "sender"),
            sent=sent,
            status=status,
            msg_type=kind,
            scope=_text(root, "scope"),
            note=self._long(root, "note", ""),
            references=references,
            infos=infos,
        )

    def _info(self, part: Element, at: str) -> Info:
        effective, expires = self._time(part, "effective", at), self._time(part, "expires", at)
        if effective and expires and expires <= effective:
            self.errors[f"{at}/expires"] = FieldError(ENDS_EARLY)
        return Info(
            language=_text(part, "language") or ("en-US" if self.standard == "cap" else "zh-CN"),
            event=_text(part, "event"),
            event_type=_event_type(part),
            severity=_text(part, "severity"),
            urgency=_text(part, "urgency"),
            certainty=_text(part, "certainty"),
            effective=effective,
            onset=self._time(part, "onset", at),
            expires=expires,
            sender_name=_text(part, "senderName")[:200],
            headline=self._long(part, "headline", at),
            description=self._long(part, "description", at),
            instruction=self._long(part, "instruction", at),
            web=_text(part, "web")[:500],
            contact=_text(part, "contact")[:200],
            places=tuple(
                self._place(area, f"{at}/area[{number}]")
                for number, area in enumerate(part.findall("area"), 1)
            ),
        )

    def _place(self, part: Element, at: str) -> Place:
        polygons: list[tuple[LonLat, ...]] = self._each(part, "polygon", at, places.polygon)
        circles: list[Circle] = self._each(part, "circle", at, places.circle)
        codes = [code for found in self._each(part, "geocode", at, places.geocodes) for code in found]
        known = any(path.startswith(f"{at}/") for path in self.errors)
        if not (polygons or circles or codes or known):
            self.errors[at] = FieldError(NEEDS_SHAPE)
        return Place(
            _text(part, "areaDesc")[:200], tuple(polygons), tuple(circles), tuple(dict.fromkeys(codes))
        )

    def _each(self, part: Element, name: str, at: str, read: Callable[[str], T]) -> list[T]:
        """Read every element of a name; an empty one says nothing (the profile leaves them in)."""
        found: list[T] = []
        for number, element in enumerate(part.findall(name), 1):
            value = element.find("value")
            text = ((element if value is None else value).text or "").strip()
            if not text:
                continue
            try:
                found.append(read(text))
            except places.WrongPlace as wrong:
                # CAP lets each country name areas by its own codes; those of others say nothing here.
                if name == "geocode" and self.standard == "cap":
                    continue
                self.errors[f"{at}/{name}[{number}]"] = wrong.error
        return found

    def _time(self, part: Element, name: str, at: str) -> datetime | None:
        text = _text(part, name)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.year not in YEARS:
            self.errors[f"{at}/{name}".lstrip("/")] = FieldError(NOT_A_TIME, {"text": text[:40]})
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).astimezone(UTC)

    def _long(self, part: Element, name: str, at: str) -> str:
        text = _text(part, name)
        if len(text) > MAX_TEXT:
            self.errors[f"{at}/{name}".lstrip("/")] = FieldError(TOO_LONG, {"limit": MAX_TEXT})
        return text

    def _references(self) -> tuple[Reference, ...]:
        """Read ``sender,identifier,time`` groups; the profile also knows the bare identifier."""
        text = _text(self.root, "references")
        found = [Reference(sender, identifier) for sender, identifier, _ in _TRIPLE.findall(text)]
        for rest in _TRIPLE.sub(" ", text).split():
            if self.standard == "gbt" and "," not in rest:
                found.append(Reference("", rest))
            else:
                self.errors["references"] = FieldError(BAD_REFERENCE, {"text": rest[:60]})
        return tuple(dict.fromkeys(found))


def _text(part: Element, name: str) -> str:
    return (part.findtext(name) or "").strip()


def _event_type(part: Element) -> str:
    """Give the national event code: its own element in the profile, an ``eventCode`` in CAP."""
    own = _text(part, "eventType")
    if own:
        return own
    values = [(code.findtext("value") or "").strip() for code in part.findall("eventCode")]
    return next((value for value in values if _EVENT_CODE.fullmatch(value)), "")
