"""One database that holds records of the copy: a file, or memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import AwareDatetime, TypeAdapter

from bot.catalog.damage import MISREAD, Unusable, stored_count, stored_moment
from bot.catalog.kinds import CLIENTS, ITEMS, Kind
from bot.catalog.layout import ABOUT, FOLDING, VERSION
from bot.catalog.model import KindName, R
from bot.catalog.search import Found, Search
from bot.catalog.shelf import Shelf
from bot.invoicexpress.models import Tax
from bot.store import Glance, Store, TooLong, snapshot, to_read, transaction

Find = Callable[[sqlite3.Connection, str, int, int], Found]

KINDS: Final[tuple[Kind[Any], ...]] = (ITEMS, CLIENTS)

_ON_DISK: Final = 500
_IN_MEMORY: Final = 100  # readers wait for writers there, so writers are brief
_READ: Final = "SELECT value FROM about WHERE name = ?"
_WRITE: Final = "INSERT INTO about (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_TAXES: Final = TypeAdapter(tuple[AwareDatetime, tuple[Tax, ...]])


class Stock(NamedTuple):
    """What a place holds of one kind.

    Attributes:
        whole: when its last whole walk began.
        records: how many records there are.
        unreadable: how many more that walk could not read.
    """

    whole: datetime | None
    records: int
    unreadable: int


class Place:
    """A database on two threads: one writes, one reads, so that a write never holds up a search.

    What is short is read on the event loop, by a connection of its own.

    In memory there is one thread for both, because a database in memory belongs to one connection.

    Args:
        writer: the store that writes.
        reader: the store that reads; may be the same.
        glance: what searches that are short can be made with on the event loop; None where there is no file.
        from_file: what it holds was in a file, which may be damaged.

    Attributes:
        stock: what it held of each kind when it was opened.
    """

    def __init__(self, writer: Store, reader: Store, glance: Glance | None = None, *, from_file: bool) -> None:
        self.writer = writer
        self.reader = reader
        self.from_file = from_file
        self._glance = glance
        self.stock: dict[KindName, Stock] = {}
        self._shelves: dict[KindName, Shelf[Any]] = {kind.name: Shelf(kind) for kind in KINDS}
        self._searches: dict[KindName, Search[Any]] = {kind.name: Search(kind) for kind in KINDS}

    @classmethod
    async def on_disk(cls, path: Path, stamp: str, *, busy_seconds: float, glance_seconds: float) -> Place:
        """Open a file, or create it.

        Args:
            path: the file.
            stamp: what the copy must have been made with and of, beside the version of its tables.
            busy_seconds: how long to wait for another process's lock.
            glance_seconds: how long the event loop itself searches.

        Raises:
            Unusable: it has another version or stamp.
            sqlite3.Error: it is broken, or no database, or SQLite cannot use it.
            OSError: it cannot be created or is not ours to change.
        """
        check = partial(_create_or_check, stamp=f"{FOLDING} {stamp}")
        writer = Store(path, prepare=check, busy_seconds=busy_seconds)
        reader = Store(path, prepare=_cache, busy_seconds=busy_seconds, read_only=True)
        place = cls(writer, reader, Glance(path, glance_seconds, prepare=_cache), from_file=True)
        await place.open()
        return place

    @classmethod
    async def in_memory(cls, source: Path | None = None) -> Place:
        """Make a place in memory, empty or with all that a file holds.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        store = Store(None, prepare=_create if source is None else partial(_load, source=source))
        place = cls(store, store, from_file=source is not None)
        await place.open()
        return place

    @property
    def batch(self) -> int:
        """How many records should be written at once."""
        return _ON_DISK if self.is_on_disk else _IN_MEMORY

    @property
    def is_on_disk(self) -> bool:
        """Whether it survives a restart."""
        return self.writer is not self.reader

    def shelf(self, kind: Kind[R]) -> Shelf[R]:
        """Return the records of one kind; to be used with any connection of the place."""
        return self._shelves[kind.name]

    async def find(self, kind: Kind[R], text: str, limit: int, offset: int) -> tuple[tuple[R, ...], Found]:
        """Return a part of the records that match a text, and how many match: at a glance, or on the reading thread.

        What is found and its records are of one moment: no record is dropped between.

        Raises:
            Unusable: the index names records that are not there, or one cannot be read.
        """
        search, shelf = self._searches[kind.name], self.shelf(kind)

        def work(steps: Sequence[Find], connection: sqlite3.Connection) -> tuple[tuple[R, ...], Found]:
            found = Found((), 0, total_is_exact=True)
            with snapshot(connection):
                for find in steps:
                    found = found if found.total else find(connection, text, limit, offset)
                records = shelf.several(connection, found.ids)
            if len(records) < len(found.ids):
                raise Unusable("an index of records that are not there")
            return records, found

        steps = [search.find, search.find_resembling]
        if self._glance is not None:
            with suppress(TooLong):
                answer = self._glance.run(partial(work, [steps[0]]))
                if answer[1].total:
                    return answer
                del steps[0]
        return await self.reader.run(partial(work, steps))

    async def check(self) -> None:
        """Look at every stored value, for what was read of them made no sense.

        Raises:
            Unusable: one is not what was stored.
        """
        await self.reader.run(self._check)

    async def aclose(self) -> None:
        """Close all connections."""
        if self._glance is not None:
            self._glance.close()
        await self.reader.aclose()
        await self.writer.aclose()

    async def open(self) -> None:
        """Open all connections and take stock; `on_disk` and `in_memory` do."""
        try:
            await self.writer.open()
            if self.is_on_disk:
                await self.reader.open()
            if self._glance is not None:
                self._glance.open()
            await self.reader.run(self._take_stock)
        except BaseException:
            await self.aclose()
            raise

    def _take_stock(self, connection: sqlite3.Connection) -> None:
        for kind in KINDS:
            row = connection.execute(_READ, (kind.name,)).fetchone()
            whole = None if row is None else stored_moment(row[0])
            row = connection.execute(_READ, (_unreadable(kind.name),)).fetchone()
            unreadable = 0 if row is None else stored_count(row[0])
            self.stock[kind.name] = Stock(whole, self.shelf(kind).count(connection), unreadable)
            try:
                self._searches[kind.name].warm_up(connection)
            except MISREAD as error:
                raise Unusable("words that are none") from error

    def _check(self, connection: sqlite3.Connection) -> None:
        for shelf in self._shelves.values():
            shelf.check(connection)


