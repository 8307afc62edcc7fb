"""What a page's reader sends to the server beside the page: with its session, its token and its address."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from playwright.sync_api import Page


def sent(
    page: Page,
    method: str,
    path: str,
    body: Any = None,
    *,
    kind: str = "application/json",
    status: Container[int] = (200, 201),
) -> Any:
    """Send an object as JSON, or bytes of a ``kind``, as another program of the same person; gives the answer."""
    token = next(one["value"] for one in page.context.cookies() if one["name"] == "csrftoken")
    headers = {"Content-Type": kind, "X-CSRFToken": token, "Referer": page.url}
    answer = page.request.fetch(path, method=method, data=body, headers=headers)
    assert answer.status in status, answer.text()
    return answer.json()
