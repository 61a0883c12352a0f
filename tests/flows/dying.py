"""A bot that dies, and the time that passes until another one stands in its place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bot.app import create_app
from bot.recovery import SETTLE_SECONDS
from bot.web import EVENTS_PATH
from tests.clocks import ShiftedClock
from tests.flows.items.shop import QUICK
from tests.flows.world import Place, World
from tests.listening import listening, slack_application

_BRIEF: Final = 0.02


class Rounds(ShiftedClock):
    """A clock on which the bot looks after loose ends when it is told to, and not by itself."""

    def __init__(self) -> None:
        super().__init__()
        self._bell = asyncio.Event()
        self._resting = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        if seconds == SETTLE_SECONDS:
            self._resting.set()
            await self._bell.wait()
            self._bell.clear()
        else:
            await super().sleep(min(seconds, _BRIEF) if seconds <= 1 else seconds)

    def ring(self) -> None:
        """Let the bot look once more."""
        self._bell.set()

    async def round(self) -> None:
        """Let the bot look once more, and return when it has."""
        await self._resting.wait()
        self._resting.clear()
        self._bell.set()
        await self._resting.wait()


@asynccontextmanager
async def dying_bot(place: Place, clock: ShiftedClock | None = None) -> AsyncIterator[World]:
    """Run a bot within the block; at its end the bot is gone, whatever it was at.

    Its connections and its files are shut under it, so that nothing which it still does comes to anything: as after a
    kill, but within this process.
    """
    bot = create_app(place.settings, clock=clock, limits=QUICK)
    await bot.start()
    try:
        async with listening(slack_application(bot.bolt, secret=place.workspace.signing_secret)) as url:
            place.workspace.request_url = url + EVENTS_PATH
            try:
                yield World(place.account, place.workspace, bot, place.settings)
            finally:
                await bot.aclose()
    finally:
        await bot.drain(1)
