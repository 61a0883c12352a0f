"""Whose turn it is to use the network: people first, within the budget, so many at once."""

from __future__ import annotations

import asyncio
import contextlib
import enum
from collections import deque
from typing import TYPE_CHECKING, Final

from bot.invoicexpress.pacing import Budget

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.clock import Clock

_BACKGROUND_SHARE: Final = 4  # background work may take a quarter of the budget


class Lane(enum.IntEnum):
    """On whose behalf a request is made; a lower number goes first."""

    PEOPLE = 0
    """Somebody waits for this one."""
    WALK = 1
    """A list is read to its end, on somebody's behalf."""
    BACKGROUND = 2
    """Nobody waits: at most a quarter of the budget."""


class Turns:
    """Gives out turns. A turn is a place among those under way and a request of the budget.

    Args:
        clock: the time.
        requests_per_minute: the budget.
        at_once: how many turns may be held at the same time.
    """

    def __init__(self, clock: Clock, *, requests_per_minute: int, at_once: int) -> None:
        now = clock.monotonic()
        self._clock = clock
        self._budget = Budget(requests_per_minute, now)
        self._background_budget = Budget(max(1, requests_per_minute // _BACKGROUND_SHARE), now)
        self._free = at_once
        self._waiting: dict[Lane, deque[asyncio.Future[None]]] = {lane: deque() for lane in Lane}
        self._alarm: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def turn(self, lane: Lane) -> AsyncIterator[None]:
        """Wait for a turn and hold it. First come, first served within a lane.

        Raises:
            Exception: what `dismiss` was given.
        """
        await self._wait(lane)
        try:
            yield
        finally:
            self._give_back()

    def spend_all(self) -> None:
        """Empty the budget: the service says that there is nothing left of it."""
        self._budget.empty(self._clock.monotonic())

    def dismiss(self, error: Callable[[], Exception]) -> None:
        """Send away everybody who waits, each with an error of their own."""
        for queue in self._waiting.values():
            for place in queue:
                if not place.done():
                    place.set_exception(error())
            queue.clear()
        self._serve()

    async def _wait(self, lane: Lane) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[lane].append(place)
        self._serve()
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled() and place.exception() is None:
                self._give_back()  # the turn came in the same moment as the cancellation
            raise

    def _give_back(self) -> None:
        self._free += 1
        self._serve()

    def _serve(self) -> None:
        """Give turns to whoever is next, and wake up again when the budget allows the next one."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        now = self._clock.monotonic()
        while self._free and (lane := self._next()) is not None:
            delay = self._delay(lane, now)
            if delay:
                self._alarm = asyncio.get_running_loop().create_task(self._wake(delay))
                return
            self._grant(lane, now)

    def _next(self) -> Lane | None:
        for lane, queue in self._waiting.items():
            while queue and queue[0].cancelled():
                queue.popleft()
            if queue:
                return lane
        return None

    def _delay(self, lane: Lane, now: float) -> float:
        delay = self._budget.delay(now)
        return max(delay, self._background_budget.delay(now)) if lane is Lane.BACKGROUND else delay

    def _grant(self, lane: Lane, now: float) -> None:
        self._free -= 1
        self._budget.take(now)
        if lane is Lane.BACKGROUND:
            self._background_budget.take(now)
        self._waiting[lane].popleft().set_result(None)

    async def _wake(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._alarm = None
        self._serve()
