"""Faults that come by chance, from a seed: the same seed and the same order of requests give the same faults."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Final

from bot.clock import Clock

from .answers import Answer, html
from .effects import Cut, Effect, Instead, Slow

SERVER_ERROR: Final = html(500, "We're sorry, but something went wrong (500)")
BAD_GATEWAY: Final = html(502, "502 Bad Gateway")
UNAVAILABLE: Final = html(503, "503 Service Temporarily Unavailable")
LIMITED: Final = Answer(429)

KINDS: Final = (
    "slow",
    "limited",
    "limited-retry-after",
    "server-error",
    "server-error-after",
    "bad-gateway",
    "bad-gateway-after",
    "unavailable",
    "cut",
    "cut-after",
    "cut-half-way",
)
"""What may happen by chance. Those that end in "after", and a cut half way, come when the write has been done."""


class Chances:
    """Draws at most one fault for each request.

    Args:
        seed: where the draws begin.
        odds: for each kind its probability, from 0 to 1; together at most 1.
        slow: how many seconds a slow request waits, before it is carried out.
        clock: measures them.

    Raises:
        ValueError: where a kind is unknown or the probabilities make no sense.
    """

    def __init__(self, seed: int, odds: Mapping[str, float], *, slow: float, clock: Clock) -> None:
        if unknown := sorted(set(odds) - set(KINDS)):
            raise ValueError(f"No such kind of fault: {', '.join(unknown)}; there are {', '.join(KINDS)}")
        if min(odds.values(), default=0) < 0 or sum(odds.values()) > 1:
            raise ValueError("Probabilities must not be negative, nor more than 1 together")
        self._random = random.Random(seed)  # noqa: S311 - repeatable faults, no secret
        self._odds = tuple(odds.items())
        self._effects: Mapping[str, tuple[Effect, bool]] = {
            "slow": (Slow(slow, clock), False),
            "limited": (Instead(LIMITED), False),
            "limited-retry-after": (Instead(Answer(429, headers={"Retry-After": "1"})), False),
            "server-error": (Instead(SERVER_ERROR), False),
            "server-error-after": (Instead(SERVER_ERROR), True),
            "bad-gateway": (Instead(BAD_GATEWAY), False),
            "bad-gateway-after": (Instead(BAD_GATEWAY), True),
            "unavailable": (Instead(UNAVAILABLE), False),
            "cut": (Cut(), False),
            "cut-after": (Cut(), True),
            "cut-half-way": (Cut(half_way=True), True),
        }

    def draw(self) -> tuple[Effect, bool] | None:
        """Return what happens to the next request, and whether that comes after the write."""
        left = self._random.random()
        for kind, probability in self._odds:
            if left < probability:
                return self._effects[kind]
            left -= probability
        return None
