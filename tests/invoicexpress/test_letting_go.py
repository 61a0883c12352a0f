"""Whoever gives up waiting, at whatever moment, leaves no connection in use."""

from __future__ import annotations

import asyncio

from pydantic import SecretStr

from bot.invoicexpress.client import InvoiceXpress, Limits
from bot.sandbox.account import serve_account

STEPS = 120
"""More than a request takes of the loop's rounds, so that every moment of one is met."""


async def test_a_request_that_is_given_up_at_any_moment_leaves_its_connection_to_the_next() -> None:
    async with serve_account() as account:
        item = account.items()[0].id
        limits = Limits(at_once=1, connect=0.5, attempts=1)
        key = SecretStr(account.api_key)
        client = InvoiceXpress(account.url, key, requests_per_minute=100_000, limits=limits)
        ended = set()
        for steps in range(STEPS):
            asked = asyncio.create_task(client.get_item(item))
            for _ in range(steps):
                await asyncio.sleep(0)
            asked.cancel()
            await asyncio.wait([asked])
            ended.add(asked.cancelled())
            assert (await client.get_item(item)).id == item, f"given up after {steps} rounds"
        assert ended == {True, False}, "all moments were met"
        await client.aclose()


async def test_a_walk_that_ends_early_leaves_every_connection_to_others() -> None:
    async with serve_account() as account:
        items = [item.id for item in account.items()[:16]]
        client = InvoiceXpress(account.url, SecretStr(account.api_key), requests_per_minute=100_000)
        for _ in range(10):
            async for _page in client.walk_items(concurrency=8):
                pass
        async with account.faults.holding() as hold, asyncio.timeout(10):
            asked = [asyncio.create_task(client.get_item(item)) for item in items]
            await hold.arrived(len(items))
        await asyncio.gather(*asked)
        await client.aclose()
