"""Views of the map that people keep and share: a view says where to look, its reader's scope says what is seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.atlas.models import MapView
from disaster.journal import append
from disaster.people.models import Person
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.rules import book

NO_NAME = Words("请给视图起个名称", "Give the view a name")
TOO_LONG = Words("最多 {limit} 字", "At most {limit} characters")
TAKEN = Words("您已有同名的视图", "You have a view of that name")
TOO_MANY = Words("最多保存 {limit} 个视图,请先删去不用的", "At most {limit} views: remove some first")
MAX_NAME = 40


def kept_by(person_id: int) -> list[MapView]:
    """Give a person's own views by name."""
    return list(MapView.objects.filter(person_id=person_id))


def one(view_id: UUID, *, by: Rights) -> MapView:
    """Give a view of one's own, or one that somebody shared.

    Raises
    ------
    Problem
        404.1 for any other.
    """
    found = MapView.objects.select_related("person").filter(pk=view_id).first()
    if found is None or (found.person_id != by.person_id and not found.is_shared):
        raise problems.NOT_FOUND()
    return found


@transaction.atomic
def keep(name: str, state: dict[str, Any], *, by: Rights, now: datetime) -> MapView:
    """Keep a view under a name.

    Raises
    ------
    Problem
        403.1 for who holds no post; 400.2 for a name that can't be, or too many views.
    """
    if not by.posts:
        raise problems.NOT_ALLOWED()
    _one_by_one(by)
    most = book.value("map.views.most")
    if MapView.objects.filter(person_id=by.person_id).count() >= most:
        raise problems.BAD_FIELDS({"name": FieldError(TOO_MANY, {"limit": most})})
    clean = _name(name, by)
    view = MapView.objects.create(person_id=by.person_id, name=clean, state=state, made_at=now)
    _tell("map.view_kept", view, by, now)
    return view


@transaction.atomic
def change(
    view_id: UUID, *, by: Rights, now: datetime, name: str, state: dict[str, Any] | None, shared: bool
) -> MapView:
    """Rename a view of one's own, look elsewhere with it (``state``), share it or share it no longer.

    Raises
    ------
    Problem
        404.1 unless it is one's own; 400.2 for a name that can't be.
    """
    _one_by_one(by)
    view = _own(view_id, by)
    view.name = _name(name, by, but=view)
    view.state = view.state if state is None else state
    told = "map.view_shared" if shared and not view.is_shared else "map.view_kept"
    view.is_shared = shared
    view.save(update_fields=["name", "state", "is_shared"])
    _tell(told, view, by, now)
    return view


@transaction.atomic
def remove(view_id: UUID, *, by: Rights, now: datetime) -> None:
    """Remove a view of one's own; its link opens nothing any more.

    Raises
    ------
    Problem
        404.1 unless it is one's own.
    """
    view = _own(view_id, by)
    _tell("map.view_removed", view, by, now)
    view.delete()


def _one_by_one(by: Rights) -> None:
    """Let a person's acts wait for each other: two at once find neither name taken nor the last place."""
    Person.objects.select_for_update(no_key=True).filter(pk=by.person_id).values_list("pk").first()


def _own(view_id: UUID, by: Rights) -> MapView:
    found = MapView.objects.select_for_update().filter(pk=view_id, person_id=by.person_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    return found


def _name(name: str, by: Rights, but: MapView | None = None) -> str:
    clean = " ".join(name.split())
    trouble = None
    if not clean:
        trouble = FieldError(NO_NAME)
    elif len(clean) > MAX_NAME:
        trouble = FieldError(TOO_LONG, {"limit": MAX_NAME})
    else:
        same = MapView.objects.filter(person_id=by.person_id, name=clean)
        if (same.exclude(pk=but.pk) if but else same).exists():
            trouble = FieldError(TAKEN)
    if trouble:
        raise problems.BAD_FIELDS({"name": trouble})
    return clean


def _tell(verb: str, view: MapView, by: Rights, now: datetime) -> None:
    append.one(
        verb, object_kind="map_view", object_id=str(view.pk), area_code=by.home or "", put=(), by=by, at=now
    )


def told(view: MapView, *, by: Rights) -> dict[str, Any]:
    """Show a view; whose it is only to others."""
    mine = view.person_id == by.person_id
    return {
        "id": view.pk,
        "name": view.name,
        "state": view.state,
        "shared": view.is_shared,
        "mine": mine,
        "by": "" if mine else view.person.name,
        "made_at": view.made_at,
    }
