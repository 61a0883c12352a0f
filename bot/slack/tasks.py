"""The work that goes on after Slack has been answered: tracked, bounded in number, drained at shutdown."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine


class Tasks:
    """The running work.

    Args:
        limit: how many may run at once; one more is refused.
    """

    def __init__(self, limit: int = 256) -> None:
        self._limit = limit
        self._running: set[asyncio.Task[None]] = set()
        self._closed = False

    def start(self, work: Coroutine[None, None, None]) -> bool:
        """Start a piece of work; False, and it is not started, where there is too much already or we are stopping."""
        if self._closed or len(self._running) >= self._limit:
            work.close()
            return False
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return True

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
