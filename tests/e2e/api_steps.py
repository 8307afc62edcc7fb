"""What a person sends to the server beside any page: with a session, and its token."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from playwright.sync_api import BrowserContext, Page

PASSWORD = "qianshan-2026"


def sign_in(context: BrowserContext, account: str) -> None:
    """Sign in as a program does."""
    answer = context.request.post("/api/sign-in", data={"account": account, "password": PASSWORD})
    assert answer.ok, answer.text()


def sent(
    of: Page | BrowserContext,
    method: str,
    path: str,
    body: Any = None,
    *,
    kind: str = "application/json",
    status: Container[int] = (200, 201),
) -> Any:
    """Send an object as JSON, or bytes of a ``kind``, as whoever is signed in there; gives the answer."""
    context = of.context if isinstance(of, Page) else of
    token = next(one["value"] for one in context.cookies() if one["name"] == "csrftoken")
    headers = {"Content-Type": kind, "X-CSRFToken": token}
    answer = context.request.fetch(path, method=method, data=body, headers=headers)
    assert answer.status in status, answer.text()
    return answer.json()
