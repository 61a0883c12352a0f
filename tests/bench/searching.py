"""Search at different sizes: how long one keystroke takes, and whether what was meant is among the first ten."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from bot.catalog import Catalog, Hits, remove_copy
from bot.catalog.folding import fold
from bot.catalog.model import R
from tests.bench import queries
from tests.bench.made_up import clients, items, nowhere, read_through, size_of, write_copy
from tests.bench.queries import SHOWN, Names, Query, Rule, made
from tests.bench.table import Row, milliseconds, percentile

_SEED: Final = 7
_SAMPLE: Final = 400
_TYPED: Final = 60
_ROUNDS: Final = 6

Find = Callable[..., Awaitable[Hits[Any]]]


@dataclass(frozen=True, slots=True)
class Trial:
    """Queries made by one rule for one kind of record, and what answers them."""

    rule: str
    find: Find
    queries: Sequence[Query]


GOALS: Final = {
    "beginnings": "1.00",
    "codes": "1.00",
    "fiscal ids": "1.00",
    "e-mails": "1.00",
    "word order": "1.00",
    "insides": "≥ 0.99",
    "misspelt by one letter": "≥ 0.96",
    "without accents and capitals": "",
    "ids": "",
    "phone numbers": "",
}
"""The rules, and which share of what they make should be found."""


async def rows(folder: Path, sizes: Sequence[int], hits_at: int) -> AsyncIterator[Row]:
    """Measure every size; the hits at one of them."""
    async with AsyncExitStack() as open_until_end:
        trials: dict[int, list[Trial]] = {}
        for records in sizes:
            path = folder / f"search-{records}.db"
            catalog, row = await open_until_end.enter_async_context(_built(path, records))
            yield row
            # To find out what a query made by rule may find takes long among a million names.
            trials[records] = list(_trials(catalog, records, _SAMPLE if records == hits_at else _TYPED))
        for records in sizes:
            read_through(folder / f"search-{records}.db")
        for row in await _keystrokes(trials, hits_at):
            yield row
        for rule, share in GOALS.items():
            yield Row(f"hit in the first {SHOWN}: {rule}", share, await _hits(trials[hits_at], rule))


async def _keystrokes(trials: Mapping[int, Sequence[Trial]], hits_at: int) -> list[Row]:
    """Type at every size in turn, so that what else the machine does meanwhile concerns all of them."""
    asked: dict[int, set[str]] = {records: set() for records in trials}
    taken: dict[int, list[float]] = {records: [] for records in trials}
    for number in range(_ROUNDS):
        for records, some in trials.items():
            taken[records] += [seconds for trial in some for seconds in await _typed(trial, number, asked[records])]
    rows = []
    for records, times in taken.items():
        goal = "p50 ≤ 0.6 ms, p99 ≤ 5 ms" if records == hits_at else ""
        found = f"p50 {milliseconds(median(times))}, p99 {milliseconds(percentile(times, 0.99))}"
        rows.append(Row(f"search, {records:,} records of each kind, one keystroke", goal, found))
    smallest, *_, largest = taken
    growth = median(taken[largest]) / median(taken[smallest])
    goal = "≤ 1.5 × up to 1,000,000"
    return [*rows, Row(f"growth of p50 from {smallest:,} to {largest:,}", goal, f"{growth:.2f} ×")]


@asynccontextmanager
async def _built(path: Path, records: int) -> AsyncIterator[tuple[Catalog, Row]]:
    account = nowhere()
    began = time.perf_counter()
    await write_copy(path, records, account.address)
    built = time.perf_counter() - began
    catalog = Catalog(account, path=path)
    await catalog.open()
    try:
        found = f"{built:.1f} s, {size_of(path):.0f} MB on disk"
        yield catalog, Row(f"index {records:,} items and {records:,} clients", "", found)
    finally:
        await catalog.aclose()
        await account.aclose()
        remove_copy(path)


def _trials(catalog: Catalog, records: int, most: int) -> Iterator[Trial]:
    sample, names = _sampled(items(records), records, most, lambda item: item.name)
    rules = _of_both(names) | {"ids": queries.item_id}
    yield from (_trial(name, catalog.search_items, rule, sample) for name, rule in rules.items())
    people, names = _sampled(clients(records), records, most, lambda client: client.name)
    others = {
        "codes": queries.code,
        "fiscal ids": queries.fiscal_id,
        "e-mails": queries.email,
        "phone numbers": queries.phone,
    }
    named = _of_both(names) | others
    yield from (_trial(name, catalog.search_clients, rule, people) for name, rule in named.items())


def _of_both(names: Iterable[str]) -> dict[str, Rule[Any]]:
    known = Names(names)
    return {
        "beginnings": known.beginning,
        "word order": queries.other_order,
        "insides": known.inside,
        "misspelt by one letter": queries.misspelt,
        "without accents and capitals": queries.plain,
    }


def _trial(name: str, find: Find, rule: Rule[Any], sample: Sequence[Any]) -> Trial:
    return Trial(name, find, made(rule, sample, random.Random(_SEED)))  # noqa: S311 - made-up data


def _sampled(records: Iterable[R], count: int, most: int, name: Callable[[R], str]) -> tuple[list[R], list[str]]:
    """Return some records, chosen by chance, and all names."""
    chosen = set(random.Random(_SEED).sample(range(count), min(count, most)))  # noqa: S311 - made-up data
    sample: list[R] = []
    names: list[str] = []
    for number, record in enumerate(records):
        names.append(name(record))
        if number in chosen:
            sample.append(record)
    return sample, names


async def _typed(trial: Trial, number: int, asked: set[str]) -> list[float]:
    """Type the queries of a round letter by letter until what is meant is among the hits.

    Returns the seconds that each letter took.

    A text that was asked before is not counted: what was found lately is kept, and this is about finding it.
    """
    taken: list[float] = []
    for query in trial.queries[number:_TYPED:_ROUNDS]:
        for end in range(1, len(query.text) + 1):
            text = query.text[:end]
            began = time.perf_counter()
            hits = await trial.find(text, limit=SHOWN)
            if text not in asked:
                taken.append(time.perf_counter() - began)
                asked.add(text)
            if _is_among(query, hits):
                break
    return taken


async def _hits(trials: Sequence[Trial], rule: str) -> str:
    """Return the share that was found, for items and clients."""
    shares = []
    for trial in trials:
        if trial.rule == rule:
            found = [_is_among(query, await trial.find(query.text, limit=SHOWN)) for query in trial.queries]
            kind = "items" if "items" in trial.find.__name__ else "clients"
            shares.append(f"{kind} {sum(found) / len(found):.3f} of {len(found)}")
    return ", ".join(shares)


def _is_among(query: Query, hits: Hits[Any]) -> bool:
    return any(record.id == query.record_id or fold(record.name) == query.name for record in hits.records)
