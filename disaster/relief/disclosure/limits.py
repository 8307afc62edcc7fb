"""How often one address may ask for public pages: a bucket each that fills by and by.

Kept in memory by each process, so what is allowed grows with the processes; a flood is the proxy's to
stop. No address is written down: who reads a public page is nobody's business (个人信息保护法 Art. 6).
"""

from __future__ import annotations

import threading
from collections import OrderedDict

MOST_KNOWN = 50_000
"""Addresses remembered; the one not seen for longest is forgotten first, and starts with a full bucket."""


class Limiter:
    """Buckets of ``size`` that refill in ``period_s``; sizes are given at each question, they are rules."""

    def __init__(self, period_s: float) -> None:
        self.period_s = period_s
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, who: str, *, size: int, at_s: float) -> float:
        """Take one; give 0, or the seconds to wait where nothing is left. ``at_s`` is a steady clock."""
        with self._lock:
            left, before = self._left.pop(who, (float(size), at_s))
            left = min(float(size), left + (at_s - before) * size / self.period_s)
            waits = 0.0 if left >= 1 else (1 - left) * self.period_s / max(size, 1)
            self._left[who] = (left if waits else left - 1, at_s)
            if len(self._left) > MOST_KNOWN:
                self._left.popitem(last=False)
        return waits

    def forget(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._left.clear()
