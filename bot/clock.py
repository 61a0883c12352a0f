"""Time as a part that is passed in, so that a test can move it."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any, Protocol


class Clock(Protocol):
    """What the bot asks of time."""

    def now(self) -> datetime:
        """Return the wall-clock time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds from an arbitrary origin that never run backwards."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the wall-clock time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds from an arbitrary origin that never run backwards."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        await asyncio.sleep(seconds)


async def wait_at_most(clock: Clock, task: asyncio.Task[Any], seconds: float) -> None:
    """Return when a task is done, or after so many seconds; the task is left alone, whatever becomes of the caller."""
    patience = asyncio.create_task(clock.sleep(seconds))
    try:
        await asyncio.wait({task, patience}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        patience.cancel()
