"""The copy in its file, and what becomes of it when the file or the disk fails."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.catalog import remove_copy
from bot.catalog.copy import Copy
from bot.catalog.kinds import CLIENTS, ITEMS
from bot.catalog.model import Tally
from bot.invoicexpress.models import Tax
from bot.store import Closed
from tests.catalog.support import client, item
from tests.invoicexpress.support import until

WHEN = datetime(2026, 1, 1, 12, tzinfo=UTC)
TAXES = (Tax(id=1, name="IVA23", value=Decimal("23.0")),)


@asynccontextmanager
async def opened(
    path: Path | None, *, clients_on_disk: bool = True, owner: str = "https://acme.example", glance_seconds: float = 1
) -> AsyncIterator[Copy]:
    copy = Copy(path, clients_on_disk=clients_on_disk, owner=owner, busy_seconds=0.02, glance_seconds=glance_seconds)
    await copy.open()
    try:
        yield copy
    finally:
        await copy.aclose()


async def fill(copy: Copy) -> None:
    await copy.put(ITEMS, [item(1, "Copo"), item(2, "Prato")])
    await copy.put(CLIENTS, [client(7, "Padaria")])
    await copy.set_whole(ITEMS, WHEN)
    await copy.set_whole(CLIENTS, WHEN)
    await copy.keep_taxes(WHEN, TAXES)


async def is_full(copy: Copy) -> bool:
    records, found = await copy.find(ITEMS, "copo", 10, 0)
    assert copy.counts == {"items": 2, "clients": 1}
    assert copy.whole == {"items": WHEN, "clients": WHEN}
    assert await copy.taxes() == (WHEN, TAXES)
    assert await copy.get(CLIENTS, 7) == client(7, "Padaria")
    return [record.id for record in records] == [1] and found.total == 1


def is_empty(copy: Copy) -> bool:
    return copy.counts == {"items": 0, "clients": 0} and copy.whole == {"items": None, "clients": None}


def contents(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalog.db"


@pytest.fixture
def empty_file(path: Path) -> Path:
    path.touch(mode=0o666)
    return path


async def test_a_copy_survives_a_restart(path: Path) -> None:
    async with opened(path) as copy:
        assert is_empty(copy)
        assert copy.on_disk
        await fill(copy)
        assert await is_full(copy)
    async with opened(path) as copy:
        assert await is_full(copy)
        assert await copy.drop(ITEMS, [2, 3]) == 1
        assert copy.counts["items"] == 1
    async with opened(path) as copy:
        assert copy.counts["items"] == 1


async def test_what_was_found_is_kept_until_something_changes(path: Path) -> None:
    async with opened(path) as copy:
        await fill(copy)
        first, _ = await copy.find(ITEMS, "copo", 10, 0)
        again, _ = await copy.find(ITEMS, "copo", 10, 0)
        assert first is again
        await copy.put(ITEMS, [item(1, "Copo")])
        assert (await copy.find(ITEMS, "copo", 10, 0))[0] is first
        await copy.put(ITEMS, [item(3, "Copo alto")])
        assert [record.id for record in (await copy.find(ITEMS, "copo", 10, 0))[0]] == [1, 3]
        await copy.drop(ITEMS, [1])
        assert [record.id for record in (await copy.find(ITEMS, "copo", 10, 0))[0]] == [3]


async def test_what_was_found_before_a_change_is_not_kept_after_it(path: Path) -> None:
    async with opened(path) as copy:
        await fill(copy)
        search = asyncio.create_task(copy.find(ITEMS, "copo", 10, 0))
        await copy.put(ITEMS, [item(3, "Copo alto")])
        await search
        assert [record.id for record in (await copy.find(ITEMS, "copo", 10, 0))[0]] == [1, 3]


@pytest.mark.parametrize("text", ["copo 1", "opo", "cpoo", "nada disso", "-"])
async def test_a_search_that_is_no_glance_finds_the_same(path: Path, text: str) -> None:
    async with opened(path) as copy:
        await copy.put(ITEMS, [item(number, f"Copo {number}") for number in range(300)])
        at_a_glance = await copy.find(ITEMS, text, 10, 5)
    async with opened(path, glance_seconds=0) as copy:
        assert await copy.find(ITEMS, text, 10, 5) == at_a_glance


async def test_only_the_latest_answers_are_kept() -> None:
    async with opened(None) as copy:
        await copy.put(ITEMS, [item(1, "Copo")])
        first, _ = await copy.find(ITEMS, "copo", 10, 0)
        for number in range(100):
            await copy.find(ITEMS, f"copo {number}", 10, 0)
        later, _ = await copy.find(ITEMS, "copo", 10, 0)
        assert later == first
        assert later is not first


async def test_a_copy_in_memory_is_no_file() -> None:
    async with opened(None) as copy:
        await fill(copy)
        assert await is_full(copy)
        assert not copy.on_disk
        assert copy.batch(ITEMS) < 1000


async def test_every_file_is_its_owners_alone(empty_file: Path) -> None:
    path = empty_file
    async with opened(path) as copy:
        await fill(copy)
        assert modes(path.parent) == {"catalog.db": 0o600, "catalog.db-wal": 0o600, "catalog.db-shm": 0o600}


async def test_clients_can_be_kept_off_the_disk(path: Path) -> None:
    async with opened(path) as copy:
        await fill(copy)
    async with opened(path, clients_on_disk=False) as copy:
        assert is_empty(copy)
        await fill(copy)
        assert await is_full(copy)
        assert copy.on_disk
        assert b"Padaria" not in contents(path.parent)
    assert b"Padaria" not in contents(path.parent)
    async with opened(path, clients_on_disk=False) as copy:
        assert copy.counts == {"items": 2, "clients": 0}
        assert copy.whole == {"items": WHEN, "clients": None}


async def test_a_copy_of_another_account_is_built_anew(path: Path) -> None:
    async with opened(path) as copy:
        await fill(copy)
    with capture_logs() as logs:
        async with opened(path, owner="https://other.example") as copy:
            assert is_empty(copy)
            assert copy.on_disk
    assert [line["event"] for line in logs] == ["catalog.built_anew"]


def of_another_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")


def somebody_elses(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE about (name TEXT, value TEXT)")


def no_database(path: Path) -> None:
    path.write_text("Not a database, but long enough for one to be looked for in it.\n" * 100)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize("spoil", [of_another_version, somebody_elses, no_database, cut_short])
async def test_a_file_of_no_use_is_built_anew(path: Path, spoil: object) -> None:
    async with opened(path) as copy:
        await fill(copy)
    assert callable(spoil)
    spoil(path)
    with capture_logs() as logs:
        async with opened(path) as copy:
            assert is_empty(copy)
            assert copy.on_disk
            await fill(copy)
    assert [line["event"] for line in logs] == ["catalog.built_anew"]
    async with opened(path) as copy:
        assert await is_full(copy)


def test_a_copy_is_removed_and_nothing_else(path: Path) -> None:
    for name in ("catalog.db", "catalog.db-wal", "catalog.db-shm", "records.db", "catalog.db.txt"):
        path.with_name(name).touch()
    assert remove_copy(path)
    assert modes(path.parent).keys() == {"records.db", "catalog.db.txt"}
    assert not remove_copy(path)


async def test_an_empty_file_is_an_empty_copy(empty_file: Path) -> None:
    async with opened(empty_file) as copy:
        assert is_empty(copy)


async def test_without_a_place_on_the_disk_the_copy_is_in_memory(tmp_path: Path) -> None:
    with capture_logs() as logs:
        async with opened(tmp_path / "nowhere" / "catalog.db") as copy:
            await fill(copy)
            assert await is_full(copy)
            assert not copy.on_disk
    assert [line["event"] for line in logs] == ["catalog.in_memory"]


async def test_a_file_that_another_process_holds_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE theirs (n)")
        async with opened(path) as copy:
            assert not copy.on_disk
            await fill(copy)
            assert await is_full(copy)
        other.execute("COMMIT")
        assert other.execute("SELECT count(*) FROM theirs").fetchone() == (0,)


def overwrite(path: Path, table: str) -> None:
    """Spoil the first page of a table, and leave the file readable otherwise."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)


