"""Records and an index of them in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from typing import Any

from bot.catalog.kinds import CLIENTS, ITEMS, Kind
from bot.catalog.search import Found, Search
from bot.catalog.shelf import Shelf
from bot.invoicexpress.models import Client, Item


def item(number: int, name: str, **fields: Any) -> Item:
    return Item(id=number, name=name, unit_price=fields.pop("unit_price", Decimal("24.3902")), **fields)


def client(number: int, name: str, **fields: Any) -> Client:
    return Client(id=number, name=name, **fields)


class Index:
    """The index of one kind, as a search sees it."""

    def __init__(self, connection: sqlite3.Connection, kind: Kind[Any]) -> None:
        self.connection = connection
        self.shelf = Shelf(kind)
        self.search = Search(kind)
        self.shelf.create(connection)

    def find(self, text: str, *, limit: int = 10, offset: int = 0) -> list[int]:
        return list(self.found(text, limit=limit, offset=offset).ids)

    def found(self, text: str, *, limit: int = 10, offset: int = 0) -> Found:
        found = self.search.find(self.connection, text, limit, offset)
        return found if found.total else self.search.find_resembling(self.connection, text, limit, offset)


@contextmanager
def index_of(*records: Any) -> Iterator[Index]:
    """Yield an index of records, all of one kind."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        index = Index(connection, CLIENTS if isinstance(records[0], Client) else ITEMS)
        index.shelf.put(connection, records)
        yield index
    finally:
        connection.close()


def index_of_names(*names: str) -> AbstractContextManager[Index]:
    """Yield an index of items with these names and the ids 1, 2, 3, …"""
    return index_of(*(item(number, name) for number, name in enumerate(names, start=1)))
