"""The history of writes: the intent recorded before the request, the outcome after it, and nothing done twice."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

import structlog

from bot.clock import Clock
from bot.errors import BotError
from bot.history import records
from bot.history.backup import copy_database
from bot.history.model import Entry, Outcome, Promise, Write, outcome_of
from bot.invoicexpress.models import Item
from bot.store import Store, migrate

T = TypeVar("T")

_KEEP_CLAIMS: Final = timedelta(days=30)
_TROUBLE: Final = (sqlite3.Error, OSError)


class NotRecorded(BotError):
    """The history can't be written (a full or read-only disk, a broken file), so nothing was sent."""

    key = "error.not-recorded"


class History:
    """Records every write, and shows what was recorded.

    Where the database can't be used, look-ups of it answer as if it were empty, and writes raise `NotRecorded`; it is
    tried again at each. An outcome that could not be appended is kept in memory and appended with the next.

    Args:
        path: the database; None keeps it in memory, for tests.
        clock: the time.
        keep_days: how long writes are kept; None keeps them for ever.
    """

    def __init__(self, path: Path | None, clock: Clock, *, keep_days: int | None = None) -> None:
        self._path = path
        self._clock = clock
        self._keep = timedelta(days=keep_days) if keep_days is not None else None
        self._store: Store | None = None
        self._opening = asyncio.Lock()
        self._settling = asyncio.Lock()
        self._owed: list[tuple[str, Callable[[sqlite3.Connection], None]]] = []
        self._under_way: set[str] = set()
        self._in_hand: set[str] = set()
        self._listeners: list[Callable[[Write], None]] = []
        self._log = structlog.get_logger(__name__)

    async def open(self) -> bool:
        """Open the database, bring its schema up to date, and drop what is older than it is kept.

        Returns:
            Whether it can be used; why not, the log says.
        """
        try:
            await self._opened()
        except _TROUBLE as error:
            self._log.error("history unusable", error=str(error))
            return False
        return True

    async def aclose(self) -> None:
        """Append what is still owed, and close."""
        if self._store is not None:
            await self._settle_debts()
            await self._store.aclose()
            self._store = None

    def listen(self, listener: Callable[[Write], None]) -> None:
        """Have a function called with every write that has ended."""
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
            claimed = await self._write(lambda connection: records.claim(connection, key, promise))
        finally:
            if not claimed and not was_in_hand:
                self._in_hand.discard(reference)
        return claimed

    async def release(self, reference: str) -> None:
        """Give back what a request has claimed, because nothing was done.

        Where that fails the claims stay, and nothing is done twice.
        """
        try:
            await self._write(lambda connection: records.release(connection, reference))
        except NotRecorded:
            self._log.warning("claims kept", reference_of=reference)

    async def told(self, reference: str) -> None:
        """Note that the person of a request knows how it ended. Where that fails they may be told once more."""
        try:
            await self._write(lambda connection: records.keep_promise(connection, reference))
        except NotRecorded:
            self._log.warning("promise still open", reference_of=reference)

    def let_go(self, reference: str) -> None:
        """Leave a request to whoever keeps the open promises."""
        self._in_hand.discard(reference)

    async def promises(self) -> tuple[Promise, ...]:
        """Return the promises, other than those in hand, that are still to be kept."""
        busy = frozenset(self._in_hand)  # what is let go of while we read had not been let go of when it was read
        found = await self._read(records.promises, tuple[Promise, ...]())
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
            await self._write(lambda connection: records.append_intent(connection, write, now))
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
            await asyncio.shield(self._end(write))

    async def settle(self, entry: Entry, outcome: Outcome, item: Item | None) -> None:
        """Append what became known of a write whose outcome was not; `unknown` where it never will be."""
        at, item_id = self._clock.now(), item.id if item and outcome is Outcome.SUCCEEDED else entry.item_id
        after = item if outcome is Outcome.SUCCEEDED else None
        self._log.info("write settled", outcome=str(outcome), reference_of=entry.reference, item=item_id)
        await self._write(
            lambda connection: records.append_outcome(
                connection, entry.reference, outcome, item=item_id, after=after, at=at, final=True
            )
        )

    async def find(self, reference: str) -> Entry | None:
        """Return a write by its reference."""
        return await self._read(lambda connection: records.find(connection, reference), None)

    async def last_of_item(self, item_id: int) -> Entry | None:
        """Return the last write to an item that succeeded."""
        return await self._read(lambda connection: records.last_of_item(connection, item_id), None)

    async def creation_of(self, item_id: int) -> Entry | None:
        """Return the write that is known to have created an item."""
        return await self._read(lambda connection: records.creation_of(connection, item_id), None)

    async def first_seen(self, entry: Entry) -> Item | None:
        """Return an item of the name that a write gave it, as it was when we first wrote to it after that."""
        later = await self._read(lambda connection: records.first_seen(connection, entry.name, entry.reference), None)
        return later.before if later else None

    async def last_create(self, name: str, person: str) -> Entry | None:
        """Return the last write by which somebody meant to create an item of a name."""
        return await self._read(lambda connection: records.last_create(connection, name, person), None)

    async def newest(
        self, text: str = "", *, person: str = "", limit: int, offset: int = 0
    ) -> tuple[tuple[Entry, ...], int]:
        """Return writes, the newest first, and how many there are in all; see `records.newest`."""
        return await self._read(
            lambda connection: records.newest(connection, text, person, limit, offset), (tuple[Entry, ...](), 0)
        )

    async def unsettled(self) -> tuple[Entry, ...]:
        """Return the writes, other than those under way, of which nobody knows whether they were carried out."""
        busy = frozenset(self._under_way)  # as in `promises`
        found = await self._read(records.unsettled, tuple[Entry, ...]())
        return tuple(entry for entry in found if entry.reference not in busy | self._under_way)

    async def _end(self, write: Write) -> None:
        after = write.after if isinstance(write.after, Item) else None
        outcome, at = write.outcome or Outcome.UNKNOWN, self._clock.now()

        def append(connection: sqlite3.Connection) -> None:
            records.append_outcome(
                connection, write.reference, outcome, item=write.item_id, after=after, at=at, late=write.late
            )

        self._owed.append((write.reference, append))
        await self._settle_debts()
        self._log.info("write ended", outcome=str(outcome), **write.as_log())
        for listener in self._listeners:
            listener(write)

    async def _settle_debts(self) -> None:
        """Append the outcomes that are owed; what fails stays owed, because the write itself has happened."""
        async with self._settling:
            while self._owed:
                reference, append = self._owed[0]
                try:
                    await (await self._opened()).run(append)
                except _TROUBLE as error:
                    self._log.error("outcome not recorded yet", error=str(error), owed=len(self._owed))
                    return
                del self._owed[0]
                self._under_way.discard(reference)  # not before: without its outcome it looks as if nobody knew it

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            store = await self._opened()
            await self._settle_debts()
            return await store.run(work)
        except _TROUBLE as error:
            self._log.error("history not writable", error=str(error))
            raise NotRecorded from error

    async def _read(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        try:
            return await (await self._opened()).run(work)
        except _TROUBLE as error:
            self._log.error("history not readable", error=str(error))
            return otherwise

    async def _opened(self) -> Store:
        async with self._opening:
            if self._store is None:
                store = Store(self._path, durable=True, prepare=self._prepare)
                await store.open()
                self._store = store
            return self._store

    def _prepare(self, connection: sqlite3.Connection) -> None:

        def copy_first(version: int) -> None:
            if self._path is not None:
                copy_database(connection, self._path, f"v{version}")

        migrate(connection, records.STEPS, before=copy_first)
        now = self._clock.now()
        records.drop_claims(connection, now - _KEEP_CLAIMS)
        if self._keep is not None:
            dropped = records.drop_older(connection, now - self._keep)
            self._log.info("history trimmed", dropped=dropped)
