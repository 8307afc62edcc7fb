"""The addresses of the map's tools: who may ask for what, and what is sent there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.contracts.answers import answers

WHERE = {"lon": 116.5, "lat": 30.6, "zoom": 11}
# Who looks from above: an officer sees a village and has no business with people around a line.
COUNTS = answers(403, **dict.fromkeys(["east", "west", "bureau", "leader", "foreign"], 200))
PRINTS = answers(403, **dict.fromkeys(["east", "west", "bureau", "leader", "auditor", "foreign"], 200))

TABLE: dict[str, dict[str, int]] = {
    # Each kind of thing is found in the scope of its own right; whoever has none finds nothing.
    "GET /api/map/search?q=jia": answers(200),
    "GET /api/map/areas/{area}": answers(
        404,
        **dict.fromkeys(["jia_a", "jia_b", "east", "bureau", "leader", "auditor", "keeper", "admin"], 200),
    ),
    "POST /api/map/around": COUNTS,
    "GET /api/map/views": answers(200),
    "POST /api/map/views": answers(201, stranger=403),
    # A view of the bureau's own that nobody was given.
    "GET /api/map/views/{view}": answers(404, bureau=200),
    "PUT /api/map/views/{view}": answers(404, bureau=200),
    "DELETE /api/map/views/{view}": answers(404, bureau=200),
    "GET /api/map/views/{shared_view}": answers(200),
    "GET /api/map/trend?event={disaster}&indicator=affected": answers(
        200, keeper=403, admin=403, stranger=403, foreign=404
    ),
    "POST /api/map/print": PRINTS,
}

BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "POST /api/map/around": lambda _: {
        "geometry": {"type": "Point", "coordinates": [116.5, 30.6]},
        "distance_m": 500,
    },
    "POST /api/map/views": lambda _: {"name": "汛期", "state": WHERE},
    "PUT /api/map/views/{view}": lambda _: {"name": "汛期", "shared": True},
    "POST /api/map/print": lambda _: {
        **dict(zip(("west", "south", "east", "north"), (116.4, 30.5, 116.6, 30.7), strict=True)),
        "title": "甲村形势图",
        "layers": ["townships", "zones"],
        "form": "png",
    },
}
