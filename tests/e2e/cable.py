"""A page's line to the server, which a journey can cut and mend."""

from __future__ import annotations

from playwright.sync_api import Page, WebSocketRoute


class Cable:
    """Every line the page opens from now on leads through here."""

    def __init__(self, page: Page) -> None:
        self._lines: list[WebSocketRoute] = []
        self._barred = False
        page.route_web_socket("**/ws/", self._through)

    def _through(self, line: WebSocketRoute) -> None:
        if self._barred:
            line.close(code=1012)
            return
        self._lines.append(line)
        line.connect_to_server()

    def cut(self) -> None:
        """Close the newest line and let no other through."""
        self._barred = True
        self._lines[-1].close(code=1012)

    def mend(self) -> None:
        """Let lines through again."""
        self._barred = False
