"""What the process answers over HTTP: Slack's requests in HTTP mode, and its own health in both modes.

Whatever arrives gets an answer. Bolt checks the signature; before that come the things on which its parsers would
stumble, because a request that nobody signed may hold anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_bolt.request.async_request import AsyncBoltRequest
    from slack_bolt.response import BoltResponse

    from bot.health import Readiness
    from bot.intake import Intake

    Dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]

MAX_BODY_BYTES: Final = 1024 * 1024  # Slack's own requests stay far below
EVENTS_PATH: Final = "/slack/events"

_log = structlog.get_logger(__name__)


def web_application(readiness: Callable[[], Readiness], intake: Intake, dispatch: Dispatch | None) -> web.Application:
    """Return the application of a process.

    Args:
        readiness: asked at every `GET /readyz`.
        intake: once it is closed, Slack's requests get 503.
        dispatch: Bolt's, which answers `POST /slack/events`; None in Socket Mode, where that path does not exist.
    """
    application = web.Application(client_max_size=MAX_BODY_BYTES)
    application.router.add_get("/healthz", _alive)
    application.router.add_get("/readyz", _ready(readiness))
    if dispatch is not None:
        application.router.add_post(EVENTS_PATH, _events(dispatch, intake))
    return application


async def _alive(request: web.Request) -> web.Response:
    return web.json_response({"alive": True}, headers={"Cache-Control": "no-store"})


def _ready(readiness: Callable[[], Readiness]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        state = readiness()
        body = {"ready": state.ready, "slack": state.slack, "invoicexpress": state.invoicexpress}
        return web.json_response(body, status=200 if state.ready else 503, headers={"Cache-Control": "no-store"})

    return answer


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
