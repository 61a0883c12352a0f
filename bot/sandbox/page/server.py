"""The page's server: static files, the stream of news, and what the page asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.sandbox.account import Account
from bot.sandbox.page.faults import FaultButtons, Mode
from bot.sandbox.page.gestures import Hands
from bot.sandbox.page.guard import add_headers, guard
from bot.sandbox.page.inspector import Inspector
from bot.sandbox.page.news import CLEARED, News
from bot.sandbox.page.requests import Asked, Closed, Nothing, OnSurface, Said, Suggested, Switched, Used
from bot.sandbox.slack import CannotDo, Workspace

Json = dict[str, Any]
Shape = TypeVar("Shape", bound=BaseModel)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MAX_REQUEST_BYTES: Final = 1024 * 1024
# Spelt out: Windows may have other ideas in its registry, and a browser runs no module of another type.
_TYPES: Final = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is being served; `url` is its address, with a slash at the end."""

    url: str


@dataclass(frozen=True, slots=True)
class _Api:
    """What the page asks, one method for each address."""

    workspace: Workspace
    hands: Hands
    inspector: Inspector
    buttons: FaultButtons

    def routes(self) -> Mapping[str, Handler]:
        """Return the handlers of POST requests by path."""
        return {
            "/api/say": _asking(Said, self.hands.say),
            "/api/use": _asking(Used, self.hands.use),
            "/api/suggest": _asking(Suggested, self.hands.suggest),
            "/api/submit": _asking(OnSurface, self.hands.submit),
            "/api/close": _asking(Closed, self.hands.close),
            "/api/home": _asking(Asked, self.hands.open_home),
            "/api/faults": _asking(Switched, self.switch),
            "/api/faults/clear": _asking(Nothing, self.all_well),
            "/api/faults/cut": _asking(Nothing, self.cut),
            "/api/exchanges/clear": _asking(Nothing, self.clear),
        }

    async def switch(self, asked: Switched) -> Json:
        self.buttons.switch(asked)
        return {"ok": True}

    async def all_well(self, _: Nothing) -> Json:
        self.buttons.clear()
        return {"ok": True}

    async def cut(self, _: Nothing) -> Json:
        return {"ok": True, "cut": self.buttons.cut()}

    async def clear(self, _: Nothing) -> Json:
        self.inspector.clear()
        self.workspace.feed.publish(CLEARED, "")
        return {"ok": True}

    async def exchange(self, request: web.Request) -> web.StreamResponse:
        found = self.inspector.detail(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        return web.json_response(found)


def _asking(shape: type[Shape], do: Callable[[Shape], Awaitable[Json]]) -> Handler:
    """Return a handler that reads a request of this shape, and answers what is done with it."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            asked = shape.model_validate_json(await request.read())
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False, include_context=False)
            return web.json_response({"ok": False, "error": "malformed", "problems": problems}, status=400)
        try:
            return web.json_response(await do(asked))
        except CannotDo as error:
            return web.json_response({"ok": False, "error": str(error)}, status=409)

    return handle


def _file(body: bytes, content_type: str) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=content_type, charset="utf-8")

    return handle


def _add_files(app: web.Application) -> None:
    for file in files(__package__).joinpath("static").iterdir():
        name = file.name
        path = "/" if name == "index.html" else f"/static/{name}"
        app.router.add_get(path, _file(file.read_bytes(), _TYPES[name.rpartition(".")[2]]))


@asynccontextmanager
async def serve_page(
    workspace: Workspace, account: Account, *, mode: Mode, players: tuple[str, ...], port: int = 0
) -> AsyncIterator[Page]:
    """Serve the page on this machine until the block ends.

    Args:
        workspace: the workspace that is shown.
        account: the account whose exchanges are shown and whose faults are switched.
        mode: how the workspace reaches the bot.
        players: the names or ids of the people whom one can be on the page, the first one at the beginning.
        port: the port; 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    buttons, inspector = FaultButtons(account, workspace, mode), Inspector(workspace, account)
    news = News(workspace, inspector, buttons, tuple(workspace.state.person(player).id for player in players))
    api = _Api(workspace, Hands(workspace), inspector, buttons)
    app = web.Application(client_max_size=MAX_REQUEST_BYTES, middlewares=[web.middleware(guard)])
    app.on_response_prepare.append(add_headers)
    _add_files(app)
    app.router.add_get("/api/news", news.handle)
    app.router.add_get("/api/exchanges/{id}", api.exchange)
    for path, handler in api.routes().items():
        app.router.add_post(path, handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        yield Page(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    finally:
        await news.aclose()
        await runner.cleanup()
