"""The first walk of 10,000 items from an account that takes 50 ms a request, against the limit that binds."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median
from typing import Final

import httpx
from pydantic import SecretStr

from bot.catalog import Catalog, remove_copy
from bot.catalog.walk import CONCURRENCY
from bot.interpreter import tune
from bot.invoicexpress.client import InvoiceXpress
from tests.bench.serving import process
from tests.bench.slow_account import KEY, PER_PAGE
from tests.bench.table import Row

ITEMS: Final = 10_000
LATENCY: Final = 0.05
"""Seconds that the account takes for each request."""

BUDGET: Final = 780
"""Requests a minute: what the documentation allows."""

TIGHT: Final = 300
"""Requests a minute with which the budget binds, its burst included."""

UNBOUND: Final = 1_000_000
_ROUNDS: Final = 3
"""Walks of which the middle one counts; where the budget binds, one says it all."""
GOAL: Final = "≤ 1.15 × its limit"


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Walk with the budget out of the way, with the usual one and with one that binds, in a process like the bot's."""
    tune()
    async with process(["-m", "tests.bench.slow_account", str(ITEMS), str(LATENCY)], dict(os.environ)) as server:
        for budget in (UNBOUND, BUDGET, TIGHT):
            counting = _Counting()
            seconds = await _walked(folder, server.url, budget, counting)
            label = "no budget" if budget == UNBOUND else f"{budget} requests a minute"
            measure = f"walk of {ITEMS:,} items at {LATENCY * 1000:.0f} ms, {label}"
            flowing = max(0, counting.requests - budget // 2) / (budget - budget // 2) * 60
            if flowing > counting.requests * LATENCY / CONCURRENCY:
                yield Row(measure, GOAL, f"{seconds / flowing:.2f} × ({seconds:.2f} s; the budget: {flowing:.2f} s)")
                continue
            again = [await _walked(folder, server.url, budget, _Counting()) for _ in range(_ROUNDS - 1)]
            seconds = median([seconds, *again])
            bare = median([await _bare(server.url, counting.requests) for _ in range(_ROUNDS)])
            nominal = counting.requests * LATENCY / CONCURRENCY
            compared = f"{seconds / bare:.2f} × a client that does nothing else ({seconds:.2f} s; {bare:.2f} s)"
            yield Row(measure, GOAL, f"{compared}, {seconds / nominal:.2f} × {nominal:.2f} s on paper")


async def _bare(url: str, requests: int) -> float:
    """Ask for as many pages, as many at a time, and drop them; return the seconds that it took."""
    pages = iter(range(1, requests + 1))
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=CONCURRENCY)) as client:

        async def worker() -> None:
            for page in pages:
                address = f"{url}/items.json?page={page}&per_page={PER_PAGE}&api_key={KEY}"
                (await client.get(address)).raise_for_status()

        began = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(CONCURRENCY)))
        return time.perf_counter() - began


class _Counting(httpx.AsyncHTTPTransport):
    """The network, with the requests counted."""

    def __init__(self) -> None:
        super().__init__(limits=httpx.Limits(max_connections=16))
        self.requests = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        return await super().handle_async_request(request)


async def _walked(folder: Path, url: str, budget: int, transport: httpx.AsyncBaseTransport) -> float:
    """Walk into an empty copy; return the seconds until it answers."""
    path = folder / "walk.db"
    remove_copy(path)
    client = InvoiceXpress(url, SecretStr(KEY), requests_per_minute=budget, transport=transport)
    catalog = Catalog(client, path=path, patience_seconds=None)
    await catalog.open()
    began = time.perf_counter()
    hits = await catalog.page_items(limit=1, offset=0)
    seconds = time.perf_counter() - began
    if hits.total != ITEMS or hits.partial:
        raise RuntimeError(f"{hits.total} items were walked, not {ITEMS}")
    await catalog.aclose()
    await client.aclose()
    return seconds
