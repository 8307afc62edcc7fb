"""Questions about persons."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from disaster.people.scope import Rights
from gis.models import Area
from gis.scope import ancestors


def me(request: HttpRequest) -> dict[str, Any]:
    """Describe the signed-in person for the pages: posts and home area with its outlines (EPSG:4326)."""
    rights: Rights = request.rights  # type: ignore[attr-defined]
    codes = {held.area_code for held in rights.posts}
    home = rights.home
    above = ancestors(home)[:1] if home else ()
    areas = {area.code: area for area in Area.objects.filter(code__in={*codes, *above})}
    return {
        "person": {"id": str(rights.person_id), "name": rights.name, "username": request.user.get_username()},
        "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "posts": [
            {
                "role": held.role,
                "area": held.area_code,
                "area_name": areas[held.area_code].name,
                "post": held.post,
            }
            for held in rights.posts
        ],
        "home": _home(areas, home, above),
        "server_time": timezone.now(),
    }


def _home(areas: dict[str, Area], home: str | None, above: tuple[str, ...]) -> dict[str, Any] | None:
    area = areas.get(home or "")
    if area is None:
        return None
    township = areas.get(above[0]) if above and area.level == Area.Level.VILLAGE else None
    return {
        **_outline(area),
        "level": area.level,
        "point": [round(area.point.x, 6), round(area.point.y, 6)] if area.point else None,
        "township": _outline(township) if township else None,
    }


def _outline(area: Area) -> dict[str, Any]:
    boundary = area.boundary.simplify(0.0003, preserve_topology=True) if area.boundary else None
    return {"code": area.code, "name": area.name, "boundary": json.loads(boundary.json) if boundary else None}
