"""The verbs on evacuation plans (转移方案): made, made anew, ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.refuge.evacuation import difference, draft, explain, outlook, ways
from disaster.refuge.evacuation.draft import Group
from disaster.refuge.models import Plan, PlanVersion
from gis.models import HazardZone
from gis.scope import AreaScope, pad

NEEDS_NAME = Words("须填写名称,最多{limit}字", "Give it a name of {limit} characters at most")
NOBODY = Words("没有需要转移的村(社区)", "No village has anybody to move")
UNKNOWN_ZONE = Words("没有这个危险区", "There is no such zone")
MAX_NAME = 60
Told = dict[str, Any]


@transaction.atomic
def make(
    *,
    by: Rights,
    now: datetime,
    name: str = "",
    zone_id: UUID | None = None,
    villages: Mapping[str, int | None] | None = None,
    pins: list[Told] | None = None,
) -> Plan:
    """Plan the evacuation of a zone's villages, or of villages picked by hand (persons by code).

    Raises
    ------
    Problem
        403.1/404.1; 400.2 where there is nobody to move.
    """
    scope = by.where("evacuation.plan")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    zone = _zone(zone_id, by) if zone_id else None
    groups = draft.threatened(zone, scope) if zone else draft.picked(villages or {}, scope)
    groups = [one for one in groups if one.persons]
    if not groups:
        raise problems.BAD_FIELDS({"zone" if zone else "villages": FieldError(NOBODY)})
    title = name.strip() or (zone.name if zone else groups[0].name)
    if len(title) > MAX_NAME:
        raise problems.BAD_FIELDS({"name": FieldError(NEEDS_NAME, {"limit": MAX_NAME})})
    area = _common([one.code for one in groups])
    require(by, "evacuation.plan", area)
    plan = Plan.objects.create(name=title, area_id=area, zone=zone, made_at=now)
    asked = {"villages": dict(villages or {}), "pins": pins or [], "scope": list(scope.prefixes)}
    _keep(plan, asked, draft.work_out(groups, scope, now=now, pins=pins), "", by, now)
    _tell("evacuation.planned", plan, by, now)
    return plan


@transaction.atomic
def renew(
    plan_id: UUID, *, version: int, by: Rights, now: datetime, pins: list[Told] | None = None
) -> tuple[Plan, list[Told]]:
    """Put a plan made from the present state in the place of the one in force; gives the difference.

    Raises
    ------
    Problem
        403.1/404.1; 409.2 if it has ended; 409.5 if somebody renewed it meanwhile.
    """
    plan = _locked(plan_id, by)
    if version != plan.version:
        raise problems.CHANGED_MEANWHILE(name=plan.name)
    former = newest(plan)
    changed = outlook.of(plan, former, now=now)
    result, differs = propose(plan, former, changed, now=now, pins=pins)
    why = "；".join(explain.say(one, "zh-hans") for one in changed)
    plan.version += 1
    plan.save(update_fields=["version"])
    asked = former.asked if pins is None else {**former.asked, "pins": pins}
    _keep(plan, asked, result, why[:300], by, now)
    _tell("evacuation.replanned", plan, by, now)
    return plan, differs


@transaction.atomic
def end(plan_id: UUID, *, by: Rights, now: datetime) -> Plan:
    """End a plan (结束转移方案).

    Raises
    ------
    Problem
        403.1/404.1; 409.2 if it has ended.
    """
    plan = _locked(plan_id, by)
    plan.ended_at = now
    plan.save(update_fields=["ended_at"])
    _tell("evacuation.ended", plan, by, now)
    return plan


def newest(plan: Plan) -> PlanVersion:
    """Give the version in force."""
    return PlanVersion.objects.get(plan=plan, number=plan.version)


def propose(
    plan: Plan, former: PlanVersion, changed: list[Told], *, now: datetime, pins: list[Told] | None = None
) -> tuple[Told, list[Told]]:
    """Work out a plan anew and give it with its difference from the former; nothing is stored.

    ``changed`` is what made the former outdated (:func:`outlook.of`).
    """
    groups = _still_there(plan, former, now)
    scope = AreaScope(tuple(former.asked["scope"]))
    wanted = former.asked["pins"] if pins is None else pins
    result = draft.work_out(groups, scope, now=now, pins=wanted)
    return result, difference.between(former.result, result, changed)


def _still_there(plan: Plan, former: PlanVersion, now: datetime) -> list[Group]:
    """The villages of a plan with those who have not arrived anywhere yet."""
    scope = AreaScope(tuple(former.asked["scope"]))
    zone, groups = plan.zone, list[Group]()
    if zone is None:
        groups = draft.picked(former.asked["villages"], scope)
    elif zone.lifted_at is None:
        groups = draft.threatened(zone, scope)
    came: dict[str, int] = {}
    for (village, _), persons in draft.arrived([one.code for one in groups], plan.made_at).items():
        came[village] = came.get(village, 0) + persons
    left = [
        Group(one.code, one.name, one.township, max(0, one.persons - came.get(one.code, 0)), one.lon, one.lat)
        for one in groups
    ]
    return [one for one in left if one.persons]


def _zone(zone_id: UUID, by: Rights) -> HazardZone:
    zone: HazardZone | None = HazardZone.objects.touching(by.known).filter(pk=zone_id).first()
    if zone is None or zone.lifted_at is not None:
        raise problems.BAD_FIELDS({"zone": FieldError(UNKNOWN_ZONE)})
    return zone


def _common(codes: list[str]) -> str:
    """Give the smallest area above all the villages: a township at least."""
    end = next(end for end in (9, 6, 4, 2, 0) if len({code[:end] for code in codes}) == 1)
    return pad(codes[0][:end])


def _locked(plan_id: UUID, by: Rights) -> Plan:
    plan: Plan | None = (
        Plan.objects.select_for_update(of=("self",)).select_related("zone").filter(pk=plan_id).first()
    )
    if plan is None:
        raise problems.NOT_FOUND()
    require(by, "evacuation.plan", plan.area_id)
    if plan.ended_at is not None:
        raise problems.NOT_OPEN(number=plan.name)
    return plan


def _keep(plan: Plan, asked: Told, result: Told, why: str, by: Rights, now: datetime) -> None:
    PlanVersion.objects.create(
        plan=plan,
        number=plan.version,
        asked=asked,
        basis={"danger": ways.danger(now), "zone": plan.zone.version if plan.zone else 0},
        result=result,
        why=why,
        made_at=now,
        by_name=by.name,
    )


def _tell(verb: str, plan: Plan, by: Rights, now: datetime) -> None:
    append.one(
        verb, object_kind="plan", object_id=str(plan.pk), area_code=plan.area_id, put=[], by=by, at=now
    )