@pytest.mark.parametrize("table", ["items_text_data", "items"])
async def test_a_file_that_proves_to_be_broken_is_built_anew(path: Path, table: str) -> None:
    async with opened(path) as copy:
        await fill(copy)
    overwrite(path, table)
    with capture_logs() as logs:
        async with opened(path) as copy:
            records, found = await copy.find(ITEMS, "copo", 10, 0)
            assert (records, found.total) == ((), 0)
            assert is_empty(copy)
            assert copy.on_disk
            await fill(copy)
    assert logs
    async with opened(path) as copy:
        assert await is_full(copy)


async def test_a_file_that_breaks_twice_is_given_up_for_memory(path: Path) -> None:
    async with opened(path) as copy:
        for losses in (0, 1):
            assert copy.losses == losses
            await copy.put(ITEMS, [item(number, f"Copo {number}") for number in range(3000)])
            overwrite(path, "items")
            assert len(await copy.page(ITEMS, 10, 2900)) == 0
        assert copy.losses == 2
        assert not copy.on_disk
        await fill(copy)
        assert await is_full(copy)


async def test_when_the_file_cannot_be_written_the_copy_goes_on_in_memory_with_all_it_held(path: Path) -> None:
    async with opened(path) as copy:
        await fill(copy)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with capture_logs() as logs:
                assert await copy.put(ITEMS, [item(3, "Taça")]) == Tally(new=1)
            assert [line["event"] for line in logs] == ["catalog.rescued"]
        assert not copy.on_disk
        assert copy.counts == {"items": 3, "clients": 1}
        assert copy.losses == 0
        assert await copy.drop(ITEMS, [3]) == 1
        assert await is_full(copy)


