"""Trouble with the disk or the file: writes are refused, nothing that happened is lost, and it ends by itself."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from bot.history import History, NotReadable, NotRecorded, Outcome
from bot.history.disk import Disk
from bot.history.records import STEPS
from tests.clocks import ShiftedClock
from tests.disks import full_disk
from tests.history.support import edit, opened, record, rows
from tests.logs import caught_log


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


@pytest.fixture
async def history(path: Path) -> AsyncIterator[History]:
    async with opened(path, ShiftedClock()) as living:
        await record(living, edit("r0"))
        yield living


async def refused(history: History) -> None:
    """Try to write, which must not come to pass."""
    with pytest.raises(NotRecorded):
        async with history.recording(edit("r1")):
            raise AssertionError("it was sent")


async def recorded(history: History) -> None:
    """Write, which must be recorded."""
    await record(history, edit("r2"))
    entry = await history.find("r2")
    assert entry is not None
    assert entry.outcome is Outcome.SUCCEEDED


async def test_a_full_disk_refuses_writes_until_there_is_room(history: History) -> None:
    await history.claim("form V1 0", "r8", "U1")
    with full_disk() as log:
        await refused(history)
        with pytest.raises(NotRecorded):
            await history.claim("form V1 1", "r9", "U1")
        history.let_go("r8")
        assert history.is_quiet, "nothing is under way"
        await history.told("r8")
        await history.release("r8")
        await history.tidy()
        assert [event["reference_of"] for event in log.events("promise still open")] == ["r8"]
        assert [event["reference_of"] for event in log.events("claims kept")] == ["r8"]
        assert log.events("history not writable")
        entry = await history.last_of_item(7)
        assert entry is not None
        assert entry.reference == "r0", "what is there can still be read"
    await recorded(history)


async def test_an_outcome_that_finds_no_room_is_appended_as_soon_as_there_is(history: History, path: Path) -> None:
    with ExitStack() as stack:
        async with history.recording(edit("r1")):
            log = stack.enter_context(full_disk())
        assert [event["owed"] for event in log.events("history not written yet")] == [1]
        assert log.the("write ended")["outcome"] == "succeeded"
        entry = await history.find("r1")
        assert entry is not None
        assert entry.outcome is None
        assert await history.unsettled() == (), "this process knows how it ended"
    await history.tidy()
    assert [row["reference"] for row in rows(path, "outcomes")] == ["r0", "r1"]


async def test_what_is_owed_comes_before_what_is_new(history: History, path: Path) -> None:
    with ExitStack() as stack:
        async with history.recording(edit("r1")):
            stack.enter_context(full_disk())
    await recorded(history)
    assert [row["reference"] for row in rows(path, "outcomes")] == ["r0", "r1", "r2"]


async def test_all_that_is_owed_is_appended(history: History, path: Path) -> None:
    with ExitStack() as stack:
        async with history.recording(edit("r1")), history.recording(edit("r2")):
            log = stack.enter_context(full_disk())
        assert [event["owed"] for event in log.events("history not written yet")][-1] == 2
    await history.tidy()
    assert [row["reference"] for row in rows(path, "outcomes")] == ["r0", "r2", "r1"]
    assert history.is_quiet


async def test_what_is_owed_is_appended_at_the_end(path: Path) -> None:
    async with opened(path, ShiftedClock()) as history:
        with ExitStack() as stack:
            async with history.recording(edit("r1")):
                stack.enter_context(full_disk())
    assert [row["outcome"] for row in rows(path, "outcomes")] == ["succeeded"]


async def test_another_process_s_lock_is_waited_for_in_vain(path: Path) -> None:
    disk = Disk(path, busy_seconds=0.01)
    assert await disk.open()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with caught_log() as log, pytest.raises(NotRecorded):
            await disk.write(lambda connection: connection.execute("DELETE FROM claims"))
        assert log.the("history not writable")["error"] == "database is locked"
        assert await disk.read(lambda connection: connection.execute("SELECT 1").fetchone()) == (1,)
    await disk.write(lambda connection: connection.execute("DELETE FROM claims"))
    await disk.aclose()


def make_directory(path: Path) -> None:
    path.mkdir()


def make_rubbish(path: Path) -> None:
    path.write_bytes(b"This is no database. " * 200)


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def make_link(path: Path) -> None:
    """Make a link to a file of somebody's, which must stay as it is."""
    target = path.parent / "theirs"
    target.touch(0o644)
    path.symlink_to(target)


