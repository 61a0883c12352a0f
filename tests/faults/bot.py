"""The bot as a process of its own, on a clock that whoever started it moves: `python -m tests.faults.bot SECONDS`.

It reads `later SECONDS` and `look` from standard input, a line each, and says on standard output when it has done so.
Everything else about it is as ever: its settings, its log, its lock, its signals.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.app import create_app
from bot.config import load_settings
from bot.invoicexpress.client import Limits
from bot.log import configure_logging
from bot.recovery import SETTLE_SECONDS
from bot.runtime import run

BEGINNING: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_BRIEF: Final = 0.1
"""Real seconds that a pause takes at most; Slack's stand-in needs some to take an acknowledgement."""
_PAUSE: Final = 30.0
"""Seconds of the longest pause within one request; whatever sleeps longer waits for the time to come."""
LIMITS: Final = Limits(connect=2.0, read=2.0, answer=4.0, longest_pause=20.0)
"""No pause is as long as the one between two looks after loose ends, by which that is known."""


class GuidedClock:
    """Time that passes when somebody pauses or when it is told to.

    Pauses between two tries are over at once. What the bot does every so often it does when its time has come, but
    looking after loose ends only on demand, so that the same operations always meet it at the same point.

    Args:
        seconds: how late it is, from the beginning.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._moved = asyncio.Condition()
        self._wakings: list[float] = []
        self._sleeps = 0
        self._bell = asyncio.Event()
        self._looked = asyncio.Event()

    def now(self) -> datetime:
        return BEGINNING + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        if seconds == SETTLE_SECONDS:
            self.say("looked")
            self._looked.set()
            await self._bell.wait()
            self._bell.clear()
        elif seconds < _PAUSE:
            self._seconds += seconds
            await asyncio.sleep(min(seconds / 3, _BRIEF))
        else:
            await self._until(self._seconds + seconds)

    async def _until(self, moment: float) -> None:
        self._wakings.append(moment)
        self._sleeps += 1
        try:
            async with self._moved:
                self._moved.notify_all()
                await self._moved.wait_for(lambda: self._seconds >= moment)
        finally:
            self._wakings.remove(moment)

    async def later(self, seconds: float) -> None:
        """Let time pass, and return when whoever that has woken has done what it does and sleeps again."""
        self._seconds += seconds
        sleeps = self._sleeps + sum(moment <= self._seconds for moment in self._wakings)
        async with self._moved:
            self._moved.notify_all()
            await self._moved.wait_for(lambda: self._sleeps >= sleeps)

    def say(self, word: str) -> None:
        """Say what has been done, and how late it is."""
        print(json.dumps({"event": word, "seconds": self._seconds}), flush=True)  # noqa: T201 - it is waited for

    async def look(self) -> None:
        """Have the bot look after loose ends, and return when it has."""
        await self._looked.wait()
        self._looked.clear()
        self._bell.set()
        await self._looked.wait()


async def _obey(clock: GuidedClock) -> None:
    """Do what standard input says, until it ends."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async for line in reader:
        word, *values = line.decode().split()
        if word == "later":
            await clock.later(float(values[0]))
        else:
            await clock.look()
        clock.say(word)


async def _main(seconds: float) -> None:
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format, settings.secrets, sys.stdout)
    clock = GuidedClock(seconds)
    obeying = asyncio.create_task(_obey(clock))
    await run(create_app(settings, clock=clock, limits=LIMITS), settings, "http")
    obeying.cancel()


if __name__ == "__main__":
    asyncio.run(_main(float(sys.argv[1])))
