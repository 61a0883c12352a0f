"""Walks of the whole account: one at a time, shared by everybody who waits for one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from bot.catalog.kinds import CLIENTS, ITEMS, Kind
from bot.catalog.model import Changes, Progress, R, Tally
from bot.catalog.walk import RecentWrites, Report, Source, Walk
from bot.clock import wait_at_most
from bot.invoicexpress.errors import AccountError

if TYPE_CHECKING:
    from bot.catalog.copy import Copy
    from bot.clock import Clock
    from bot.invoicexpress.client import InvoiceXpress
    from bot.invoicexpress.models import Tax

CONCURRENCY: Final = 8
"""Pages that are asked for at the same time."""

_WORTH_TIDYING: Final = 500  # new and changed records


class Sync:
    """Fills the copy from the account.

    Args:
        account: the account.
        copy: the copy, open.
        clock: the time.

    Attributes:
        recent: what was written to the copy by its id lately.
        error: how the last walk failed; None if it did not.
        failed_at: when the last walk failed, by the monotonic clock; None if it did not.
        reading_taxes: held while the taxes are read, so that nobody else begins to.
    """

    def __init__(self, account: InvoiceXpress, copy: Copy, clock: Clock) -> None:
        self._account = account
        self._copy = copy
        self._clock = clock
        self._log = structlog.get_logger(__name__)
        self._task: asyncio.Task[Changes] | None = None
        self._has_begun = False
        self._in_background = False
        self._next: asyncio.Task[Changes] | None = None
        self._awaited: asyncio.Task[Changes] | None = None
        self._reports: list[Report] = []
        self._ended: dict[str, asyncio.Event] = {}
        self.recent = RecentWrites(clock)
        self.error: AccountError | None = None
        self.failed_at: float | None = None
        self.reading_taxes = asyncio.Lock()

    @property
    def running(self) -> bool:
        """Whether a walk is under way."""
        return self._task is not None and not self._task.done()

    async def refresh(self, report: Report | None = None, *, background: bool = False) -> Changes:
        """Walk the whole account and return what that changed.

        Whoever asks wants to know what is there now: a walk that is under way may have passed it already. So one in the
        background is broken off for theirs, and after one that people wait for, there is another, shared by all who
        asked meanwhile. A caller that is cancelled leaves the walk to the others.

        Args:
            report: is told how far the walk is; it should return soon, and what it raises ends its being told.
            background: nobody waits for this walk; it takes at most a quarter of the budget, and joins any other.

        Raises:
            AccountError: the walk could not be finished.
        """
        if report is not None:
            self._reports.append(report)
        try:
            walk = self._begin(background=True) if background else self._anew()
            await asyncio.wait([walk])  # which leaves it alone where the caller is cancelled
            if walk.cancelled() and self._next is not None and not self._next.done():
                walk = self._next
                await asyncio.wait([walk])
            return walk.result()
        finally:
            if report in self._reports:
                self._reports.remove(report)

    async def first(self, kind: Kind[R], patience: float | None) -> None:
        """Wait until a walk has read this kind, or failed, or patience (in seconds) is at its end."""
        self._begin(background=False)
        ended = asyncio.create_task(self._ended[kind.name].wait())
        try:
            if patience is None:
                await ended
            else:
                await wait_at_most(self._clock, ended, patience)
        finally:
            ended.cancel()

    async def aclose(self) -> None:
        """End the walk that is under way, and the one that was to follow."""
        for walk in (self._next, self._task):
            if walk is not None:
                walk.cancel()
                await asyncio.wait([walk])

    def _anew(self) -> asyncio.Task[Changes]:
        """Return a walk that asks the account for nothing before now."""
        before = self._task
        if before is None or before.done() or not self._has_begun:
            return self._begin(background=False)
        if self._next is None or self._awaited is not before:
            if self._in_background:
                before.cancel()
            self._awaited = before
            self._next = asyncio.create_task(self._after(before), name="catalog-next-walk")
            self._next.add_done_callback(_noticed)
        return self._next

    async def _after(self, before: asyncio.Task[Changes]) -> Changes:
        """Walk when another walk has ended, however it did."""
        await asyncio.wait([before])
        walk = self._begin(background=False)
        await asyncio.wait([walk])
        return walk.result()

    def _begin(self, *, background: bool) -> asyncio.Task[Changes]:
        """Return the walk that is under way, or a new one."""
        if self._task is None or self._task.done():
            self._has_begun, self._in_background = False, background
            self._ended = {kind.name: asyncio.Event() for kind in (ITEMS, CLIENTS)}
            self._task = asyncio.create_task(self._run(background=background), name="catalog-walk")
            self._task.add_done_callback(self._over)
        return self._task

    async def _run(self, *, background: bool) -> Changes:
        self._has_begun = True
        items = Source(
            ITEMS,
            lambda: self._account.walk_items(concurrency=CONCURRENCY, background=background),
            lambda number: self._account.list_items(number, background=background),
            lambda number: self._account.get_item(number, background=background),
        )
        clients = Source(
            CLIENTS,
            lambda: self._account.walk_clients(concurrency=CONCURRENCY, background=background),
            lambda number: self._account.list_clients(number, background=background),
            lambda number: self._account.get_client(number, background=background),
        )
        changes = Changes(await self._walk(items), await self._walk(clients))
        async with self.reading_taxes:
            await self.read_taxes(background=background)
        return changes

    async def read_taxes(self, *, background: bool = False) -> tuple[Tax, ...]:
        """Read the taxes of the account into the copy and return them.

        Raises:
            AccountError: they could not be read.
        """
        began = self._clock.now()
        taxes = await self._account.list_taxes(background=background)
        await self._copy.keep_taxes(began, taxes)
        return taxes

    async def _walk(self, source: Source[R]) -> Tally:
        tally = await Walk(source, self._copy, self.recent, self._clock, self._report).run()
        self._ended[source.kind.name].set()
        if tally.new + tally.changed > _WORTH_TIDYING:
            await self._copy.tidy(source.kind)
        self._log.info("catalog.walked", kind=source.kind.name, new=tally.new, changed=tally.changed, gone=tally.gone)
        return tally

    def _over(self, task: asyncio.Task[Changes]) -> None:
        for ended in self._ended.values():
            ended.set()
        self.error = self.failed_at = None
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self.failed_at = self._clock.monotonic()
            ours = None if isinstance(error, AccountError) else error
            self._log.warning("catalog.walk_failed", reason=repr(error), exc_info=ours)
        if isinstance(error, AccountError):
            self.error = error

    async def _report(self, progress: Progress) -> None:
        for report in tuple(self._reports):
            try:
                await report(progress)
            except Exception:  # noqa: BLE001 - whatever hinders one listener must not end the walk of all
                self._log.warning("catalog.progress_not_told", exc_info=True)
                self._reports.remove(report)


def _noticed(task: asyncio.Task[Changes]) -> None:
    """Take note of how a walk ended that its callers may have given up: it has logged that itself."""
    if not task.cancelled():
        task.exception()
