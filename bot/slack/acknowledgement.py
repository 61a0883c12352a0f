"""The one answer to a request of Slack's."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from bot.clock import Clock

_SETTLING: Final = 0.3
"""Seconds that Slack gets for changing a view as an acknowledgement says, before we change it again."""


class Acknowledgement:
    """The answer to Slack's own request; the first body given is the one that leaves.

    Args:
        clock: the time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._body: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._left = asyncio.Event()
        self._left_at = 0.0

    def give(self, body: dict[str, Any]) -> bool:
        """Give the body; False where one was given before."""
        if self._body.done():
            return False
        self._body.set_result(body)
        return True

    async def taken(self, seconds: float) -> dict[str, Any]:
        """Return the body as it leaves, empty where none was given within so many seconds."""
        late = asyncio.get_running_loop().call_later(seconds, self.give, {})
        try:
            return await self._body
        finally:
            late.cancel()
            self.give({})
            self._left_at = self._clock.monotonic()
            self._left.set()

    async def settled(self) -> None:
        """Wait until Slack must have taken it.

        The answer to a submission travels on another connection than `views.update`. Overtaken, it would overwrite the
        outcome with the working view, for good.
        """
        await self._left.wait()
        remaining = self._left_at + _SETTLING - self._clock.monotonic()
        if remaining > 0:
            await self._clock.sleep(remaining)
