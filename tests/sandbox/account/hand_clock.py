"""A clock that stands still until a test moves it."""

import asyncio
from datetime import UTC, datetime, timedelta


class HandClock:
    def __init__(self) -> None:
        self.time = 1000.0
        self._sleeping: list[tuple[float, asyncio.Event]] = []
        self._changed = asyncio.Condition()

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.time)

    def monotonic(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        async with self._changed:
            self._sleeping.append((self.time + seconds, woken))
            self._changed.notify_all()
        await woken.wait()

    async def sleepers(self, count: int) -> None:
        """Return when so many sleep."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._sleeping) >= count)

    def advance(self, seconds: float) -> None:
        self.time += seconds
        for until, woken in self._sleeping:
            if until <= self.time:
                woken.set()
        self._sleeping = [(until, woken) for until, woken in self._sleeping if until > self.time]
