"""Slack's requests over HTTP. Before the signature is found right they are nothing but counted bytes.

Slack sends no `Content-Encoding` and UTF-8 only; its own requests stay far below the limit.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final, cast

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.log_limits import Ration
from bot.signature import NotSlacks, check_signature

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pydantic import SecretStr
    from slack_bolt.response import BoltResponse

    from bot.connections import Connection
    from bot.intake import Intake

    Dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]

MAX_BODY_BYTES: Final = 1024 * 1024
BODY_SECONDS: Final = 10.0

_log = structlog.get_logger(__name__)


class SlackRequests:
    """Answers `POST` requests of Slack's.

    Args:
        dispatch: Bolt's.
        signing_secret: what Slack signs with.
        intake: once it is closed, requests get 503.
        now: the time, in seconds since 1970.
        body_seconds: how long a body may take to arrive.
    """

    def __init__(
        self,
        dispatch: Dispatch,
        signing_secret: SecretStr,
        intake: Intake,
        *,
        now: Callable[[], float] = time.time,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._dispatch = dispatch
        self._secret = signing_secret.get_secret_value().encode()
        self._intake = intake
        self._now = now
        self._body_seconds = body_seconds
        self._ration = Ration()

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one."""
        if self._intake.closed:
            return _closed()
        body = await self._read(request)
        self._check(request, body)
        cast("Connection", request.protocol).admitted()
        return await self._dispatched(self._parsed(request, body))

    async def _dispatched(self, request: AsyncBoltRequest) -> web.Response:
        if self._intake.closed:  # since it began to arrive
            return _closed()
        with self._intake.entry():
            return await to_aiohttp_response(await self._dispatch(request))

    async def _read(self, request: web.Request) -> bytes:
        """Return the body as it came."""
        if "Content-Encoding" in request.headers:
            raise self._refusal(web.HTTPUnsupportedMediaType(), "encoded", "its body is encoded, as Slack's never are")
        body = bytearray()
        try:
            async with asyncio.timeout(self._body_seconds):
                while len(body) <= MAX_BODY_BYTES >= (request.content_length or 0):
                    chunk = await request.content.readany()
                    if not chunk:
                        return bytes(body)
                    body += chunk
        except TimeoutError:
            answer, reason = web.HTTPRequestTimeout(), f"its body took longer than {self._body_seconds:.0f} s"
            raise self._refusal(answer, "slow", reason) from None
        except (web.RequestPayloadError, ConnectionError):
            raise self._refusal(web.HTTPBadRequest(), "broken", "its body broke off") from None
        raise self._refusal(
            web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, len(body)),
            "large",
            "its body is larger than Slack's ever are",
        )

    def _check(self, request: web.Request, body: bytes) -> None:
        try:
            check_signature(
                self._secret,
                timestamp=request.headers.get("X-Slack-Request-Timestamp", ""),
                signature=request.headers.get("X-Slack-Signature", ""),
                body=body,
                now=self._now(),
            )
        except NotSlacks as error:
            raise self._refusal(web.HTTPUnauthorized(), error.kind, error.sentence) from None

    def _parsed(self, request: web.Request, body: bytes) -> AsyncBoltRequest:
        """Return a signed request in Bolt's form, of its headers only those that say what the body is."""
        headers: dict[str, str | Sequence[str]] = {
            name: value
            for name, value in request.headers.items()
            if name.lower().startswith(("content-type", "x-slack-retry-"))
        }
        try:
            return AsyncBoltRequest(body=body.decode(), headers=headers)
        except Exception as error:  # noqa: BLE001 - any trouble in reading is the request's, and must not become ours
            # Not UTF-8, broken or bottomless JSON, a list for an object: none of it is a request of Slack's.
            reason = f"it cannot be read ({type(error).__name__})"
            raise self._refusal(web.HTTPBadRequest(), "unreadable", reason) from None

    def _refusal(self, answer: web.HTTPException, kind: str, reason: str) -> web.HTTPException:
        """Return a refusal, and tell the log so, as often as is worth it; nothing of the request stands there."""
        if times := self._ration.admits(kind):
            _log.warning("a request was refused", reason=reason, status=answer.status, seen=times)
        return answer


def _closed() -> web.Response:
    return web.Response(status=503, headers={"Connection": "close", "Retry-After": "5"})
