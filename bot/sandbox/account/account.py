"""A running account as its owner sees it: what it holds, what was asked of it, and what is to go wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal, TypeVar

from aiohttp import web

from bot.clock import Clock

from .alterations import Record
from .answers import Language
from .database import NEW
from .faults import Fault, Faults, Shift
from .oddities import ODDITIES, Setting
from .quirks import Quirks
from .records import ClientRecord, Exchange, ItemRecord, TaxRecord, Write
from .server import RequestLog, Server
from .state import State

Found = TypeVar("Found")


class Account:
    """A running account. `serve_account` makes one.

    Attributes:
        url: its base URL, without a slash at the end.
        api_key: its key.
        faults: what is to go wrong.
    """

    def __init__(self, state: State, clock: Clock) -> None:
        self.url = ""
        self.faults = Faults(clock, self._shift)
        self._clock = clock
        self._state = state
        self._database = state.database
        self._server = Server(state, self.faults, clock)

    # What it is

    @property
    def api_key(self) -> str:
        """The account's key."""
        return self._state.api_key

    @property
    def quirks(self) -> Quirks:
        """How it behaves; may be set at any time."""
        return self._state.quirks

    @quirks.setter
    def quirks(self, quirks: Quirks) -> None:
        self._state.quirks = quirks

    @property
    def language(self) -> Language:
        """The language in which it says why it refuses a value; may be set at any time."""
        return self._state.language

    @language.setter
    def language(self, language: Language) -> None:
        self._state.language = language

    # What was asked of it

    @property
    def requests(self) -> RequestLog:
        """The requests so far, those for the switches of the faults not among them."""
        return self._server.requests

    @property
    def on_exchange(self) -> Callable[[Exchange], object] | None:
        """What is called with each exchange when it is over; secrets are masked in it."""
        return self._server.on_exchange

    @on_exchange.setter
    def on_exchange(self, listener: Callable[[Exchange], object] | None) -> None:
        self._server.on_exchange = listener

    # What it holds

    def items(self) -> tuple[ItemRecord, ...]:
        """Return all items by id."""
        return self._database.items()

    def item(self, item_id: int) -> ItemRecord:
        """Return an item.

        Raises:
            KeyError: where there is none with this id.
        """
        return _there(self._database.item(item_id), item_id)

    def item_named(self, name: str) -> ItemRecord | None:
        """Return the item with exactly this name."""
        return self._database.item_named(name)

    def has_item(self, item_id: int) -> bool:
        """Tell whether there is an item with this id."""
        return self._database.item(item_id) is not None

    def clients(self) -> tuple[ClientRecord, ...]:
        """Return all clients by id."""
        return self._database.clients()

    def client(self, client_id: int) -> ClientRecord:
        """Return a client.

        Raises:
            KeyError: where there is none with this id.
        """
        return _there(self._database.client("id", client_id), client_id)

    def taxes(self) -> tuple[TaxRecord, ...]:
        """Return all taxes by id."""
        return self._database.taxes()

    @property
    def writes(self) -> tuple[Write, ...]:
        """Every change of an item since the account began, in order; nothing is ever taken from it."""
        return self._database.writes()

    def odd(
        self,
        name: str,
        *,
        only: Callable[[Record], bool] | None = None,
        path: str | None = None,
        times: int | Literal["usual"] | None = "usual",
    ) -> Fault:
        """Let the account be odd in one of the ways of `oddities.ODDITIES`, by its name.

        Args:
            name: which.
            only: of the oddities of records: which records have it; all by default.
            path: the requests that it strikes, where not the usual ones.
            times: for how many requests; None until the fault is removed.

        Raises:
            KeyError: there is no oddity of this name.
        """
        oddity = ODDITIES[name]
        lasting = (1 if oddity.once else None) if times == "usual" else times
        effect = oddity.make(Setting(self._state.api_key, self._clock, only))
        return self.faults.add(
            effect, method=oddity.method, path=path or oddity.path, times=lasting, after=oddity.after
        )

    # What others do to it, past the API

    def add_item(
        self,
        name: str,
        unit_price: Decimal | int | str = 10,
        *,
        description: str | None = None,
        unit: str | None = None,
        tax: str | None = None,
        item_id: int = NEW,
    ) -> ItemRecord:
        """Add an item as if somebody had done so in the web interface; return it with its id.

        Raises:
            KeyError: where the account has no such tax.
            sqlite3.IntegrityError: where the id or the name is taken.
        """
        item = ItemRecord(id=item_id, name=name, unit_price=Decimal(unit_price), description=description, unit=unit)
        return self._database.create(self._taxed(item, tax))

    def change_item(self, item_id: int, **changes: Any) -> ItemRecord:
        """Change fields of an item (`ItemRecord`) as if somebody had done so in the web interface; return it.

        A tax is named by `tax` alone; its rate follows.

        Raises:
            KeyError: where there is no such item or no such tax.
            sqlite3.IntegrityError: where the name is taken.
        """
        before = self.item(item_id)
        after = replace(before, **changes)
        if "tax" in changes:
            after = self._taxed(after, changes["tax"])
        self._database.update(before, after)
        return after

    def remove_item(self, item_id: int) -> None:
        """Delete an item as if somebody had done so in the web interface.

        Raises:
            KeyError: where there is none with this id.
        """
        self._database.delete(self.item(item_id))

    def add_client(self, name: str, *, client_id: int = NEW, **fields: Any) -> ClientRecord:
        """Add a client with further fields of `ClientRecord`; return it with its id."""
        return self._database.insert_client(ClientRecord(id=client_id, name=name, **fields))

    def remove_client(self, client_id: int) -> None:
        """Delete a client as if somebody had done so in the web interface.

        Raises:
            KeyError: where there is none with this id.
        """
        self._database.delete_client(self.client(client_id).id)

    def stock(
        self,
        *,
        items: Iterable[ItemRecord] = (),
        clients: Iterable[ClientRecord] = (),
        taxes: Iterable[TaxRecord] = (),
    ) -> None:
        """Fill the account with many records at once; this stands in no log. Several taxes may have one name.

        Raises:
            sqlite3.IntegrityError: where an id or an item's name is taken.
        """
        self._database.insert_taxes(taxes)
        self._database.insert_items(items)
        self._database.insert_clients(clients)

    def remove_tax(self, name: str) -> None:
        """Remove a tax; the items that have it keep it."""
        self._database.remove_tax(name)

    def _taxed(self, item: ItemRecord, tax: str | None) -> ItemRecord:
        rates = {held.name: held.value for held in self._database.taxes()}
        return replace(item, tax=tax, tax_value=None if tax is None else rates[tax])

    def _shift(self, how: Shift) -> None:
        """Move every page of the list by one item."""
        first = self._database.items(limit=1)
        if how == "delete":
            for item in first:
                self._database.delete(item)
        else:
            identity = first[0].id - 1 if first else NEW
            self._database.create(ItemRecord(id=identity, name=f"Novo artigo {identity}", unit_price=Decimal(1)))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request; for the server only."""
        return await self._server.handle(request)


def _there(found: Found | None, identity: int) -> Found:
    if found is None:
        raise KeyError(identity)
    return found
