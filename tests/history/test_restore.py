"""Bringing a copy back: checked first, whole or not at all, and what was there before is kept."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.history.backup import back_up
from bot.history.disk import Disk
from bot.history.restore import NotRestorable, begin_anew, restore
from tests.clocks import ShiftedClock
from tests.disks import full_disk
from tests.history.killed import killed
from tests.history.support import edit, opened, record, rows
from tests.history.test_disk import NEXT
from tests.history.test_inspection import modes, usable
from tests.history.test_rows import put

NOW = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
KEPT = "records-replaced-20260102-030405-000678.db"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "records.db"


@pytest.fixture
async def copy(path: Path, tmp_path: Path) -> Path:
    """Return a backup that holds one write; the records hold nothing but it, either."""
    path.parent.mkdir()
    async with opened(path, ShiftedClock()) as history:
        await record(history, edit("r0"))
    return back_up(path).rename(tmp_path / "copy.db")


def references(path: Path) -> list[str]:
    return [row["reference"] for row in rows(path, "intents")]


async def test_a_copy_takes_the_place_of_what_a_killed_process_left(path: Path, copy: Path) -> None:
    await killed(path, "r1", "r2")
    done = restore(copy, path, NOW)
    assert (done.writes, done.unreadable, done.by_hand) == (1, 0, False)
    assert modes(path.parent) == {"records.db": 0o600, "backups": 0o700}
    assert await usable(path) == ["r0"]
    assert done.kept == path.parent / "backups" / KEPT
    assert await usable(done.kept) == ["r0", "r1", "r2"], "with its log"


async def test_what_was_replaced_can_be_brought_back(path: Path, copy: Path) -> None:
    await killed(path, "r1")
    kept = restore(copy, path, NOW).kept
    assert kept is not None
    assert restore(kept, path, NOW.replace(hour=4)).by_hand
    assert await usable(path) == ["r0", "r1"]
    assert restore(kept, path, NOW.replace(hour=5)).writes == 2, "what is restored stays as it was"


async def test_a_backup_that_was_copied_beside_the_log_of_another_is_mended_by_a_restore(
    path: Path, copy: Path
) -> None:
    await killed(path, "r1")
    shutil.copy(copy, path)
    restore(copy, path, NOW)
    assert await usable(path) == ["r0"]


@pytest.mark.parametrize("there", ["nothing", "empty", "rubbish", "link"])
async def test_whatever_was_there(path: Path, copy: Path, tmp_path: Path, there: str) -> None:
    path.unlink()
    if there == "link":
        (tmp_path / "theirs").write_text("theirs")
        path.symlink_to(tmp_path / "theirs")
    elif there != "nothing":
        path.write_bytes(b"" if there == "empty" else b"rubbish" * 99)
    done = restore(copy, path, NOW)
    assert await usable(path) == ["r0"]
    assert not path.is_symlink()
    assert (done.kept is None) == (there == "nothing")
    if there == "link":
        assert (tmp_path / "theirs").read_text() == "theirs"


async def test_a_log_without_its_file_is_moved_away(path: Path, copy: Path) -> None:
    await killed(path, "r1")
    path.unlink()
    restore(copy, path, NOW)
    assert await usable(path) == ["r0"]
    assert [found.name for found in path.parent.glob("backups/*")] == [f"{KEPT}-wal"]


async def test_a_copy_by_hand_comes_with_the_log_beside_it(path: Path, copy: Path, tmp_path: Path) -> None:
    await killed(path, "r1")
    for beside in ("", "-wal"):
        shutil.copy(f"{path}{beside}", tmp_path / f"by-hand.db{beside}")
    before = sorted(tmp_path.iterdir())
    done = restore(tmp_path / "by-hand.db", path, NOW)
    assert (done.writes, done.by_hand) == (2, True)
    assert sorted(tmp_path.iterdir()) == before
    assert await usable(path) == ["r0", "r1"]


async def test_rows_that_cannot_be_read_are_counted_and_kept(path: Path, copy: Path) -> None:
    put(copy, before="{")
    done = restore(copy, path, NOW)
    assert (done.writes, done.unreadable) == (2, 1)
    assert references(path) == ["odd", "r0"]


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def of_somebody_else(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE theirs (a)")
        connection.execute("PRAGMA user_version = 1")


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def rubbish(path: Path) -> None:
    path.write_bytes(b"rubbish" * 999)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])


def spoilt(path: Path) -> None:
    held = path.read_bytes()
    path.write_bytes(held[:4096] + b"\xff" * 9000 + held[13096:])


def mixed_up(path: Path) -> None:
    """Let two indexes stand in each other's place, which no reading of the rows would show."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        names = ("outcomes_of_intent", "intents_of_item")
        pages = [
            connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
            for name in names
        ]
        for name, page in zip(names, reversed(pages), strict=True):
            connection.execute("UPDATE sqlite_master SET rootpage = ? WHERE name = ?", (page, name))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (mixed_up, "it is damaged: "),
        (newer, "its schema 99 is newer than"),
        (of_somebody_else, "it holds no records"),
        (emptied, "it holds no records"),
        (rubbish, "file is not a database"),
        (cut, "malformed|damaged"),
        (spoilt, "malformed|damaged"),
        (Path.unlink, "it is no file"),
    ],
)
async def test_what_cannot_take_their_place_leaves_the_records_alone(
    path: Path, copy: Path, spoil: object, words: str
) -> None:
    assert callable(spoil)
    spoil(copy)
    before, names = path.read_bytes(), sorted(modes(path.parent))
    with pytest.raises(NotRestorable, match=words):
        restore(copy, path, NOW)
    assert path.read_bytes() == before
    assert sorted(modes(path.parent)) == names
    assert list((path.parent / "backups").iterdir()) == []


async def test_the_records_themselves_are_no_copy(path: Path, copy: Path) -> None:
    for same in (path, path.parent / ".." / "data" / "records.db"):
        with pytest.raises(NotRestorable, match="it is the file that the records are in"):
            restore(same, path, NOW)
    assert await usable(path) == ["r0"]


async def test_on_a_full_disk_the_records_stay(path: Path, copy: Path) -> None:
    before, names = path.read_bytes(), sorted(modes(path.parent))
    with full_disk(), pytest.raises(OSError, match="File too large"):
        restore(copy, path, NOW)
    assert path.read_bytes() == before
    assert sorted(modes(path.parent)) == names


async def test_an_older_copy_is_brought_up_to_date_at_the_next_start(path: Path, copy: Path) -> None:
    restore(copy, path, NOW)
    later = Disk(path, steps=NEXT)
    assert await later.open()
    await later.aclose()
    assert references(path) == ["r0"]


@pytest.mark.parametrize("there", ["records", "nothing"])
async def test_a_new_history_begins_and_the_old_one_is_kept(path: Path, copy: Path, there: str) -> None:
    if there == "nothing":
        path.unlink()
    else:
        await killed(path, "r1")
    kept = begin_anew(path, NOW)
    assert await usable(path, copy) == []
    assert modes(path.parent)["records.db"] == 0o600
    if kept is not None:
        assert await usable(kept) == ["r0", "r1"]
    assert (kept is None) == (there == "nothing")
