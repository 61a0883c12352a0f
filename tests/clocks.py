"""Clocks that a test moves."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.clock import SystemClock


class ManualClock:
    """Sleepers wake when `advance` has moved the time past their moment.

    Attributes:
        astray: how far the wall clock is ahead of the right time.
    """

    def __init__(self) -> None:
        self.astray = timedelta()
        self._seconds = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self._fell_asleep = asyncio.Event()

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self._seconds) + self.astray

    def monotonic(self) -> float:
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        moment = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._seconds + seconds, moment))
        self._fell_asleep.set()
        await moment

    @property
    def sleeping(self) -> int:
        """How many sleep."""
        return sum(not moment.done() for _, moment in self._sleepers)

    async def sleeper(self) -> None:
        """Wait until somebody sleeps."""
        while not self.sleeping:
            self._fell_asleep.clear()
            await self._fell_asleep.wait()

    def pass_by(self, seconds: float) -> None:
        """Let so much time pass, for nobody who sleeps."""
        self._seconds += seconds

    async def advance(self, seconds: float) -> None:
        """Wait until somebody sleeps, then let so much time pass at once."""
        await self.sleeper()
        self._seconds += seconds
        due = [moment for until, moment in self._sleepers if until <= self._seconds]
        self._sleepers = [(until, moment) for until, moment in self._sleepers if until > self._seconds]
        for moment in due:
            if not moment.done():  # a sleeper that was cancelled
                moment.set_result(None)


class ShiftedClock(SystemClock):
    """The machine's own time, and as much later as a test says."""

    def __init__(self) -> None:
        self._shift = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._shift)

    def monotonic(self) -> float:
        return super().monotonic() + self._shift

    def shift(self, seconds: float) -> None:
        """Be so much later from now on. Nobody who sleeps is woken."""
        self._shift += seconds


class StandingClock(SystemClock):
    """A clock on the wall that stands still but for what a test puts it on or back; people wait by the machine's."""

    def __init__(self) -> None:
        self._still = super().now()

    def now(self) -> datetime:
        return self._still

    def put(self, seconds: float) -> None:
        """Put it on, or back."""
        self._still += timedelta(seconds=seconds)


class QuickClock(SystemClock):
    """Time that passes twenty times as fast as the machine's own, for everybody alike."""

    _SPEED = 20

    def __init__(self) -> None:
        self._began = super().now()
        self._origin = super().monotonic()

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (super().monotonic() - self._origin) * self._SPEED

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._SPEED)


class BriefPauses(SystemClock):
    """The machine's own time, on which pauses of up to a second take a fifteenth of it."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds if seconds > 1 else seconds / 15)
