"""What the process answers over HTTP: Slack's requests in HTTP mode, and its own health in both modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.health import Health

    Handler = Callable[[web.Request], Awaitable[web.Response]]

EVENTS_PATH: Final = "/slack/events"


def web_application(health: Callable[[], Health], slack: Handler | None) -> web.Application:
    """Return the application of a process.

    Args:
        health: asked at every `GET /readyz` and `GET /statusz`.
        slack: answers `POST /slack/events`; None in Socket Mode, where that path does not exist.
    """
    application = web.Application()
    application.router.add_get("/healthz", _alive)
    application.router.add_get("/readyz", _ready(health))
    application.router.add_get("/statusz", _status(health))
    if slack is not None:
        application.router.add_post(EVENTS_PATH, slack)
    return application


async def _alive(request: web.Request) -> web.Response:
    return _told({"alive": True})


def _ready(health: Callable[[], Health]) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        readiness = health().readiness
        return _told(readiness, status=200 if readiness["ready"] else 503)

    return answer


def _status(health: Callable[[], Health]) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        return _told(health().status)

    return answer


def _told(body: Mapping[str, Any], *, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers={"Cache-Control": "no-store"})
