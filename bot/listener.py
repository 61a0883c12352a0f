"""The process's HTTP server: it takes connections in, no faster than there is room for them."""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Final

from aiohttp import web

from bot.connections import Caps, Connection, Door, caps_here

_BACKLOG: Final = 4096
"""Connections that the system keeps for us; beyond them it lets callers wait for a second, and then for three."""
_LOOK: Final = 1.0
_OUT_OF_FILES: Final = 0.1
_SHORT_OF_FILES: Final = 1.0


class _Bound(socket.socket):
    """A listening socket that keeps hold of what it accepted last.

    asyncio loses a connection where the wait for it is cancelled in the moment in which it comes.
    """

    last: socket.socket | None = None

    def accept(self) -> tuple[socket.socket, Any]:
        """Take in a connection."""
        self.last, address = super().accept()
        return self.last, address


class Listener:
    """Takes connections in.

    Attributes:
        port: where.
    """

    def __init__(self, server: asyncio.Server, door: Door, http: web.Server) -> None:
        self.port: int = server.sockets[0].getsockname()[1]
        self._server = server
        self._door = door
        self._http = http
        self._sockets = [_Bound(fileno=bound.dup().detach()) for bound in server.sockets]
        for bound in self._sockets:
            bound.setblocking(False)
            bound.listen(_BACKLOG)
        self._tasks = [asyncio.create_task(work) for work in (self._sweep(), *map(self._accept, self._sockets))]

    async def stop(self) -> None:
        """Take no more in; the connections that there are stay."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for bound in self._sockets:  # here, because a task that is cancelled before its first step never gets to it
            bound.close()

    async def _accept(self, bound: _Bound) -> None:
        # asyncio's own loop, out of files, asks a hundred times a second and more, and writes a line each time.
        while True:
            await self._door.room()
            try:
                await self._take(bound)
            except OSError as error:
                self._door.say("a connection could not be taken in", reason=error.strerror or type(error).__name__)
                await asyncio.sleep(_OUT_OF_FILES)
                # Not at once: out of files, the system says so even where no connection waits.
                self._door.sweep(_SHORT_OF_FILES)

    async def _take(self, bound: _Bound) -> None:
        loop = asyncio.get_running_loop()
        try:
            accepted, _ = await loop.sock_accept(bound)
            await loop.connect_accepted_socket(lambda: Connection(self._door, self._http), accepted)
        except BaseException:
            if bound.last is not None:  # pragma: no cover - a moment that no test can choose
                bound.last.close()
            raise
        finally:
            bound.last = None

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            self._door.sweep()


async def listen(runner: web.AppRunner, host: str, port: int, caps: Caps | None = None) -> Listener:
    """Serve an application, within the caps.

    Args:
        runner: of the application; set up.
        host: the address to listen on.
        port: the port; 0 takes a free one.
        caps: what strangers may take; as much as suits this process by default.

    Raises:
        OSError: that cannot be listened on.
        UnicodeError: the host is no name.
    """
    http, door = runner.server, Door(caps or caps_here())
    if http is None:
        raise RuntimeError("the runner is not set up")
    handle = http.request_handler

    async def guarded(request: web.BaseRequest) -> web.StreamResponse:
        connection = request.protocol
        assert isinstance(connection, Connection)  # noqa: S101 - the listener makes no others
        door.began(connection)
        try:
            return await handle(request)
        finally:
            door.ended(connection)

    http.request_handler = guarded
    server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port, start_serving=False)
    try:
        return Listener(server, door, http)
    except OSError:  # pragma: no cover - it was free a moment ago, when it was bound
        server.close()
        raise
