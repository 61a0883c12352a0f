"""Bytes to a server and back, as no decent client would send them."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Wire:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def status(self) -> int:
        """Return the status of the next answer, whose head is read."""
        return (await self._head())[0]

    async def answer(self) -> tuple[int, str]:
        """Return the next answer: its status and its body."""
        status, head = await self._head()
        length = re.search(r"content-length: (\d+)", head)
        return status, (await self._reader.readexactly(int(length[1]) if length else 0)).decode()

    async def _head(self) -> tuple[int, str]:
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        return int(head.split()[1]), head

    async def closed(self) -> bool:
        """Return once the other side has closed the connection."""
        with suppress(ConnectionError):
            await self._reader.read()
        return True


@asynccontextmanager
async def wire(url: str, window: int | None = None) -> AsyncIterator[Wire]:
    """Connect to a server within the block.

    Args:
        url: of the server.
        window: how much this side takes before it reads; as usual by default.
    """
    parts = urlsplit(url)
    plug = socket.socket()
    if window is not None:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    plug.setblocking(False)
    await asyncio.get_running_loop().sock_connect(plug, (parts.hostname, parts.port))
    reader, writer = await asyncio.open_connection(sock=plug, limit=window or 2**16)
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def http(body: bytes, headers: Mapping[str, str], *, path: str = "/slack/events", version: str = "1.1") -> bytes:
    """Return a POST as its bytes; how long the body is goes without saying unless the headers say otherwise."""
    said = dict(headers)
    if not {"Content-Length", "Transfer-Encoding"} & set(said):
        said["Content-Length"] = str(len(body))
    lines = [f"POST {path} HTTP/{version}", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in said.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body
