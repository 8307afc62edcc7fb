"""Making all of a file's things real, or none: one transaction through the verbs that a hand would use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.core.exceptions import ValidationError
from django.db import transaction

from disaster import problems
from disaster.config.importing import files
from disaster.config.importing.check import Checked, Draft, Plan, check
from disaster.events.zones import draw_zone
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from gis import gazetteer
from gis.models import Area, Shelter
from gis.shown import shelter_view


class Done(NamedTuple):
    """How many things came in."""

    kind: str
    total: int


def preview(file_id: UUID, plan: Plan, *, by: Rights, now: datetime) -> Checked:
    """Check a kept file under a plan; nothing changes.

    Raises
    ------
    Problem
        403.1 without the right; 404.1 if the file is gone or another's.
    """
    require_somewhere(by)
    kept = files.get(file_id, person_id=by.person_id)
    return check(kept.table, plan, by=by, now=now, name=kept.name)


def take_over(file_id: UUID, plan: Plan, *, by: Rights, now: datetime) -> Done:
    """Take over every thing of a kept file (导入地图数据), or none.

    Raises
    ------
    Problem
        403.1 without the right; 404.1 if the file is gone, another's, or taken over already;
        400.2 with every error, by row and field ("3.name").
    """
    require_somewhere(by)
    with files.taken(file_id, person_id=by.person_id) as kept, transaction.atomic():
        checked = check(kept.table, plan, by=by, now=now, name=kept.name)
        _refuse(checked)
        _STORE[plan.kind](checked.drafts, by, now)
        append.one(
            "map.imported",
            object_kind="import",
            object_id=f"{plan.kind}:{len(checked.drafts)}:{kept.digest[:16]}",
            area_code=by.home or "",
            put=[],
            by=by,
            at=now,
        )
    return Done(plan.kind, len(checked.drafts))


def require_somewhere(by: Rights) -> None:
    """Let pass who may import anywhere at all.

    Raises
    ------
    Problem
        403.1 for all others.
    """
    if not by.where("map.import").prefixes:
        raise problems.NOT_ALLOWED()


@transaction.atomic
def add_shelter(draft: Draft, *, by: Rights, now: datetime) -> Shelter:
    """Add one shelter (避难场所); it stands by until it is opened."""
    require(by, "map.import", draft.area)
    shelter = Shelter(
        name=draft.values["name"],
        area_id=draft.area,
        point=Point(draft.shape.coords[0], srid=4326),
        kind=draft.values.get("kind") or Shelter.Kind.SHORT,
        capacity=draft.values["capacity"],
        usable_area_m2=draft.values["usable_area_m2"],
    )
    shelter.full_clean()
    shelter.save()
    append.one(
        "shelter.imported",
        object_kind="shelter",
        object_id=str(shelter.pk),
        area_code=draft.area,
        put=[shelter_view(shelter)],
        by=by,
        at=now,
        downward=True,
    )
    return shelter


def _refuse(checked: Checked) -> None:
    if checked.errors:
        raise problems.BAD_FIELDS(
            {
                f"{fault.row}.{fault.field}": FieldError(Words(fault.say("zh"), fault.say("en")))
                for fault in checked.errors
            }
        )


def _store_zones(drafts: Sequence[Draft], by: Rights, now: datetime) -> None:
    for draft in drafts:
        boundary = _geometry(draft)
        if not isinstance(boundary, MultiPolygon):
            raise TypeError(f"a zone is no {boundary.geom_type}")
        with _told(draft):
            draw_zone(
                name=draft.values["name"],
                kind=draft.values["kind"],
                level=draft.values["level"],
                area_code=draft.area,
                boundary=boundary,
                source=draft.values["source"],
                valid_from=draft.values["valid_from"],
                valid_to=draft.values["valid_to"],
                by=by,
                now=now,
            )


def _store_shelters(drafts: Sequence[Draft], by: Rights, now: datetime) -> None:
    for draft in drafts:
        with _told(draft):
            add_shelter(draft, by=by, now=now)


def _store_villages(drafts: Sequence[Draft], by: Rights, now: datetime) -> None:
    """Set villages' points; what else is known of them stays."""
    villages = Area.objects.in_bulk([draft.area for draft in drafts])
    gazetteer.store(
        gazetteer.Place(
            code=draft.area,
            name=villages[draft.area].name,
            level=villages[draft.area].level,
            parent=villages[draft.area].parent_id,
            point=draft.shape,
        )
        for draft in drafts
    )


class _told:  # noqa: N801 - read as a verb
    """Name the row that the last check refuses: constraints of the tables are its words."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValidationError):
            why = ";".join(error.messages)
            raise problems.BAD_FIELDS({f"{self.draft.row}.shape": FieldError(Words(why, why))}) from error


def _geometry(draft: Draft) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(draft.shape)), srid=4326)


_STORE = {"zones": _store_zones, "shelters": _store_shelters, "villages": _store_villages}
