"""Reading a client's query: what can't be read is refused by name (OGC 17-069, /req/core/query-param-invalid)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from gis.ogc.collections import Collection
from gis.ogc.crs import CRS84, KNOWN, Crs, boxes
from gis.ogc.select import Asked

LIMIT, MOST = 1_000, 10_000
"""Features on a page, and how many a client may ask for."""
_OWN = frozenset({"bbox", "bbox-crs", "crs", "datetime", "limit", "after", "f"})


class Refused(ValueError):  # noqa: N818 - it is told to the client
    """A parameter that can't be read; the text is its name."""


class Question(NamedTuple):
    """What ``items`` is asked."""

    asked: Asked
    crs: Crs
    limit: int
    after: str


def items(query: QueryDict, collection: Collection) -> Question:
    """Read the parameters of a collection's items.

    Raises
    ------
    Refused
        Naming the parameter that is unknown, given twice or can't be read.
    """
    _known(query, _OWN | set(collection.fields))
    box_crs = _crs(query, "bbox-crs")
    timed, since, until = _period(query)
    asked = Asked(
        boxes=_boxes(query, box_crs),
        boxes_srid=box_crs.srid,
        timed=timed,
        since=since,
        until=until,
        equals={name: str(query[name]) for name in query if name in collection.fields},
    )
    return Question(asked, _crs(query, "crs"), _limit(query), _after(query, collection))


def crs(query: QueryDict) -> Crs:
    """Read the parameters of a single feature."""
    _known(query, frozenset({"crs", "f"}))
    return _crs(query, "crs")


def plain(query: QueryDict) -> None:
    """Read the parameters of the pages that take none."""
    _known(query, frozenset({"f"}))


def key(collection: Collection, text: str) -> str | None:
    """Bring a feature's id to its column's form; None if it can't be one."""
    if collection.key_type == "text":
        return text if "\0" not in text else None
    try:
        return str(UUID(text))
    except ValueError:
        return None


def _known(query: QueryDict, names: frozenset[str]) -> None:
    for name, values in query.lists():
        if name not in names or len(values) > 1 or "\0" in values[0]:
            raise Refused(name)
    if query.get("f", "json") not in ("json", "geojson"):
        raise Refused("f")


def _crs(query: QueryDict, name: str) -> Crs:
    known = KNOWN.get(query.get(name, CRS84.uri))
    if known is None:
        raise Refused(name)
    return known


def _boxes(query: QueryDict, crs: Crs) -> list[tuple[float, float, float, float]]:
    if "bbox" not in query:
        return []
    try:
        return boxes([float(part) for part in str(query["bbox"]).split(",")], crs)
    except ValueError:
        raise Refused("bbox") from None


def _limit(query: QueryDict) -> int:
    text = query.get("limit", str(LIMIT))
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise Refused("limit")
    return min(int(text), MOST)


def _after(query: QueryDict, collection: Collection) -> str:
    text = query.get("after", "")
    known = key(collection, text) if text else ""
    if known is None:
        raise Refused("after")
    return known


def _period(query: QueryDict) -> tuple[bool, datetime | None, datetime | None]:
    """Read an instant, or an interval whose ends may be open: ``2026-06-01T00:00:00Z/..``."""
    if "datetime" not in query:
        return False, None, None
    first, bar, last = str(query["datetime"]).partition("/")
    since = _instant(first, open_end=bool(bar))
    until = _instant(last, open_end=True) if bar else since
    if since and until and since > until:
        raise Refused("datetime")
    return True, since, until


def _instant(text: str, *, open_end: bool) -> datetime | None:
    if open_end and text in ("", ".."):
        return None
    try:
        moment = parse_datetime(text)
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Refused("datetime")
