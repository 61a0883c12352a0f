"""Starts an InvoiceXpress account on this machine: the documented API over real HTTP, its data in SQLite.

It serves the tests and the sandbox, listens on loopback only, and never speaks to the real service.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.clock import Clock, SystemClock

from .account import Account
from .answers import Language
from .database import Database
from .quirks import Quirks
from .starter import sample_clients, sample_items, sample_taxes
from .state import State

_PATIENCE: Final = 0.1
"""Seconds that requests still running are given when the account stops; what is held has been released before."""


@asynccontextmanager
async def serve_account(
    *,
    database: Path | str = ":memory:",
    host: str = "127.0.0.1",
    port: int = 0,
    language: Language = "pt",
    quirks: Quirks | None = None,
    clock: Clock | None = None,
    samples: bool = True,
    api_key: str | None = None,
) -> AsyncIterator[Account]:
    """Serve an account within the block.

    Args:
        database: a file, which keeps the data for the next time, or ":memory:".
        host: a loopback address, not a name.
        port: a port, or 0 for any free one; `account.url` says which.
        language: the language in which it says why it refuses a value.
        quirks: how it behaves; by default as the live service was seen most often.
        clock: measures what is slow, and the minute of the limit.
        samples: whether an account that holds nothing yet is filled with sample data.
        api_key: its key; by default one that is made up at each start.

    Raises:
        ValueError: where the host is not this machine.
        OSError: where the port is taken.
        sqlite3.Error: where the file cannot be opened or is no database.
    """
    if not ip_address(host).is_loopback:
        raise ValueError(f"The sandbox account listens on loopback only, not on {host}")
    held = Database(database)
    try:
        state = State(held, api_key or secrets.token_hex(20), quirks or Quirks(), language)
        account = Account(state, clock or SystemClock())
        if samples and held.is_empty():
            account.stock(items=sample_items(), clients=sample_clients(), taxes=sample_taxes())
        async with _listening(account, host, port):
            yield account
    finally:
        held.close()


@asynccontextmanager
async def _listening(account: Account, host: str, port: int) -> AsyncIterator[None]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", account.handle)
    # No access log: it would show the key, which travels in the address.
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_PATIENCE)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0][1]
        account.url = f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"
        yield
    finally:
        account.faults.clear()
        await runner.cleanup()
