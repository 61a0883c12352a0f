"""Pages that shift while they are read: somebody inserts or deletes, and what comes after it moves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, Generic

from bot.catalog.model import R

if TYPE_CHECKING:
    from bot.invoicexpress.client import Page

_SPOTS: Final = 8  # pages that are read again; no more than are asked for at once, so that it takes one round


class Signs(Generic[R]):
    """Looks for signs that pages shifted towards the front while they were read, so that one may have slipped by.

    Args:
        seen: the ids that pages have shown; it grows while they are read.
        all_new: nothing is in the copy yet. Else it is safe when records move towards the back, as they do whenever one
            is inserted before them.
    """

    def __init__(self, seen: set[int], *, all_new: bool) -> None:
        self._seen = seen
        self._all_new = all_new
        self._edges: list[tuple[int, int, int]] = []
        self._entries: list[int] = []
        self._records = 0

    def read(self, page: Page[R]) -> None:
        """Look at a page as it comes."""
        self._records += len(page.records) + page.unreadable
        if page.total_entries is not None:
            self._entries.append(page.total_entries)
        if page.records:
            self._edges.append((page.number, page.records[0].id, page.records[-1].id))

    async def of_a_shift(self, again: Callable[[int], Awaitable[Page[R]]]) -> bool:
        """Return whether there is a sign: the service's count fell or was not reached, or a page reads otherwise now.

        The count alone does not tell: one deleted and one inserted cancel out. So some pages spread over the list are
        read again, and the last one, whose end may move, because whatever is inserted may stand there.
        """
        if self._entries and (self._records < self._entries[-1] or self._entries[-1] < max(self._entries)):
            return True
        if not self._edges:
            return False
        *edges, (last_page, last_first, _) = self._edges
        spots = edges[:: max(1, -(-len(edges) // (_SPOTS - 1)))]
        *pages, last = await asyncio.gather(*(again(number) for number, _, _ in spots), again(last_page))
        if last_first not in {record.id for record in last.records}:
            return True
        return any(
            self._moved(first, end, {record.id for record in page.records})
            for (_, first, end), page in zip(spots, pages, strict=True)
        )

    def _moved(self, first: int, end: int, ids: set[int]) -> bool:
        """Return whether a page that began and ended with these ids shows by its ids now that one may be missing."""
        if self._all_new:
            return not {first, end} <= ids <= self._seen
        # Where the end has left the page, what is unknown on it was inserted.
        return first not in ids or (end in ids and not ids <= self._seen)
