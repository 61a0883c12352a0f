"""Walks of one kind of record: one at a time, shared by everybody who waits for one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Generic

import structlog

from bot.catalog.model import KindStatus, Progress, R, Tally
from bot.catalog.source import RecentWrites, Source
from bot.catalog.walk import Report, Walk
from bot.clock import wait_at_most
from bot.invoicexpress.errors import AccountError

if TYPE_CHECKING:
    from bot.catalog.copy import Copy
    from bot.catalog.kinds import Kind
    from bot.clock import Clock

_PAUSE: Final = 30.0  # seconds after a failed walk before another is begun
_WORTH_TIDYING: Final = 500  # new and changed records


class Sync(Generic[R]):
    """Fills the copy of one kind from the account, whatever becomes of the other kind.

    Args:
        source: where the records come from.
        copy: the copy, open.
        clock: the time.

    Attributes:
        kind: the kind.
        recent: what was written to the copy by its id lately.
        error: how the last walk failed; None if it did not.
        progress: how far the walk is that is under way; None where there is none.
    """

    def __init__(self, source: Source[R], copy: Copy, clock: Clock) -> None:
        self._source: Source[R] = source
        self._copy = copy
        self._clock = clock
        self._log = structlog.get_logger(__name__)
        self._task: asyncio.Task[Tally] | None = None
        self._has_begun = False
        self._in_background = False
        self._began_at = 0.0
        self._next: asyncio.Task[Tally] | None = None
        self._awaited: asyncio.Task[Tally] | None = None
        self._reports: list[Report] = []
        self._failed_at: float | None = None
        self.kind: Kind[R] = source.kind
        self.recent = RecentWrites(clock)
        self.error: AccountError | None = None
        self.progress: Progress | None = None

    @property
    def until_retry(self) -> float:
        """The seconds until the next walk may begin by itself: after one that failed there is a pause."""
        return 0.0 if self._failed_at is None else max(0.0, self._failed_at + _PAUSE - self._clock.monotonic())

    @property
    def is_asked_for(self) -> bool:
        """Whether somebody waits for a walk who asked for it."""
        return bool(self._reports)

    @property
    def status(self) -> KindStatus:
        """The state of the copy of this kind."""
        copy, name = self._copy, self.kind.name
        return KindStatus(
            records=copy.counts[name],
            unreadable=copy.unreadable[name],
            synced_at=copy.whole[name],
            running=self.progress,
            failure=type(self.error).__name__ if self.error else "",
        )

    async def refresh(self, report: Report | None = None, *, background: bool = False) -> Tally:
        """Walk the kind and return what that changed.

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

    async def first(self, patience: float | None) -> None:
        """Wait for a walk until it has lasted as long as patience (in seconds) does; None waits for its end."""
        walk = self._begin(background=False)
        lasted = self._clock.monotonic() - self._began_at
        if patience is None:
            await asyncio.wait([walk])
        elif lasted < patience:
            await wait_at_most(self._clock, walk, patience - lasted)

    async def aclose(self) -> None:
        """End the walk that is under way, and the one that was to follow."""
        for walk in (self._next, self._task):
            if walk is not None:
                walk.cancel()
                await asyncio.wait([walk])

    def _anew(self) -> asyncio.Task[Tally]:
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

    async def _after(self, before: asyncio.Task[Tally]) -> Tally:
        """Walk when another walk has ended, however it did."""
        await asyncio.wait([before])
        walk = self._begin(background=False)
        await asyncio.wait([walk])
        return walk.result()

    def _begin(self, *, background: bool) -> asyncio.Task[Tally]:
        """Return the walk that is under way, or a new one."""
        if self._task is None or self._task.done():
            self._has_begun, self._in_background = False, background
            self._began_at = self._clock.monotonic()
            self.progress = Progress(self.kind.name, 0)
            self._task = asyncio.create_task(self._run(background=background), name=f"catalog-walk-{self.kind.name}")
            self._task.add_done_callback(self._over)
        return self._task

    async def _run(self, *, background: bool) -> Tally:
        self._has_begun = True
        walk = Walk(self._source, self._copy, self.recent, self._clock, self._report, background=background)
        tally = await walk.run()
        if tally.new + tally.changed > _WORTH_TIDYING:
            await self._copy.tidy(self.kind)
        figures = {"new": tally.new, "changed": tally.changed, "gone": tally.gone, "unreadable": tally.unreadable}
        self._log.info("catalog.walked", kind=self.kind.name, **figures)
        return tally

    def _over(self, task: asyncio.Task[Tally]) -> None:
        self.error = self._failed_at = self.progress = None
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self._failed_at = self._clock.monotonic()
            ours = None if isinstance(error, AccountError) else error
            self._log.warning("catalog.walk_failed", kind=self.kind.name, reason=repr(error), exc_info=ours)
        if isinstance(error, AccountError):
            self.error = error

    async def _report(self, progress: Progress) -> None:
        # Where pages have shifted, a walk reads them again; what it has read before is there all the same.
        if self.progress is None or progress.done >= self.progress.done:
            self.progress = progress
        for report in tuple(self._reports):
            try:
                await report(progress)
            except Exception:  # noqa: BLE001 - whatever hinders one listener must not end the walk of all
                self._log.warning("catalog.progress_not_told", exc_info=True)
                self._reports.remove(report)


def _noticed(task: asyncio.Task[Tally]) -> None:
    """Take note of how a walk ended that its callers may have given up: it has logged that itself."""
    if not task.cancelled():
        task.exception()
