"""One walk of one kind of record from the account into the copy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Generic

import structlog

from bot.catalog.model import KindName, Progress, R, Tally
from bot.catalog.shifts import Signs
from bot.invoicexpress.errors import NotFound, UnexpectedAnswer

if TYPE_CHECKING:
    from bot.catalog.copy import Copy
    from bot.catalog.kinds import Kind
    from bot.clock import Clock
    from bot.invoicexpress.client import Page

Report = Callable[[Progress], Awaitable[None]]

_MOST_SHIFTS: Final = 2  # after which pages are taken as they come
_MOST_KEPT: Final = 100  # records that no page showed and that are there; with more, the list cannot be trusted
_LAG: Final = 60.0  # seconds for which a list may go on showing what was before a write


@dataclass(frozen=True, slots=True)
class Source(Generic[R]):
    """Where one kind of record comes from.

    Attributes:
        kind: the kind.
        pages: yields all pages in order, each record once.
        page: reads one page again.
        one: reads one record by its id.
    """

    kind: Kind[R]
    pages: Callable[[], AsyncGenerator[Page[R], None]]
    page: Callable[[int], Awaitable[Page[R]]]
    one: Callable[[int], Awaitable[R]]


class RecentWrites:
    """Which records have been put or dropped by their id lately: a page read earlier must not undo that.

    Args:
        clock: the time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._times: dict[tuple[KindName, int], float] = {}

    def note(self, kind: KindName, record_id: int) -> None:
        """Remember a write."""
        self._times[kind, record_id] = self._clock.monotonic()

    def since(self, moment: float, kind: KindName, record_id: int) -> bool:
        """Return whether a record was written at a moment or after it."""
        return self._times.get((kind, record_id), float("-inf")) >= moment

    def forget_before(self, moment: float) -> None:
        """Forget the writes before a moment."""
        self._times = {key: time for key, time in self._times.items() if time >= moment}


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
    """

    def __init__(self, source: Source[R], copy: Copy, recent: RecentWrites, clock: Clock, report: Report) -> None:
        self._source: Source[R] = source
        self._kind: Kind[R] = source.kind
        self._copy = copy
        self._recent = recent
        self._clock = clock
        self._report = report
        self._log = structlog.get_logger(__name__)
        self._seen: set[int] = set()
        self._tally = Tally()
        self._writing: asyncio.Task[None] | None = None

    async def run(self) -> Tally:
        """Walk, and return what changed. The copy is marked as whole at the end, and not before.

        Raises:
            AccountError: the walk could not be finished. What was read before is in the copy.
            UnexpectedAnswer: the list left out so many records that it cannot be trusted.
        """
        began = self._clock.now()
        first = self._copy.whole[self._kind.name] is None
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
        await self._copy.set_whole(self._kind, began)
        return self._tally

    async def _read_and_look(self, *, first: bool) -> bool:
        """Read every page into the copy, and return whether there is a sign that pages shifted meanwhile."""
        signs = Signs[R](self._seen, all_new=first)
        try:
            await self._read_pages(signs)
            return await signs.of_a_shift(self._source.page)
        finally:
            await self._written()

    async def _read_pages(self, signs: Signs[R]) -> None:
        since = self._clock.monotonic() - _LAG
        self._recent.forget_before(since)
        self._seen.clear()
        expected = self._copy.counts[self._kind.name] or None
        waiting: list[R] = []
        try:
            async with aclosing(self._source.pages()) as pages:
                async for page in pages:
                    signs.read(page)
                    self._seen.update(record.id for record in page.records)
                    waiting += page.records
                    if len(waiting) >= self._copy.batch(self._kind):
                        await self._write(waiting, since)
                        waiting = []
                    await self._report(Progress(self._kind.name, len(self._seen), page.total_entries or expected))
        finally:
            # Whoever looks for shifted pages need not wait for what is still being written.
            self._writing = asyncio.create_task(self._put_after(self._writing, waiting, since))

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
            (doubtful if self._recent.since(since, self._kind.name, record.id) else fresh).append(record)
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
            record = await self._source.one(record_id)
        except NotFound:
            if not self._recent.since(began, self._kind.name, record_id):
                self._tally += Tally(gone=await self._copy.drop(self._kind, [record_id]))
            return False
        except UnexpectedAnswer:
            self._log.warning("catalog.unreadable", kind=self._kind.name, id=record_id)
        else:
            if not self._recent.since(began, self._kind.name, record_id):
                self._tally += await self._copy.put(self._kind, [record])
        return True