def set_whole(connection: sqlite3.Connection, kind: KindName, began: datetime, unreadable: int) -> None:
    """Keep when the last whole walk of a kind began, and how many records it could not read."""
    connection.execute(_WRITE, (kind, began.isoformat()))
    connection.execute(_WRITE, (_unreadable(kind), str(unreadable)))


def _unreadable(kind: KindName) -> str:
    return f"{kind} unreadable"


def kept_taxes(connection: sqlite3.Connection) -> tuple[datetime, tuple[Tax, ...]] | None:
    """Return the taxes and when they were read.

    Raises:
        Unusable: they are stored, and cannot be read.
    """
    row = connection.execute(_READ, ("taxes",)).fetchone()
    try:
        return None if row is None else _TAXES.validate_json(row[0])
    except ValueError as error:
        raise Unusable("taxes that cannot be read") from error


def keep_taxes(connection: sqlite3.Connection, read_at: datetime, taxes: tuple[Tax, ...]) -> None:
    """Keep the taxes and when they were read."""
    connection.execute(_WRITE, ("taxes", _TAXES.dump_json((read_at, taxes)).decode()))


def _cache(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA cache_size = -16000")  # KiB, beside what the system keeps of the file


def _create(connection: sqlite3.Connection, stamp: str = "") -> None:
    with transaction(connection):
        connection.execute(ABOUT)
        connection.execute(_WRITE, ("stamp", stamp))
        for kind in KINDS:
            Shelf(kind).create(connection)
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _create_or_check(connection: sqlite3.Connection, stamp: str) -> None:
    _cache(connection)
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        _create(connection, stamp)
        return
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION or connection.execute(_READ, ("stamp",)).fetchone() != (stamp,):
        raise Unusable(f"version {version}, or made of another account or with another setting")


def _load(connection: sqlite3.Connection, source: Path) -> None:
    with closing(sqlite3.connect(to_read(source), uri=True)) as file:
        file.backup(connection)
