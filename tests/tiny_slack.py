"""As much of Slack as running and checking need: a Web API with canned answers, and Socket Mode connections."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aiohttp import WSMessage, WSMsgType, web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SIGNING_SECRET = "0123456789abcdef0123456789abcdef"
BOT_TOKEN = "xoxb-1-made-up"
APP_TOKEN = "xapp-1-made-up"
FORM = "application/x-www-form-urlencoded"


class TinySlack:
    """Answers, and what it was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.calls: list[str] = []
        self.tokens: list[str] = []
        self.answers: dict[str, dict[str, Any] | str] = {
            "auth.test": {"ok": True, "user_id": "U1", "user": "invoicexpress", "team_id": "T1", "team": "Acme"},
        }
        self.headers: dict[str, str] = {}
        self.asked = asyncio.Event()
        self.held = asyncio.Event()  # while it is clear, nothing is answered
        self.held.set()
        self.greets = True
        self.reads = True
        self.refuses_sockets = False
        self.sockets: asyncio.Queue[web.WebSocketResponse] = asyncio.Queue()
        self.refused: asyncio.Queue[None] = asyncio.Queue()
        self.received: asyncio.Queue[WSMessage] = asyncio.Queue()
        self._over = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls.append(method)
        self.asked.set()
        self.tokens.append(request.headers.get("Authorization", ""))
        await self.held.wait()
        answer = self.answers.get(method)
        if method == "apps.connections.open" and answer is None:
            answer = {"ok": True, "url": self.url.replace("http://", "ws://").replace("/api/", "/link?ticket=made-up")}
        if isinstance(answer, str):
            return web.Response(text=answer, content_type="text/html")
        return web.json_response(answer or {"ok": False, "error": "unknown_method"}, headers=self.headers)

    async def link(self, request: web.Request) -> web.StreamResponse:
        if self.refuses_sockets:
            self.refused.put_nowait(None)
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if self.greets:
            await socket.send_json({"type": "hello", "num_connections": 1})
        self.sockets.put_nowait(socket)
        if not self.reads:
            await self._over.wait()
        async for message in socket:
            self.received.put_nowait(message)
        return socket

    def end(self) -> None:
        self._over.set()


async def settle(slack: TinySlack, socket: web.WebSocketResponse) -> list[str]:
    """Return when the other side has read everything that was sent on the connection so far, with what it sent."""
    await socket.ping(b"settled?")
    texts: list[str] = []
    while True:
        message = await slack.received.get()
        if message.type is WSMsgType.PONG and message.data == b"settled?":
            return texts
        if message.type is WSMsgType.TEXT:
            texts.append(message.data)


async def nothing_sent(slack: TinySlack, socket: web.WebSocketResponse) -> bool:
    """Tell whether the other side stays silent through so many round trips that any answer would have come."""
    return not [text for _ in range(20) for text in await settle(slack, socket)]


async def next_answer(slack: TinySlack) -> dict[str, Any]:
    """Return the next answer to an envelope."""
    while True:
        message = await slack.received.get()
        if message.type is WSMsgType.TEXT:
            answer: dict[str, Any] = message.json()
            return answer


@asynccontextmanager
async def serve_tiny_slack() -> AsyncIterator[TinySlack]:
    slack = TinySlack()
    application = web.Application()
    application.router.add_post("/api/{method}", slack.answer)
    application.router.add_get("/link", slack.link)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.05)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield slack
    finally:
        slack.held.set()
        slack.end()
        await runner.cleanup()


def signed(body: bytes, *, content_type: str = FORM, at: float | None = None) -> dict[str, str]:
    """Return the headers that Slack sends with a body."""
    timestamp = str(int(time.time() if at is None else at))
    digest = hmac.new(SIGNING_SECRET.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
    }


COMMAND = {"command": "/items", "text": "café", "team_id": "T1", "user_id": "U2", "trigger_id": "1.2"}


def command_body() -> bytes:
    return urlencode(COMMAND).encode()


def envelope(envelope_id: str = "E1") -> dict[str, Any]:
    """Return a slash command as it comes over Socket Mode."""
    return {"type": "slash_commands", "envelope_id": envelope_id, "payload": COMMAND, "accepts_response_payload": True}
