"""One walk of one kind of record from the account into the copy."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Generic

import structlog

from bot.catalog.extent import Extent
from bot.catalog.layout import possible_id
from bot.catalog.model import Progress, R, Tally
from bot.catalog.shifts import Signs
from bot.invoicexpress.errors import NotFound, UnexpectedAnswer

if TYPE_CHECKING:
    from bot.catalog.copy import Copy
    from bot.catalog.kinds import Kind
    from bot.catalog.source import RecentWrites, Source
    from bot.clock import Clock
    from bot.invoicexpress.client import Page

Report = Callable[[Progress], Awaitable[None]]

CONCURRENCY: Final = 6
"""Pages of one kind that are asked for at the same time; both kinds together leave a place to people."""

_MOST_SHIFTS: Final = 2  # after which pages are taken as they come
_MOST_KEPT: Final = 100  # records that no page showed and that are there; with more, the list cannot be trusted
_LAG: Final = 60.0  # seconds for which a list may go on showing what was before a write
_SHELVED_AFTER: Final = 1.0  # seconds after which what has been read is written, be it a whole batch or not
_MOST_WARNINGS: Final = 10  # pages of one walk whose unreadable records are logged page by page
_WORTH_A_LINE: Final = 1_000  # records between two lines of the log on how a walk proceeds, at least


class Walk(Generic[R]):
    """Reads every page into the copy, then checks by its id what is in the copy and was on no page.

    Pages shift while somebody inserts or deletes. What is in the copy already is safe from that, because nothing is
    dropped before the account has said that it is gone. What is new is not: so each walk looks for signs that pages
    have shifted meanwhile, and walks again if it finds any.

    Args:
        source: where the records come from.
        copy: where they go.
        recent: what was written by others meanwhile.
        clock: the time.
        report: is told how far the walk is.
        background: nobody waits for this walk.
    """

    def __init__(
        self,
        source: Source[R],
        copy: Copy,
        recent: RecentWrites,
        clock: Clock,
        report: Report,
        *,
        background: bool = False,
    ) -> None:
        self._source: Source[R] = source
        self._background = background
        self._kind: Kind[R] = source.kind
        self._copy = copy
        self._recent = recent
        self._clock = clock
        self._report = report
        self._log = structlog.get_logger(__name__)
        self._seen: set[int] = set()
        self._tally = Tally()
        self._unreadable = 0
        self._warnings = 0
        self._next_line = _WORTH_A_LINE
        self._last_page = 1
        self._extent: Extent[R] = Extent(self._page, self._measured)
        self._writing: asyncio.Task[None] | None = None

    async def run(self) -> Tally:
        """Walk, and return what changed. The copy is marked as whole at the end, and not before.

        Raises:
            AccountError: the walk could not be finished. What was read before is in the copy.
            UnexpectedAnswer: the list left out so many records that it cannot be trusted.
        """
        began = self._clock.now()
        first = self._copy.whole[self._kind.name] is None
        if first:
            self._log.info("catalog.first_walk", kind=self._kind.name)
        shifts = 0
        while True:
            losses = self._copy.losses
            if await self._read_and_look(first=first) and shifts < _MOST_SHIFTS:
                shifts += 1
            else:
                await self._check_missing()
                # It cannot go on losing what it holds: after two losses it is in memory.
                if losses == self._copy.losses:
                    break
            self._log.info("catalog.walk_again", kind=self._kind.name)
        await self._copy.set_whole(self._kind, began, self._unreadable)
        return dataclasses.replace(self._tally, unreadable=self._unreadable)

    async def _read_and_look(self, *, first: bool) -> bool:
        """Read every page into the copy, and return whether there is a sign that pages shifted meanwhile."""
        signs = Signs[R](self._seen, all_new=first)
        try:
            await self._read_pages(signs)
            return await signs.of_a_shift(self._page)
        finally:
            await self._written()

    async def _read_pages(self, signs: Signs[R]) -> None:
        since = self._clock.monotonic() - _LAG
        self._recent.forget_before(since)
        self._seen.clear()
        self._unreadable = 0
        waiting: list[R] = []
        written = self._clock.monotonic()
        try:
            async with aclosing(self._source.pages(concurrency=CONCURRENCY, background=self._background)) as pages:
                async for page in pages:
                    signs.read(page)
                    waiting += self._readable(page)
                    now = self._clock.monotonic()
                    if len(waiting) >= self._copy.batch(self._kind) or now - written > _SHELVED_AFTER:
                        await self._write(waiting, since)
                        waiting, written = [], now
                    await self._tell(page)
        finally:
            self._extent.give_up()
            # Whoever looks for shifted pages need not wait for what is still being written.
            self._writing = asyncio.create_task(self._put_after(self._writing, waiting, since))

    def _readable(self, page: Page[R]) -> list[R]:
        """Return what of a page can be kept; count the rest, and warn of it. The copy holds no id of 16 digits."""
        self._seen.update(record.id for record in page.records)
        records = [record for record in page.records if possible_id(record.id)]
        lost = page.unreadable + len(page.records) - len(records)
        if lost:
            self._unreadable += lost
            self._warnings += 1
            if self._warnings <= _MOST_WARNINGS:
                self._log.warning("catalog.records_lost", kind=self._kind.name, page=page.number, records=lost)
            if self._copy.whole[self._kind.name] is None:
                self._copy.unreadable[self._kind.name] = self._unreadable
        return records

    async def _tell(self, page: Page[R]) -> None:
        """Say how far the walk is: to those who listen, and now and then in the log."""
        self._last_page = page.number
        done, expected = len(self._seen), self._expected(page)
        await self._report(Progress(self._kind.name, done, expected))
        if done >= self._next_line:
            self._next_line = done + max(_WORTH_A_LINE, expected // 10 if expected else done)
            self._log.info("catalog.walking", kind=self._kind.name, page=page.number, records=done, expected=expected)

    def _expected(self, page: Page[R]) -> int | None:
        """Return how many records there probably are: as the service says, as there were before, or as was measured."""
        if page.total_entries is not None or self._copy.whole[self._kind.name] is not None:
            return page.total_entries or self._copy.counts[self._kind.name] or None
        return self._extent.expected(page.number, len(self._seen))

    async def _measured(self) -> None:
        done = len(self._seen)
        await self._report(Progress(self._kind.name, done, self._extent.expected(self._last_page, done)))

    def _page(self, number: int) -> Awaitable[Page[R]]:
        return self._source.page(number, background=self._background)

    async def _write(self, records: list[R], since: float) -> None:
        """Begin to write a batch when the one before is written; meanwhile more pages are read."""
        await self._written()
        self._writing = asyncio.create_task(self._put(records, since))

    async def _written(self) -> None:
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing

    async def _put_after(self, before: asyncio.Task[None] | None, records: list[R], since: float) -> None:
        if before is not None:
            await before
        await self._put(records, since)

    async def _put(self, records: list[R], since: float) -> None:
        """Store what pages showed; where it could be older than what the copy has, the account is asked by the id.

        A list may lag behind a write, and whoever opens a record reads what is newer than a page; but the page may be
        the newer one just as well.
        """
        fresh: list[R] = []
        doubtful: list[R] = []
        for record in records:
            (doubtful if self._recent.since(since, record.id) else fresh).append(record)
        self._tally += await self._copy.put(self._kind, fresh)
        for record in doubtful:
            if await self._copy.get(self._kind, record.id) != record:
                await self._is_there(record.id)

    async def _check_missing(self) -> None:
        missing = await self._copy.missing(self._kind, self._seen)
        kept = 0
        for done, record_id in enumerate(missing):
            await self._report(Progress(self._kind.name, done, len(missing), checking=True))
            kept += await self._is_there(record_id)
            if kept > _MOST_KEPT:
                raise UnexpectedAnswer(HTTPStatus.OK)

    async def _is_there(self, record_id: int) -> bool:
        """Read a record by its id, and drop it if it is gone."""
        began = self._clock.monotonic()
        try:
            record = await self._source.one(record_id, background=self._background)
        except NotFound:
            if not self._recent.since(began, record_id):
                self._tally += Tally(gone=await self._copy.drop(self._kind, [record_id]))
            return False
        except UnexpectedAnswer:
            self._log.warning("catalog.unreadable", kind=self._kind.name, id=record_id)
        else:
            if not self._recent.since(began, record_id):
                self._tally += await self._copy.put(self._kind, [record])
        return True
