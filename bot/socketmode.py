"""Socket Mode: requests over a WebSocket that we open, and a watch on it.

Connections have been seen to come back deaf: open, and without a word ever after. So the library's client does the
transport, the pings and the acks, and this module alone decides when a connection is bad, and replaces the whole
client then. When that does not help for long, the process ends, so that whoever supervises it starts it afresh.

Slack's documentation: "Using Socket Mode".
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

import structlog
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.errors import StartFailed
from bot.slack.failures import CALL_FAILURES, in_words

if TYPE_CHECKING:
    from aiohttp import ClientWebSocketResponse, WSMessage
    from pydantic import SecretStr
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

    from bot.clock import Clock
    from bot.intake import Intake

_log = structlog.get_logger(__name__)


class ConnectionLost(StartFailed):
    """No working connection for so long that a fresh process is the better chance."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take, in seconds.

    Attributes:
        ping: between our pings; the library's client drops a connection whose pong takes longer than half of it.
        greeting: until Slack has said hello on a new connection.
        silence: without any frame, pongs included.
        attempt: for opening a connection.
        farewell: for closing one.
        look: between two looks at the connection.
        longest_pause: between two attempts; the pause doubles from `look` on.
        patience: without a working connection, until the process gives up.
    """

    ping: float = 5.0
    greeting: float = 15.0
    silence: float = 30.0
    attempt: float = 20.0
    farewell: float = 2.0
    look: float = 1.0
    longest_pause: float = 30.0
    patience: float = 300.0


DEFAULT_LIMITS: Final = Limits()


class SocketMode:
    """One connection at a time, watched.

    Attributes:
        connections: how many Slack counted for this app when it last said hello; 0 before that.
    """

    def __init__(
        self, bolt: AsyncApp, app_token: SecretStr, intake: Intake, *, clock: Clock, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._bolt = bolt
        self._app_token = app_token
        self._intake = intake
        self._clock = clock
        self._limits = limits
        self._client: SocketModeClient | None = None
        self._session: ClientWebSocketResponse | None = None  # the connection that was there at the last look
        self._since = 0.0  # when it was first seen
        self._greeted: ClientWebSocketResponse | None = None
        self._heard = 0.0
        self._pong: float | None = None
        self.connections = 0

    @property
    def connected(self) -> bool:
        """True while Slack has said hello on the present connection and is not silent."""
        return self._greeted is not None and self._session is self._greeted and self._fault() is None

    async def open(self) -> None:
        """Connect for the first time.

        Raises:
            StartFailed: Slack refuses the token, or cannot be reached.
        """
        problem = await self._connect()
        if problem is not None:
            raise StartFailed(f"Socket Mode cannot be opened: {problem}. `python -m bot check` looks at the app token.")

    async def watch(self) -> NoReturn:
        """Look after the connection for ever.

        Raises:
            ConnectionLost: there was no working connection for `Limits.patience`.
        """
        broken: float | None = None  # since when; from the first fault seen, so that a machine that slept tries first
        pause = self._limits.look
        while True:
            await self._clock.sleep(pause)
            self._observe()
            fault = self._fault()
            if fault is None:
                pause = self._limits.look
                broken = None if self.connected else broken
                continue
            now = self._clock.monotonic()
            broken = now if broken is None else broken
            if now - broken > self._limits.patience:
                raise ConnectionLost(
                    f"There was no working connection to Slack for {now - broken:.0f} seconds ({fault}); "
                    "the process ends so that its supervisor starts it again."
                )
            await self._reconnect(fault)
            pause = min(pause * 2, self._limits.longest_pause)

    async def _reconnect(self, fault: str) -> None:
        _log.warning("connecting to Slack again", reason=fault)
        problem = await self._connect()
        if problem is not None:
            _log.warning("Slack could not be connected to", reason=problem)

    async def close(self) -> None:
        """Close the connection, if there is one."""
        client, self._client = self._client, None
        if client is None:
            return
        client.closed = True  # its loops and its attempts to connect end at this
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.farewell):
                await client.disconnect()  # type: ignore[no-untyped-call]  # the library's
        tasks = [client.message_processor, client.message_receiver, client.current_session_monitor]
        running = [task for task in tasks if task is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await client.aiohttp_client_session.close()

    async def _connect(self) -> str | None:
        """Replace the connection; return what stood in the way."""
        await self.close()
        client = self._client = self._new_client()
        self._greeted, self._pong = None, None
        self._heard = self._clock.monotonic()
        problem = None
        try:
            async with asyncio.timeout(self._limits.attempt):
                client.wss_uri = await client.issue_new_wss_url()
                await client.connect()  # type: ignore[no-untyped-call]  # the library's
        except CALL_FAILURES as error:
            problem = in_words(error)
        self._observe()
        return problem

    def _new_client(self) -> SocketModeClient:
        client = SocketModeClient(
            app_token=self._app_token.get_secret_value(),
            web_client=self._bolt.client,
            auto_reconnect_enabled=False,
            ping_interval=self._limits.ping,
            on_message_listeners=[self._on_frame],
        )
        # Left alone, it would take one from the environment, even for this machine's own addresses.
        client.proxy = self._bolt.client.proxy
        client.message_listeners.append(self._on_message)
        client.socket_mode_request_listeners.append(self._on_request)
        return client

    def _observe(self) -> None:
        """Note which connection there is, and a pong that came since the last look."""
        now = self._clock.monotonic()
        client = self._client
        session = None if client is None else client.current_session
        if session is not self._session:
            self._session, self._since = session, now
        pong = None if client is None else client.last_ping_pong_time
        # The client fills the first value in by itself, pong or no pong.
        if pong != self._pong and self._pong is not None:
            self._heard = now
        self._pong = pong

    def _fault(self) -> str | None:
        """Return what is wrong with the connection."""
        now = self._clock.monotonic()
        client, session = self._client, self._session
        if client is None or session is None or session.closed:
            # When Slack asks for it, the client opens the next connection itself, and holds its lock meanwhile.
            changing = client is not None and client.connect_operation_lock.locked()
            return None if changing and now - self._heard <= self._limits.silence else "the connection is closed"
        if session is not self._greeted and now - self._since > self._limits.greeting:
            return "no hello on a new connection"
        return "silence" if now - self._heard > self._limits.silence else None

    async def _on_frame(self, frame: WSMessage) -> None:  # noqa: ARG002 - the library's signature
        self._heard = self._clock.monotonic()

    async def _on_message(self, sender: AsyncBaseSocketModeClient, message: dict[str, Any], *_: object) -> None:
        if message.get("type") == "hello" and isinstance(sender, SocketModeClient):
            self._greeted = sender.current_session
            number = message.get("num_connections")
            self.connections = number if isinstance(number, int) else 1
            self._observe()

    async def _on_request(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        if self._intake.closed:
            return  # not acked: Slack tells the person, or sends an event to the next connection
        started = self._clock.now().timestamp()
        with self._intake.entry():
            response = await run_async_bolt_app(self._bolt, request)
            await send_async_response(client, request, response, started)
