"""What each account is answered: the cells of the permission tables."""

from __future__ import annotations

from tests.world import ACCOUNTS

EVERYONE = [*ACCOUNTS, "nobody"]


def answers(default: int, **exceptions: int) -> dict[str, int]:
    """The status each account gets; whoever is not signed in gets 401 unless said otherwise."""
    return {account: 401 if account == "nobody" else default for account in EVERYONE} | exceptions
