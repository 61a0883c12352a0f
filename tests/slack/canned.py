"""A server that answers what it was given, for what Slack's stand-in would never answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock, SystemClock
from bot.slack.retries import retry_handlers


@dataclass(frozen=True)
class Canned:
    """One answer; a `status` of 0 breaks the connection instead."""

    body: str | bytes = ""
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Server:
    """Gives its answers in turn, the last one for ever."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[Canned] = [Canned()]
        self.asked: list[tuple[str, Any]] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        text = await request.text()
        is_json = request.content_type == "application/json"
        self.asked.append((request.path, await request.json() if is_json and text else text))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.status == 0:
            assert request.transport is not None
            request.transport.abort()
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        headers = {"Content-Type": answer.content_type, **answer.headers}
        return web.Response(status=answer.status or 500, body=body, headers=headers)


@asynccontextmanager
async def serve(*answers: Canned) -> AsyncIterator[Server]:
    """Serve these answers on loopback."""
    server = Server()
    server.answers = list(answers) or server.answers
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def client_of(server: Server, clock: Clock | None = None) -> AsyncIterator[AsyncWebClient]:
    """Return a Web API client of this server, as the bot has one."""
    async with aiohttp.ClientSession() as session:
        handlers = retry_handlers(clock or SystemClock())
        client = AsyncWebClient("xoxb-made-up", base_url=server.url, session=session, retry_handlers=handlers)
        client.proxy = None
        yield client
