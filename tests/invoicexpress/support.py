"""An InvoiceXpress that answers what a test wrote down, and a time that a test moves."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from pydantic import SecretStr

from bot.invoicexpress.client import InvoiceXpress

KEY = "k3y/with spaces&é+%=#?"
ADDRESS = "https://acme.app.invoicexpress.com"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class SwiftClock:
    """Nobody waits on it: a sleep moves it on and returns."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


class StillClock(SwiftClock):
    """It stands still until the test moves it."""

    def __init__(self) -> None:
        super().__init__()
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        waker: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.seconds + seconds, waker))
        await waker

    async def move(self, seconds: float) -> None:
        self.seconds += seconds
        for due, waker in self._sleepers:
            if due <= self.seconds and not waker.done():
                waker.set_result(None)
        await settle()

    async def move_on(self) -> None:
        """Move to the moment when the next sleeper wakes."""
        self._sleepers = [sleeper for sleeper in self._sleepers if not sleeper[1].done()]
        await self.move(min((due for due, _ in self._sleepers), default=self.seconds) - self.seconds)


async def settle() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def until(happened: Callable[[], bool]) -> None:
    """Let everything run, one step at a time, until something has happened."""
    while not happened():  # noqa: ASYNC110 - the very step matters, and an event would come one later
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Received:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """One answer; `whole=False` promises more than it sends, `status=None` is a connection that closes unanswered."""

    status: int | None = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    whole: bool = True
    gate: asyncio.Event | None = None

    def raw(self) -> bytes:
        headers = {"content-type": "application/json", "content-length": str(len(self.body) + (not self.whole) * 10)}
        lines = [f"HTTP/1.1 {self.status} Whatever", *(f"{k}: {v}" for k, v in (headers | self.headers).items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


CUT = Reply(status=None)


def answered(status: int = 200, body: Any = None, **headers: str) -> Reply:
    """An answer with a JSON body, or with none."""
    content = b"" if body is None else json.dumps(body).encode()
    return Reply(status, content, {name.replace("_", "-"): value for name, value in headers.items()})


class Service:
    """Answers what it was told to, in order; the last answer repeats. `received` is what came."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.received: list[Received] = []
        self.url = ""

    def reply(self, request: Received) -> Reply:
        self.received.append(request)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                reply = self.reply(await _read(reader))
                if reply.gate is not None:
                    await reply.gate.wait()
                if reply.status is None:
                    return
                writer.write(reply.raw())
                await writer.drain()
                if not reply.whole:
                    return

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer without a network, as a transport."""
        headers = dict(request.headers)
        reply = self.reply(Received(request.method, request.url.raw_path.decode(), headers, await request.aread()))
        if reply.gate is not None:
            await reply.gate.wait()
        if reply.status is None:
            raise httpx.RemoteProtocolError("cut")
        return httpx.Response(reply.status, headers=reply.headers, content=reply.body)


async def _read(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    method, target, _ = first.split(" ")
    return Received(method, target, headers, body)


@contextlib.asynccontextmanager
async def listening(serve: Callable[..., Any], **options: Any) -> AsyncIterator[int]:
    """Listen on this machine; yields the port. Whatever is still open at the end is closed."""
    handlers: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        handlers.add(task)
        try:
            await serve(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, OSError):
                await writer.wait_closed()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, **options)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in handlers:
            task.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)
        await server.wait_closed()


@contextlib.asynccontextmanager
async def on_loopback(*replies: Reply) -> AsyncIterator[Service]:
    """A service that is spoken to over a real connection."""
    service = Service(*replies)
    async with listening(service.serve) as port:
        service.url = f"http://127.0.0.1:{port}"
        yield service


@contextlib.asynccontextmanager
async def account_at(base_url: str = ADDRESS, **options: Any) -> AsyncIterator[InvoiceXpress]:
    """An account on a swift clock unless another is given."""
    account = InvoiceXpress(base_url, SecretStr(KEY), **({"clock": SwiftClock()} | options))
    try:
        yield account
    finally:
        await account.aclose()


@contextlib.asynccontextmanager
async def account_of(service: Service, **options: Any) -> AsyncIterator[InvoiceXpress]:
    """An account whose service is spoken to without a network."""
    async with account_at(transport=httpx.MockTransport(service.handle), **options) as account:
        yield account
