"""Measure, and print a table: `python -m tests.bench [--million] [PART …]`, the parts being those of `PARTS`."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from bot.log import configure_logging
from tests.bench import asking, end_to_end, first_walk, searching, starting, walking
from tests.bench.table import HEAD, Row, line

RECORDS: Final = 100_000
SIZES: Final = (10_000, RECORDS)
MILLION: Final = 1_000_000

PARTS: Final = ("search", "walk", "first-walk", "start", "end-to-end", "requests")


def _rows(part: str, folder: Path, sizes: tuple[int, ...]) -> AsyncIterator[Row]:
    if part == "search":
        return searching.rows(folder, sizes, RECORDS)
    if part == "walk":
        return walking.rows(folder)
    if part == "first-walk":
        return first_walk.rows(folder)
    if part == "start":
        return starting.rows(folder, RECORDS)
    if part == "requests":
        return asking.rows(folder)
    return end_to_end.rows(RECORDS)


async def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure, and print a table.")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="what to measure; everything by default")
    parser.add_argument("--million", action="store_true", help="search among a million records too")
    asked = parser.parse_args()
    configure_logging("ERROR", "text")
    print(HEAD, flush=True)  # noqa: T201 - a command prints
    sizes = (*SIZES, MILLION) if asked.million else SIZES
    for part in asked.parts or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            async for row in _rows(part, Path(folder), sizes):
                print(line(row), flush=True)  # noqa: T201 - a command prints


if __name__ == "__main__":
    asyncio.run(_main())
