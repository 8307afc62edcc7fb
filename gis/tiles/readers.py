"""Who asked a moment ago, and what they may see: so that a map full of tiles asks once.

Only Django's view enters a reader, after it has looked up session and rights. It holds for less than a
second: rights that end are felt within one (PERFORMANCE S3).
"""

from __future__ import annotations

import time

from gis.scope import AreaScope

BELIEVED_S = 0.8
_MOST = 10_000
_known: dict[tuple[str, str], tuple[AreaScope, float]] = {}


def remember(cookie: str, authorization: str, scope: AreaScope) -> None:
    """Note the reader whose request bore these headers."""
    if len(_known) >= _MOST:
        _known.clear()
    _known[cookie, authorization] = (scope, time.monotonic() + BELIEVED_S)


def recall(cookie: str, authorization: str) -> AreaScope | None:
    """Give what a reader with these headers may see, if that was looked up a moment ago."""
    known = _known.get((cookie, authorization))
    return known[0] if known and time.monotonic() < known[1] else None
