"""HTTP doors of the board: figures by village for the map, and what is late."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from ninja import Router
from ninja.decorators import decorate_view

from disaster import problems
from disaster.people.http import answer, reader
from disaster.relief.board import festival, queries
from disaster.relief.board.figures import Row, total
from disaster.relief.board.late import late
from disaster.rules import book

router = Router(tags=["board"])


@router.get("/relief/villages", summary="Need against delivered, by village")
@decorate_view(gzip_page)
def villages(request: HttpRequest, programme: UUID | None = None, item: str = "") -> HttpResponse:
    """Give each village's figures for one item (``money`` in fen) of a programme, the running one by default.

    ``areas`` is code → [households, persons, needed, granted, arrived]; ``total`` the same of all;
    ``least`` is the least stock of a warehouse by item.
    """
    scope = queries.seen(reader(request))
    known = queries.programmes(scope)
    found = queries.chosen(programme, known)
    rows = queries.villages(found, scope) if found else {}
    items = queries.items(rows.values())
    keys = [one["key"] for one in items]
    if item and item not in keys and rows:
        raise problems.NOT_FOUND()
    asked = item or (keys[0] if keys else "")
    eve = festival.ahead(book.today())
    return answer(
        {
            "programme": {"id": found.pk, "name": found.name} if found else None,
            "programmes": [{"id": one.pk, "name": one.name} for one in known],
            "item": asked,
            "items": items,
            "areas": {code: _cells(row, asked) for code, row in rows.items()},
            "total": _cells(total(rows.values()), asked),
            "festival": eve._asdict() if eve else None,
            "least": {row["item"]: row["least"] for row in book.value("stock.least")},
            "at": timezone.now(),
        }
    )


def _cells(row: Row, item: str) -> list[int]:
    cell = row.cell(item)
    return [row.households, row.persons, cell.need, cell.granted, cell.settled]


@router.get("/relief/late", summary="What of relief is late")
def what_is_late(request: HttpRequest) -> HttpResponse:
    """Give what is overdue in the reader's areas in words, the longest first, with the page it is dealt with on."""
    language = get_language() or "zh-hans"
    rows = late(queries.seen(reader(request)), now=timezone.now())
    return answer(
        {
            "late": [
                {
                    "kind": one.kind,
                    "since": one.since,
                    "area": one.area,
                    "words": one.say(language),
                    "url": one.url,
                }
                for one in rows
            ]
        }
    )
