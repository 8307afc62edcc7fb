"""Seal the journal in a process of its own, where several web processes share the work."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import Any

from django.core.management.base import BaseCommand

from realtime.errands import Errands
from realtime.sealer import Sealer


class Command(BaseCommand):
    """Run the sealer and the errands until told to stop. Any number may run: one holds the lock."""

    help = "Seal the journal and wake the web processes (the relay of docker-compose.yml)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or Ctrl-C."""
        asyncio.run(_run())


async def _run() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sealer = Sealer()
    sealer.start(on_sealed=lambda: None)
    errands = Errands()
    errands.start()
    with contextlib.suppress(asyncio.CancelledError):
        await stop.wait()
    await errands.stop()
    await sealer.stop()
