"""One kind of record in its tables: put, dropped, read by id and in pages. Runs on the thread of its connection."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final, Generic

from bot.catalog.damage import Unusable
from bot.catalog.entries import Entry
from bot.catalog.kinds import Kind
from bot.catalog.layout import INDEXED, possible_id, row_id
from bot.catalog.model import R, Tally

_REMEMBERED: Final = 2_048
"""Records that need not be read from their text again."""

_AT_ONCE: Final = 500
"""Records that one statement reads; SQLite limits how many values it takes."""

_MERGED: Final = 500
"""Pages of the index that are merged at once."""

_NOTHING_MERGED: Final = 2
"""Rows that change when two indexes are told to merge and have nothing to merge."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """A record as its tables hold it."""

    id: int
    entry: Entry
    body: str

    def row_id(self) -> int:
        return row_id(self.id, self.entry.name)


class Shelf(Generic[R]):
    """The records of one kind and their index, through any connection to the same copy.

    Whatever reads records raises `Unusable` where one is stored that cannot be read.

    Args:
        kind: the kind.
    """

    def __init__(self, kind: Kind[R]) -> None:
        self.kind: Kind[R] = kind
        self._sql = kind.sql
        # The same records come up with every letter that is typed. They are frozen, so they can be shared.
        self._read: Callable[[str], R] = lru_cache(_REMEMBERED)(self._validated)

    def create(self, connection: sqlite3.Connection) -> None:
        """Create the tables of an empty copy."""
        for table in self._sql.tables:
            connection.execute(table)

    def count(self, connection: sqlite3.Connection) -> int:
        """Return how many records there are."""
        return int(connection.execute(self._sql.count).fetchone()[0])

    def ids(self, connection: sqlite3.Connection) -> Iterator[int]:
        """Return the ids of all records."""
        return (int(number) for (number,) in connection.execute(self._sql.ids))

    def get(self, connection: sqlite3.Connection, record_id: int) -> R | None:
        """Return a record, or None if there is none with this id."""
        row = connection.execute(self._sql.body, (record_id,)).fetchone() if possible_id(record_id) else None
        return None if row is None else self._read(row[0])

    def check(self, connection: sqlite3.Connection) -> None:
        """Look at every value that is read as a text or a number, for what was read of them made no sense.

        Raises:
            Unusable: one has another type.
        """
        for misfits in self._sql.misfits:
            if connection.execute(misfits).fetchone()[0]:
                raise Unusable("a value of another type than was stored")

    def several(self, connection: sqlite3.Connection, record_ids: Sequence[int]) -> tuple[R, ...]:
        """Return the records with these ids, in the order of the ids, without those that are not there."""
        bodies: dict[int, str] = {}
        for start in range(0, len(record_ids), _AT_ONCE):
            some = record_ids[start : start + _AT_ONCE]
            bodies.update(connection.execute(self._sql.bodies % ",".join("?" * len(some)), some).fetchall())
        return tuple(self._read(bodies[record_id]) for record_id in record_ids if record_id in bodies)

    def page(self, connection: sqlite3.Connection, limit: int, offset: int) -> tuple[R, ...]:
        """Return a part of all records, by their folded name, then by id."""
        return tuple(self._read(body) for (body,) in connection.execute(self._sql.page, (limit, offset)))

    def put(self, connection: sqlite3.Connection, records: Iterable[R]) -> Tally:
        """Store records, within the caller's transaction, and return how many are new and changed.

        A record that is stored already as it is costs a look-up; one whose words did not change is not indexed anew.
        An id that no account has (negative, or of sixteen digits) is left out.
        """
        new = 0
        old: list[_Stored] = []
        fresh: list[_Stored] = []
        distinct = {record.id: record for record in records if possible_id(record.id)}
        stored = {record_id: row for record_id, *row in _run(connection, self._sql.rows, list(distinct))}
        for record in distinct.values():
            row = stored.get(record.id)
            body = record.model_dump_json()
            if row is None:
                new += 1
            elif row[2] == body:
                continue
            else:
                old.append(self._stored(record.id, row))
            fresh.append(_Stored(record.id, self.kind.entry(record), body))
        if old:
            self._remove(connection, old)
        if fresh:
            self._insert(connection, fresh)
        return Tally(new, len(old))

    def drop(self, connection: sqlite3.Connection, record_ids: Iterable[int]) -> int:
        """Remove records, within the caller's transaction, and return how many there were."""
        possible = [record_id for record_id in record_ids if possible_id(record_id)]
        rows = _run(connection, self._sql.rows, possible)
        there = [self._stored(record_id, row) for record_id, *row in rows]
        self._remove(connection, there)
        return len(there)

    def tidy(self, connection: sqlite3.Connection, *, begin: bool) -> bool:
        """Merge a part of the index, within the caller's transaction; return whether there is more to merge.

        Searches are a quarter quicker in an index that is one piece than in the pieces that a walk leaves behind.

        Args:
            connection: the copy.
            begin: plan a merge into one piece, instead of going on with the one that was planned.
        """
        pages = -_MERGED if begin else _MERGED  # SQLite's documentation, FTS5, "The 'merge' Command"
        before = connection.total_changes
        connection.execute(self._sql.merge_text, (pages,))
        connection.execute(self._sql.merge_parts, (pages,))
        return connection.total_changes - before > _NOTHING_MERGED

    def _validated(self, body: str) -> R:
        try:
            return self.kind.model.model_validate_json(body)
        except ValueError as error:
            raise Unusable("a record that cannot be read") from error

    def _stored(self, record_id: int, row: Sequence[str]) -> _Stored:
        name, rest, body = row
        return _Stored(record_id, Entry(name, rest, self.kind.entry(self._read(body)).keys), body)

    def _insert(self, connection: sqlite3.Connection, records: list[_Stored]) -> None:
        """Add records and their words. FTS5 writes everything it holds whenever a row id is lower than the last."""
        records.sort(key=_Stored.row_id)
        rows = [(record.id, record.entry.name, record.entry.rest, record.body) for record in records]
        _run(connection, self._sql.insert, rows)
        keys = [(key, record.id) for record in records for key in record.entry.keys]
        _run(connection, self._sql.insert_key, keys)
        texts = [(record.row_id(), record.entry.name, record.entry.rest) for record in records]
        _run(connection, self._sql.insert_text, texts)
        self._learn(connection, [record.entry for record in records])
        self._count_begun(connection, records, 1)

    def _remove(self, connection: sqlite3.Connection, records: list[_Stored]) -> None:
        records.sort(key=_Stored.row_id)
        texts = [(record.row_id(), record.entry.name, record.entry.rest) for record in records]
        connection.executemany(self._sql.delete_text, texts)
        keys = [(key, record.id) for record in records for key in record.entry.keys]
        connection.executemany(self._sql.delete_key, keys)
        connection.executemany(self._sql.delete, [(record.id,) for record in records])
        self._count_begun(connection, records, -1)

    def _count_begun(self, connection: sqlite3.Connection, records: list[_Stored], each: int) -> None:
        counts = Counter(chain.from_iterable(record.entry.beginnings(INDEXED) for record in records))
        _run(connection, self._sql.add_begun, [(text, each * number) for text, number in sorted(counts.items())])

    def _learn(self, connection: sqlite3.Connection, entries: list[Entry]) -> None:
        """Add words to the vocabulary. A word that no record has any more stays: it finds nothing."""
        last = connection.execute(self._sql.last_word).fetchone()[0]
        words = {word for entry in entries for text in (entry.name, entry.rest) for word in text.split()}
        _run(connection, self._sql.insert_word, sorted(words))
        connection.execute(self._sql.insert_parts, (last,))
        spoken = {word for entry in entries for word in entry.spoken}
        _run(connection, self._sql.insert_spoken, sorted(spoken))


def _run(connection: sqlite3.Connection, statement: str, rows: Sequence[object]) -> sqlite3.Cursor:
    """Run a statement once for many rows, which it takes as JSON.

    While a statement runs, the event loop's thread runs too; between two of them they compete for the interpreter.
    """
    return connection.execute(statement, (json.dumps(rows, ensure_ascii=False),))
