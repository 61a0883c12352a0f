"""A clock for those who wait for a retry."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final

from bot.clock import SystemClock

_LONG: Final = 20.0


class HastyClock(SystemClock):
    """Short waits are over at once and have moved the time; long ones, of work in the background, never end.

    Attributes:
        waits: the short ones so far, in seconds.
    """

    def __init__(self) -> None:
        self.waits: list[float] = []

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=sum(self.waits))

    def monotonic(self) -> float:
        return super().monotonic() + sum(self.waits)

    async def sleep(self, seconds: float) -> None:
        if seconds >= _LONG:
            await asyncio.Event().wait()
        self.waits.append(seconds)
        await asyncio.sleep(0)
