"""Bolt's application: it reads requests; all that it lets through lead to one answer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger.messages import (
    info_default_oauth_settings_loaded,
    warning_client_prioritized_and_token_skipped,
)
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_sdk.web.async_client import AsyncWebClient

from bot.scrubber import hidden_in
from bot.slack.payloads import Event, MalformedPayload, Payload, read_payload

_HANDSHAKE: Final = "url_verification"
_PAYLOAD: Final = "bot_payload"
"""Where Bolt's context holds what was read, from the screening to the answer."""
_NOTICES: Final = frozenset({warning_client_prioritized_and_token_skipped(), info_default_oauth_settings_loaded()})
"""What Bolt says of variables in the environment that it finds by itself and that we mean it not to use."""


class _Screen(AsyncMiddleware):
    """Lets in what has the shape of a request of Slack's, read; Bolt itself would stumble over the rest."""

    def __init__(self) -> None:
        self._log = structlog.get_logger(__name__)

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - the signature is Bolt's
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - the same
    ) -> BoltResponse:
        """Read the body, which is signed by now, or refuse it."""
        if req.body.get("type") == _HANDSHAKE:
            return await next()
        try:
            req.context[_PAYLOAD] = read_payload(req.body)
        except MalformedPayload as error:
            self._log.warning("malformed payload", error=str(error))
            return BoltResponse(status=HTTPStatus.BAD_REQUEST)
        return await next()


class _Answering(AsyncMiddleware):
    """Answers whatever was read, behind all of Bolt's own middleware.

    Bolt tries its listeners one after the other, and gathers for each whatever its matcher could ask for. With one for
    each kind of request, that took a fifth of the time of a keystroke, only to find the same function in the end.

    Args:
        answer: returns the body of the acknowledgement.
        events: those that lead somewhere; Bolt says of any other that nobody handles it.
        hide: hides secrets in a text.
    """

    def __init__(
        self,
        answer: Callable[[Payload], Awaitable[dict[str, Any]]],
        events: frozenset[str],
        hide: Callable[[str], str],
    ) -> None:
        self._answer = answer
        self._events = events
        self._hide = hide

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - the signature is Bolt's
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - the same
    ) -> BoltResponse:
        """Return the acknowledgement."""
        payload = req.context[_PAYLOAD]
        if isinstance(payload, Event) and payload.type not in self._events:
            return await next()
        return BoltResponse(status=HTTPStatus.OK, body=hidden_in(await self._answer(payload), self._hide) or "")


def bolt_app(
    *,
    client: AsyncWebClient,
    installed: Callable[[], AuthorizeResult],
    answer: Callable[[Payload], Awaitable[dict[str, Any]]],
    events: frozenset[str],
    hide: Callable[[str], str] = str,
) -> AsyncApp:
    """Return Bolt's application.

    Args:
        client: without a token: Bolt calls nothing for us, and warns of a token that it does not use.
        installed: returns who we are; asked at every request.
        answer: returns the body of the acknowledgement.
        events: the names of those that lead somewhere.
        hide: hides secrets in a text: an answer goes to Slack, too.
    """

    async def authorize() -> AuthorizeResult:
        return installed()

    with _without_notices():
        bolt = AsyncApp(
            # Bolt sets the level of the logger of this name, so it must be none of ours.
            name="slack_bolt.bot",
            # Checked before anything was parsed, over the bytes; Bolt's own check comes later and logs the whole body.
            request_verification_enabled=False,
            signing_secret="",
            client=client,
            before_authorize=_Screen(),
            authorize=authorize,
        )

    bolt.use(_Answering(answer, events, hide))
    return bolt


@contextmanager
def _without_notices() -> Iterator[None]:
    """Keep Bolt, while it is built, from reports on the environment that would only mislead."""
    logger = logging.getLogger(f"slack_bolt.{AsyncApp.__name__}")

    def is_news(record: logging.LogRecord) -> bool:
        return record.getMessage() not in _NOTICES

    logger.addFilter(is_news)
    try:
        yield
    finally:
        logger.removeFilter(is_news)
