"""The file that the records are in: written on one connection, read on another, and tried again after trouble."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

import structlog

from bot.errors import BotError
from bot.history import records
from bot.history.backup import copy_database
from bot.history.inspection import Reason, Unusable, create, inspect, refuse_lost
from bot.history.records import STEPS
from bot.store import Store, migrate, refuse_link

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

TROUBLE: Final = (sqlite3.Error, OSError)
"""What a full, read-only, locked or broken disk or file raises."""


_KEYS: Final = {
    Reason.NEWER: "error.records-newer",
    Reason.LOST: "error.records-lost",
    Reason.DAMAGED: "error.records-damaged",
}
"""The sentence for each reason, whether something was to be written or to be read."""


class NotRecorded(BotError):
    """The history can't be written (a full or read-only disk, a broken file), so nothing was sent.

    Args:
        reason: why it can't be used at all, where that is known.
    """

    key = "error.not-recorded"

    def __init__(self, reason: Reason | None = None) -> None:
        if reason is not None:
            self.key = _KEYS[reason]
        super().__init__()


class NotReadable(BotError):
    """The history can't be read.

    Args:
        reason: why it can't be used at all, where that is known.
    """

    key = "error.not-readable"

    def __init__(self, reason: Reason | None = None) -> None:
        if reason is not None:
            self.key = _KEYS[reason]
        super().__init__()


class RecordUnreadable(NotReadable):
    """The record of a write is there and can't be read."""

    key = "error.record-unreadable"


class _Line:
    """A connection that is opened when it is first used, again and again until that succeeds.

    Once open it stays so: on a full disk a connection that is there can read, and none can be made.

    Args:
        make: returns a store that is not open yet.
        before: called each time before it is opened.
    """

    def __init__(self, make: Callable[[], Store], before: Callable[[], Awaitable[None]]) -> None:
        self._make = make
        self._before = before
        self._store: Store | None = None
        self._opening = asyncio.Lock()
        self._closed = False

    async def run(self, work: Work[T]) -> T:
        """Do work. Raises one of `TROUBLE`."""
        store = await self.open()
        return await store.run(work)

    async def open(self) -> Store:
        """Return the open store. Raises one of `TROUBLE`."""
        async with self._opening:
            if self._closed:
                raise sqlite3.ProgrammingError("the history is closed")
            if self._store is None:
                await self._before()
                store = self._make()
                await store.open()
                self._store = store
            return self._store

    async def hand_over(self) -> None:
        """Close for good, when what waits is done, and leave the file to another process."""
        async with self._opening:
            self._closed = True
            if self._store is not None:
                await self._store.hand_over()

    async def aclose(self) -> None:
        """Close for good, when what waits is done."""
        async with self._opening:
            self._closed = True
            if self._store is not None:
                await self._store.aclose()


class Disk:
    """One file. What is written waits for nothing but the disk; what is read waits for no writer.

    Args:
        path: the file.
        beside: the local copy of the account, which tells a lost file from one that never was.
        steps: the schema.
        busy_seconds: how long another process's lock is waited for; people wait behind it.

    Attributes:
        reason: why the file can't be used, where that is known.
        trouble: why it could not be opened or written to when that was last tried; empty where it could.
    """

    def __init__(
        self,
        path: Path,
        *,
        beside: Path | None = None,
        steps: Sequence[Sequence[str]] = STEPS,
        busy_seconds: float = 1.0,
    ) -> None:
        self.reason: Reason | None = None
        self._path = path
        self._beside = beside
        self._steps = steps
        self._is_first = False
        self._inspecting = asyncio.Lock()
        self._writer = _Line(
            lambda: Store(path, durable=True, prepare=self._migrate, busy_seconds=busy_seconds), self._inspect
        )
        self._reader = _Line(
            lambda: Store(path, read_only=True, prepare=_touch, busy_seconds=busy_seconds), self._inspect
        )
        self._owed: list[tuple[Work[object], Callable[[], object]]] = []
        self._paying = asyncio.Lock()
        self.trouble = ""
        self._log = structlog.get_logger(__name__)

    async def open(self) -> bool:
        """Open the file and bring its schema up to date; False where it cannot be used, and the log says why."""
        try:
            await self._writer.open()
            await self._reader.open()
        except TROUBLE as error:
            self.trouble = _in_words(error)
            self._log.error("history unusable", error=str(error))
            return False
        return True

    async def end_writing(self) -> None:
        """Do what is owed, and write nothing any more; reading goes on."""
        await self.pay()
        await self._writer.hand_over()

    async def aclose(self) -> None:
        """Do what is owed, and close for good."""
        await self.pay()
        await self._reader.aclose()
        await self._writer.aclose()

    async def probe(self) -> None:
        """Find out after trouble whether it is over: otherwise that would show only when somebody changes something."""
        if self.trouble:
            with contextlib.suppress(NotRecorded):
                await self.write(_write_again)

    async def write(self, work: Work[T]) -> T:
        """Do work that writes, after what is owed.

        Raises:
            NotRecorded: it could not be done.
        """
        await self.pay()
        try:
            done = await self._writer.run(work)
        except TROUBLE as error:
            self.trouble = _in_words(error)
            self._log.error("history not writable", error=str(error))
            raise NotRecorded(self.reason) from error
        self.trouble = ""
        return done

    async def owe(self, work: Work[object], done: Callable[[], object]) -> None:
        """Do work that writes now, or as soon as it can be done, because what it records has happened already.

        Args:
            work: the work.
            done: called when it is done.
        """
        self._owed.append((work, done))
        await self.pay()

    async def pay(self) -> None:
        """Do what is owed, in its order; what fails stays owed."""
        async with self._paying:
            while self._owed:
                work, done = self._owed[0]
                try:
                    await self._writer.run(work)
                except TROUBLE as error:
                    self.trouble = _in_words(error)
                    self._log.error("history not written yet", error=str(error), owed=len(self._owed))
                    return
                del self._owed[0]
                done()

    async def read(self, work: Work[T]) -> T:
        """Do work that only reads.

        Raises:
            NotReadable: it could not be done.
        """
        try:
            return await self._reader.run(work)
        except TROUBLE as error:
            self._log.error("history not readable", error=str(error))
            raise NotReadable(self.reason) from error

    async def _inspect(self) -> None:
        """Look at the file before it is opened, or create it where there never was one."""
        async with self._inspecting:
            try:
                await asyncio.to_thread(self._look)
            except Unusable as error:
                self.reason = error.reason
                raise
            self.reason = None

    def _look(self) -> None:
        refuse_link(self._path)
        if self._path.exists():
            inspect(self._path, len(self._steps), newer=False)
            self._is_first = False
            return
        # What this very process puts beside it while the disk is full must not make the first start look like a loss.
        if not self._is_first:
            refuse_lost(self._path, self._beside)
        self._is_first = True
        create(self._path, self._steps)

    def _migrate(self, connection: sqlite3.Connection) -> None:
        records.prepare(connection)
        migrate(connection, self._steps, before=lambda version: self._copy(connection, version))

    def _copy(self, connection: sqlite3.Connection, version: int) -> None:
        copy_database(connection, self._path, f"v{version}")


def _touch(connection: sqlite3.Connection) -> None:
    """Read something: SQLite looks at a file, and maps what belongs to it, only then."""
    records.prepare(connection)
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _write_again(connection: sqlite3.Connection) -> None:
    """Write what is there already."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version = {version}")


def _in_words(error: Exception) -> str:
    """Return what is wrong, without any path."""
    return (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__
