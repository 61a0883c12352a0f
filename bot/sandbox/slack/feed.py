"""News of the workspace: what changed, for a page that shows it and for a test that waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from bot.sandbox.slack.errors import NotSeen

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        number: counts up from 1; what changed last has the highest.
        kind: `message`, `message_removed`, `view`, `view_closed`, `home`, `exchange` or `socket`.
        id: the message's ts, the view's id, the exchange's number, or how many connections there were so far.
        channel: the channel of a message.
        person: the only person who can see it, or None when everybody in the channel can.
    """

    number: int
    kind: str
    id: str
    channel: str | None = None
    person: str | None = None


class Feed:
    """Hands every change to whoever subscribed, and wakes whoever waits."""

    def __init__(self) -> None:
        self.number = 0
        self._changed = asyncio.Event()
        self._queues: list[asyncio.Queue[Change]] = []

    def publish(self, kind: str, id_: str, *, channel: str | None = None, person: str | None = None) -> int:
        """Announce a change and return its number."""
        self.number += 1
        change = Change(self.number, kind, id_, channel, person)
        for queue in self._queues:
            queue.put_nowait(change)
        self._changed.set()
        self._changed = asyncio.Event()
        return self.number

    @contextmanager
    def subscribe(self) -> Iterator[asyncio.Queue[Change]]:
        """Give a queue that receives every change from now on, until the block ends."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        self._queues.append(queue)
        try:
            yield queue
        finally:
            self._queues.remove(queue)

    async def until(self, probe: Callable[[], T | None], *, seconds: float, otherwise: Callable[[], str]) -> T:
        """Ask the probe after each change until it finds something, and return that.

        Raises:
            NotSeen: nothing was found within so many seconds; `otherwise` says what there is.
        """
        try:
            async with asyncio.timeout(seconds):
                while (found := probe()) is None:
                    await self._changed.wait()
        except TimeoutError:
            raise NotSeen(otherwise()) from None
        return found
