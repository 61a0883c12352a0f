"""Socket Mode from Slack's side: the documentation's "Using Socket Mode"."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.hanging_up import break_off
from bot.sandbox.slack.journal import Journal
from bot.sandbox.slack.people import APP_ID, Json

PING_SECONDS = 10.0
_ANSWERABLE = frozenset({"command", "view_submission", "block_suggestion"})


@dataclass(slots=True, eq=False)
class Connection:
    """One WebSocket of the bot.

    Attributes:
        muted: nothing comes out of it any more, pongs included, while it stays open.
        pongs: how many of Slack's pings the bot answered.
    """

    socket: web.WebSocketResponse
    request: web.Request
    muted: bool = False
    pongs: int = 0


@dataclass(slots=True)
class Sockets:
    """The bot's connections, and the envelopes that wait for their acknowledgement.

    Attributes:
        journal: keeps what the bot sent.
        feed: hears of connections that open and close.
        ping_seconds: after so long without a frame from the bot it is pinged.
        connections: those that are open, oldest first.
        opened: how many there were in all.
    """

    journal: Journal
    feed: Feed
    ping_seconds: float = PING_SECONDS
    connections: list[Connection] = field(default_factory=list)
    opened: int = 0
    _tickets: set[str] = field(default_factory=set)
    _waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)

    def ticket(self) -> str:
        """Return a ticket that opens one connection."""
        ticket = secrets.token_hex(12)
        self._tickets.add(ticket)
        return ticket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve a connection until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        # Pings are answered by hand, so that a connection can be muted.
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.connections.append(connection)
        self.opened += 1
        self.feed.publish("socket", str(self.opened))
        try:
            await socket.send_json(self._hello())
            await self._listen(connection)
        finally:
            self.connections.remove(connection)
            self.feed.publish("socket", str(self.opened))
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP_ID},
        }

    async def _listen(self, connection: Connection) -> None:
        while not connection.socket.closed:
            try:
                message = await connection.socket.receive(timeout=self.ping_seconds)
            except TimeoutError:
                await self.ping(connection)
                continue
            if message.type == WSMsgType.PING and not connection.muted:
                await connection.socket.pong(message.data)
            elif message.type == WSMsgType.PONG:
                connection.pongs += 1
            elif message.type == WSMsgType.TEXT:
                self._acknowledged(message.data)

    def _acknowledged(self, text: str) -> None:
        self.journal.received(text)
        try:
            content = json.loads(text)
            future = self._waiting.pop(content["envelope_id"])
        except (ValueError, TypeError, KeyError):
            return  # Slack, too, ignores what is no acknowledgement, or one that it does not wait for.
        if not future.done():
            future.set_result(content.get("payload"))

    async def send(self, kind: str, payload: Json, retry: tuple[int, str] | None) -> asyncio.Future[Any] | None:
        """Send an envelope over one of the connections, each in its turn.

        Returns:
            What will hold the acknowledgement's payload, or None when no connection is open.
        """
        envelope: Json = {
            "envelope_id": secrets.token_hex(16),
            "type": {"command": "slash_commands", "event": "events_api"}.get(kind, "interactive"),
            "accepts_response_payload": kind in _ANSWERABLE,
            "payload": payload,
        }
        if kind == "event":
            envelope |= {"retry_attempt": retry[0] if retry else 0, "retry_reason": retry[1] if retry else ""}
        for connection in list(self.connections):
            self.connections.append(self.connections.pop(0))
            future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            self._waiting[envelope["envelope_id"]] = future
            try:
                if not connection.muted:
                    await connection.socket.send_json(envelope)
            except ConnectionError:
                continue  # It is breaking at this moment; perhaps the next one holds.
            return future
        return None

    async def ping(self, connection: Connection) -> None:
        """Ping the bot, as Slack does when nothing has come for a while."""
        if not connection.muted and not connection.socket.closed:
            await connection.socket.ping(b"Ping from applink-sandbox")

    async def ask_to_reconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the bot that its connections are about to close: `warning` or `refresh_requested`."""
        message = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}
        for connection in list(self.connections):
            await connection.socket.send_json(message)

    def cut(self) -> int:
        """Break every connection without a word, and return how many there were."""
        for connection in self.connections:
            break_off(connection.request)
        return len(self.connections)

    def mute(self) -> None:
        """Leave every connection open and deaf: nothing goes out, no ping is answered."""
        for connection in self.connections:
            connection.muted = True

    async def aclose(self) -> None:
        """Close every connection in order."""
        for connection in list(self.connections):
            await connection.socket.close()
