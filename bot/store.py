"""SQLite on a thread of its own: one connection, one thread, work in the order in which it came.

The standard `sqlite3` is used plainly: a look-up by key costs some 50 µs with the hop to the thread and back, half of
what the asynchronous wrappers cost. The event loop waits for no writing, for no lock, and for no reading but a glance.
"""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")

_OWNER_ONLY: Final = 0o600
_INSTRUCTIONS: Final = 1_000
"""SQLite's own, between two looks at the time: a few hundredths of a millisecond."""


class Closed(sqlite3.ProgrammingError):
    """A connection that is not open, or not any more: somebody closed it while it was wanted."""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block as one transaction: all of it, or on any error nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        # SQLite has already rolled back by itself after some errors, a full disk among them.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Read within the block as of one moment: of what others commit meanwhile, nothing is seen."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        # Nothing was written, so there is nothing to lose; after some errors SQLite has ended it by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def migrate(
    connection: sqlite3.Connection, steps: Sequence[Sequence[str]], *, before: Callable[[int], None] | None = None
) -> None:
    """Bring a database up to the newest schema.

    `PRAGMA user_version` counts the steps that were taken; each step is one transaction, so that an interrupted start
    goes on where it stopped.

    Args:
        connection: the database.
        steps: each the statements of one step; they are only ever added to.
        before: called with the present version before the first step of a database that holds one already.

    Raises:
        sqlite3.DatabaseError: the database was written by a newer version of the bot.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(steps):
        raise sqlite3.DatabaseError(f"schema {version} is newer than {len(steps)}, the newest that is known")
    if before is not None and 0 < version < len(steps):
        before(version)
    for number, statements in enumerate(steps[version:], start=version + 1):
        with transaction(connection):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")


class Store:
    """One connection to a SQLite database, on a thread of its own.

    A file is created readable and writable by its owner alone, and so are the files that SQLite keeps beside it. It
    is in WAL mode: readers on other connections never wait for a writer.

    Args:
        path: the file, or None for a database in memory that ends with the store.
        read_only: open a file that another store has opened before, for reading.
        durable: a transaction that was committed survives a loss of power; without it the last ones may be lost, and
            the file is sound either way.
        prepare: called once with the new connection, on its thread; what it raises, `open` raises.
        busy_seconds: how long a statement waits for another process's lock.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        read_only: bool = False,
        durable: bool = False,
        prepare: Callable[[sqlite3.Connection], None] | None = None,
        busy_seconds: float = 5.0,
    ) -> None:
        self._path = path
        self._read_only = read_only
        self._durable = durable
        self._prepare = prepare
        self._busy_seconds = busy_seconds
        self._thread: ThreadPoolExecutor | None = None
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Connect and prepare the connection.

        Raises:
            sqlite3.Error: it is no database, or SQLite cannot use it.
            OSError: the file cannot be created or is not ours to change.
        """
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._connect)
        except BaseException:
            await self.aclose()
            raise

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Call `work` with the connection, on its thread, and return what it returns.

        Calls are carried out one after another. A caller that is cancelled stops waiting; work that has begun goes on
        to its end.

        Raises:
            Closed: the store is not open.
        """
        if self._thread is None or self._connection is None:
            raise Closed("the store is not open")
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._connection)

    async def hand_over(self) -> None:
        """Finish what is waiting, bring all of it into the file itself, and close, though others may be reading.

        Whoever closes last does the same by itself; but who only reads can't.
        """
        with suppress(sqlite3.Error):
            await self.run(lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone())
        await self.aclose()

    async def aclose(self) -> None:
        """Finish what is waiting and close. Closing twice does nothing."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        await asyncio.get_running_loop().run_in_executor(thread, self._disconnect)
        thread.shutdown()

    def _connect(self) -> None:
        self._connection = sqlite3.connect(self._address(), uri=True, isolation_level=None, timeout=self._busy_seconds)
        if not self._read_only:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'NORMAL'}")
            # What is deleted is overwritten, however this SQLite was built.
            self._connection.execute("PRAGMA secure_delete = ON").fetchone()
        if self._prepare is not None:
            self._prepare(self._connection)

    def _address(self) -> str:
        if self._path is None:
            return "file::memory:"
        if self._read_only:
            return to_read(self._path)
        refuse_link(self._path)
        # SQLite gives the files beside the database the same permissions.
        opened = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, _OWNER_ONLY)
        try:
            os.fchmod(opened, _OWNER_ONLY)
        finally:
            os.close(opened)
        return f"{_uri(self._path)}?mode=rw"

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if not self._read_only:
            # While others read, closing alone would leave the log beside the file. On a full disk it stays for the
            # next start.
            with suppress(sqlite3.Error):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.close()


def to_read(path: Path) -> str:
    """Return the address at which `sqlite3.connect` opens a file that is only read; to be given with `uri=True`.

    Raises:
        OSError: it is a symbolic link.
    """
    refuse_link(path)
    return f"{_uri(path)}?mode=ro"


def refuse_link(path: Path) -> None:
    """Go on only where a path is no symbolic link, which could lead to a file that is not ours.

    Raises:
        OSError: it is one.
    """
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a symbolic link, and none is followed there", str(path))


def _uri(path: Path) -> str:
    return (path.parent.resolve() / path.name).as_uri()


class TooLong(Exception):
    """What was to be read takes longer than a glance."""


class Glance:
    """A connection of the event loop's own, for what is read sooner than a thread can take over.

    A thread that reads and the loop that answers others want the same interpreter, and SQLite lets go of it at every
    row: with many people at once they spend a third of their time on handing it over. So what is short is read on the
    loop itself, from pages that the system nearly always holds in memory. What is not short is broken off, and is for
    a `Store`.

    Args:
        path: a file that a store has opened before.
        seconds: how long the loop may be held up.
        prepare: called once with the new connection; what it raises, `open` raises.
    """

    def __init__(
        self, path: Path, seconds: float, *, prepare: Callable[[sqlite3.Connection], None] | None = None
    ) -> None:
        self._path = path
        self._seconds = seconds
        self._prepare = prepare
        self._until = 0.0
        self._connection: sqlite3.Connection | None = None

    def open(self) -> None:
        """Connect.

        Raises:
            sqlite3.Error: SQLite cannot use the file.
        """
        self._connection = sqlite3.connect(to_read(self._path), uri=True, isolation_level=None, timeout=0)
        if self._prepare is not None:
            self._prepare(self._connection)
        self._connection.set_progress_handler(self._is_over, _INSTRUCTIONS)

    def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Call `work` with the connection and return what it returns.

        Raises:
            TooLong: the time is over, or another connection holds the file.
            sqlite3.Error: as `work` raises it.
            Closed: it is not open.
        """
        if self._connection is None:
            raise Closed("the glance is not open")
        self._until = time.perf_counter() + self._seconds
        try:
            return work(self._connection)
        except sqlite3.OperationalError as error:
            # The code is an extended one; its last byte says what happened, the others why. Python's own errors have
            # none: a text that is no UTF-8 is one.
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY}:
                raise TooLong from None
            raise

    def close(self) -> None:
        """Close. Closing twice does nothing."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _is_over(self) -> bool:
        return time.perf_counter() > self._until
