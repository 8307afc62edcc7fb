"""Whom to remind now, and whom not: the rules of reminding. Pure: no Django here.

For each report owed (:class:`disaster.duty.model.Owed`) one *cause* is named: event, area,
kind of clock and deadline. A cause climbs three steps: the A岗 officer shortly before the
deadline, the B岗 officer some minutes after that, then the township's reviewers. Each
person hears of a cause once. What one person has to hear in one round is one message (a
digest). Quiet hours hold back all but first reports; a cap per person and hour, and one
for the whole desk, hold back the rest until later; nothing that is held is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta, timezone
from typing import Literal, NamedTuple

from disaster.duty.model import Owed

BEIJING = timezone(timedelta(hours=8))
Step = Literal["A", "B", "township"]
Why = Literal["stopped", "quiet", "cap", "desk_cap"]
"""停用, 静默时段, 个人上限, 全局上限."""


class Limits(NamedTuple):
    """The dated rules ``reminder.*`` in force."""

    lead: timedelta
    """How long before a deadline A岗 is reminded."""
    pause: timedelta
    """How long a step has to answer before the next one hears."""
    person_hour: int
    desk_round: int
    """Messages of one round at most."""
    quiet_from: time
    quiet_to: time
    stopped: bool

    def is_quiet(self, now: datetime) -> bool:
        """Say whether it is a quiet hour in Beijing; the hours may span midnight."""
        clock = now.astimezone(BEIJING).time()
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= clock < self.quiet_to
        return clock >= self.quiet_from or clock < self.quiet_to


class Staff(NamedTuple):
    """Who answers for an area: person ids by step, in the order of the steps."""

    a: tuple[int, ...] = ()
    b: tuple[int, ...] = ()
    township: tuple[int, ...] = ()

    def at(self, step: Step) -> tuple[int, ...]:
        """Give the persons of a step."""
        return {"A": self.a, "B": self.b, "township": self.township}[step]


class Told(NamedTuple):
    """A reminder that was made before: to whom, of which cause, at which step, when."""

    person: int
    cause: str
    step: Step
    at: datetime


class Line(NamedTuple):
    """One cause in a message."""

    owed: Owed
    cause: str
    step: Step


class Message(NamedTuple):
    """What one person is told in this round: one line for each cause."""

    person: int
    lines: tuple[Line, ...]


class Held(NamedTuple):
    """What was not said now, and why."""

    person: int
    line: Line
    why: Why


class Plan(NamedTuple):
    """One round's messages, and what was held back."""

    messages: tuple[Message, ...]
    held: tuple[Held, ...]


STEPS: tuple[Step, ...] = ("A", "B", "township")


def cause_of(owed: Owed) -> str:
    """Name what is owed, the same in every round until it is in."""
    return f"{owed.event}:{owed.area}:{owed.cause}:{owed.due_at.astimezone(BEIJING):%Y%m%d%H%M}"


def plan(
    owed: Iterable[Owed],
    *,
    staff: Mapping[str, Staff],
    told: Sequence[Told],
    limits: Limits,
    now: datetime,
) -> Plan:
    """Decide one round: who is told what, and what waits.

    ``told`` are the reminders of the causes that may still be open, and all of the last
    hour (for the caps), in any order.
    """
    lines: dict[int, list[Line]] = {}
    held: list[Held] = []
    known = {(one.person, one.cause) for one in told}
    for one in sorted(owed, key=lambda item: (item.due_at, item.area)):
        cause = cause_of(one)
        step = _step(one, cause, staff.get(one.area, Staff()), told, limits, now)
        if step is None:
            continue
        for person in staff.get(one.area, Staff()).at(step):
            if (person, cause) in known:
                continue
            line = Line(one, cause, step)
            if why := _silenced(one, limits, now):
                held.append(Held(person, line, why))
            else:
                lines.setdefault(person, []).append(line)
    return _capped(lines, held, told, limits, now)


def _step(
    owed: Owed, cause: str, staff: Staff, told: Sequence[Told], limits: Limits, now: datetime
) -> Step | None:
    """Give the step whose turn it is, None while the last one still has time to answer."""
    if now < owed.due_at - limits.lead:
        return None
    answered = [one for one in told if one.cause == cause]
    turn: Step | None = None
    for step in STEPS:
        here = [one.at for one in answered if one.step == step]
        if here and set(staff.at(step)) <= {one.person for one in answered}:
            if now < max(here) + limits.pause:
                return None
            continue
        if staff.at(step):
            turn = step
            break
    return turn


def _silenced(owed: Owed, limits: Limits, now: datetime) -> Why | None:
    if limits.stopped:
        return "stopped"
    # A first report is an emergency; the daily ones can wait for the morning.
    if owed.cause != "first" and limits.is_quiet(now):
        return "quiet"
    return None


def _capped(
    lines: Mapping[int, list[Line]], held: list[Held], told: Sequence[Told], limits: Limits, now: datetime
) -> Plan:
    """Keep to the caps: messages to one person in an hour, messages of the desk in a round."""
    messages: list[Message] = []
    recent: dict[int, set[datetime]] = {}
    for one in told:
        if one.at > now - timedelta(hours=1):
            recent.setdefault(one.person, set()).add(one.at)
    for person, mine in sorted(lines.items(), key=lambda item: (item[1][0].owed.due_at, item[0])):
        # A digest carries one moment: lines told together count once.
        if len(recent.get(person, ())) >= limits.person_hour:
            held += [Held(person, line, "cap") for line in mine]
        elif len(messages) >= limits.desk_round:
            held += [Held(person, line, "desk_cap") for line in mine]
        else:
            messages.append(Message(person, tuple(mine)))
    return Plan(tuple(messages), tuple(held))


_CAUSES = {
    "first": ("初报", "first report"),
    "daily": ("续报(零报告也要报)", "daily report (a zero report too)"),
    "drought": ("旱灾续报", "drought follow-up"),
    "verified": ("核报", "verified report"),
}


def words(message: Message, *, now: datetime, language: str = "zh-hans") -> tuple[str, str]:
    """Write a message: title and text. It names no person and no figure: it goes over foreign lines."""
    english = language.startswith("en")
    count = len(message.lines)
    title = f"Report due: {count}" if english else f"灾情报告催报({count}条)"
    return title, "\n".join(_line(line, now, english=english) for line in message.lines)


def _line(line: Line, now: datetime, *, english: bool) -> str:
    owed = line.owed
    kind = _CAUSES[owed.cause][english]
    due = f"{owed.due_at.astimezone(BEIJING):%m-%d %H:%M}"
    left = owed.minutes_left(now)
    if english:
        state = f"{-left} min late" if left < 0 else f"{left} min left"
        return f"{owed.area_name}, {owed.event_name}: {kind} due {due} ({state})"
    state = f"已超时{-left}分钟" if left < 0 else f"还剩{left}分钟"
    prefix = (
        "" if line.step == "A" else "A岗未报,请协助:" if line.step == "B" else "村级未报,请乡镇联系或代报:"
    )
    return f"{prefix}{owed.area_name}“{owed.event_name}”{kind},{due}前报送,{state}"
