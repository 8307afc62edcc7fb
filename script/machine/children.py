"""Child processes that can't outlive us, and that are started again when they fall."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from machine.steps import say

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Have the kernel end the child when we are gone, even by kill -9."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One process to be kept running."""

    def __init__(
        self, name: str, command: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path
    ) -> None:
        self.name = name
        self._command = [str(word) for word in command]
        self._env = dict(env)
        self._cwd = cwd
        self._pause = 1.0
        self._due = 0.0
        self._began = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches it through us alone."""
        self._began = time.monotonic()
        self.process = subprocess.Popen(
            self._command, env=self._env, cwd=self._cwd, start_new_session=True, preexec_fn=die_with_parent
        )

    def keep(self) -> None:
        """Start the process again if it fell; each time a little later, up to half a minute."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if not self._due:
            if now - self._began > 60:
                self._pause = 1.0
            say(f"{self.name} ended ({self.process.returncode}); starting it again in {self._pause:.0f}s")
            self._due = now + self._pause
            self._pause = min(self._pause * 2, 30.0)
        if now >= self._due:
            self._due = 0.0
            self.start()

    def stop(self, seconds: float = 12.0) -> None:
        """End the process and all it started: first politely."""
        if self.process is None or self.process.poll() is not None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, number)
                self.process.wait(seconds)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
            return
