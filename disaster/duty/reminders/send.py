"""Handing a message to the outside: apprise addresses, tried in their order."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

import apprise

from disaster.duty.reminders.models import Channel

log = logging.getLogger(__name__)
TIMEOUT_S = 20
"""How long one gateway may take before the next is tried."""


class Sent(NamedTuple):
    """Whether a message left, and through which channel."""

    ok: bool
    channel: str


def is_address(url: str) -> bool:
    """Say whether apprise knows what to do with an address."""
    return (
        apprise.Apprise.instantiate(url.replace("{phone}", "13800000000"), suppress_exceptions=True)
        is not None
    )


def deliver(channels: Sequence[Channel], *, phone: str, title: str, body: str) -> Sent:
    """Send one message through the first channel that takes it.

    A channel that needs a telephone number is passed over where there is none. Whatever a
    gateway does wrong is a failure of that channel, never an exception here.
    """
    for channel in channels:
        url = channel.url
        if "{phone}" in url and not phone:
            continue
        try:
            gateway = apprise.Apprise()
            if gateway.add(url.replace("{phone}", quote(phone))) and gateway.notify(
                body=body, title=title, timeout=TIMEOUT_S
            ):
                return Sent(True, channel.name)
        except Exception:
            log.warning("channel %s failed", channel.pk, exc_info=True)
    return Sent(False, "")
