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
from bot.history import records
from bot.history.disk import Disk, NotReadable, NotRecorded
from bot.history.model import Entry, Outcome, Promise, Write, entry_of, outcome_of
from bot.invoicexpress.models import Item

_KEEP_CLAIMS: Final = timedelta(days=30)
_TIDY_EVERY: Final = timedelta(hours=1)


class History:
    """Records every write, and shows what was recorded.

    Where the database can't be written, writes raise `NotRecorded`; where it can't be read, what is asked of it raises
    `NotReadable`. It is tried again at each. An outcome that could not be appended is kept in memory and appended as
    soon as it can be.

    Args:
        path: the database.
        clock: the time.
        keep_days: how long writes are kept; None keeps them for ever.
    """

    def __init__(self, path: Path, clock: Clock, *, keep_days: int | None = None) -> None:
        self._disk = Disk(path)
        self._clock = clock
        self._keep = timedelta(days=keep_days) if keep_days is not None else None
        self._tidied_at: datetime | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._under_way: set[str] = set()
        self._in_hand: set[str] = set()
        self._listeners: list[Callable[[Entry], None]] = []
        self._log = structlog.get_logger(__name__)

    async def open(self) -> bool:
        """Open the database, bring its schema up to date, and drop what is older than it is kept.

        Returns:
            Whether it can be used; why not, the log says.
        """
        usable = await self._disk.open()
        await self.tidy()
        return usable

    async def aclose(self) -> None:
        """Append what is still owed, and close."""
        if self._ending:
            await asyncio.wait(self._ending)
        await self._disk.aclose()

    async def tidy(self) -> None:
        """Append what is owed, and now and then drop what is older than it is kept; called every so often."""
        await self._disk.pay()
        now = self._clock.now()
        if self._tidied_at is not None and now - self._tidied_at < _TIDY_EVERY:
            return
        try:
            await self._disk.write(lambda connection: self._drop_old(connection, now))
        except NotRecorded:
            return
        self._tidied_at = now

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
        """
        promise = Promise(reference, person, self._clock.now())
        was_in_hand = reference in self._in_hand
        self._in_hand.add(reference)
        claimed = False
        try:
            claimed = await self._disk.write(lambda connection: records.claim(connection, key, promise))
        finally:
            if not claimed and not was_in_hand:
                self._in_hand.discard(reference)
        return claimed

    async def release(self, reference: str) -> None:
        """Give back what a request has claimed, because nothing was done.

        Where that fails the claims stay, and nothing is done twice.
        """
        try:
            await self._disk.write(lambda connection: records.release(connection, reference))
        except NotRecorded:
            self._log.warning("claims kept", reference_of=reference)

    async def told(self, reference: str) -> None:
        """Note that the person of a request knows how it ended. Where that fails they may be told once more."""
        try:
            await self._disk.write(lambda connection: records.keep_promise(connection, reference))
        except NotRecorded:
            self._log.warning("promise still open", reference_of=reference)

    def let_go(self, reference: str) -> None:
        """Leave a request to whoever keeps the open promises."""
        self._in_hand.discard(reference)

    @contextmanager
    def in_hand(self, reference: str) -> Iterator[None]:
        """Tell within the block, oneself, what was promised to a request that came before."""
        self._in_hand.add(reference)
        try:
            yield
        finally:
            self.let_go(reference)

    async def promises(self) -> tuple[Promise, ...]:
        """Return the promises, other than those in hand, that are still to be kept."""
        busy = frozenset(self._in_hand)  # what is let go of while we read had not been let go of when it was read
        found = await self._disk.read(records.promises)
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
            await self._disk.write(lambda connection: records.append_intent(connection, write, now))
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
        await self._disk.write(
            lambda connection: records.append_outcome(
                connection, entry.reference, outcome, item=item_id, after=after, at=at, final=True
            )
        )
        self._tell_listeners(entry.settled(outcome, item_id, after, at))

    async def find(self, reference: str) -> Entry | None:
        """Return a write by its reference."""
        return await self._disk.read(lambda connection: records.find(connection, reference))

    async def last_of_item(self, item_id: int) -> Entry | None:
        """Return the last write to an item that succeeded; None where there is none, or where it can't be read."""
        try:
            return await self._disk.read(lambda connection: records.last_of_item(connection, item_id))
        except NotReadable:
            return None

    async def creation_of(self, item_id: int) -> Entry | None:
        """Return the write that is known to have created an item."""
        return await self._disk.read(lambda connection: records.creation_of(connection, item_id))

    async def first_seen(self, entry: Entry) -> Item | None:
        """Return an item of the name that a write gave it, as it was when we first wrote to it after that."""
        later = await self._disk.read(lambda connection: records.first_seen(connection, entry.name, entry.reference))
        return later.before if later else None

    async def last_create(self, name: str, person: str) -> Entry | None:
        """Return the last write by which somebody meant to create an item of a name."""
        return await self._disk.read(lambda connection: records.last_create(connection, name, person))

    async def newest(
        self, text: str = "", *, person: str = "", limit: int, offset: int = 0
    ) -> tuple[tuple[Entry, ...], int]:
        """Return writes, the newest first, and how many there are in all; see `records.newest`."""
        return await self._disk.read(lambda connection: records.newest(connection, text, person, limit, offset))

    async def unsettled(self) -> tuple[Entry, ...]:
        """Return the writes, other than those under way, of which nobody knows whether they were carried out."""
        busy = frozenset(self._under_way)  # as in `promises`
        found = await self._disk.read(records.unsettled)
        return tuple(entry for entry in found if entry.reference not in busy | self._under_way)

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
        await self._disk.owe(append, lambda: self._under_way.discard(entry.reference))
        self._log.info("write ended", outcome=str(entry.outcome), **write.as_log())
        self._tell_listeners(entry)

    def _tell_listeners(self, entry: Entry) -> None:
        for listener in self._listeners:
            listener(entry)

    def _drop_old(self, connection: sqlite3.Connection, now: datetime) -> None:
        records.drop_claims(connection, now - _KEEP_CLAIMS)
        if self._keep is not None:
            dropped = records.drop_older(connection, now - self._keep)
            if dropped:
                self._log.info("history trimmed", dropped=dropped)
