"""A record as it is now, or, where that takes too long, as the copy holds it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeVar

from bot.catalog import Hits, KindName
from bot.clock import wait_at_most
from bot.invoicexpress.errors import UNREACHABLE
from bot.slack.lists import age_sentence, down_sentence, gaps, remarks
from bot.slack.payloads import Payload
from bot.slack.turn import Turn

T = TypeVar("T")

PATIENCE_SECONDS: Final = 2.0
"""How long somebody who asks for a price waits for the account before the copy is shown."""


def doubts(turn: Turn[Payload], hits: Hits[Any]) -> str:
    """Return how far what was found in the copy can be relied on now; nothing where it is fresh and whole."""
    return remarks(turn.words, hits, turn.services.clock.now(), turn.services.account.down_since)


def finder_doubts(turn: Turn[Payload], kind: KindName) -> str:
    """Return how far what will be found in the copy can be relied on; nothing where it is fresh and whole."""
    services, words = turn.services, turn.words
    standing = services.catalog.standing(kind)
    age = age_sentence(words, standing, services.clock.now(), services.account.down_since)
    return " ".join(part for part in (age, gaps(words, standing, "find.partial")) if part)


def age_of(turn: Turn[Payload], hits: Hits[Any]) -> str:
    """Return how old what was found is, where it is older than one refresh; else nothing."""
    return age_sentence(turn.words, hits, turn.services.clock.now(), None)


async def fresh_or_held(
    turn: Turn[Payload], read: Coroutine[Any, Any, T], held: Callable[[], Awaitable[T | None]]
) -> tuple[T, str]:
    """Return a record, and a sentence that says so where it is the copy's.

    Args:
        turn: the request.
        read: reads the record itself.
        held: returns it from the copy; None where the copy lacks it, and then there is nothing but to wait.

    Raises:
        AccountError: as `read` raises it, where the copy can't stand in.
    """
    reading = asyncio.create_task(read)
    try:
        await wait_at_most(turn.services.clock, reading, PATIENCE_SECONDS)
        error = reading.exception() if reading.done() else None
        if reading.done() and not isinstance(error, UNREACHABLE):
            return reading.result(), ""
        kept = await held()
        if kept is None:
            return await reading, ""
        since = turn.services.account.down_since
        return kept, down_sentence(turn.words, since) or turn.words.text("list.unread")
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
