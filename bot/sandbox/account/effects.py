"""What a fault does to one exchange, before the account has carried out the request or after."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.clock import Clock

from .answers import Answer
from .state import State


class ConnectionCut(Exception):
    """The connection is to be cut.

    Args:
        answer: the answer of which half is sent first, or None where nothing is.
    """

    def __init__(self, answer: Answer | None = None) -> None:
        super().__init__()
        self.answer = answer


class Effect(Protocol):
    """One thing that goes wrong."""

    async def act(self, answer: Answer | None, /) -> Answer | None:
        """Act on an exchange.

        Args:
            answer: the account's own answer, or None where the request has not been carried out yet.

        Returns:
            What is answered instead, or None to go on.

        Raises:
            ConnectionCut: where nothing more is to be answered.
        """
        ...


@dataclass(frozen=True, slots=True)
class Slow:
    """Wait so many seconds on the clock."""

    seconds: float
    clock: Clock

    async def act(self, _answer: Answer | None, /) -> None:
        """Return after the time."""
        await self.clock.sleep(self.seconds)


@dataclass(frozen=True, slots=True)
class Instead:
    """Answer something else."""

    answer: Answer

    async def act(self, _answer: Answer | None, /) -> Answer:
        """Return the other answer."""
        return self.answer


@dataclass(frozen=True, slots=True)
class Altered:
    """Answer what a change makes of the account's own answer."""

    change: Callable[[Answer], Answer]

    async def act(self, answer: Answer | None, /) -> Answer | None:
        """Return the changed answer."""
        return None if answer is None else self.change(answer)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Have the request carried out by an account that is another one in some way."""

    change: Callable[[State], State]

    async def act(self, _answer: Answer | None, /) -> None:
        """Do nothing: the account changes before it is asked."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Cut the connection; `half_way` in the middle of the answer's body instead of before it."""

    half_way: bool = False

    async def act(self, answer: Answer | None, /) -> None:
        """Raise ConnectionCut."""
        raise ConnectionCut(answer if self.half_way else None)


@dataclass(frozen=True, slots=True)
class Aside:
    """Do something to the account beside the exchange."""

    do: Callable[[], object]

    async def act(self, _answer: Answer | None, /) -> None:
        """Do it."""
        self.do()


class Hold:
    """Hold requests until they are released.

    Attributes:
        count: how many requests have arrived at it so far.
    """

    def __init__(self) -> None:
        self.count = 0
        self._changed = asyncio.Condition()
        self._released = asyncio.Event()

    async def act(self, _answer: Answer | None, /) -> None:
        """Say that a request has arrived; return when it is released."""
        async with self._changed:
            self.count += 1
            self._changed.notify_all()
        await self._released.wait()

    async def arrived(self, count: int = 1) -> None:
        """Return when so many requests have arrived since the hold began."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.count >= count)

    def release(self) -> None:
        """Let go of every request that is held, and hold none from now on."""
        self._released.set()
