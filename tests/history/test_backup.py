"""Copies of the history: whole, at any moment, and the owner's alone."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.history import Outcome
from bot.history.backup import back_up
from bot.history.inspection import create as create_records
from tests.clocks import ShiftedClock
from tests.disks import full_disk
from tests.history.support import edit, opened, record, rows

NOW = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)


async def test_a_copy_is_whole_while_the_bot_writes(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    async with opened(path, ShiftedClock()) as history:
        await record(history, edit("r0"))
        writing = asyncio.gather(*(record(history, edit(f"r{number}")) for number in range(1, 30)))
        copies = [await asyncio.to_thread(back_up, path) for _ in range(3)]
        await writing
    for copy in copies:
        intents, outcomes = rows(copy, "intents"), rows(copy, "outcomes")
        assert len(intents) >= len(outcomes) >= 1
        assert {row["reference"] for row in outcomes} <= {row["reference"] for row in intents}
    assert len({copy.name for copy in copies}) == 3


async def test_a_copy_is_the_owner_s_alone_and_named_by_its_time(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    async with opened(path, ShiftedClock()) as history:
        await record(history, edit("r0"), Outcome.REFUSED)
    copy = back_up(path, NOW)
    assert copy == tmp_path / "backups" / "records-20260102-030405-000678.db"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert [row["outcome"] for row in rows(copy, "outcomes")] == ["refused"]
    assert sorted(found.name for found in copy.parent.iterdir()) == [copy.name]


def test_where_there_is_none_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        back_up(tmp_path / "records.db")
    assert list(tmp_path.iterdir()) == []


async def test_a_copy_that_finds_no_room_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    async with opened(path, ShiftedClock()) as history:
        await record(history, edit("r0"))
        with full_disk(), pytest.raises(sqlite3.Error):
            back_up(path, NOW)
        assert list((tmp_path / "backups").iterdir()) == []
        assert back_up(path, NOW).exists()


def test_what_a_killed_copy_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    create_records(path)
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "records-20260102-030405-000678.part").write_text("half")
    assert [found.name for found in back_up(path, NOW).parent.iterdir()] == ["records-20260102-030405-000678.db"]


def test_a_file_that_is_no_database_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    path.write_bytes(b"rubbish" * 500)
    with pytest.raises(sqlite3.DatabaseError):
        back_up(path, NOW)
    assert not (tmp_path / "backups").exists()
