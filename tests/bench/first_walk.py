"""The first walk of 100,000 items within the usual budget: what people wait for from its first second on."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Final

from bot.sandbox.account import serve_account
from bot.sandbox.slack import Actor, serve_workspace
from tests.bench.serving import process, settings_for
from tests.bench.slow_account import KEY
from tests.bench.table import Row

ITEMS: Final = 100_000
LATENCY: Final = 0.2
"""Seconds that the account takes for each request: in the middle of what was seen."""

GOAL: Final = "≤ 2.50 s"
_PAUSE: Final = 0.5
_TOLD: Final = 8
"""How often the table repeats what was said."""
_READING: Final = re.compile(r"for the first time, (\S+ (?:records )?so far)")
_FINDER: Final = "items.pick"


async def _find(person: Actor) -> None:
    await person.command("/items find")
    view = await person.modal(callback_id=_FINDER)
    for text in ("c", "caf", "café 5"):
        await person.suggestions(_FINDER, text, view)
    await person.close()


async def _form(person: Actor) -> None:
    await person.command("/items new Café raro")
    await person.modal("New item", "Unit price")
    await person.close()


async def _edit(person: Actor) -> None:
    await person.command("/items edit café")
    await person.modal(callback_id=_FINDER)
    await person.close()


def _says(command: str, *words: str) -> Callable[[Actor], Awaitable[object]]:
    async def ask(person: Actor) -> object:
        await person.command(command)
        return await person.sees(*words)

    return ask


_DEEDS: Final[dict[str, Callable[[Actor], Awaitable[object]]]] = {
    "/items": _says("/items", "nvoice"),
    "/items café": _says("/items café"),
    "/items xyzzyx": _says("/items xyzzyx", "No item matches"),
    f"/items {ITEMS - 1}": _says(f"/items {ITEMS - 1}", f"Item no. {ITEMS - 1}."),
    "/items find, three keystrokes": _find,
    "/items edit café": _edit,
    "/items new": _form,
    "/items help": _says("/items help", "What you can type"),
    "/clients": _says("/clients"),
    "/clients padaria": _says("/clients padaria"),
}


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Start with an empty copy, and ask for one thing after another until all is read."""
    async with (
        process(["-m", "tests.bench.slow_account", str(ITEMS), str(LATENCY)], dict(os.environ)) as slow,
        serve_account(samples=False, api_key=KEY) as account,
        serve_workspace() as workspace,
    ):
        settings = settings_for(folder, account, workspace) | {"INVOICEXPRESS_URL": slow.url}
        settings |= {"EDITORS": "members", "MANAGERS": "members"}
        began = time.perf_counter()
        async with process(["-m", "bot", "run", "--mode", "http"], settings) as server:
            workspace.request_url = f"{server.url}/slack/events"
            taken, told = await _asked(workspace.person("Ben"), began)
        longest = {deed: max(seconds) for deed, seconds in taken.items()}
        count = sum(map(len, taken.values()))
        found = ", ".join(f"`{deed}` {seconds:.2f} s" for deed, seconds in longest.items())
        yield Row(f"{count:,} answers during the first walk of {ITEMS:,} items, each at most", GOAL, found)
        yield Row("what they said of how far it was", "", "; ".join([*told[:: max(1, len(told) // _TOLD)], told[-1]]))


async def _asked(person: Actor, began: float) -> tuple[dict[str, list[float]], list[str]]:
    taken: dict[str, list[float]] = defaultdict(list)
    told: list[str] = []
    while True:
        for deed, do in _DEEDS.items():
            since = time.perf_counter()
            await do(person)
            taken[deed].append(time.perf_counter() - since)
        await person.command("/items")
        reading = _READING.search((await person.sees()).plain)
        if reading is None:
            return taken, [*told, f"nothing after {time.perf_counter() - began:.0f} s"]
        told.append(f"{reading[1]} after {time.perf_counter() - began:.0f} s")
        await asyncio.sleep(_PAUSE)
