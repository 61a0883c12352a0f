"""Signed HTTP in, answer out: the bot with a large copy beside a Bolt that does nothing, on the same kind of server.

Three servers in processes of their own: stock Bolt (`AsyncApp` as it comes) whose listener only acknowledges; the same
in our set-up (answered at once); and the bot. One client sends each the same signed requests, one at a time and 32 at
once. What is quoted is the ratio inside one run.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median

import aiohttp
from pydantic import SecretStr

from bot.catalog import Catalog
from bot.invoicexpress.client import InvoiceXpress
from bot.sandbox.account import Account, serve_account
from bot.sandbox.account.samples import made_up_clients, made_up_items, usual_taxes
from bot.sandbox.slack import Workspace, serve_workspace
from tests.bench.serving import command, options_request, process, settings_for, signed
from tests.bench.table import Row, percentile

CONCURRENT = 32
SEED = 7
_TEXTS = 400
"""Different texts that are typed in a round; the first twenty, repeated, are served warm."""
_ROUNDS = 3
"""Each server is asked in turn, so often: what else the machine does meanwhile concerns all of them."""
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """What one server did with one kind of request, in milliseconds and requests a second."""

    taken: tuple[float, ...]
    throughput: float

    @property
    def p50(self) -> float:
        """What half of the requests took at most."""
        return median(self.taken)

    @property
    def p99(self) -> float:
        """What all but a hundredth of them took at most."""
        return percentile(self.taken, 0.99)

    @classmethod
    def of(cls, rounds: Sequence[Figures]) -> Figures:
        """Return the figures of several rounds together: all times, and the middle one of the throughputs."""
        return cls(tuple(time for one in rounds for time in one.taken), median(one.throughput for one in rounds))


async def rows(records: int) -> AsyncIterator[Row]:
    """Measure, and yield the table's lines."""
    with tempfile.TemporaryDirectory() as folder:
        async with _servers(Path(folder), records) as (stock, ours, bot, workspace):
            names = [item.name for item in islice(made_up_items(records, seed=SEED), 0, records, records // 5000)]
            chance = random.Random(SEED)  # noqa: S311 - made-up data
            options = [options_request(text) for text in _some(chance, _keystrokes(names))]
            commands = [command(text) for text in _some(chance, (f"{name.split()[0]} {name[-4:]}" for name in names))]
            for label, bodies in (("options request", options), ("`/items <text>`", commands)):
                for temperature, chosen in (("cold", bodies), ("repeated prefixes", bodies[:20] * 20)):
                    async for row in _compare(label, temperature, chosen, workspace, (stock, ours, bot)):
                        yield row


def _keystrokes(names: Iterable[str]) -> Iterator[str]:
    """Yield what a select asks for while names are typed letter by letter, from the third on."""
    return (name[:end] for name in names for end in range(_SHORTEST, len(name) + 1))


def _some(chance: random.Random, texts: Iterable[str]) -> list[str]:
    """Return texts of which none comes twice: more than the bot keeps answers of."""
    distinct = list(dict.fromkeys(texts))
    return chance.sample(distinct, min(_TEXTS, len(distinct)))


async def _compare(
    label: str, temperature: str, bodies: Sequence[bytes], workspace: Workspace, urls: tuple[str, str, str]
) -> AsyncIterator[Row]:
    stock_url, ours_url, bot_url = urls
    alone, stock = await _beside(bot_url, stock_url, bodies, workspace, concurrent=1)
    yield Row(
        f"{label}, one person, {temperature}",
        "p50 ≤ 0.2 × a stock Bolt no-op",
        f"{alone.p50 / stock.p50:.2f} × ({alone.p50:.2f} ms against {stock.p50:.2f} ms)",
    )
    crowd, noop = await _beside(bot_url, ours_url, bodies, workspace, concurrent=CONCURRENT)
    yield Row(
        f"{label}, {CONCURRENT} at once, {temperature}",
        "throughput ≥ 0.25 × a no-op in our set-up, p99 ≤ 80 ms",
        f"{crowd.throughput / noop.throughput:.2f} × ({crowd.throughput:.0f} against {noop.throughput:.0f} a second), "
        f"p99 {crowd.p99:.0f} ms",
    )


async def _beside(
    url: str, other: str, bodies: Sequence[bytes], workspace: Workspace, *, concurrent: int
) -> tuple[Figures, Figures]:
    """Ask two servers the same, in turn."""
    found: dict[str, list[Figures]] = {url: [], other: []}
    for _ in range(_ROUNDS):
        for server, rounds in found.items():
            rounds.append(await _figures(server, bodies, workspace, concurrent=concurrent))
    return Figures.of(found[url]), Figures.of(found[other])


async def _figures(url: str, bodies: Sequence[bytes], workspace: Workspace, *, concurrent: int) -> Figures:
    """Send every body once, so many at a time, after a warm-up on others."""
    connector = aiohttp.TCPConnector(limit=concurrent)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def send(body: bytes) -> float:
            began = time.perf_counter()
            async with session.post(url, data=body, headers=signed(body, workspace.signing_secret)) as answer:
                await answer.read()
                answer.raise_for_status()
            return (time.perf_counter() - began) * 1000

        for body in bodies[-5:]:
            await send(body)
        waiting = iter(bodies)
        taken: list[float] = []

        async def person() -> None:
            for body in waiting:
                milliseconds = await send(body)
                taken.append(milliseconds)

        began = time.perf_counter()
        await asyncio.gather(*(person() for _ in range(concurrent)))
        seconds = time.perf_counter() - began
    return Figures(tuple(taken), len(taken) / seconds)


@asynccontextmanager
async def _servers(folder: Path, records: int) -> AsyncIterator[tuple[str, str, str, Workspace]]:
    async with AsyncExitStack() as open_until_end:
        account = await open_until_end.enter_async_context(serve_account(samples=False))
        account.stock(
            items=made_up_items(records, seed=SEED),
            clients=made_up_clients(records // 10, seed=SEED),
            taxes=usual_taxes(),
        )
        workspace = await open_until_end.enter_async_context(serve_workspace())
        await _fill(folder, account)
        settings = settings_for(folder, account, workspace)
        bot = await open_until_end.enter_async_context(process(["-m", "bot", "run", "--mode", "http"], settings))
        noops = [
            await open_until_end.enter_async_context(process(["-m", "tests.bench.noop", kind], settings))
            for kind in ("stock", "ours")
        ]
        # The first command costs a look-up of the person, as it would for anybody.
        workspace.request_url = f"{bot.url}/slack/events"
        await workspace.person("Ben").command("/items")
        await workspace.person("Ben").sees()
        stock, ours, bot_url = (f"{server.url}/slack/events" for server in (*noops, bot))
        yield stock, ours, bot_url, workspace


async def _fill(folder: Path, account: Account) -> None:
    """Walk the account into the copy, as `python -m bot sync` does, with the budget out of the way."""
    client = InvoiceXpress(account.url, SecretStr(account.api_key), requests_per_minute=1_000_000)
    catalog = Catalog(client, path=folder / "catalog.db")
    await catalog.open()
    await catalog.refresh()
    await catalog.aclose()
    await client.aclose()
