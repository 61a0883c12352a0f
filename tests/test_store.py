"""A database on a thread of its own."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import threading
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.store import Closed, Glance, Store, TooLong, migrate, snapshot, transaction


def rows(connection: sqlite3.Connection) -> list[tuple[int]]:
    return connection.execute("SELECT n FROM t ORDER BY n").fetchall()


def table(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS t (n INTEGER)")


def insert(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO t VALUES (1)")


def insert_and_fail(connection: sqlite3.Connection) -> None:
    insert(connection)
    connection.execute("no statement")


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


async def test_work_is_done_in_order_on_one_other_thread() -> None:
    store = Store(None, prepare=table)
    await store.open()
    done: list[int] = []

    def work(number: int, connection: sqlite3.Connection) -> int:
        done.append(number)
        return threading.get_ident()

    threads = await asyncio.gather(*(store.run(partial(work, number)) for number in range(20)))
    await store.aclose()
    assert done == list(range(20))
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


async def test_a_file_and_those_beside_it_are_their_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "some#%?.db"
    path.touch(mode=0o644)
    store = Store(path, prepare=table)
    await store.open()
    await store.run(insert)
    assert modes(tmp_path) == {"some#%?.db": 0o600, "some#%?.db-shm": 0o600, "some#%?.db-wal": 0o600}
    await store.aclose()


@pytest.mark.parametrize(("durable", "level"), [(False, 1), (True, 2)])
async def test_a_file_is_written_ahead_and_as_durably_as_asked(tmp_path: Path, *, durable: bool, level: int) -> None:
    store = Store(tmp_path / "a.db", durable=durable)
    await store.open()
    assert await store.run(lambda connection: connection.execute("PRAGMA journal_mode").fetchone()) == ("wal",)
    assert await store.run(lambda connection: connection.execute("PRAGMA synchronous").fetchone()) == (level,)
    await store.aclose()


async def test_a_reader_sees_what_is_committed_while_another_transaction_is_open(tmp_path: Path) -> None:
    writer, reader = Store(tmp_path / "a.db", prepare=table), Store(tmp_path / "a.db", read_only=True)
    await writer.open()
    await reader.open()
    await writer.run(insert)
    await writer.run(lambda connection: connection.executescript("BEGIN; INSERT INTO t VALUES (2)"))
    assert await reader.run(rows) == [(1,)]
    await writer.run(lambda connection: connection.execute("COMMIT"))
    assert await reader.run(rows) == [(1,), (2,)]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await reader.run(insert)
    await reader.aclose()
    await writer.aclose()


async def test_closing_leaves_no_log_though_others_still_read(tmp_path: Path) -> None:
    writer, reader = Store(tmp_path / "a.db", prepare=table), Store(tmp_path / "a.db", read_only=True)
    await writer.open()
    await reader.open()
    await writer.run(insert)
    assert await reader.run(rows) == [(1,)]
    await writer.aclose()
    assert await reader.run(rows) == [(1,)]
    assert (tmp_path / "a.db-wal").stat().st_size == 0
    await reader.aclose()


async def test_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db", prepare=table)
    await store.open()
    assert await store.run(lambda connection: connection.execute("PRAGMA secure_delete").fetchone()) == (1,)
    await store.run(lambda connection: connection.execute("INSERT INTO t VALUES ('Segredo da casa')"))
    await store.run(lambda connection: connection.execute("DELETE FROM t"))
    await store.aclose()
    assert b"Segredo da casa" not in (tmp_path / "a.db").read_bytes()


async def test_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "theirs").touch(0o644)
    (tmp_path / "a.db").symlink_to(tmp_path / "theirs")
    for read_only in (False, True):
        with pytest.raises(OSError, match="it is a symbolic link"):
            await Store(tmp_path / "a.db", read_only=read_only).open()
    assert (tmp_path / "theirs").stat().st_mode & 0o777 == 0o644


async def test_a_store_that_is_not_open_says_so() -> None:
    store = Store(None)
    with pytest.raises(Closed, match="not open"):
        await store.run(rows)
    await store.open()
    await store.aclose()
    await store.aclose()
    with pytest.raises(Closed, match="not open"):
        await store.run(rows)


async def test_what_waits_is_done_before_closing() -> None:
    store = Store(None, prepare=table)
    await store.open()
    waiting = asyncio.create_task(store.run(rows))
    await asyncio.sleep(0)
    await store.aclose()
    assert await waiting == []


async def test_a_store_that_cannot_be_opened_leaves_nothing_behind(tmp_path: Path) -> None:
    before = threading.active_count()
    with pytest.raises(OSError, match="nowhere"):
        await Store(tmp_path / "nowhere" / "a.db").open()

    def refuse(connection: sqlite3.Connection) -> None:
        raise sqlite3.DatabaseError("not this one")

    with pytest.raises(sqlite3.DatabaseError, match="not this one"):
        await Store(tmp_path / "a.db", prepare=refuse).open()
    assert threading.active_count() == before
    assert modes(tmp_path) == {"a.db": 0o600}


def count(connection: sqlite3.Connection) -> int:
    """Count to a million in SQLite, which takes far more than a few instructions."""
    numbers = "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t LIMIT 1000000) SELECT count(*) FROM t"
    return int(connection.execute(numbers).fetchone()[0])


async def filled(path: Path) -> Path:
    store = Store(path, prepare=table)
    await store.open()
    await store.run(insert)
    await store.aclose()
    return path


async def test_a_glance_reads_on_the_thread_that_asks(tmp_path: Path) -> None:
    prepared: list[int] = []

    def prepare(connection: sqlite3.Connection) -> None:
        prepared.append(threading.get_ident())

    glance = Glance(await filled(tmp_path / "some#%?.db"), 60, prepare=prepare)
    glance.open()
    assert prepared == [threading.get_ident()]
    assert glance.run(rows) == [(1,)]
    assert glance.run(count) == 1_000_000
    glance.close()


async def test_a_glance_only_reads(tmp_path: Path) -> None:
    glance = Glance(await filled(tmp_path / "n.db"), 60)
    glance.open()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        glance.run(insert)
    glance.close()


async def test_a_glance_that_takes_too_long_is_broken_off(tmp_path: Path) -> None:
    glance = Glance(await filled(tmp_path / "n.db"), 0)
    glance.open()
    with pytest.raises(TooLong):
        glance.run(count)
    assert glance.run(rows) == [(1,)]
    glance.close()


async def test_a_glance_waits_for_nobody(tmp_path: Path) -> None:
    path = await filled(tmp_path / "n.db")
    glance = Glance(path, 60)
    glance.open()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(TooLong):
            glance.run(rows)
    assert glance.run(rows) == [(1,)]
    glance.close()


@pytest.mark.parametrize("why", [sqlite3.SQLITE_BUSY_RECOVERY, sqlite3.SQLITE_BUSY_SNAPSHOT])
async def test_a_glance_knows_every_way_of_being_busy(tmp_path: Path, why: int) -> None:
    def work(connection: sqlite3.Connection) -> None:
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = why
        raise error

    glance = Glance(await filled(tmp_path / "n.db"), 60)
    glance.open()
    with pytest.raises(TooLong):
        glance.run(work)
    glance.close()


async def test_a_glance_passes_on_what_is_no_matter_of_time(tmp_path: Path) -> None:
    def no_utf_8(connection: sqlite3.Connection) -> None:
        connection.execute("SELECT CAST(x'ff' AS TEXT)").fetchone()

    glance = Glance(await filled(tmp_path / "n.db"), 60)
    glance.open()
    with pytest.raises(sqlite3.OperationalError, match="UTF-8"):
        glance.run(no_utf_8)
    glance.close()


async def test_a_glance_that_is_not_open_says_so(tmp_path: Path) -> None:
    glance = Glance(await filled(tmp_path / "n.db"), 60)
    with pytest.raises(Closed, match="not open"):
        glance.run(rows)
    glance.open()
    glance.close()
    glance.close()
    with pytest.raises(Closed, match="not open"):
        glance.run(rows)


def test_a_transaction_is_all_or_nothing() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    table(connection)
    with transaction(connection):
        connection.execute("INSERT INTO t VALUES (1)")
    with pytest.raises(sqlite3.OperationalError), transaction(connection):
        insert_and_fail(connection)
    assert rows(connection) == [(1,)]
    assert not connection.in_transaction
    connection.close()


def test_a_transaction_that_sqlite_ended_itself_raises_its_error() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE t (n INTEGER UNIQUE ON CONFLICT ROLLBACK)")
    insert(connection)
    with pytest.raises(sqlite3.IntegrityError), transaction(connection):
        insert(connection)
    assert rows(connection) == [(1,)]
    connection.execute("DELETE FROM t")
    assert rows(connection) == []
    connection.close()


async def test_a_snapshot_is_of_one_moment(tmp_path: Path) -> None:
    path = await filled(tmp_path / "n.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as reader, closing(sqlite3.connect(path)) as writer:
        with snapshot(reader):
            assert rows(reader) == [(1,)]
            writer.execute("INSERT INTO t VALUES (2)")
            writer.commit()
            assert rows(reader) == [(1,)]
        assert rows(reader) == [(1,), (2,)]


def test_a_snapshot_ends_however_the_reading_ends() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    table(connection)
    with pytest.raises(sqlite3.OperationalError), snapshot(connection):
        connection.execute("no statement")
    assert not connection.in_transaction
    with snapshot(connection):
        connection.execute("ROLLBACK")  # as SQLite does itself after some errors
    assert not connection.in_transaction
    connection.close()


STEPS = (
    ("CREATE TABLE t (n INTEGER)", "INSERT INTO t VALUES (1)"),
    ("INSERT INTO t VALUES (2)",),
    ("INSERT INTO t VALUES (3)",),
)


def test_each_step_of_a_schema_is_taken_once() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    copied: list[int] = []
    migrate(connection, STEPS[:1], before=copied.append)
    assert (rows(connection), copied) == ([(1,)], [])
    migrate(connection, STEPS, before=copied.append)
    migrate(connection, STEPS, before=copied.append)
    assert (rows(connection), copied) == ([(1,), (2,), (3,)], [1])
    with pytest.raises(sqlite3.DatabaseError, match="schema 3 is newer than 2"):
        migrate(connection, STEPS[:2])
    connection.close()


def test_a_step_that_fails_is_undone_and_taken_the_next_time() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    broken = (*STEPS[:1], ("INSERT INTO t VALUES (2)", "no statement"))
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, broken)
    assert rows(connection) == [(1,)]
    migrate(connection, STEPS)
    assert rows(connection) == [(1,), (2,), (3,)]
    connection.close()
