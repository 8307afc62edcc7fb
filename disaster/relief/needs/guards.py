"""What rooms above may say before an application takes a step (as disclosure does of public notices).

Needs does not know who stands above it: a room registers its guard when its app is ready, and
:mod:`disaster.relief.needs.services` asks all guards of an act, under the applications' locks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from disaster.problems import Problem
from disaster.relief.needs.models import Application

Guard = Callable[[Sequence[Application], datetime], Mapping[UUID, Problem]]
"""Gets the applications about to take the act and the time; names those that may not, and why. One or
two statements however many they are."""
_guards: dict[str, dict[str, Guard]] = {}


def register(act: str, name: str, guard: Guard) -> None:
    """Have a guard asked before an act of :data:`~disaster.relief.needs.states.NEXT`; a name stands once."""
    _guards.setdefault(act, {})[name] = guard


def refusals(act: str, applications: Sequence[Application], *, now: datetime) -> dict[UUID, Problem]:
    """Give, by application, the first reason why it may not take an act; nothing where all may."""
    found: dict[UUID, Problem] = {}
    for guard in _guards.get(act, {}).values():
        left = [one for one in applications if one.pk not in found]
        if left:
            found |= guard(left, now)
    return found
