"""What the process answers over HTTP: Slack's requests in HTTP mode, and its own health in both modes.

Whatever arrives gets an answer. Bolt checks the signature; before that come the things on which its parsers would
stumble, because a request that nobody signed may hold anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from slack_bolt.request.async_request import AsyncBoltRequest
    from slack_bolt.response import BoltResponse

    from bot.health import Health
    from bot.intake import Intake

    Dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]

MAX_BODY_BYTES: Final = 1024 * 1024  # Slack's own requests stay far below
EVENTS_PATH: Final = "/slack/events"

_log = structlog.get_logger(__name__)


def web_application(health: Callable[[], Health], intake: Intake, dispatch: Dispatch | None) -> web.Application:
    """Return the application of a process.

    Args:
        health: asked at every `GET /readyz` and `GET /statusz`.
        intake: once it is closed, Slack's requests get 503.
        dispatch: Bolt's, which answers `POST /slack/events`; None in Socket Mode, where that path does not exist.
    """
    application = web.Application(client_max_size=MAX_BODY_BYTES)
    application.router.add_get("/healthz", _alive)
    application.router.add_get("/readyz", _ready(health))
    application.router.add_get("/statusz", _status(health))
    if dispatch is not None:
        application.router.add_post(EVENTS_PATH, _events(dispatch, intake))
    return application


async def _alive(request: web.Request) -> web.Response:
    return _told({"alive": True})


def _ready(health: Callable[[], Health]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        readiness = health().readiness
        return _told(readiness, status=200 if readiness["ready"] else 503)

    return answer


def _status(health: Callable[[], Health]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        return _told(health().status)

    return answer


def _told(body: Mapping[str, Any], *, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers={"Cache-Control": "no-store"})


def _events(dispatch: Dispatch, intake: Intake) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        if intake.closed:
            return web.Response(status=503, headers={"Connection": "close", "Retry-After": "5"})
        with intake.entry():
            bolt_request = await _read(request)
            return await to_aiohttp_response(await dispatch(bolt_request))

    return answer


async def _read(request: web.Request) -> AsyncBoltRequest:
    """Return the request in Bolt's form.

    Raises:
        web.HTTPUnauthorized: it carries no signature, or something that can be none.
        web.HTTPRequestEntityTooLarge: its body is larger than `MAX_BODY_BYTES`.
        web.HTTPBadRequest: its body cannot be read.
    """
    if not _signed(request):
        raise web.HTTPUnauthorized
    try:
        return await to_bolt_request(request)
    except web.HTTPException:
        raise
    except Exception as error:  # noqa: BLE001 - any trouble in reading is the request's, and must not become ours
        # Not UTF-8, an unknown charset, broken or bottomless JSON, a list for an object: all of them the sender's.
        _log.warning("a request could not be read", error=type(error).__name__)
        raise web.HTTPBadRequest from None


def _signed(request: web.Request) -> bool:
    """Tell whether the headers have the shape of a signature, which is all that Bolt's verifier can work with."""
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    return timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 20 and signature.isascii()  # noqa: PLR2004 - more digits than any time has
