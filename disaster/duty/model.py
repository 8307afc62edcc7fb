"""What the duty desk speaks of: who owes a report, until when, and how that stands. Pure: no Django here."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

Cause = Literal["first", "daily", "drought", "verified"]
"""初报 (from the occurrence), 续报 (24小时零报告), 旱灾续报 (every ten days), 核报 (after it is stable)."""
State = Literal["ontime", "due", "late", "unreachable"]
"""按时, 临近 (within the rule ``clock.due_soon``), 迟报, 联系不上 (reminded or called in vain)."""


class Owed(msgspec.Struct, frozen=True):
    """One area's next report in one event. ``level`` is whose clock it is."""

    event: UUID
    event_name: str
    area: str
    area_name: str
    level: Literal["village", "township", "county"]
    cause: Cause
    due_at: datetime
    state: State
    last_at: datetime | None
    """When the newest report that counts was received."""
    missed: int = 0
    """Deadlines of this kind that have passed without a word."""

    def minutes_left(self, now: datetime) -> int:
        """Whole minutes until the deadline, negative when it has passed."""
        return int((self.due_at - now).total_seconds() // 60)
