"""One kind of record in its tables: put, dropped, read by id and in pages. Runs on the thread of a store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Generic

from bot.catalog.entries import Entry
from bot.catalog.kinds import Kind
from bot.catalog.model import R, Tally


class Shelf(Generic[R]):
    """The records of one kind and their index, through any connection to the copy.

    Args:
        kind: the kind.
    """

    def __init__(self, kind: Kind[R]) -> None:
        self.kind: Kind[R] = kind
        self._sql = kind.sql

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
        row = connection.execute(self._sql.body, (record_id,)).fetchone()
        return None if row is None else self._read(row[0])

    def several(self, connection: sqlite3.Connection, record_ids: Iterable[int]) -> tuple[R, ...]:
        """Return the records with these ids, in the order of the ids, without those that are not there."""
        found = (self.get(connection, record_id) for record_id in record_ids)
        return tuple(record for record in found if record is not None)

    def page(self, connection: sqlite3.Connection, limit: int, offset: int) -> tuple[R, ...]:
        """Return a part of all records, by their folded name, then by id."""
        return tuple(self._read(body) for (body,) in connection.execute(self._sql.page, (limit, offset)))

    def put(self, connection: sqlite3.Connection, records: Iterable[R]) -> Tally:
        """Store records, within the caller's transaction, and return how many are new and changed.

        A record that is stored already as it is costs one look-up; one whose words did not change is not indexed anew.
        """
        new = changed = 0
        words: set[str] = set()
        for record in records:
            row = connection.execute(self._sql.row, (record.id,)).fetchone()
            body = record.model_dump_json()
            if row is None:
                new += 1
            elif row[2] != body:
                changed += 1
            else:
                continue
            words.update(self._store(connection, record, body, row))
        self._learn(connection, words)
        return Tally(new, changed)

    def drop(self, connection: sqlite3.Connection, record_ids: Iterable[int]) -> int:
        """Remove records, within the caller's transaction, and return how many there were."""
        gone = 0
        for record_id in record_ids:
            row = connection.execute(self._sql.row, (record_id,)).fetchone()
            if row is not None:
                gone += 1
                self._remove(connection, record_id, row)
        return gone

    def _store(
        self, connection: sqlite3.Connection, record: R, body: str, row: tuple[str, str, str] | None
    ) -> Iterator[str]:
        """Write one record and return the words that are new to it."""
        entry = self.kind.entry(record)
        if row is not None:
            if self._same(entry, row):
                connection.execute(self._sql.update, (body, record.id))
                return iter(())
            self._remove(connection, record.id, row)
        connection.execute(self._sql.insert, (record.id, entry.name, entry.rest, body))
        connection.executemany(self._sql.insert_key, [(key, record.id) for key in entry.keys])
        connection.execute(self._sql.insert_text, (record.id, entry.name, entry.rest))
        return iter(f"{entry.name} {entry.rest}".split())

    def _same(self, entry: Entry, row: tuple[str, str, str]) -> bool:
        return (entry.name, entry.rest, entry.keys) == (*row[:2], self.kind.entry(self._read(row[2])).keys)

    def _remove(self, connection: sqlite3.Connection, record_id: int, row: tuple[str, str, str]) -> None:
        name, rest, body = row
        keys = self.kind.entry(self._read(body)).keys
        connection.executemany(self._sql.delete_key, [(key, record_id) for key in keys])
        connection.execute(self._sql.delete_text, (record_id, name, rest))
        connection.execute(self._sql.delete, (record_id,))

    def _learn(self, connection: sqlite3.Connection, words: set[str]) -> None:
        """Add words to the vocabulary. A word that no record has any more stays: it finds nothing."""
        last = connection.execute(self._sql.last_word).fetchone()[0]
        connection.executemany(self._sql.insert_word, [(word,) for word in sorted(words)])
        connection.execute(self._sql.insert_parts, (last,))

    def _read(self, body: str) -> R:
        return self.kind.model.model_validate_json(body)
