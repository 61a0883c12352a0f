"""Reading a list to its end, whatever the service says about where that is."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import deque
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
    ahead: deque[asyncio.Future[Page[ListedT]]] = deque()
    news = _News[ListedT]()
    reach = _Reach(concurrency, per_page)
    try:
        for number in range(first_page, first_page + most_pages):
            for further in range(number + len(ahead), reach.last(number) + 1):
                ahead.append(asyncio.ensure_future(fetch(further)))
            page = await ahead[0]
            ahead.popleft()
            reach.learn(page)
            fresh = news.of(page)
            if not fresh.records and not fresh.unreadable:
                return
            yield fresh
        raise UnexpectedAnswer(HTTPStatus.OK)
    finally:
        for asked in ahead:
            asked.cancel()
        await asyncio.gather(*ahead, return_exceptions=True)


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
        self._width = 1
        self._announced: int | None = None

    def learn(self, page: Page[ListedT]) -> None:
        """Look at the page that comes next in order. The size of a clamped page is learnt from the first one."""
        size = len(page.records) + page.unreadable
        self._width = self._concurrency if size >= self._full else 1
        self._full = min(self._full, size)
        self._announced = page.total_pages

    def last(self, number: int) -> int:
        """Return the last page to ask for, when page `number` is the next in order; never less than that."""
        last = number + self._width - 1
        return last if self._announced is None else max(number, min(last, self._announced + 1))
