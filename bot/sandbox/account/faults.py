"""Everything that can be made to go wrong with the account, by a test, by chance, or by a click."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from fnmatch import fnmatchcase
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.clock import Clock

from .alterations import Record, of_bytes, of_json, of_records
from .answers import Answer
from .chances import UNAVAILABLE, Chances
from .effects import Altered, Aside, Cut, Effect, Hold, Instead, Slow

Shift = Literal["insert", "delete"]
"""How the pages of a list move: an item comes or goes before all others."""

_MINUTE: Final = 60.0


class Switches(BaseModel):
    """Faults of the whole service, for a page with a switch for each.

    Attributes:
        slow: seconds that every request waits before it is carried out.
        down: everything answers 503 with a page.
        limit_per_minute: how many requests are served within 60 s; the next ones answer 429.
        refusing: every create and update of an item is refused with 422.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    slow: float = Field(default=0, ge=0, le=600, allow_inf_nan=False)
    down: bool = False
    limit_per_minute: int | None = Field(default=None, ge=0)
    refusing: bool = False


class Fault:
    """A fault that waits for its requests.

    Attributes:
        hits: how many requests it has struck.
        after: whether it acts when the request has been carried out, instead of before.
    """

    def __init__(self, effect: Effect, *, method: str, path: str, times: int | None, after: bool) -> None:
        self.effect = effect
        self.after = after
        self.hits = 0
        self._method = method
        self._path = path
        self._times = times

    def strikes(self, method: str, path: str) -> bool:
        """Tell whether it strikes this request, and count it."""
        if self.spent or not (fnmatchcase(method, self._method) and fnmatchcase(path, self._path)):
            return False
        self.hits += 1
        return True

    @property
    def spent(self) -> bool:
        """Whether it has struck as often as it was to."""
        return self._times is not None and self.hits >= self._times


