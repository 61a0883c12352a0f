"""An account over real HTTP, and catalogues of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.catalog import Catalog
from bot.clock import Clock
from bot.invoicexpress.client import InvoiceXpress
from bot.sandbox.account import Account, serve_account
from bot.sandbox.account.samples import made_up_clients, made_up_items, usual_taxes
from tests.invoicexpress.support import SwiftClock

FIRST_ID = 1000


@dataclass
class World:
    """An account and what looks at it.

    Attributes:
        account: the account.
        folder: where files may be kept.
        clock: the time of everything that is made without another.
    """

    account: Account
    folder: Path
    stack: AsyncExitStack
    clock: Clock = field(default_factory=SwiftClock)

    @property
    def path(self) -> Path:
        return self.folder / "catalog.db"

    def stock(self, items: int = 0, clients: int = 0) -> None:
        """Fill the account; ids are consecutive, from 1000."""
        self.account.stock(
            items=made_up_items(items, first_id=FIRST_ID),
            clients=made_up_clients(clients, first_id=FIRST_ID),
            taxes=usual_taxes(),
        )

    def client(self, clock: Clock | None = None, **options: Any) -> InvoiceXpress:
        """Return a client of the account; it is closed with the world."""
        key = SecretStr(self.account.api_key)
        client = InvoiceXpress(self.account.url, key, clock=clock or self.clock, **options)
        self.stack.push_async_callback(client.aclose)
        return client

    async def catalog(
        self,
        path: Path | None = None,
        *,
        clock: Clock | None = None,
        account: InvoiceXpress | None = None,
        **options: Any,
    ) -> Catalog:
        """Return an open catalogue; it is closed with the world."""
        clock = clock or self.clock
        catalog = Catalog(
            account or self.client(clock), path=path, clock=clock, **{"patience_seconds": None, **options}
        )
        await catalog.open()
        self.stack.push_async_callback(catalog.aclose)
        return catalog

    def asked(self, path: str = "*") -> int:
        """Return how many requests to a path came in."""
        return len(self.account.requests.matching("GET", path))

    async def is_copied_by(self, catalog: Catalog) -> bool:
        """Return whether a catalogue holds what the account holds, no more and no less."""
        items = await catalog.page_items(limit=100_000, offset=0)
        clients = await catalog.page_clients(limit=100_000, offset=0)
        prices = {record.id: (record.name, record.unit_price) for record in items.records}
        assert prices == {record.id: (record.name, record.unit_price) for record in self.account.items()}
        assert {record.id: record.name for record in clients.records} == {
            record.id: record.name for record in self.account.clients()
        }
        return not items.partial and not clients.partial


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with serve_account(samples=False) as account, AsyncExitStack() as stack:
        yield World(account, tmp_path, stack)
