"""The first walk of 10,000 items from an account that takes 50 ms a request, against the limit that binds."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Final

from pydantic import SecretStr

from bot.catalog import Catalog
from bot.catalog.sync import CONCURRENCY
from bot.invoicexpress.client import InvoiceXpress
from bot.sandbox.account import Account, serve_account
from bot.sandbox.account.samples import made_up_items, usual_taxes
from tests.bench.table import Row

ITEMS: Final = 10_000
PER_PAGE: Final = 30
LATENCY: Final = 0.05
"""Seconds that the account takes for each request."""

BUDGET: Final = 780
"""Requests a minute: what the documentation allows."""

TIGHT: Final = 300
"""Requests a minute with which the budget binds, its burst included."""

UNBOUND: Final = 1_000_000
GOAL: Final = "≤ 1.15 × its limit"


async def rows() -> AsyncIterator[Row]:
    """Walk with the budget out of the way, with the usual one and with one that binds."""
    async with serve_account(samples=False) as account:
        account.stock(items=made_up_items(ITEMS), taxes=usual_taxes())
        account.faults.slow(LATENCY)
        for budget in (UNBOUND, BUDGET, TIGHT):
            requests, seconds = await _walked(account, budget)
            waiting = requests * LATENCY / CONCURRENCY
            flowing = max(0, requests - budget // 2) / (budget - budget // 2) * 60
            limit = max(waiting, flowing)
            binds = f"{CONCURRENCY} at once" if waiting >= flowing else f"the budget of {budget} a minute"
            found = f"{seconds / limit:.2f} × ({seconds:.2f} s for {requests} requests; {limit:.2f} s: {binds})"
            label = "no budget" if budget == UNBOUND else f"{budget} requests a minute"
            yield Row(f"walk of {ITEMS:,} items at {LATENCY * 1000:.0f} ms, {label}", GOAL, found)


async def _walked(account: Account, budget: int) -> tuple[int, float]:
    """Walk into an empty copy; return the requests that it took, and the seconds."""
    before = len(account.requests)
    client = InvoiceXpress(account.url, SecretStr(account.api_key), requests_per_minute=budget)
    catalog = Catalog(client)
    await catalog.open()
    began = time.perf_counter()
    hits = await catalog.page_items(limit=1, offset=0)
    seconds = time.perf_counter() - began
    requests = len(account.requests) - before
    if hits.total != ITEMS or hits.partial:
        raise RuntimeError(f"{hits.total} items were walked, not {ITEMS}")
    await catalog.aclose()
    await client.aclose()
    return requests, seconds
