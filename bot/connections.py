"""The connections of the HTTP server: how many there are, for how long, and how much unsigned they hold in memory.

A connection is a stranger's until a signed request came over it. Where room is short, the stranger's that waits longest
has to go, so that a new one, which may be Slack's, always finds some: half-open connections don't pile up.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from typing import Any, Final

import structlog
from aiohttp import web

from bot.log_limits import Ration

_log = structlog.get_logger(__name__)

_LINGERING: Final = 2.0


@dataclass(frozen=True, slots=True)
class Caps:
    """What strangers may take.

    Attributes:
        connections: at once, in all.
        request: seconds for the headers of a request from a stranger, and as many again for its body.
        idle: seconds between two requests over a connection that signed ones came over; longer than a proxy in front
            keeps it, lest it be closed under the proxy's hands.
        unsigned: bytes in memory that are not yet known to be signed.
        one: of these, from one connection: a body of the largest size, and its headers.
    """

    connections: int
    request: float = 15.0
    idle: float = 75.0
    unsigned: int = 16 * 1024 * 1024
    one: int = 1280 * 1024


def caps_here() -> Caps:
    """Return the caps for this process: half of the files that it may open are for everything else."""
    most = 1024
    if sys.platform != "win32":  # pragma: no branch - the tests run where there are such limits
        import resource  # noqa: PLC0415 - not on every system

        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = most if files == resource.RLIM_INFINITY else min(most, max(files // 2, 8))
    return Caps(most)


class Connection(web.RequestHandler):
    """One connection: counts what comes over it.

    Args:
        door: where it belongs.
        server: aiohttp's.
    """

    __slots__ = ("_door", "unsigned")

    def __init__(self, door: Door, server: web.Server) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=door.caps.idle,
            lingering_time=_LINGERING,
            auto_decompress=False,
            access_log=None,  # type: ignore[arg-type]  # as aiohttp's own runner passes it
        )
        self._door = door
        self.unsigned = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        super().connection_made(transport)
        self._door.opened(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        """End."""
        self._door.lost(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes, and read it."""
        if self._door.received(self, len(data)):
            super().data_received(data)

    def admitted(self) -> None:
        """Take note that what came over this connection was signed."""
        self._door.admitted(self)

    def abort(self) -> None:
        """End at once, whatever is still to be sent."""
        if self.transport is not None:  # pragma: no branch - aiohttp has just closed it
            self.transport.abort()

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """Answer what is no HTTP without a traceback, and without repeating any of it."""
        if status >= 500:  # noqa: PLR2004 - ours
            return super().handle_error(request, status, exc, message)
        self._door.say("what came was not HTTP", error=type(exc).__name__)
        answer = web.Response(status=status)
        answer.force_close()
        return answer


class Door:
    """Keeps count of the connections.

    Args:
        caps: what strangers may take.
    """

    def __init__(self, caps: Caps) -> None:
        self.caps = caps
        # Each in the order in which they began to wait, with the time.
        self._strangers: dict[Connection, float] = {}
        self._known: dict[Connection, float] = {}
        self._serving: set[Connection] = set()
        self._unsigned = 0
        self._freed = asyncio.Event()
        self._ration = Ration()
        self._now = asyncio.get_running_loop().time

    async def room(self) -> None:
        """Return once there is room for one more: a quarter is kept for those that still have to show what they are."""
        while len(self._serving) >= self.caps.connections * 3 // 4:
            self._freed.clear()
            await self._freed.wait()

    def opened(self, connection: Connection) -> None:
        """Take in a new one, and let another one go for it where there are too many."""
        waiting = len(self._strangers) + len(self._known)
        if waiting and waiting + len(self._serving) >= self.caps.connections:
            self._make_room()
        self._strangers[connection] = self._now()

    def began(self, connection: Connection) -> None:
        """Give a connection whose request has begun its time for the rest."""
        for waiting in (self._strangers, self._known):
            if waiting.pop(connection, None) is not None:
                waiting[connection] = self._now()

    def admitted(self, connection: Connection) -> None:
        """Let a connection whose request is signed be, until it is answered."""
        self._strangers.pop(connection, None)
        self._known.pop(connection, None)
        self._forget_bytes(connection)
        if connection.transport is not None:  # pragma: no branch - lost in this very moment, it is no longer counted
            self._serving.add(connection)

    def ended(self, connection: Connection) -> None:
        """Let a connection whose request is answered wait for its next one."""
        self._forget_bytes(connection)
        if connection in self._serving:
            self._serving.remove(connection)
            self._known[connection] = self._now()
            self._freed.set()
        else:
            self.began(connection)

    def lost(self, connection: Connection) -> None:
        """Forget a connection that is no more."""
        self._forget_bytes(connection)
        self._strangers.pop(connection, None)
        self._known.pop(connection, None)
        self._serving.discard(connection)
        self._freed.set()

    def received(self, connection: Connection, count: int) -> bool:
        """Count bytes; False where they are not to be read."""
        if connection not in self._strangers and connection not in self._known:
            return connection in self._serving
        connection.unsigned += count
        self._unsigned += count
        if connection.unsigned > self.caps.one:
            self._end(connection, "too much for one request")
        while self._unsigned > self.caps.unsigned:
            self._end(max((*self._strangers, *self._known), key=lambda one: one.unsigned), "too much in memory")
        return connection in self._strangers or connection in self._known

    def _make_room(self) -> None:
        """End the connection that is missed least.

        That is the stranger's that waits longest, or, where strangers have less than half of the room, a known one:
        else a few new connections would push each other out before they can show what they are.
        """
        few = len(self._strangers) < self.caps.connections / 2
        waiting = (*self._known, *self._strangers) if few else (*self._strangers, *self._known)
        self._end(waiting[0], "too many connections")

    def sweep(self, request: float | None = None) -> None:
        """End those that have had their time.

        Args:
            request: how long strangers have; as the caps say by default.
        """
        strangers = self.caps.request if request is None else request
        for waiting, seconds in ((self._strangers, strangers), (self._known, self.caps.idle)):
            due = self._now() - seconds
            for connection in [one for one, since in waiting.items() if since < due]:
                self._end(connection, "")

    def say(self, event: str, **more: Any) -> None:
        """Log what strangers do, as often as is worth it."""
        if times := self._ration.admits((event, *more.values())):
            _log.warning(event, **more, seen=times)

    def _end(self, connection: Connection, reason: str) -> None:
        self.lost(connection)
        connection.abort()
        if reason:
            self.say("a connection was dropped", reason=reason)

    def _forget_bytes(self, connection: Connection) -> None:
        self._unsigned -= connection.unsigned
        connection.unsigned = 0
