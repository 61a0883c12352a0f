"""The history of writes: the intent recorded before the request, the outcome after it, and nothing done twice."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from bot.clock import Clock
from bot.errors import Restarting
from bot.history import records
from bot.history.backup import copy_before_trim
from bot.history.disk import Disk, NotRecorded
from bot.history.lookups import Lookups
from bot.history.model import Entry, Outcome, Promise, Write, entry_of, outcome_of
from bot.history.reading import Kept, Unreadable
from bot.history.retention import trim
from bot.invoicexpress.models import Item

_TIDY_SECONDS: Final = 3600.0


class History(Lookups):
    """Records every write, and shows what was recorded.

    Where the database can't be written, writes raise `NotRecorded`; where it can't be read, what is asked of it raises
    `NotReadable`. It is tried again at each. An outcome that could not be appended is kept in memory and appended as
    soon as it can be.

    Args:
        path: the database.
        clock: the time.
        keep_days: how long writes are kept; None keeps them for ever.
        beside: the local copy of the account, which tells lost records from such as never were.
    """

    def __init__(self, path: Path, clock: Clock, *, keep_days: int | None = None, beside: Path | None = None) -> None:
        super().__init__(Disk(path, beside=beside))
        self._path = path
        self._clock = clock
        self._keep = timedelta(days=keep_days) if keep_days is not None else None
        self._tidied_at: float | None = None
        self._seen: dict[str, float] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._under_way: set[str] = set()
        self._in_hand: set[str] = set()
        self._ends = False
        self._listeners: list[Callable[[Entry], None]] = []
        self._log = structlog.get_logger(__name__)

    async def open(self) -> bool:
        """Open the database, bring its schema up to date, and drop what is older than it is kept.

        Returns:
            Whether it can be used; why not, the log says.
        """
        usable = await self.disk.open()
        await self.tidy()
        return usable

    @property
    def trouble(self) -> str:
        """Why it can't be used now; empty where it can."""
        return self.disk.trouble

    @property
    def is_quiet(self) -> bool:
        """Whether no claim is open and no outcome is to come."""
        return not (self._in_hand or self._under_way or self._ending)

    def refuse_more(self) -> None:
        """Refuse claims from now on with `Restarting`; what was begun goes on."""
        self._ends = True

    async def end_writing(self) -> None:
        """Append what is still owed, and write nothing any more; reading goes on."""
        self.refuse_more()
        if self._ending:
            await asyncio.wait(self._ending)
        await self.disk.end_writing()

    async def aclose(self) -> None:
        """Append what is still owed, and close."""
        if self._ending:
            await asyncio.wait(self._ending)
        await self.disk.aclose()

    async def tidy(self) -> None:
        """Append what is owed, and now and then drop what is older than it is kept; called every so often."""
        await self.disk.pay()
        await self.disk.probe()
        now, moment = self._clock.now(), self._clock.monotonic()
        if self._tidied_at is not None and moment - self._tidied_at < _TIDY_SECONDS:
            return
        try:
            await self.disk.write(lambda connection: self._trim(connection, now))
        except NotRecorded:
            return
        self._tidied_at = moment

    def listen(self, listener: Callable[[Entry], None]) -> None:
        """Have a function called with every write that has ended, and with what became known of it later."""
        self._listeners.append(listener)

    async def claim(self, key: str, reference: str, person: str) -> bool:
        """Claim the right to do something once, and promise to tell its outcome.

        From then on the request is in hand, until `let_go`.

        Args:
            key: what tells it from everything else.
            reference: the id of the request.
            person: who asked.

        Returns:
            False where it was claimed before, even by an earlier process.

        Raises:
            NotRecorded: the claim could not be kept, so nothing must be done.
            Restarting: nothing new is begun.
        """
        self.require_going_on(reference)
        promise = Promise(reference, person, self._clock.now())
        was_in_hand = reference in self._in_hand
        self._in_hand.add(reference)
        claimed = False
        try:
            claimed = await self.disk.write(lambda connection: records.claim(connection, key, promise))
        finally:
            if not claimed and not was_in_hand:
                self._in_hand.discard(reference)
        return claimed

    async def release(self, reference: str) -> None:
        """Give back what a request has claimed, because nothing was done.

        Where that fails the claims stay, and nothing is done twice.
        """
        try:
            await self.disk.write(lambda connection: records.release(connection, reference))
        except NotRecorded:
            self._log.warning("claims kept", reference_of=reference)

    async def told(self, reference: str) -> None:
        """Note that the person of a request knows how it ended. Where that fails they may be told once more."""
        try:
            await self.disk.write(lambda connection: records.keep_promise(connection, reference))
        except NotRecorded:
            self._log.warning("promise still open", reference_of=reference)

    def let_go(self, reference: str) -> None:
        """Leave a request to whoever keeps the open promises."""
        self._in_hand.discard(reference)

    @contextmanager
    def in_hand(self, reference: str) -> Iterator[None]:
        """Tell within the block, oneself, what was promised to a request that came before.

        Raises:
            Restarting: nothing new is begun.
        """
        self.require_going_on(reference)
        self._in_hand.add(reference)
        try:
            yield
        finally:
            self.let_go(reference)

    async def promises(self) -> tuple[Promise, ...]:
        """Return the promises, other than those in hand, that are still to be kept."""
        busy = frozenset(self._in_hand)  # what is let go of while we read had not been let go of when it was read
        found, count = await self.disk.read(
            lambda connection: (records.promises(connection), records.count_promises(connection))
        )
        if count > len(found):
            self.notice("promises", promises=count - len(found))
        return tuple(promise for promise in found if promise.reference not in busy | self._in_hand)

    @asynccontextmanager
    async def recording(self, write: Write) -> AsyncIterator[Write]:
        """Record a write around the request that carries it out.

        Whoever writes may fill in what it learns (the id, what was stored). The outcome is `succeeded` unless an
        error leaves the block; the error goes on to the caller.

        Raises:
            NotRecorded: the intent could not be recorded; the block was not run.
        """
        now = self._clock.now()
        self._under_way.add(write.reference)
        try:
            await self.disk.write(lambda connection: records.append_intent(connection, write, now))
        except BaseException:
            self._under_way.discard(write.reference)
            raise
        self._log.info("write intended", **write.as_log())
        try:
            yield write
        except BaseException as error:
            write.outcome, write.late = outcome_of(error)
            raise
        else:
            write.outcome = Outcome.SUCCEEDED
        finally:
            ending = asyncio.create_task(self._end(write, now))
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)
            await asyncio.shield(ending)

    async def settle(self, entry: Entry, outcome: Outcome, item: Item | None) -> None:
        """Append what became known of a write whose outcome was not; `unknown` where it never will be."""
        at, item_id = self._clock.now(), item.id if item and outcome is Outcome.SUCCEEDED else entry.item_id
        after = item if outcome is Outcome.SUCCEEDED else None
        self._log.info("write settled", outcome=str(outcome), reference_of=entry.reference, item=item_id)
        await self.disk.write(
            lambda connection: records.append_outcome(
                connection, entry.reference, outcome, item=item_id, after=after, at=at, final=True
            )
        )
        self._tell_listeners(entry.settled(outcome, item_id, after, at))

    async def give_up(self, row: Unreadable) -> None:
        """Append that it will never be known how a write ended that can't be read."""
        at = self._clock.now()
        await self.disk.write(lambda connection: records.give_up(connection, row.number, at))

    async def unsettled(self) -> tuple[Kept, ...]:
        """Return the writes, other than those under way, of which nobody knows whether they were carried out."""
        busy = frozenset(self._under_way)  # as in `promises`
        found = await self.disk.read(records.unsettled)
        open_ends = tuple(entry for entry in found if entry.reference not in busy | self._under_way)
        now = self._clock.monotonic()
        self._seen = {entry.reference: self._seen.get(entry.reference, now) for entry in open_ends}
        for entry in open_ends:
            self.noticed(entry)
        return open_ends

    def seen_for(self, entry: Kept) -> timedelta:
        """Return how long ago this process first saw that a write was unsettled, whatever the clock on the wall did."""
        now = self._clock.monotonic()
        return timedelta(seconds=now - self._seen.get(entry.reference, now))

    def require_going_on(self, reference: str) -> None:
        """Go on only where this is no new request, or the process is not about to end.

        Raises:
            Restarting: nothing new is begun that writes.
        """
        if self._ends and reference not in self._in_hand:
            raise Restarting

    async def _end(self, write: Write, intended_at: datetime) -> None:
        entry = entry_of(write, intended_at, self._clock.now())

        def append(connection: sqlite3.Connection) -> None:
            records.append_outcome(
                connection,
                entry.reference,
                entry.outcome or Outcome.UNKNOWN,
                item=entry.item_id,
                after=entry.after,
                at=entry.ended_at or intended_at,
                late=entry.late,
            )

        # Under way until then: without its outcome it looks as if nobody knew it.
        await self.disk.owe(append, lambda: self._under_way.discard(entry.reference))
        self._log.info("write ended", outcome=str(entry.outcome), **write.as_log())
        self._tell_listeners(entry)

    def _tell_listeners(self, entry: Entry) -> None:
        for listener in self._listeners:
            listener(entry)

    def _trim(self, connection: sqlite3.Connection, now: datetime) -> None:
        def copy() -> None:
            self._log.info(
                "history copied before it is trimmed", copy=str(copy_before_trim(connection, self._path, now))
            )

        trimmed = trim(connection, now, self._keep, copy)
        if trimmed.ahead is not None:
            self._log.warning("nothing is dropped: the clock is far beyond the newest record", days=trimmed.ahead.days)
        if trimmed.dropped:
            self._log.info("history trimmed", dropped=trimmed.dropped)
