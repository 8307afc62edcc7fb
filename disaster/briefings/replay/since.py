"""What has changed since the last briefing: from its frozen figures to now, each change with its causes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from disaster.briefings import content as contents
from disaster.briefings.models import Briefing
from disaster.briefings.replay.moments import ZERO
from disaster.journal import replay
from disaster.journal.verbs import VERBS
from disaster.problems import Words
from disaster.reports import change, rollup
from disaster.reports.change import Step
from disaster.reports.indicators import BY_KEY, INDICATORS
from disaster.rules import book
from gis.scope import AreaScope

STEPS_SHOWN = 200
"""Single shares given with their reports; the sums hold them all."""
ON_THE_GROUND = (
    *("zone.drawn", "zone.changed", "zone.lifted", "alert.received"),
    *("road.closed", "road.opened", "shelter.opened", "shelter.closed", "trip.departed"),
)
LEAD = Words("{head}第{serial}期(截至{at})以来", "Since {head} No. {serial} (as of {at})")
NO_BRIEFING = Words("这个灾害过程还没有专报。", "There is no briefing of this event yet.")
FIGURE = Words(
    "{name}由{before}变为{after}{unit}({delta}:{causes})",
    "{name} {before}→{after} {unit} ({delta}: {causes})",
)
GROUND = Words("现场变化:{what}", "On the ground: {what}")
TIMES = Words("{verb}{count}次", "{verb} ×{count}")
SAME = Words("各项数字没有变化", "no figure has changed")
ENDS = {"zh": ("。", ";", "、"), "en": (".", "; ", ", ")}


def last_briefing(event: UUID, scope: AreaScope) -> Briefing | None:
    """Give the newest briefing of an event in a scope."""
    found: Briefing | None = (
        Briefing.objects.within(scope)
        .filter(event=event)
        .select_related("area")
        .defer("area__boundary")
        .order_by("-as_of", "-made_at")
        .first()
    )
    return found


def changes(event: UUID, scope: AreaScope, *, now: datetime, language: str) -> dict[str, Any]:
    """Say what has changed in a briefing's area from its moment to now, as text and by area.

    ``before`` are the briefing's frozen figures, ``after`` the roll-up now; each difference is the sum
    of its causes (:mod:`disaster.reports.change`).
    """
    briefing = last_briefing(event, scope)
    if briefing is None:
        return {
            "briefing": None,
            "text": NO_BRIEFING.say(language),
            "figures": [],
            "areas": {},
            "steps": [],
            "ground": [],
        }
    frozen = contents.decode(bytes(briefing.content))
    inside, basis = AreaScope.of([briefing.area_id]), frozen.basis
    cells = change.explain(event=event, before=briefing.as_of, after=now, scope=inside, basis=basis)  # type: ignore[arg-type]
    rows = rollup.table(event=event, cutoff=now, scope=inside, basis=basis)  # type: ignore[arg-type]
    after = rows[briefing.area_id].figures if briefing.area_id in rows else {}
    steps = cells.get(briefing.area_id, [])
    was = {one.key: one.value for one in frozen.figures}
    figures = [_told(key, was, after, steps, language) for key in _changed(steps)]
    ground = _ground(briefing.as_of, now, inside, language)
    return {
        "briefing": {
            "id": briefing.pk,
            "serial": briefing.serial,
            "title": briefing.title,
            "area": briefing.area_id,
            "as_of": briefing.as_of,
            "basis": basis,
        },
        "now": now,
        "text": _text(briefing, figures, ground, language),
        "figures": figures,
        "areas": {area: _by_key(shares) for area, shares in cells.items() if area != briefing.area_id},
        "steps": [_step(step, language) for step in steps[-STEPS_SHOWN:][::-1]],
        "ground": ground,
    }


def _changed(steps: Sequence[Step]) -> list[str]:
    touched = {step.key for step in steps}
    return [one.key for one in INDICATORS if one.key in touched and one.group == "statutory"]


def _by_key(steps: Iterable[Step]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for step in steps:
        sums[step.key] = sums.get(step.key, ZERO) + step.delta
    return {key: value for key, value in sums.items() if value}


def _told(
    key: str,
    before: Mapping[str, Decimal],
    after: Mapping[str, Decimal],
    steps: Sequence[Step],
    language: str,
) -> dict[str, Any]:
    """Give one figure's way from then to now with its causes, the greatest first."""
    causes: dict[change.Cause, Decimal] = {}
    for step in steps:
        if step.key == key:
            causes[step.cause] = causes.get(step.cause, ZERO) + step.delta
    one, is_english = BY_KEY[key], language.startswith("en")
    was, now = before.get(key, ZERO), after.get(key, ZERO)
    return {
        "key": key,
        "name": one.en if is_english else one.zh,
        "unit": one.unit_en if is_english else one.unit,
        "before": was,
        "after": now,
        "delta": now - was,
        "causes": [
            {"cause": cause, "name": change.WORDS[cause][is_english], "delta": delta}
            for cause, delta in sorted(causes.items(), key=lambda item: -abs(item[1]))
            if delta
        ],
    }


def _ground(before: datetime, now: datetime, scope: AreaScope, language: str) -> list[dict[str, Any]]:
    """Count what happened to zones, roads, shelters and lorries meanwhile, by verb."""
    counts = replay.counts(before, now, scope=scope, verbs=ON_THE_GROUND)
    return [
        {"verb": verb, "name": VERBS[verb][language.startswith("en")], "count": counts[verb]}
        for verb in ON_THE_GROUND
        if verb in counts
    ]


def _text(
    briefing: Briefing,
    figures: Sequence[Mapping[str, Any]],
    ground: Sequence[Mapping[str, Any]],
    language: str,
) -> str:
    end, between, comma = ENDS["en" if language.startswith("en") else "zh"]
    lead = LEAD.say(
        language,
        {
            "head": book.value(
                f"briefing.head.{briefing.kind}",
                on=briefing.made_at.astimezone(book.BEIJING).date(),
                area=briefing.area_id,
            ),
            "serial": briefing.serial,
            "at": f"{briefing.as_of.astimezone(book.BEIJING):%Y-%m-%d %H:%M}",
        },
    )
    moved = [_sentence(one, comma, language) for one in figures if one["delta"]]
    parts = [between.join(moved) if moved else SAME.say(language, {})]
    if ground:
        what = comma.join(TIMES.say(language, {"verb": one["name"], "count": one["count"]}) for one in ground)
        parts.append(GROUND.say(language, {"what": what}))
    return f"{lead}{':' if end == '。' else ': '}{(end if end == '。' else '. ').join(parts)}{end}"


def _sentence(one: Mapping[str, Any], comma: str, language: str) -> str:
    return FIGURE.say(
        language,
        {
            "name": one["name"],
            "unit": one["unit"],
            "before": number(one["before"]),
            "after": number(one["after"]),
            "delta": signed(one["delta"]),
            "causes": comma.join(f"{cause['name']} {signed(cause['delta'])}" for cause in one["causes"]),
        },
    )


def number(value: Decimal) -> str:
    """Write a figure with its thousands' commas and no idle zeros."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def signed(value: Decimal) -> str:
    """Write a difference with its sign; minus is the true sign."""
    return f"+{number(value)}" if value > 0 else number(value).replace("-", "−")


def _step(step: Step, language: str) -> dict[str, Any]:
    return {
        "at": step.at,
        "cause": step.cause,
        "name": change.WORDS[step.cause][language.startswith("en")],
        "report": step.report,
        "number": step.number,
        "area": step.of,
        "key": step.key,
        "delta": step.delta,
    }
