"""A phone without a screen: signs in over HTTP, files over a real websocket, keeps what is not acknowledged.

Rehearsals, fault tests and benchmarks use it. It follows the rules of the officer's page:
peek, send, and forget only when the receipt is there.
"""

from __future__ import annotations

import asyncio
import json
import random
import urllib.error
import urllib.request
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException

ANSWER_S = 10.0
"""How long a phone waits for an answer before it takes the line for dead."""
GONE = (OSError, WebSocketException, TimeoutError, InvalidHandshake)


class Refused(Exception):  # noqa: N818 - an answer, not a crash
    """The server's problem, as it told it."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("number"), problem.get("message"), problem.get("errors"))
        self.problem = problem


class Phone:
    """One signed-in person with one socket, reconnecting by itself."""

    def __init__(self, url: str, account: str, password: str) -> None:
        self.url = url.rstrip("/")
        self.account = account
        self._password = password
        self._cookie = ""
        self._csrf = ""
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._opening = asyncio.Lock()
        self.welcome: dict[str, Any] = {}
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        await self.sign_in()
        await self.open()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.hang_up()

    async def sign_in(self) -> None:
        """Sign in with account and password.

        Raises
        ------
        Refused
            If the account or the password is wrong.
        """
        self._cookie = await asyncio.to_thread(self._sign_in)

    def borrow_session(self, other: Phone) -> None:
        """Use the session of another phone of the same person, as a second tab does."""
        self._cookie, self._csrf = other._cookie, other._csrf

    def _sign_in(self) -> str:
        body = json.dumps({"account": self.account, "password": self._password}).encode()
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's own
            f"{self.url}/api/sign-in", body, {"Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                jar = SimpleCookie()
                for header in answer.headers.get_all("Set-Cookie", []):
                    jar.load(header)
                self._csrf = json.loads(answer.read()).get("csrf", "")
                return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
        except urllib.error.HTTPError as error:
            raise Refused(json.loads(error.read() or b"{}")) from None

    async def fetch(self, path: str) -> Any:
        """GET a JSON document of the API."""
        return await asyncio.to_thread(self._fetch, path)

    def _fetch(self, path: str) -> Any:
        request = urllib.request.Request(f"{self.url}{path}", headers={"Cookie": self._cookie})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise Refused(json.loads(error.read() or b"{}")) from None

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """POST a JSON document to the API.

        Raises
        ------
        Refused
            With the server's problem.
        """
        return await asyncio.to_thread(self._post, path, body)

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        headers = {"Cookie": self._cookie, "X-CSRFToken": self._csrf, "Content-Type": "application/json"}
        request = urllib.request.Request(  # noqa: S310
            f"{self.url}{path}", json.dumps(body).encode(), {**headers, "Origin": self.url}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise Refused(json.loads(error.read() or b"{}")) from None

    async def open(self) -> None:
        """Open the socket if it is not open, and hear the welcome."""
        async with self._opening:
            if self._socket is not None:
                return
            socket = await connect(
                f"ws://{urlsplit(self.url).netloc}/ws/",
                origin=self.url,  # type: ignore[arg-type]
                additional_headers={"Cookie": self._cookie},
                compression=None,
                max_size=None,
                open_timeout=ANSWER_S,
            )
            self.welcome = json.loads(await asyncio.wait_for(socket.recv(), ANSWER_S))
            self._socket = socket
            self._reader = asyncio.create_task(self._read(socket))

    async def hang_up(self) -> None:
        """Close the socket; what was not acknowledged stays with the caller."""
        socket, self._socket = self._socket, None
        if socket is not None:
            await socket.close()
        if self._reader:
            self._reader.cancel()

    def cut(self) -> None:
        """Lose the line in the middle of a word, as in a valley."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def say(self, message: dict[str, Any]) -> None:
        """Send one message."""
        await self.open()
        assert self._socket is not None  # noqa: S101 - open() made it
        await self._socket.send(json.dumps(message, ensure_ascii=False))

    async def resume(self, since: int, epoch: str) -> None:
        """Ask for every change after ``since``; they arrive in ``heard``."""
        await self.say({"type": "feed.resume", "since": since, "epoch": epoch})

    async def file(self, report: dict[str, Any], *, patience_s: float = 600.0) -> dict[str, Any]:
        """Send a report until it is acknowledged, over as many sockets as it takes.

        Raises
        ------
        Refused
            If the server refuses it for good (4xx but not "too fast").
        TimeoutError
            If ``patience_s`` passes.
        """
        async with asyncio.timeout(patience_s):
            pause = 0.2
            while True:
                try:
                    answer = await self.send_once(report)
                except GONE:
                    await self._lose()
                    await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
                    pause = min(pause * 2, 5.0)
                    continue
                if answer["type"] == "report.stored":
                    return answer
                if not answer["number"].startswith(("429", "503")):
                    raise Refused(answer)
                await asyncio.sleep(answer.get("retry_after_s", 1.0) * random.uniform(1.0, 1.5))  # noqa: S311

    async def send_once(self, report: dict[str, Any]) -> dict[str, Any]:
        """Send a report once and wait for its answer, a receipt or a problem."""
        await self.open()
        future = asyncio.get_running_loop().create_future()
        self._answers[report["id"]] = future
        await self.say({"type": "report.submit", "report": report, "sent_at": datetime.now(UTC).isoformat()})
        answer: dict[str, Any] = await asyncio.wait_for(future, ANSWER_S)
        return answer

    async def _lose(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.transport.abort()

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for frame in socket:
                self._take(json.loads(frame))
        except GONE:
            pass
        finally:
            if self._socket is socket:
                self._socket = None
            for future in self._answers.values():
                if not future.done():
                    future.set_exception(ConnectionResetError("the socket was lost"))
            self._answers.clear()

    def _take(self, message: dict[str, Any]) -> None:
        key = {"report.stored": "id", "problem": "re"}.get(message["type"])
        future = self._answers.pop(message.get(key, ""), None) if key else None
        if future and not future.done():
            future.set_result(message)
        else:
            self.heard.put_nowait(message)
