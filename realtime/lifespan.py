"""The ASGI lifespan: the door opens before the first request and shuts after the last."""

from __future__ import annotations

import logging
from typing import Any

from realtime import door

log = logging.getLogger(__name__)


async def lifespan(scope: Any, receive: Any, send: Any) -> None:
    """Serve the lifespan protocol."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            try:
                await door.open_door()
            except Exception as error:
                log.exception("the door could not be opened")
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await door.shut_door()
            await send({"type": "lifespan.shutdown.complete"})
            return
