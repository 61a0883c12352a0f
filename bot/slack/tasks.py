"""The work that goes on after Slack has been answered: tracked, bounded in number, drained at shutdown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import structlog


class Tasks:
    """The running work.

    Args:
        limit: how many pieces of work may run at once; one more is refused.
        spare: how many more there is room for where somebody must be told that there is too much work.
    """

    def __init__(self, limit: int = 256, spare: int = 64) -> None:
        self._limit = limit
        self._spare = spare
        self._running: set[asyncio.Task[None]] = set()
        self._closed = False
        self._log = structlog.get_logger(__name__)

    def start(self, work: Coroutine[None, None, None], *, spare: bool = False) -> bool:
        """Start a piece of work; False, and it is not started, where there is too much already or we are stopping."""
        limit = self._limit + self._spare if spare else self._limit
        if self._closed or len(self._running) >= limit:
            work.close()
            return False
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return True

    @property
    def running(self) -> int:
        """How many pieces of work there are."""
        return len(self._running)

    async def until(self, quiet: Callable[[], bool]) -> None:
        """Wait for pieces of work to end until something holds."""
        while not quiet() and self._running:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def drain(self, seconds: float) -> int:
        """Take no more work and wait for what runs; return how many had to be cancelled after so many seconds."""
        self._closed = True
        if not self._running:
            return 0
        _, late = await asyncio.wait(self._running, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Forget a task. Work deals with its own errors; one that got away is at least in the log."""
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._log.error("work broke", exc_info=task.exception())