def put_aside(path: Path) -> None:
    path.rename(path.with_name("aside"))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (make_directory, "Is a directory"),
        (make_rubbish, "file is not a database"),
        (make_newer, "schema 99 is newer than"),
        (make_link, "it is a symbolic link"),
    ],
)
async def test_a_file_that_cannot_be_used_is_said_and_tried_again(path: Path, make: object, words: str) -> None:
    assert callable(make)
    make(path)
    history = History(path, ShiftedClock())
    with caught_log() as log:
        assert not await history.open()
        assert words in log.the("history unusable")["error"]
        await refused(history)
        with pytest.raises(NotReadable):
            await history.find("r0")
        with pytest.raises(NotReadable):
            await history.newest(limit=1)
        assert await history.last_of_item(7) is None
    put_aside(path)
    await recorded(history)
    await history.aclose()


async def test_a_broken_page_is_not_taken_for_nothing(path: Path) -> None:
    async with opened(path, ShiftedClock()) as history:
        await record(history, edit("r1", sent={"description": "x" * 60_000}))
        await record(history, edit("r2", sent={"description": "x" * 60_000}))
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 100_000)
    history = History(path, ShiftedClock())
    with caught_log():
        await history.open()
        with pytest.raises(NotReadable):
            await history.newest(limit=9)
        await history.aclose()


async def test_after_it_was_closed_nothing_is_taken(path: Path) -> None:
    async with opened(path, ShiftedClock()) as history:
        await recorded(history)
    with caught_log():
        await refused(history)
        with pytest.raises(NotReadable):
            await history.find("r2")


async def test_many_at_once_open_it_once(path: Path) -> None:
    history = History(path, ShiftedClock())
    await asyncio.gather(*(record(history, edit(f"r{number}")) for number in range(20)))
    _, total = await history.newest(limit=1)
    assert total == 20
    await history.aclose()


# Migrations

NEXT = (*STEPS, ("CREATE TABLE colours (name TEXT)", "INSERT INTO colours VALUES ('red')"))
"""What a later version's schema is to ours."""


def version(path: Path) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


async def test_before_the_schema_changes_the_records_are_copied(history: History, path: Path) -> None:
    before = rows(path, "intents")
    await history.aclose()
    later = Disk(path, steps=NEXT)
    assert await later.open()
    assert await later.read(lambda connection: connection.execute("SELECT * FROM colours").fetchall()) == [("red",)]
    await later.aclose()
    copy = path.parent / "backups" / f"records-v{len(STEPS)}.db"
    assert rows(copy, "intents") == before
    assert rows(path, "intents") == before
    assert (version(copy), version(path)) == (len(STEPS), len(NEXT))
    assert [found.stat().st_mode & 0o777 for found in (copy, copy.parent)] == [0o600, 0o700]


async def test_where_the_records_cannot_be_copied_they_are_left_alone(history: History, path: Path) -> None:
    await history.aclose()
    (path.parent / "backups").write_text("no directory")
    later = Disk(path, steps=NEXT)
    with caught_log() as log:
        assert not await later.open()
    assert "File exists" in log.the("history unusable")["error"]
    assert version(path) == len(STEPS)
    await later.aclose()


async def test_a_step_that_fails_leaves_the_copy_and_the_records(history: History, path: Path) -> None:
    before = rows(path, "intents")
    await history.aclose()
    broken = Disk(path, steps=(*STEPS, ("DELETE FROM outcomes", "CREATE NONSENSE")))
    with caught_log():
        assert not await broken.open()
    await broken.aclose()
    assert (rows(path, "intents"), len(rows(path, "outcomes"))) == (before, 1)
    assert rows(path.parent / "backups" / f"records-v{len(STEPS)}.db", "intents") == before


async def test_new_records_are_not_copied(history: History, path: Path) -> None:
    assert await history.find("r0")
    assert not (path.parent / "backups").exists()


async def test_trouble_is_known_until_a_write_succeeds_again_be_it_only_a_look(history: History) -> None:
    assert history.trouble == ""
    with full_disk():
        await refused(history)
        told = history.trouble
        assert told
        await history.tidy()
        assert history.trouble == told
        assert (await history.newest(limit=1))[1] == 1, "it can be read"
    await history.tidy()
    assert history.trouble == ""


async def test_a_directory_that_is_gone_is_told_without_its_path(tmp_path: Path) -> None:
    history = History(tmp_path / "gone" / "records.db", ShiftedClock())
    assert not await history.open()
    assert history.trouble
    assert str(tmp_path) not in history.trouble
    await history.aclose()
