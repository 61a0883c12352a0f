"""What these tests are made of: a clock that is moved by hand, bots at the other end, and small blocks."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Workspace

Json = dict[str, Any]


class HandClock:
    """Stands still until it is moved; a sleep moves it and takes no time."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2025, 3, 10, 9, 0, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def bolt_app(workspace: Workspace) -> AsyncApp:
    return AsyncApp(
        client=AsyncWebClient(token=workspace.bot_token, base_url=workspace.url),
        signing_secret=workspace.signing_secret,
        process_before_response=True,
    )


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """Serve an application on a free port of this machine and give its address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@dataclass
class PlainBot:
    """A bot without a framework: it keeps what it gets and answers what it is told to.

    Attributes:
        answers: one after another; when they are used up, an empty 200. A number is a status, a text a body, anything
            else JSON.
    """

    answers: list[Any] = field(default_factory=list)
    requests: list[tuple[dict[str, str], str]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        self.requests.append(({key.lower(): value for key, value in request.headers.items()}, await request.text()))
        answer = self.answers.pop(0) if self.answers else ""
        if isinstance(answer, int):
            return web.Response(status=answer)
        if isinstance(answer, str):
            return web.Response(text=answer)
        return web.json_response(answer)

    @property
    def payloads(self) -> list[Json]:
        """The payloads of interactivity, in order."""
        return [json.loads(parse_qs(body)["payload"][0]) for _, body in self.requests if body.startswith("payload=")]


@dataclass
class Reply:
    """An answer of the workspace."""

    status: int
    headers: dict[str, str]
    json: Json


@dataclass
class Caller:
    """Calls the workspace as an app does, without an SDK in between."""

    workspace: Workspace
    session: aiohttp.ClientSession

    async def __call__(self, method: str, **arguments: Any) -> Json:
        return (await self.reply(method, json=arguments)).json

    async def reply(self, method: str, *, token: str | None = "", **request: Any) -> Reply:
        """Call with whatever aiohttp takes; without a token when it is None, with the bot's when it is empty."""
        headers = {} if token is None else {"Authorization": f"Bearer {token or self.workspace.bot_token}"}
        headers |= request.pop("headers", {})
        async with self.session.post(self.workspace.url + method, headers=headers, **request) as response:
            return Reply(response.status, dict(response.headers), await response.json())

    async def respond(self, url: str, body: Any) -> Reply:
        """Post to a response URL; a text goes as it is."""
        request: Json = {"data": body} if isinstance(body, str) else {"json": body}
        async with self.session.post(url, **request) as response:
            return Reply(response.status, dict(response.headers), await response.json())


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def field_of(block_id: str, element: Json, **more: Any) -> Json:
    """An input block whose label is its id with a capital."""
    element = {"action_id": block_id, **element}
    return {"type": "input", "block_id": block_id, "label": plain(block_id.title()), "element": element, **more}


def typed(block_id: str, **element: Any) -> Json:
    return field_of(block_id, {"type": "plain_text_input", **element})


def option(text: str, value: str) -> Json:
    return {"text": plain(text), "value": value}


def modal(*blocks: Json, title: str = "Form", **more: Any) -> Json:
    return {"type": "modal", "title": plain(title), "submit": plain("Save"), "blocks": list(blocks), **more}


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}
