"""一句话报灾: a message as people write it in their group, read into a draft.

A grammar of our own, without Django, network or model: what it reads it can show in the
words of the message, and what it can't read it names. A draft is never a report: a person
looks at it and files it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date

from disaster.reports.sentence.figures import figures, gather
from disaster.reports.sentence.hazard import hazard_in
from disaster.reports.sentence.model import Draft, Found, FoundArea, FoundHazard, FoundTime, Place, Span
from disaster.reports.sentence.places import area_in
from disaster.reports.sentence.quantities import Quantity
from disaster.reports.sentence.times import time_in
from disaster.reports.sentence.written import Written, clauses, write
from disaster.reports.sentence.zeros import zeros

__all__ = ["Draft", "Found", "FoundArea", "FoundHazard", "FoundTime", "Place", "Span", "parse"]

_DIGITS = re.compile(r"[0-9\uff10-\uff19][0-9\uff10-\uff19.,\uff0e\uff0c]*")


def parse(text: str, *, places: Sequence[Place], today: date) -> Draft:
    """Read a message. ``places`` are those the reader may file for; ``today`` is Beijing's date.

    Any text is read; of one that reports nothing, an empty draft is made.
    """
    written = write(text)
    parts = list(clauses(written.text))
    area = area_in(written, places)
    moment, times = time_in(written, today)
    named = bisect_left(written.origin, area.end) if area else 0
    read, unread = figures(written, parts, times, named)
    found = gather(written, text, [*zeros(written, parts), *read])
    known = [Span(one.start, one.end) for one in (area, *read, *found) if one]
    known += [written.span(*span) for span in times]
    return Draft(area, moment, hazard_in(written), tuple(found), _leftover(text, written, unread, known))


def _leftover(
    text: str, written: Written, unread: Iterable[Quantity], known: Sequence[Span]
) -> tuple[Span, ...]:
    spans = {written.span(item.start, item.end) for item in unread}
    spans |= {Span(*match.span()) for match in _DIGITS.finditer(text)}
    covered = {place for span in known for place in range(span.start, span.end)}
    free = [span for span in spans if _is_free(text, span, covered)]
    kept: list[Span] = []
    for span in sorted(free, key=lambda span: (span.start, -span.end)):
        # A bare number inside a quantity is told once.
        if not kept or span.end > kept[-1].end:
            kept.append(span)
    return tuple(kept)


def _is_free(text: str, span: Span, covered: set[int]) -> bool:
    """Say whether a digit of the span was not read; without digits, whether none of it was."""
    places = range(span.start, span.end)
    digits = [place for place in places if text[place].isdigit()]
    return not covered.issuperset(digits) if digits else covered.isdisjoint(places)