class Faults:
    """The faults of one account.

    `method` and `path` restrict a fault, with `*` for anything ("PUT", "/items/*"; the lists are "/items.json" and
    "/clients.json"). `times` is for how many requests it lasts; None means until it is removed. `after` lets it
    act when the request has been carried out but not yet answered. Several faults may strike one request, in the order
    in which they were added: before it is carried out until one answers or cuts, afterwards each acting on what the one
    before made of the answer.
    """

    def __init__(self, clock: Clock, shift: Callable[[Shift], object]) -> None:
        self.switches = Switches()
        self._clock = clock
        self._shift = shift
        self._faults: list[Fault] = []
        self._holds: list[Hold] = []
        self._chances: tuple[Chances, str, str] | None = None
        self._served: deque[float] = deque()

    # What a test sets

    def slow(
        self, seconds: float, *, method: str = "*", path: str = "*", times: int | None = None, after: bool = False
    ) -> Fault:
        """Wait so many seconds on the account's clock."""
        return self.add(Slow(seconds, self._clock), method=method, path=path, times=times, after=after)

    def answer(
        self,
        status: int,
        body: str | bytes = "",
        headers: Mapping[str, str] | None = None,
        *,
        content_type: str = "application/json; charset=utf-8",
        method: str = "*",
        path: str = "*",
        times: int | None = None,
        after: bool = False,
        endless: bool = False,
    ) -> Fault:
        """Answer this instead of the account's own answer; see `Answer` for bytes and endless bodies."""
        effect = Instead(Answer(status, body, content_type, headers or {}, endless))
        return self.add(effect, method=method, path=path, times=times, after=after)

    def alter(
        self, change: Callable[[Any], Any], *, method: str = "GET", path: str = "*", times: int | None = None
    ) -> Fault:
        """Answer what a change makes of the account's own JSON, its fractions as Decimal."""
        return self.add(Altered(of_json(change)), method=method, path=path, times=times, after=True)

    def alter_bytes(
        self, change: Callable[[bytes], bytes], *, method: str = "GET", path: str = "*", times: int | None = None
    ) -> Fault:
        """Answer what a change makes of the bytes that the account would send."""
        return self.add(Altered(of_bytes(change)), method=method, path=path, times=times, after=True)

    def alter_records(
        self,
        change: Callable[[Record], object],
        *,
        only: Callable[[Record], bool] | None = None,
        method: str = "GET",
        path: str = "*",
        times: int | None = None,
    ) -> Fault:
        """Put something else in the place of each record that the account answers, in a list and alone.

        `change` gets a record as it was to be sent; `only` says which ones; `GONE` leaves one out of its list.
        """
        return self.add(Altered(of_records(change, only)), method=method, path=path, times=times, after=True)

    def cut(
        self,
        when: Literal["before", "after", "half-way"] = "before",
        *,
        method: str = "*",
        path: str = "*",
        times: int | None = None,
    ) -> Fault:
        """Cut the connection: before the write is done, after it, or in the middle of its answer's body."""
        effect = Cut(half_way=when == "half-way")
        return self.add(effect, method=method, path=path, times=times, after=when != "before")

    def shift(self, how: Shift, *, path: str = "/items.json", times: int | None = 1) -> Fault:
        """Insert an item before all others, or delete the first one, when a page of items is about to be answered."""
        effect = Aside(lambda: self._shift(how))
        return self.add(effect, method="GET", path=path, times=times, after=True)

    @asynccontextmanager
    async def holding(
        self, method: str = "*", path: str = "*", *, times: int | None = None, after: bool = False
    ) -> AsyncIterator[Hold]:
        """Hold requests within the block; `await hold.arrived()` waits until one is there."""
        hold = Hold()
        self._holds.append(hold)
        fault = self.add(hold, method=method, path=path, times=times, after=after)
        try:
            yield hold
        finally:
            hold.release()
            self._holds.remove(hold)
            self.remove(fault)

    def add(
        self, effect: Effect, *, method: str = "*", path: str = "*", times: int | None = None, after: bool = False
    ) -> Fault:
        """Add a fault of one's own making; the others are made of this one."""
        fault = Fault(effect, method=method, path=path, times=times, after=after)
        self._faults.append(fault)
        return fault

    def by_chance(
        self, seed: int, odds: Mapping[str, float], *, slow: float = 1, method: str = "*", path: str = "*"
    ) -> None:
        """Let faults happen by chance from now on, at most one for each request.

        Args:
            seed: the same seed and the same order of requests give the same faults.
            odds: the probability of each kind (`chances.KINDS`), from 0 to 1.
            slow: seconds that a slow request waits.
            method: which methods they strike.
            path: which paths they strike.
        """
        self._chances = (Chances(seed, odds, slow=slow, clock=self._clock), method, path)

    def switch(self, /, **changes: object) -> None:
        """Turn switches by their names (`Switches`); what is left out stays as it is.

        Raises:
            pydantic.ValidationError: where a name is unknown or a value makes no sense; nothing has changed then.
        """
        self.switches = Switches.model_validate({**self.switches.model_dump(), **changes})

    def remove(self, fault: Fault) -> None:
        """Take a fault away; one that has gone already is no error."""
        self._faults = [kept for kept in self._faults if kept is not fault]

    def clear(self) -> None:
        """Take all faults away, turn all switches off, release what is held and forget what was counted."""
        for hold in self._holds:
            hold.release()
        self._faults = []
        self._chances = None
        self.switches = Switches()
        self._served.clear()

    # What the server asks

    def take(self, method: str, path: str) -> tuple[Fault, ...]:
        """Return the faults that strike this request, in order, and count them."""
        struck = [fault for fault in self._faults if fault.strikes(method, path)]
        self._faults = [fault for fault in self._faults if not fault.spent]
        return (*struck, *self._by_chance(method, path))

    def closed(self, *, retry_after: bool) -> Answer | None:
        """Return why the whole service takes no request now, or None where it takes this one, which then counts."""
        if self.switches.down:
            return UNAVAILABLE
        if self.switches.limit_per_minute is None:
            return None
        now = self._clock.monotonic()
        while self._served and self._served[0] <= now - _MINUTE:
            self._served.popleft()
        if len(self._served) < self.switches.limit_per_minute:
            self._served.append(now)
            return None
        wait = self._served[0] + _MINUTE - now if self._served else _MINUTE
        return Answer(429, headers={"Retry-After": str(math.ceil(wait))} if retry_after else {})

    async def linger(self) -> None:
        """Wait as long as every request waits now."""
        if self.switches.slow:
            await self._clock.sleep(self.switches.slow)

    def _by_chance(self, method: str, path: str) -> tuple[Fault, ...]:
        if self._chances is None:
            return ()
        chances, methods, paths = self._chances
        if not (fnmatchcase(method, methods) and fnmatchcase(path, paths)):
            return ()
        drawn = chances.draw()
        if drawn is None:
            return ()
        effect, after = drawn
        fault = Fault(effect, method=method, path=path, times=1, after=after)
        fault.hits = 1
        return (fault,)