async def test_what_cannot_be_written_and_is_gone_from_the_disk_is_lost_and_said_to_be(path: Path) -> None:
    async with opened(path) as copy:
        await fill(copy)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            remove_copy(path)
            with capture_logs() as logs:
                assert await copy.put(ITEMS, [item(3, "Taça")]) == Tally(new=1)
            assert [line["event"] for line in logs] == ["catalog.rescued", "catalog.lost"]
        assert copy.on_disk
        assert copy.counts == {"items": 1, "clients": 0}
        assert copy.losses == 1


async def test_whoever_comes_while_the_copy_moves_finds_it_where_it_went(path: Path) -> None:
    async with opened(path) as copy:
        await fill(copy)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            puts = [asyncio.create_task(copy.put(ITEMS, [item(number, "Taça")])) for number in (3, 4)]
            while copy.on_disk:
                await asyncio.sleep(0)
                reads = [asyncio.create_task(copy.get(ITEMS, 2)) for _ in puts]
                assert await asyncio.gather(*reads) == [item(2, "Prato")] * 2
            assert await asyncio.gather(*puts) == [Tally(new=1), Tally(new=1)]
        assert copy.counts["items"] == 4


async def test_an_error_that_is_not_the_disks_is_raised() -> None:
    async with opened(None) as copy:
        with pytest.raises(sqlite3.IntegrityError):
            await copy.page(ITEMS, "ten", 0)  # type: ignore[arg-type]  # what SQLite itself refuses


async def test_a_copy_that_is_closed_says_so_and_its_file_is_left_alone(path: Path) -> None:
    copy = Copy(path, clients_on_disk=True, owner="https://acme.example")
    await copy.open()
    await fill(copy)
    await copy.aclose()
    with pytest.raises(Closed):
        await copy.get(ITEMS, 1)
    async with opened(path, owner="https://acme.example") as copy:
        assert await is_full(copy)


async def test_a_copy_that_is_closed_while_it_moves_loses_nothing(path: Path) -> None:
    before = threading.active_count()
    async with opened(path) as copy:
        await fill(copy)
        with closing(sqlite3.connect(path, isolation_level=None)) as other, capture_logs() as logs:
            other.execute("BEGIN IMMEDIATE")
            puts = [asyncio.create_task(copy.put(ITEMS, [item(number, "Taça")])) for number in (3, 4)]
            await until(lambda: bool(logs))
            await copy.aclose()
            first, second = await asyncio.gather(*puts, return_exceptions=True)
            assert first == Tally(new=1)
            assert second == Tally(new=1) or isinstance(second, sqlite3.Error)
    assert threading.active_count() == before
    async with opened(path) as copy:
        assert await is_full(copy)
