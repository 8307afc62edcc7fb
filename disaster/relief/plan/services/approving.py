"""A plan's way to being in force: reviewed by another, approved by a third, or dropped."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.people.scope import Rights
from disaster.relief.plan.models import Scenario
from disaster.relief.plan.services.making import locked, tell


@transaction.atomic
def review(scenario_id: UUID, *, by: Rights, now: datetime) -> Scenario:
    """Review a plan (复核): by somebody who did not make it.

    Raises
    ------
    Problem
        403.1/404.1; 409.2 if it waits for no review; 409.41 to whoever made it.
    """
    scenario = locked(scenario_id, "plan.review", by, Scenario.State.DRAFT)
    if by.person_id == scenario.made_by_id:
        raise problems.SAME_PLANNER(name=by.name)
    scenario.state = Scenario.State.REVIEWED
    scenario.reviewed_at, scenario.reviewed_by, scenario.reviewed_by_id = now, by.name, by.person_id
    scenario.save(update_fields=["state", "reviewed_at", "reviewed_by", "reviewed_by_id"])
    tell("plan.reviewed", scenario, by, now)
    return scenario


@transaction.atomic
def approve(scenario_id: UUID, *, by: Rights, now: datetime) -> Scenario:
    """Put a plan in force (审批): by a third person; what was in force before is superseded.

    Raises
    ------
    Problem
        403.1/404.1; 409.2 if it was not reviewed; 409.41 to whoever made or reviewed it.
    """
    scenario = locked(scenario_id, "plan.approve", by, Scenario.State.REVIEWED)
    if by.person_id in (scenario.made_by_id, scenario.reviewed_by_id):
        raise problems.SAME_PLANNER(name=by.name)
    in_force = Scenario.objects.select_for_update().filter(
        programme=scenario.programme, state__in=Scenario.IN_FORCE
    )
    for former in in_force:
        former.state = Scenario.State.SUPERSEDED
        former.save(update_fields=["state"])
    scenario.state = Scenario.State.APPROVED
    scenario.approved_at, scenario.approved_by, scenario.approved_by_id = now, by.name, by.person_id
    scenario.save(update_fields=["state", "approved_at", "approved_by", "approved_by_id"])
    tell("plan.approved", scenario, by, now)
    return scenario


@transaction.atomic
def drop(scenario_id: UUID, *, by: Rights, now: datetime) -> Scenario:
    """Drop a plan that is not in force (作废).

    Raises
    ------
    Problem
        403.1/404.1; 409.2 if it is in force or over.
    """
    scenario = locked(scenario_id, "plan.make", by, Scenario.State.DRAFT, Scenario.State.REVIEWED)
    scenario.state = Scenario.State.SUPERSEDED
    scenario.save(update_fields=["state"])
    tell("plan.dropped", scenario, by, now)
    return scenario
