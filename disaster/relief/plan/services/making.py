"""Making a plan, and planning anew from one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import transaction

from disaster import problems
from disaster.journal import append, read
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.needs.models import Programme
from disaster.relief.plan import inputs, results
from disaster.relief.plan.inputs import FEN, MONEY
from disaster.relief.plan.models import Pin, Scenario
from disaster.relief.plan.params import Params, PinAsked
from disaster.relief.plan.results import Outcome
from disaster.relief.plan.solve import difference
from disaster.relief.plan.solve.difference import Line
from disaster.relief.plan.solve.model import Policy, Problem
from gis.scope import is_code, prefix_of

UNKNOWN_PROGRAMME = Words("没有这个救助批次,或已结束", "There is no such programme, or it is closed")
NO_NEED = Words(
    "这个批次还没有村上报的需求,或没有可分配的物资和资金",
    "No village has submitted any need in this programme, or there is nothing to give",
)
BAD_NAME = Words("名称最多 {limit} 字", "A name of {limit} characters at most")
UNKNOWN_POLICY = Words("没有这种分配原则", "There is no such policy")
BAD_SHARE = Words("须在 0 到 {limit} 之间", "Between 0 and {limit}")
BAD_AREA = Words("不是本批次地区内的乡镇或村", "No township or village of this programme's area")
BAD_PIN = Words(
    "“{village}”的指定数量须在 0 到需求 {need} {unit} 之间",
    "A pin at {village} is between 0 and its need of {need}",
)
PIN_WHY = Words("人工指定须写明原因,最多 {limit} 字", "A pin says why, in {limit} characters at most")
UNKNOWN_PIN = Words("方案中没有这个村或这个品种", "The plan has no such village or item")
MAX_NAME, MAX_WHY, MAX_PIECES, MAX_YUAN, MAX_KG = 60, 120, 10_000_000, 10_000_000_000, 10_000_000


class Proposal(NamedTuple):
    """What a plan would be now, and how that differs from the one it would follow; nothing is kept."""

    outcome: Outcome
    lines: list[Line]


@transaction.atomic
def make(
    programme_id: UUID,
    *,
    policy: str,
    by: Rights,
    now: datetime,
    params: Params | None = None,
    pins: Sequence[PinAsked] = (),
    name: str = "",
) -> Scenario:
    """Plan a programme by a policy, from the present needs, stock, money and roads (编制方案).

    Raises
    ------
    Problem
        403.1/404.1; 400.2 naming what is wrong; 409.40 or 409.42 if minimums and pins can't be kept.
    """
    programme = _programme(programme_id, by)
    chosen = params or Params()
    _check(policy, chosen, name, str(programme.area_id))
    problem = inputs.gather(programme, Policy(policy), chosen, pins, now=now)
    _check_pins(problem, pins)
    title = name.strip() or str(Scenario.Policy(policy).label)
    scenario = _new(programme, title, policy, chosen, None, by, now)
    return _solved(scenario, problem, pins, "plan.made", by, now)


@transaction.atomic
def replan(
    scenario_id: UUID,
    *,
    by: Rights,
    now: datetime,
    pins: Sequence[PinAsked] | None = None,
    policy: str | None = None,
    params: Params | None = None,
) -> tuple[Scenario, list[Line]]:
    """Plan anew from a scenario, its pins kept where no others are given; gives the difference.

    A draft is taken out by the new one; a plan in force stays until the new one is approved.

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.2 if it was superseded; 409.40 or 409.42 if minimums and pins can't be kept.
    """
    open_to = (Scenario.State.DRAFT, Scenario.State.REVIEWED, *Scenario.IN_FORCE)
    former = locked(scenario_id, "plan.make", by, *open_to)
    programme = _programme(former.programme_id, by)
    wanted = pins_of(former) if pins is None else list(pins)
    chosen = msgspec.convert(former.params, Params) if params is None else params
    _check(policy or former.policy, chosen, former.name, str(programme.area_id))
    problem = inputs.gather(programme, Policy(policy or former.policy), chosen, wanted, now=now)
    if pins is not None:
        _check_pins(problem, wanted)
    scenario = _new(programme, former.name, policy or former.policy, chosen, former, by, now)
    scenario = _solved(scenario, problem, wanted, "plan.replanned", by, now)
    if former.state not in Scenario.IN_FORCE:
        former.state = Scenario.State.SUPERSEDED
        former.save(update_fields=["state"])
    return scenario, difference.lines(results.kept(former), results.kept(scenario))


def propose(scenario: Scenario, *, now: datetime) -> Proposal:
    """Work out what a scenario would be from the present state; nothing is stored.

    Raises
    ------
    Problem
        409.40 or 409.42 if its minimums and pins can't be kept any more.
    """
    params = msgspec.convert(scenario.params, Params)
    problem = inputs.gather(scenario.programme, Policy(scenario.policy), params, pins_of(scenario), now=now)
    outcome = results.solve(problem)
    return Proposal(outcome, difference.lines(results.kept(scenario), outcome.side))


def locked(scenario_id: UUID, verb: str, by: Rights, *states: Scenario.State) -> Scenario:
    """Give a scenario, locked, upon which somebody may do a verb, in one of these states; 403.1, 404.1, 409.2."""
    found: Scenario | None = (
        Scenario.objects.select_for_update(of=("self",))
        .select_related("programme")
        .filter(pk=scenario_id)
        .first()
    )
    if found is None:
        raise problems.NOT_FOUND()
    require(by, verb, str(found.area_id))
    if found.state not in states:
        raise problems.NOT_OPEN(number=found.name)
    return found


def tell(verb: str, scenario: Scenario, by: Rights, now: datetime) -> None:
    """Write what was done to the journal."""
    append.one(
        verb,
        object_kind="scenario",
        object_id=str(scenario.pk),
        area_code=str(scenario.area_id),
        put=(),
        by=by,
        at=now,
    )


def _programme(programme_id: UUID, by: Rights) -> Programme:
    found = Programme.objects.filter(pk=programme_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    require(by, "plan.make", str(found.area_id))
    if found.closed_at is not None:
        raise problems.BAD_FIELDS({"programme": FieldError(UNKNOWN_PROGRAMME)})
    return found


def _new(
    programme: Programme,
    name: str,
    policy: str,
    params: Params,
    former: Scenario | None,
    by: Rights,
    now: datetime,
) -> Scenario:
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    last = (
        Scenario.objects.filter(programme=programme)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return Scenario(
        programme=programme,
        area_id=programme.area_id,
        number=(last or 0) + 1,
        name=name,
        policy=policy,
        former=former,
        params=msgspec.to_builtins(params),
        position=read.position_at(now),
        made_at=now,
        made_by=by.name,
        made_by_id=by.person_id,
    )


def _solved(
    scenario: Scenario, problem: Problem, pins: Sequence[PinAsked], verb: str, by: Rights, now: datetime
) -> Scenario:
    if not problem.villages or not problem.items:
        raise problems.BAD_FIELDS({"programme": FieldError(NO_NEED)})
    outcome = results.solve(problem)
    scenario.figures = outcome.figures
    scenario.save(force_insert=True)
    used = {
        (problem.villages[pin.village].code, problem.items[pin.item].key): pin.quantity
        for pin in problem.pins
    }
    rows = {
        (pin.village, pin.item): Pin(
            scenario=scenario,
            area_id=pin.village,
            item_id=pin.item or None,
            quantity=used[pin.village, pin.item] * (1 if pin.item else FEN),
            why=pin.why.strip(),
            by_name=by.name,
        )
        for pin in pins
        if (pin.village, pin.item) in used
    }
    results.keep(scenario, outcome, rows)
    tell(verb, scenario, by, now)
    return scenario


def pins_of(scenario: Scenario) -> list[PinAsked]:
    """Give what is pinned in a scenario."""
    rows = scenario.pins.values_list("area_id", "item_id", "quantity", "why")
    return [PinAsked(village, item or MONEY, many, why) for village, item, many, why in rows]


def _check(policy: str, params: Params, name: str, area: str) -> None:
    errors: dict[str, FieldError] = {}
    if policy not in Scenario.Policy:
        errors["policy"] = FieldError(UNKNOWN_POLICY)
    if len(name.strip()) > MAX_NAME:
        errors["name"] = FieldError(BAD_NAME, {"limit": MAX_NAME})
    for field, limit in (
        ("least_pieces", MAX_PIECES),
        ("least_money_pct", 100),
        ("keep_pct", 100),
        ("budget_yuan", MAX_YUAN),
        ("person_yuan", MAX_YUAN),
        ("household_yuan", MAX_YUAN),
        ("spend_yuan", MAX_YUAN),
    ):
        value = getattr(params, field)
        if value is not None and not 0 <= value <= limit:
            errors[field] = FieldError(BAD_SHARE, {"limit": limit})
    for code, kg in params.room_kg.items():
        if not is_code(code) or not code.startswith(prefix_of(area)):
            errors[f"room_kg.{code}"] = FieldError(BAD_AREA)
        elif not 0 <= kg <= MAX_KG:
            errors[f"room_kg.{code}"] = FieldError(BAD_SHARE, {"limit": MAX_KG})
    if errors:
        raise problems.BAD_FIELDS(errors)


def _check_pins(problem: Problem, pins: Sequence[PinAsked]) -> None:
    """Refuse pins beyond a village's need, without a reason, or of what the plan has not."""
    villages = {one.code: at for at, one in enumerate(problem.villages)}
    items = {one.key: at for at, one in enumerate(problem.items)}
    for pin in pins:
        field = f"pins.{pin.village}.{pin.item}"
        if pin.village not in villages or pin.item not in items:
            raise problems.BAD_FIELDS({field: FieldError(UNKNOWN_PIN)})
        village, item = villages[pin.village], items[pin.item]
        need = sum(problem.need[item][village])
        scale = 1 if pin.item else FEN
        if not 0 <= pin.quantity <= need * scale:
            params = {
                "village": problem.villages[village].name,
                "need": f"{need:,}",
                "unit": problem.items[item].unit,
            }
            raise problems.BAD_FIELDS({field: FieldError(BAD_PIN, params)})
        if not pin.why.strip() or len(pin.why.strip()) > MAX_WHY:
            raise problems.BAD_FIELDS({field: FieldError(PIN_WHY, {"limit": MAX_WHY})})
