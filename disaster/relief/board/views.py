"""The board (救助看板): how far a programme has come, to be read from across the room."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from disaster import problems
from disaster.people.pages import desk_page
from disaster.people.scope import Rights
from disaster.relief.board import festival, queries
from disaster.relief.board.figures import MONEY, Row, rolled_up, total
from disaster.relief.board.late import late
from disaster.relief.needs.models import Programme
from disaster.rules import book
from gis.models import Area
from gis.scope import TOWNSHIP_DIGITS, AreaScope, is_code

FEN = 100
LATE_SHOWN = 12


@desk_page("need.see")
def page(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show a programme's figures, its townships (``?area=`` opens one), and what is late."""
    scope = queries.seen(rights)
    known = queries.programmes(scope)
    programme = queries.chosen(_uuid(request.GET.get("programme", "")), known)
    asked = request.GET.get("area", "")
    if asked and not (is_code(asked) and scope.covers(asked)):
        raise problems.NOT_FOUND()
    shown = AreaScope.of([asked]) if asked else scope
    rows = queries.villages(programme, shown) if programme else {}
    overdue = late(shown, now=timezone.now())
    eve = _past_eve(programme)
    before = queries.before(programme, shown, eve) if programme and eve else {}
    language = get_language() or "zh-hans"
    return render(
        request,
        "board/board.html",
        {
            "programme": programme,
            "programmes": known,
            "asked": Area.objects.filter(pk=asked).defer("boundary").first() if asked else None,
            "festival": festival.ahead(book.today()),
            "late": [(one, one.say(language)) for one in overdue[:LATE_SHOWN]],
            "late_count": len(overdue),
            "past_eve": eve,
            **_figures(rows, before, by_village=bool(asked) or _is_small(scope)),
        },
    )


def _is_small(scope: AreaScope) -> bool:
    return all(len(prefix) >= TOWNSHIP_DIGITS for prefix in scope.prefixes)


def _figures(rows: dict[str, Row], before: dict[str, int], *, by_village: bool) -> dict[str, Any]:
    listed = rows if by_village else rolled_up(rows, TOWNSHIP_DIGITS)
    names = dict(Area.objects.filter(pk__in=listed).values_list("pk", "name"))
    items = queries.items(rows.values())
    whole = total(rows.values())
    return {
        "items": items,
        "households": f"{whole.households:,}",
        "persons": f"{whole.persons:,}",
        "big": [(item, _shown(whole, item["key"], before)) for item in items],
        "rows": [
            {
                "code": code,
                "name": names.get(code, code),
                "row": row,
                "cells": [_shown(row, item["key"]) for item in items],
            }
            for code, row in listed.items()
        ],
        "by_village": by_village,
    }


def _shown(row: Row, item: str, before: dict[str, int] | None = None) -> dict[str, Any]:
    """Give a cell as it is read: money in yuan; ``before`` is what had arrived before the eve."""
    cell = row.cell(item)
    unit = FEN if item == MONEY else 1
    early = (before or {}).get(item, 0)
    return {
        "need": f"{max(cell.need, cell.granted) // unit:,}",
        "granted": f"{cell.granted // unit:,}",
        "settled": f"{cell.settled // unit:,}",
        "percent": cell.percent,
        "is_whole": bool(cell.granted) and cell.missing == 0,
        "before": f"{early // unit:,}",
        "before_percent": early * 100 // cell.granted if cell.granted else 0,
    }


def _past_eve(programme: Programme | None) -> date | None:
    """Give the eve that lies in the programme's window once it is over: then its share stands."""
    eve = festival.within(programme.starts_on, programme.ends_on) if programme else None
    return eve if eve and eve < book.today() else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise problems.NOT_FOUND() from None
