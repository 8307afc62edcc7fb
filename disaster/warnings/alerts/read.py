"""From an alert as read to what it means here, by the dated code lists: colour, kind of zone, times."""

from __future__ import annotations

from datetime import datetime, timedelta

from disaster.rules import book
from disaster.warnings.alerts.model import Alert, Info

GRAVEST_FIRST = ("red", "orange", "yellow", "blue")


def level_of(info: Info) -> str:
    """Give the colour of an info's severity."""
    entry = book.code("alert_severity", info.severity)
    return entry.parent if entry else "blue"


def event_of(info: Info) -> book.Entry | None:
    """Give the kind of event: by its code, else by the longest known name the text holds."""
    if entry := book.code("alert_event", info.event_type):
        return entry
    text = f"{info.event} {info.headline}"
    named = [entry for entry in book.codes("alert_event") if entry.zh in text]
    return max(named, key=lambda entry: len(entry.zh), default=None)


def kind_of(info: Info) -> str:
    """Give the kind of zone an info makes."""
    entry = event_of(info)
    return entry.parent if entry else str(book.value("alert.kind_otherwise"))


def begins(alert: Alert, info: Info) -> datetime:
    """Give when an info takes effect: as said, else when it was sent."""
    return info.effective or alert.sent


def ends(alert: Alert, info: Info) -> datetime:
    """Give when an info runs out: as said, else so many hours after it took effect."""
    return info.expires or begins(alert, info) + timedelta(hours=book.value("alert.hours"))


def issuer_of(alert: Alert) -> str:
    """Give who warns (发布单位), as people know it."""
    return next((info.sender_name for info in alert.told if info.sender_name), alert.sender)


def headline_of(alert: Alert, info: Info) -> str:
    """Give the line to be shown: the sender's, else made of issuer and event."""
    entry = event_of(info)
    return info.headline or f"{issuer_of(alert)}:{info.event or (entry.zh if entry else '')}"


def gravest(alert: Alert) -> Info | None:
    """Give the info that an alert is listed by."""
    told = sorted(alert.told, key=lambda info: GRAVEST_FIRST.index(level_of(info)))
    return told[0] if told else None
