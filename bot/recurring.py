"""Something done now and every so many seconds, until it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.clock import Clock


class Recurring:
    """A piece of work that comes again. What it raises is logged, and does not keep it from coming again.

    Args:
        work: what is done.
        seconds: the pause after it.
        clock: the time.
    """

    def __init__(self, work: Callable[[], Awaitable[None]], seconds: float, clock: Clock) -> None:
        self._work = work
        self._seconds = seconds
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self._log = structlog.get_logger(__name__)

    def start(self) -> None:
        """Do it now, and again and again."""
        self._task = asyncio.create_task(self._again())

    async def stop(self) -> None:
        """Break off, and do it no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _again(self) -> None:
        while True:
            try:
                await self._work()
            except Exception:  # noqa: BLE001 - a watch that ended by itself would be missed by nobody
                self._log.exception("recurring work broke")
            await self._clock.sleep(self._seconds)
