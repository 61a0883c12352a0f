"""How fast and for how long InvoiceXpress is asked: the limits, the budget and the breaker. Time is passed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

REQUESTS_PER_MINUTE: Final = 780
"""What the documentation allows an account, over all the programs that use it."""

_WINDOW: Final = 60.0
_NEARLY_ONE: Final = 1 - 1e-9  # sums of floats fall short of a whole token by less than this


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient we are. Times are in seconds.

    Attributes:
        at_once: requests under way at the same time, and connections.
        inside: operations of one lane that may wait, pause or be under way; more are refused.
        of_one: the same for those of one person, so that one cannot keep out the others.
        attempts: how often one operation is tried at most.
        patience: after so long, an operation for a person is not tried again.
        patience_behind: the same for a walk or a refresh, where nobody watches a clock.
        first_pause: before the second attempt; doubled before each further one.
        longest_pause: where the doubling ends, and the most that a Retry-After is followed.
        failures: after so many failures in a row the service is spared.
        rest: for how long it is spared before one request tries it again.
        connect: for a connection to open.
        read: for the next bytes to come or go.
        answer: for a whole answer.
        body: the longest body that is read, in bytes, whatever was asked.
        pages: the longest walk.
    """

    at_once: int = 16
    inside: int = 256
    of_one: int = 32
    attempts: int = 8
    patience: float = 25.0
    patience_behind: float = 120.0
    first_pause: float = 0.5
    longest_pause: float = 30.0
    failures: int = 5
    rest: float = 10.0
    connect: float = 5.0
    read: float = 30.0
    answer: float = 60.0
    body: int = 10_000_000
    pages: int = 100_000


class Budget:
    """A token bucket that keeps every window of 60 s within so many requests.

    Half of them may go at once, and the other half flows in over a minute, so that the two together never come to more
    than the whole. Half is enough for a walk of 390 pages (11,700 items) without a wait at the default, and for a
    person hardly ever to meet the budget at all.

    Args:
        per_minute: how many requests, from 1 up. (One a minute is kept as one every 60 s.)
        now: the time, in seconds from any origin.
    """

    def __init__(self, per_minute: int, now: float) -> None:
        if per_minute < 1:
            raise ValueError("the budget must allow at least one request a minute")
        self._burst = max(1, per_minute // 2)
        self._rate = max(1, per_minute - self._burst) / _WINDOW
        self._tokens = float(self._burst)
        self._at = now

    def delay(self, now: float) -> float:
        """Return the seconds until a request may go; 0 means now."""
        tokens = self._flow(now)
        return 0.0 if tokens >= _NEARLY_ONE else (1 - tokens) / self._rate

    def take(self, now: float) -> None:
        """Spend one request. To be called when `delay` says 0."""
        self._tokens = self._flow(now) - 1
        self._at = now

    def empty(self, now: float) -> None:
        """Give up what is saved, because the service says that there is nothing left."""
        self._tokens = min(0.0, self._flow(now))
        self._at = now

    def _flow(self, now: float) -> float:
        return min(float(self._burst), self._tokens + (now - self._at) * self._rate)


class Breaker:
    """Spares a service that is down, and finds out by itself when it is back.

    After a number of failures in a row nothing is let through for a rest; then one request is, and what comes of it
    decides. Any answer closes the breaker.

    Args:
        failures: how many in a row open it.
        rest: for how many seconds.
    """

    def __init__(self, failures: int, rest: float) -> None:
        self._limit = failures
        self._rest = rest
        self._failures = 0
        self._until = 0.0
        self._probing = False

    def is_open(self, now: float) -> bool:
        """Return whether a request would be refused now."""
        return self._failures >= self._limit and (self._probing or now < self._until)

    def permits(self, now: float) -> bool:
        """Return whether a request may go; it must then be reported as answered, failed or abandoned."""
        if self.is_open(now):
            return False
        self._probing = self._failures >= self._limit
        return True

    def answered(self) -> None:
        """The service answered."""
        self._failures = 0
        self._probing = False

    def failed(self, now: float) -> None:
        """The service failed, or could not be reached."""
        self._failures += 1
        self._until = now + self._rest
        self._probing = False

    def abandoned(self) -> None:
        """The request was given up by us, or its answer tells nothing: the next one tries."""
        self._probing = False
