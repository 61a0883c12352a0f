"""Measure, and print a table: `python -m tests.bench [--million] [search] [walk] [start] [end-to-end]`."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from bot.log import configure_logging
from tests.bench import searching, walking
from tests.bench.table import HEAD, Line, line

RECORDS: Final = 100_000
PARTS: Final = ("search", "walk", "start", "end-to-end")


async def _rows(part: str, folder: Path, *, million: bool) -> AsyncIterator[Line]:
    if part == "search":
        sizes = [10_000, RECORDS, *([1_000_000] if million else [])]
        async for row in searching.rows(folder, sizes, RECORDS):
            yield row
    if part == "walk":
        async for row in walking.rows():
            yield row


async def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure, and print a table.")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="what to measure; everything by default")
    parser.add_argument("--million", action="store_true", help="search among a million records too")
    asked = parser.parse_args()
    configure_logging("ERROR", "text")
    print(HEAD, flush=True)  # noqa: T201 - a command prints
    for part in asked.parts or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            async for row in _rows(part, Path(folder), million=asked.million):
                print(line(row), flush=True)  # noqa: T201 - a command prints


if __name__ == "__main__":
    asyncio.run(_main())
