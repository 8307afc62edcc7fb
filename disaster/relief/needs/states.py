"""What may follow what in an application's life, and whose act it is. Pure.

《自然灾害救助条例》 Art. 20 gives the procedure: applied or nominated, assessed by the village,
posted, passed by the township, approved by the county; issue and its notice follow Art. 26.
"""

from __future__ import annotations

from typing import NamedTuple

APPLIED, VERIFIED, ASSESSED, POSTED, OBJECTED = "applied", "verified", "assessed", "posted", "objected"
SUBMITTED, PASSED, APPROVED, ISSUED = "submitted", "passed", "approved", "issued"
DISCLOSED, ARCHIVED = "disclosed", "archived"
REJECTED, WITHDRAWN, STOPPED = "rejected", "withdrawn", "stopped"

OVER = frozenset({ARCHIVED, REJECTED, WITHDRAWN, STOPPED})
"""Nothing follows; the household may apply anew in another programme."""
BEFORE_ISSUE = (APPLIED, VERIFIED, ASSESSED, POSTED, OBJECTED, SUBMITTED, PASSED, APPROVED)
COUNTED = (SUBMITTED, PASSED, APPROVED, ISSUED, DISCLOSED, ARCHIVED)
"""What a village has stood behind: counted as need by plans and forms."""


class Act(NamedTuple):
    """One step: the states it may leave, the one it leads to, the verb of the policy, whether it says why."""

    leaves: tuple[str, ...]
    leads_to: str
    verb: str
    says_why: bool = False


NEXT: dict[str, Act] = {
    "verify": Act((APPLIED,), VERIFIED, "need.village"),
    "assess": Act((VERIFIED, OBJECTED), ASSESSED, "need.village"),
    "post": Act((ASSESSED,), POSTED, "need.village"),
    "object": Act((POSTED,), OBJECTED, "need.village", says_why=True),
    "submit": Act((POSTED,), SUBMITTED, "need.village"),
    "pass": Act((SUBMITTED,), PASSED, "need.pass"),
    "approve": Act((PASSED,), APPROVED, "need.approve"),
    "return": Act((SUBMITTED, PASSED), APPLIED, "need.pass", says_why=True),
    "reject": Act((VERIFIED, OBJECTED, SUBMITTED, PASSED), REJECTED, "need.pass", says_why=True),
    "withdraw": Act(BEFORE_ISSUE, WITHDRAWN, "need.village", says_why=True),
    "stop": Act(BEFORE_ISSUE, STOPPED, "need.pass", says_why=True),
    "recall": Act((APPROVED,), PASSED, "need.approve"),
    "issue": Act((APPROVED,), ISSUED, "need.approve"),
    "disclose": Act((ISSUED,), DISCLOSED, "need.village"),
    "archive": Act((DISCLOSED,), ARCHIVED, "need.pass"),
}
"""Act → where it leads. ``issue`` is done by the system when the last grant is settled, ``recall`` when a plan gives
nothing any more to who was approved: the county's decision is open again."""


def acts_from(state: str) -> list[str]:
    """Name the acts a state allows, the ordinary one first."""
    return [name for name, act in NEXT.items() if state in act.leaves]
