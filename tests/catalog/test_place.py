"""One database of the copy: what is found in it is of one moment."""

from __future__ import annotations

import sqlite3
from asyncio import create_task, sleep
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path

import pytest

from bot.catalog.damage import Unusable
from bot.catalog.kinds import ITEMS
from bot.catalog.place import KINDS, Place
from bot.catalog.shelf import Shelf
from bot.invoicexpress.models import Item
from bot.store import Store, transaction
from tests.catalog.support import item

CUP, PLATE = item(1, "Copo"), item(2, "Prato")


async def filled(path: Path) -> None:
    """Make a file with a cup and a plate in it."""
    place = await Place.on_disk(path, "ours", busy_seconds=0.02, glance_seconds=1)
    await place.writer.run(partial(place.shelf(ITEMS).put, records=[CUP, PLATE]))
    await place.aclose()


@asynccontextmanager
async def read(path: Path, prepare: Callable[[sqlite3.Connection], None] | None = None) -> AsyncIterator[Place]:
    """Open the file where every search is made on the reading thread."""
    place = Place(Store(path), Store(path, read_only=True, prepare=prepare), from_file=True)
    await place.open()
    try:
        yield place
    finally:
        await place.aclose()


def drop(path: Path, record: Item) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection, transaction(connection):
        assert Shelf(ITEMS).drop(connection, [record.id]) == 1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalog.db"


async def test_a_record_that_is_dropped_when_it_was_found_is_still_read(path: Path) -> None:
    await filled(path)
    dropped: list[str] = []

    def watch(statement: str) -> None:
        """Drop the cup when it was found and before it is read."""
        if "body" in statement and not dropped:
            dropped.append(statement)
            drop(path, CUP)

    async with read(path, lambda connection: connection.set_trace_callback(watch)) as place:
        records, found = await place.find(ITEMS, "copo", 10, 0)
        assert dropped
        assert (records, found.total) == ((CUP,), 1)
        records, found = await place.find(ITEMS, "copo", 10, 0)
        assert (records, found.total) == ((), 0)


@pytest.mark.parametrize("text", ["copo", "cpoo", "nada"])
async def test_a_search_that_is_under_way_is_answered_before_the_place_is_closed(path: Path, text: str) -> None:
    await filled(path)
    async with read(path) as place:
        expected = await place.find(ITEMS, text, 10, 0)
        search = create_task(place.find(ITEMS, text, 10, 0))
        await sleep(0)
        await place.aclose()
        assert await search == expected


async def test_an_index_of_what_is_not_there_is_damage(path: Path) -> None:
    await filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM items_key")
        connection.execute("INSERT INTO items_key VALUES ('copinho', 7)")
    async with read(path) as place:
        with pytest.raises(Unusable):
            await place.find(ITEMS, "copinho", 10, 0)
        assert (await place.find(ITEMS, "copo", 10, 0))[0] == (CUP,)


async def test_reads_of_a_place_in_memory_leave_its_writes_alone() -> None:
    place = await Place.in_memory()
    for kind in KINDS:
        assert (await place.find(kind, "copo", 10, 0))[1].total == 0
    await place.writer.run(partial(place.shelf(ITEMS).put, records=[CUP]))
    assert (await place.find(ITEMS, "cpoo", 10, 0))[0] == (CUP,)
    await place.aclose()
