"""What every HTTP door does alike: who asks, at what moment, and an answer nobody may keep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from django.http import HttpRequest, HttpResponse
from pydantic import AfterValidator, AwareDatetime

from disaster.people.scope import Rights

_encoder = msgspec.json.Encoder(decimal_format="number")


def answer(body: Any, status: int = 200) -> HttpResponse:
    """Answer with JSON; personal and live, so nobody may keep it."""
    return HttpResponse(
        _encoder.encode(body),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def _on_our_clocks(moment: datetime) -> datetime:
    """Give a moment in UTC; the edges of Python's calendar fit no other time zone and are refused."""
    try:
        utc = moment.astimezone(UTC)
        _ = utc - timedelta(days=1), utc + timedelta(days=1)
    except OverflowError as error:
        raise ValueError("outside the calendar") from error
    return utc


Moment = Annotated[AwareDatetime, AfterValidator(_on_our_clocks)]
"""A moment somebody asks about or sets."""


def handed(name: str, data: bytes, media_type: str) -> HttpResponse:
    """Hand out a file under its name, for saving, never for opening here; nobody on the way may keep it."""
    return HttpResponse(
        data,
        content_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "Cache-Control": "no-store",
        },
    )


def reader(request: HttpRequest) -> Rights:
    """Give the rights of the signed-in reader."""
    rights: Rights = request.rights  # type: ignore[attr-defined]
    return rights
