"""The two kinds of record that the catalogue holds, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic

from bot.catalog.entries import Entry, Form, client_entry, client_forms, item_entry, item_forms
from bot.catalog.layout import Layout
from bot.catalog.model import KindName, R
from bot.invoicexpress.models import Client, Item


@dataclass(frozen=True, slots=True)
class Kind(Generic[R]):
    """What the catalogue must know about a kind of record.

    Attributes:
        name: its name, and that of its tables.
        model: the record as it is read.
        entry: what of a record can be searched.
        forms: the ways to read a query.
        sql: its statements.
    """

    name: KindName
    model: type[R]
    entry: Callable[[R], Entry]
    forms: Callable[[str], tuple[Form, ...]]
    sql: Layout


ITEMS: Final = Kind("items", Item, item_entry, item_forms, Layout("items"))
CLIENTS: Final = Kind("clients", Client, client_entry, client_forms, Layout("clients"))
