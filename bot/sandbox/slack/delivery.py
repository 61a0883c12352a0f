"""How a request gets to the bot: signed over HTTP, or as an envelope over Socket Mode.

The documentation's "Slash commands", "Handling user interaction", "Events API" and "Using Socket Mode".
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack.journal import Journal
from bot.sandbox.slack.people import Json
from bot.sandbox.slack.signatures import signed_headers
from bot.sandbox.slack.socket_mode import Sockets

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the bot answered to a request.

    Attributes:
        status: the HTTP status, 200 for an acknowledged envelope, None where no answer came.
        body: the body, or the envelope's payload as JSON.
        error: why Slack does not accept the answer, or None: `operation_timeout` (late), `dispatch_failed` (no
            connection, or a status other than 200), `app_did_not_respond` (Socket Mode), or what is wrong in it.
        details: Slack's sentences on what is wrong in it.
        ms: how long it took, in milliseconds.
    """

    status: int | None
    body: str = ""
    error: str | None = None
    details: tuple[str, ...] = ()
    ms: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether Slack accepts it."""
        return self.error is None

    @property
    def json(self) -> Json | None:
        """The body where it is a JSON object, else None."""
        try:
            content = json.loads(self.body)
        except ValueError:
            return None
        return content if isinstance(content, dict) else None


class Delivery:
    """Sends to the bot and waits for its answer, no longer than Slack does.

    Args:
        journal: where requests and answers are noted.
        sockets: the Socket Mode connections, used when there is no request URL.
        signing_secret: what requests are signed with.
        answer_seconds: how long Slack waits, in real seconds.

    Attributes:
        request_url: where the bot listens, one address for commands, interactivity, options and events.
    """

    def __init__(self, journal: Journal, sockets: Sockets, signing_secret: str, answer_seconds: float) -> None:
        self.request_url: str | None = None
        self.answer_seconds = answer_seconds
        self._journal = journal
        self._sockets = sockets
        self._secret = signing_secret
        self._session: aiohttp.ClientSession | None = None

    async def send(self, kind: str, name: str, payload: Json, *, retry: tuple[int, str] | None = None) -> Answer:
        """Send a payload the way that the app is set up for, and return the answer."""
        exchange = self._journal.begin("to_bot", kind, name, payload)
        if self.request_url is None:
            answer = await self._over_socket(kind, payload, retry)
        else:
            body, content_type = encoded(kind, payload)
            headers = signed_headers(self._secret, body, content_type=content_type)
            if retry is not None:
                headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
            answer = await self._post(self.request_url, body, headers)
        self._journal.finish(
            exchange,
            status=answer.status,
            response=answer.json if answer.json is not None else answer.body,
            error=answer.error,
            ms=answer.ms,
        )
        return answer

    async def send_raw(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Send bytes as they are: a forged, unsigned, old or malformed request.

        Raises:
            ValueError: the app has no request URL.
        """
        if self.request_url is None:
            raise ValueError("the workspace has no request_url")
        exchange = self._journal.begin("to_bot", "raw", "", body.decode(errors="replace"))
        answer = await self._post(self.request_url, body, headers)
        self._journal.finish(exchange, status=answer.status, response=answer.body, error=answer.error, ms=answer.ms)
        return answer

    async def _over_socket(self, kind: str, payload: Json, retry: tuple[int, str] | None) -> Answer:
        started = time.perf_counter()
        future = await self._sockets.send(kind, payload, retry)
        if future is None:
            return Answer(status=None, error="dispatch_failed", ms=_since(started))
        try:
            async with asyncio.timeout(self.answer_seconds):
                content: Any = await future
        except TimeoutError:
            return Answer(status=None, error="app_did_not_respond", ms=_since(started))
        body = "" if content is None else json.dumps(content, ensure_ascii=False)
        return Answer(status=200, body=body, ms=_since(started))

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        started = time.perf_counter()
        try:
            async with (
                asyncio.timeout(self.answer_seconds),
                self._session.post(url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                status, text = response.status, await response.text(errors="replace")
        except TimeoutError:
            return Answer(status=None, error="operation_timeout", ms=_since(started))
        except aiohttp.ClientError:
            return Answer(status=None, error="dispatch_failed", ms=_since(started))
        self._journal.received(text)
        error = None if status == 200 else "dispatch_failed"  # noqa: PLR2004 - HTTP's own number
        return Answer(status=status, body=text, error=error, ms=_since(started))

    async def aclose(self) -> None:
        """Close the connections to the bot."""
        if self._session is not None:
            await self._session.close()


def encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    """Return a payload as Slack writes it in HTTP, and its content type."""
    if kind == "event":
        return json.dumps(payload).encode(), JSON
    if kind == "command":
        return urlencode(payload).encode(), FORM
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
