"""The account's data in SQLite, in a file or in memory.

SQLite is called on the event loop's own thread: its calls take microseconds here, and a sandbox has one user. The
bot itself must not do that.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from .records import ClientRecord, ItemRecord, TaxRecord, Write
from .rows import client_row, item_row, item_text, read_client, read_item, read_tax, read_write

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS taxes (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT NOT NULL, region TEXT, code TEXT,
    by_default INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS items (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, unit_price TEXT NOT NULL, description TEXT,
    unit TEXT, tax TEXT, tax_value TEXT, discount TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS clients (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, code TEXT, record TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS clients_by_name ON clients (name);
CREATE INDEX IF NOT EXISTS clients_by_code ON clients (code);
CREATE TABLE IF NOT EXISTS writes (
    number INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, item INTEGER NOT NULL, before TEXT, after TEXT,
    request INTEGER
) STRICT;
"""
_FIRST_IDS: Final = {"items": 402_000, "clients": 1_250_000}
"""An empty account counts on from these: ids look like the live service's, and there is room before the first."""

_INSERT_TAX: Final = "INSERT INTO taxes VALUES (?, ?, ?, ?, ?, ?)"
_INSERT_ITEM: Final = "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_UPDATE_ITEM: Final = """
UPDATE items SET (id, name, unit_price, description, unit, tax, tax_value, discount) = (?, ?, ?, ?, ?, ?, ?, ?)
WHERE id = ?
"""
_INSERT_CLIENT: Final = "INSERT INTO clients VALUES (?, ?, ?, ?)"
_ITEMS: Final = "SELECT * FROM items ORDER BY id LIMIT ? OFFSET ?"
_SHOWN_ITEMS: Final = """
SELECT * FROM items WHERE id NOT IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ? OFFSET ?
"""
_COUNT_ITEMS: Final = "SELECT count(*) FROM items WHERE id NOT IN (SELECT value FROM json_each(?))"
_ANYTHING: Final = "SELECT 1 FROM items UNION ALL SELECT 1 FROM clients UNION ALL SELECT 1 FROM taxes LIMIT 1"
_CLIENT_BY: Final = {
    "id": "SELECT id, record FROM clients WHERE id = ?",
    "name": "SELECT id, record FROM clients WHERE name = ? ORDER BY id LIMIT 1",
    "code": "SELECT id, record FROM clients WHERE code = ? ORDER BY id LIMIT 1",
}

NEW: Final = 0
"""The id of a record that has none yet: the database gives it the next one. Ids are never given twice."""


class Database:
    """Reads and writes of the account's data; every write is whole or not at all.

    Args:
        path: a file, which is created where there is none, or ":memory:".

    Raises:
        sqlite3.Error: where the file cannot be opened or is no database.
    """

    def __init__(self, path: Path | str) -> None:
        self._db = sqlite3.connect(path)
        try:
            self._prepare()
        except sqlite3.Error:
            self._db.close()
            raise

    def _prepare(self) -> None:
        # A sandbox may lose its last moments when the power fails, and needs no wait for the disk at each write.
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(_SCHEMA)
        columns = [row[1] for row in self._db.execute("PRAGMA table_info(items)")]
        if "discount" not in columns:  # a file of an earlier version
            self._db.execute("ALTER TABLE items ADD COLUMN discount TEXT")
        with self._db:
            for table, first in _FIRST_IDS.items():
                counted = self._db.execute("SELECT 1 FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
                if counted is None:
                    self._db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, first))

    def close(self) -> None:
        """Close the file. Nothing may be asked afterwards."""
        self._db.close()

    def is_empty(self) -> bool:
        """Tell whether there is neither an item nor a client nor a tax."""
        return self._db.execute(_ANYTHING).fetchone() is None

    # Taxes

    def taxes(self) -> tuple[TaxRecord, ...]:
        """Return the taxes by id."""
        return tuple(map(read_tax, self._db.execute("SELECT * FROM taxes ORDER BY id")))

    def insert_taxes(self, taxes: Iterable[TaxRecord]) -> None:
        """Add taxes with the ids that they carry."""
        rows = [(t.id, t.name, str(t.value), t.region, t.code, int(t.default)) for t in taxes]
        with self._db:
            self._db.executemany(_INSERT_TAX, rows)

    def remove_tax(self, name: str) -> None:
        """Remove a tax; the items that have it keep their name and rate of it."""
        with self._db:
            self._db.execute("DELETE FROM taxes WHERE name = ?", (name,))

    # Items

    def items(self, *, offset: int = 0, limit: int = -1, hidden: Collection[int] = ()) -> tuple[ItemRecord, ...]:
        """Return items by id, without the hidden ones; a negative limit means all of them."""
        # Asking after nothing would make a late page of a large list five times slower.
        if hidden:
            rows = self._db.execute(_SHOWN_ITEMS, (json.dumps(list(hidden)), limit, offset))
        else:
            rows = self._db.execute(_ITEMS, (limit, offset))
        return tuple(map(read_item, rows))

    def count_items(self, hidden: Collection[int] = ()) -> int:
        """Return how many items there are beside the hidden ones."""
        return self._count(_COUNT_ITEMS, json.dumps(list(hidden)))

    def item(self, item_id: int) -> ItemRecord | None:
        """Return the item with this id."""
        row = self._db.execute("SELECT * FROM items WHERE id = ?", (item_id,)).fetchone()
        return read_item(row) if row else None

    def item_named(self, name: str) -> ItemRecord | None:
        """Return the item with exactly this name."""
        row = self._db.execute("SELECT * FROM items WHERE name = ?", (name,)).fetchone()
        return read_item(row) if row else None

    def insert_items(self, items: Iterable[ItemRecord]) -> None:
        """Stock the account with items; that is its beginning and stands in no log.

        Raises:
            sqlite3.IntegrityError: where an id or a name is taken.
        """
        with self._db:
            self._db.executemany(_INSERT_ITEM, map(item_row, items))

    def create(self, item: ItemRecord, request: int | None = None) -> ItemRecord:
        """Add an item and log it; return it with its id.

        Raises:
            sqlite3.IntegrityError: where the id or the name is taken.
        """
        with self._db:
            cursor = self._db.execute(_INSERT_ITEM, item_row(item))
            stored = replace(item, id=cursor.lastrowid or item.id)
            self._log("create", None, stored, request)
        return stored

    def update(self, before: ItemRecord, after: ItemRecord, request: int | None = None) -> None:
        """Replace an item by another with the same id and log it.

        Raises:
            sqlite3.IntegrityError: where the name is taken.
        """
        with self._db:
            self._db.execute(_UPDATE_ITEM, (*item_row(after), before.id))
            self._log("update", before, after, request)

    def delete(self, item: ItemRecord, request: int | None = None) -> None:
        """Remove an item and log it."""
        with self._db:
            self._db.execute("DELETE FROM items WHERE id = ?", (item.id,))
            self._log("delete", item, None, request)

    def writes(self) -> tuple[Write, ...]:
        """Return every change since the account began, in order."""
        rows = self._db.execute("SELECT number, what, item, before, after, request FROM writes ORDER BY number")
        return tuple(read_write(row) for row in rows)

    # Clients

    def clients(self, *, offset: int = 0, limit: int = -1) -> tuple[ClientRecord, ...]:
        """Return clients by id; a negative limit means all of them."""
        rows = self._db.execute("SELECT id, record FROM clients ORDER BY id LIMIT ? OFFSET ?", (limit, offset))
        return tuple(map(read_client, rows))

    def count_clients(self) -> int:
        """Return how many clients there are."""
        return self._count("SELECT count(*) FROM clients")

    def client(self, by: Literal["id", "name", "code"], value: int | str) -> ClientRecord | None:
        """Return the first client whose id, name or code is exactly this."""
        row = self._db.execute(_CLIENT_BY[by], (value,)).fetchone()
        return read_client(row) if row else None

    def insert_clients(self, clients: Iterable[ClientRecord]) -> None:
        """Add clients.

        Raises:
            sqlite3.IntegrityError: where an id is taken.
        """
        with self._db:
            self._db.executemany(_INSERT_CLIENT, map(client_row, clients))

    def insert_client(self, client: ClientRecord) -> ClientRecord:
        """Add a client and return it with its id."""
        with self._db:
            cursor = self._db.execute(_INSERT_CLIENT, client_row(client))
        return replace(client, id=cursor.lastrowid or client.id)

    def delete_client(self, client_id: int) -> None:
        """Remove a client."""
        with self._db:
            self._db.execute("DELETE FROM clients WHERE id = ?", (client_id,))

    def _count(self, query: str, *values: str) -> int:
        return int(self._db.execute(query, values).fetchone()[0])

    def _log(self, what: str, before: ItemRecord | None, after: ItemRecord | None, request: int | None) -> None:
        subject = after or before
        self._db.execute(
            "INSERT INTO writes (what, item, before, after, request) VALUES (?, ?, ?, ?, ?)",
            (what, subject.id if subject else None, item_text(before), item_text(after), request),
        )
