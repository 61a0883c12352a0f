"""About how long a list is that does not say so, for a few requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, Generic

import structlog

from bot.catalog.model import R
from bot.invoicexpress.errors import AccountError, NotFound, UnexpectedAnswer

if TYPE_CHECKING:
    from bot.invoicexpress.client import Page

FROM_PAGE: Final = 64
"""Pages that have been read before a list is measured: a shorter one is read as soon as that."""

_FAR: Final = 1_000_000
"""A page that no list has: what stands on it stands on every page behind the end."""

_CLOSE: Final = 20
"""The end is found to a twentieth of its number: that is what a percentage needs."""


class Extent(Generic[R]):
    """Measures a list while it is read, once.

    Args:
        page: reads one page.
        measured: is called when the list has been measured.
    """

    def __init__(self, page: Callable[[int], Awaitable[Page[R]]], measured: Callable[[], Awaitable[None]]) -> None:
        self._page: Callable[[int], Awaitable[Page[R]]] = page
        self._measured = measured
        self._measuring: asyncio.Task[None] | None = None
        self._last_page: int | None = None
        self._log = structlog.get_logger(__name__)

    def expected(self, number: int, records: int) -> int | None:
        """Return how many records there probably are; None where that is not known, or not yet.

        Args:
            number: the page that was read last.
            records: how many records were read up to there.
        """
        if self._measuring is None and number >= FROM_PAGE:
            self._measuring = asyncio.create_task(self._measure(number), name="catalog-extent")
            self._measuring.add_done_callback(self._over)
        return None if self._last_page is None else max(self._last_page, number) * records // number

    def give_up(self) -> None:
        """Stop measuring."""
        if self._measuring is not None:
            self._measuring.cancel()

    async def _measure(self, number: int) -> None:
        """Find about which page is the last: by doubling from one that exists, then by halving.

        It takes some two requests for each doubling: about 15 for 100,000 records.

        Raises:
            AccountError: the service does not answer as it should.
        """
        beyond = await self._first_id(_FAR)
        low, high = number, number * 2
        while high < _FAR and await self._first_id(high) not in {None, beyond}:
            low, high = high, high * 2
        while high - low > max(1, high // _CLOSE):
            middle = (low + high) // 2
            if await self._first_id(middle) in {None, beyond}:
                high = middle
            else:
                low = middle
        self._last_page = low
        await self._measured()

    async def _first_id(self, number: int) -> int | None:
        """Return what a page begins with; None behind the end, where nobody knows what the service answers."""
        try:
            records = (await self._page(number)).records
        except (NotFound, UnexpectedAnswer):
            return None
        return records[0].id if records else None

    def _over(self, measuring: asyncio.Task[None]) -> None:
        """Take note of a measure that failed: without it, a walk says how much it has read, and not of how much."""
        error = None if measuring.cancelled() else measuring.exception()
        if error is not None:
            ours = None if isinstance(error, AccountError) else error
            self._log.warning("catalog.not_measured", reason=repr(error), exc_info=ours)
