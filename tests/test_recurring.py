from __future__ import annotations

import asyncio

from bot.recurring import Recurring
from tests.clocks import ManualClock
from tests.logs import caught_log


class Work:
    """Counts how often it was done; breaks the first time."""

    def __init__(self) -> None:
        self.done = 0
        self.again = asyncio.Event()

    async def do(self) -> None:
        self.done += 1
        self.again.set()
        if self.done == 1:
            raise RuntimeError("broken once")


async def test_what_breaks_once_is_logged_and_comes_again() -> None:
    clock, work = ManualClock(), Work()
    recurring = Recurring(work.do, 30, clock)
    with caught_log() as log:
        recurring.start()
        await work.again.wait()
        work.again.clear()
        await clock.advance(30)
        await asyncio.wait_for(work.again.wait(), 5)
        await recurring.stop()
    assert work.done == 2
    assert "broken once" in log.text


async def test_what_never_began_can_be_stopped() -> None:
    await Recurring(Work().do, 30, ManualClock()).stop()
