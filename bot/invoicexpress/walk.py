"""Reading a list to its end, whatever the service says about where that is."""

from __future__ import annotations

import asyncio
import dataclasses
import math
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from bot.invoicexpress.errors import UnexpectedAnswer
from bot.invoicexpress.models import Page

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable


class _HasId(Protocol):
    @property
    def id(self) -> int: ...


ListedT = TypeVar("ListedT", bound=_HasId)


async def walk(
    fetch: Callable[[int], Awaitable[Page[ListedT]]],
    *,
    first_page: int,
    concurrency: int,
    per_page: int,
    most_pages: int,
) -> AsyncGenerator[Page[ListedT], None]:
    """Yield the pages of a list in order, each record once, until a page is empty or brings nothing new.

    Neither a short page nor the number of pages that the service states is the end: the service may clamp `per_page`,
    repeat the last page for ever, or be wrong. They only say how far to read ahead. A record that cannot be read
    counts as new if none like it was seen, so that a page of nothing else does not end the walk. What was read ahead
    is given up when the consumer stops.

    Args:
        fetch: asks for one page.
        first_page: where to begin.
        concurrency: how many pages may be asked for at the same time.
        per_page: how many records were asked for.
        most_pages: where a list that never ends is given up.

    Raises:
        UnexpectedAnswer: the list did not end within `most_pages`.
        Exception: what `fetch` raises, after the pages before it were yielded.
    """
    reach = _Reach(concurrency, per_page)
    ahead = _Ahead(fetch, reach, first_page)
    news = _News[ListedT]()
    try:
        for number in range(first_page, first_page + most_pages):
            page = await ahead.page(number)
            reach.learn(page)
            fresh = news.of(page)
            if fresh.is_empty:
                return
            yield fresh
        raise UnexpectedAnswer(HTTPStatus.OK)
    finally:
        await ahead.give_up()


class _Ahead(Generic[ListedT]):
    """The pages that are asked for before their turn: whenever one arrives, another is asked for."""

    def __init__(self, fetch: Callable[[int], Awaitable[Page[ListedT]]], reach: _Reach, first_page: int) -> None:
        self._fetch = fetch
        self._reach = reach
        self._head = first_page
        self._next = first_page
        self._asked: dict[int, asyncio.Future[Page[ListedT]]] = {}
        self._end: float = math.inf

    async def page(self, number: int) -> Page[ListedT]:
        """Return the page that comes next in order."""
        self._head = number
        self._fill()
        page = await self._asked[number]
        del self._asked[number]
        return page

    async def give_up(self) -> None:
        """Stop whatever is under way."""
        self._end = 0
        for asked in self._asked.values():
            asked.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)

    def _fill(self) -> None:
        under_way = sum(not asked.done() for asked in self._asked.values())
        last = min(self._reach.last(self._head), self._end)
        while under_way < self._reach.width and self._next <= last:
            asked = asyncio.ensure_future(self._fetch(self._next))
            asked.add_done_callback(partial(self._arrived, self._next))
            self._asked[self._next] = asked
            under_way += 1
            self._next += 1

    def _arrived(self, number: int, asked: asyncio.Future[Page[ListedT]]) -> None:
        if asked.cancelled() or asked.exception() is not None or asked.result().is_empty:
            self._end = min(self._end, number)  # no walk gets beyond this page
        self._fill()


class _News(Generic[ListedT]):
    """Tells what is new of a page."""

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._marks: set[str] = set()

    def of(self, page: Page[ListedT]) -> Page[ListedT]:
        records = []
        for record in page.records:
            if record.id not in self._ids:
                self._ids.add(record.id)
                records.append(record)
        marks = tuple(mark for mark in page.marks if mark not in self._marks)
        self._marks.update(marks)
        return dataclasses.replace(page, records=tuple(records), unreadable=len(marks), marks=marks)


class _Reach:
    """How far ahead it is worth reading: while pages are full, and not beyond the last page that was announced."""

    def __init__(self, concurrency: int, per_page: int) -> None:
        self._concurrency = max(1, concurrency)
        self._full = per_page
        self._announced: int | None = None
        self.width = 1
        """How many pages may be under way at the same time."""

    def learn(self, page: Page[ListedT]) -> None:
        """Look at the page that comes next in order. The size of a clamped page is learnt from the first one."""
        size = len(page.records) + page.unreadable
        self.width = self._concurrency if size >= self._full else 1
        self._full = min(self._full, size)
        self._announced = page.total_pages

    def last(self, number: int) -> int:
        """Return the last page to ask for when page `number` is the next in order; never less than that.

        About twice the width, so that one slow page does not hold up the others.
        """
        last = number + 2 * (self.width - 1)
        return last if self._announced is None else max(number, min(last, self._announced + 1))
