"""What every HTTP door does alike: who asks, and an answer nobody may keep."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

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


def reader(request: HttpRequest) -> Rights:
    """Give the rights of the signed-in reader."""
    rights: Rights = request.rights  # type: ignore[attr-defined]
    return rights
