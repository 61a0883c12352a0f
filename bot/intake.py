"""The door through which Slack's requests come in, so that a stop can close it and see the last answer leave."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Intake:
    """Counts the requests that are between their arrival and their answer."""

    def __init__(self) -> None:
        self._closed = False
        self._inside = 0
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def closed(self) -> bool:
        """True while nothing new may come in."""
        return self._closed

    @property
    def inside(self) -> int:
        """How many requests are inside."""
        return self._inside

    def open(self) -> None:
        """Let requests in."""
        self._closed = False

    def close(self) -> None:
        """Let nothing new in; what is inside goes on."""
        self._closed = True

    @contextmanager
    def entry(self) -> Iterator[None]:
        """Be inside for as long as the block runs. Ask `closed` first."""
        self._inside += 1
        self._empty.clear()
        try:
            yield
        finally:
            self._inside -= 1
            if not self._inside:
                self._empty.set()

    async def emptied(self, seconds: float) -> bool:
        """Wait until nobody is inside; False when that took longer than so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._empty.wait()
        except TimeoutError:
            return False
        return True
