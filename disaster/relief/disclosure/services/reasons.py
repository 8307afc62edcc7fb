"""What has to be said along with an act: a reason, or what somebody found, not too long for its place."""

from __future__ import annotations

from disaster import problems
from disaster.problems import FieldError, Words

NEEDS_WHY = Words("须写明原因,最多 {limit} 字", "Say why, in {limit} characters at most")
NEEDS_WORDS = Words("须写明意见,最多 {limit} 字", "Say why, in {limit} characters at most")
MAX_WHY = 200


def needs(field: str, said: str, *, limit: int = MAX_WHY, refusal: Words = NEEDS_WHY) -> None:
    """Refuse (400.2 under ``field``) what says nothing, or more than ``limit`` characters."""
    if not 0 < len(said.strip()) <= limit:
        raise problems.BAD_FIELDS({field: FieldError(refusal, {"limit": limit})})
