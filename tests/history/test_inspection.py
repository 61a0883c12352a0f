"""What is said of a file of records before it is opened: lost, damaged, of a newer version, or somebody else's."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.history import History, NotReadable, NotRecorded
from bot.history.backup import back_up
from bot.history.disk import Disk
from bot.history.inspection import Unusable, inspect
from bot.history.records import STEPS
from tests.clocks import ShiftedClock
from tests.disks import full_disk
from tests.history.killed import killed
from tests.history.support import edit, opened, record, rows
from tests.history.test_disk import NEXT
from tests.logs import caught_log


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return where the copy of the account lies, which is there."""
    beside = tmp_path / "catalog.db"
    beside.write_bytes(b"items")
    return beside


def modes(directory: Path) -> dict[str, int]:
    return {found.name: found.stat().st_mode & 0o777 for found in directory.iterdir()}


async def unusable(path: Path, reason: str, words: str, beside: Path | None = None) -> None:
    """See that neither is anything written nor read, and that the log and the person are told why."""
    history = History(path, ShiftedClock(), beside=beside)
    with caught_log() as log:
        assert not await history.open()
        assert words in log.the("history unusable")["error"]
        assert log.the("history unusable")["level"] == "error"
        assert words in history.trouble
        assert str(path.parent) not in history.trouble
        with pytest.raises(NotRecorded) as written:
            async with history.recording(edit("r1")):
                raise AssertionError("it was sent")
        with pytest.raises(NotReadable) as read:
            await history.newest(limit=1)
        with pytest.raises(NotRecorded):
            await history.claim("form", "r1", "U1")
    assert written.value.key == read.value.key == f"error.records-{reason}"
    await history.aclose()


async def usable(path: Path, beside: Path | None = None) -> list[str]:
    """See that all is well, and return what is recorded."""
    history = History(path, ShiftedClock(), beside=beside)
    assert await history.open()
    assert history.trouble == ""
    entries, _ = await history.newest(limit=99)
    await history.aclose()
    return [entry.reference for entry in reversed(entries)]


# Lost


async def test_an_empty_file_is_not_a_new_history(path: Path) -> None:
    path.touch()
    await unusable(path, "lost", "records.db is empty: what it held is lost. `python -m bot restore FILE`")
    assert path.stat().st_size == 0


async def test_a_database_without_records_is_not_a_new_history(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE theirs (a)")
    before = path.read_bytes()
    await unusable(path, "lost", "records.db holds no records")
    assert path.read_bytes() == before


async def test_a_missing_file_beside_a_full_copy_is_not_a_new_history(path: Path, copy: Path) -> None:
    await unusable(path, "lost", "records.db is missing, though catalog.db is there", copy)
    assert not path.exists()


@pytest.mark.parametrize("sign", ["backups/records-v1.db", "records.db-wal"])
async def test_other_signs_of_a_history_that_was(path: Path, sign: str) -> None:
    (path.parent / "backups").mkdir()
    (path.parent / sign).write_bytes(b"something")
    await unusable(path, "lost", f"though {Path(sign).name} is there")


async def test_where_nothing_ever_was_a_history_begins(path: Path, copy: Path) -> None:
    copy.write_bytes(b"")
    (path.parent / "lock").touch()
    (path.parent / "backups").mkdir()
    assert await usable(path, copy) == []
    assert modes(path.parent)["records.db"] == 0o600
    copy.write_bytes(b"items")
    assert await usable(path, copy) == [], "the next start finds it"


async def test_a_first_start_on_a_full_disk_is_no_loss(path: Path, copy: Path) -> None:
    copy.unlink()
    history = History(path, ShiftedClock(), beside=copy)
    with full_disk():
        assert not await history.open()
    assert not path.exists(), "it is there whole or not at all"
    copy.write_bytes(b"items")
    await record(history, edit("r1"))
    assert history.trouble == ""
    await history.aclose()
    assert modes(path.parent) == {"records.db": 0o600, "catalog.db": copy.stat().st_mode & 0o777}


# Of a newer version


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
async def test_a_newer_file_is_neither_written_nor_read(path: Path, mode: str) -> None:
    later = Disk(path, steps=NEXT)
    assert await later.open()
    await later.aclose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
    before = path.read_bytes()
    await unusable(path, "newer", f"schema {len(NEXT)} is newer than {len(STEPS)}")
    assert path.read_bytes() == before


async def test_a_newer_file_that_was_killed_keeps_its_log(path: Path) -> None:
    await killed(path, "r1")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("PRAGMA user_version = 99")
        for beside in ("", "-wal"):
            shutil.copy(f"{path}{beside}", f"{path}{beside}.kept")
    for beside in ("", "-wal"):
        Path(f"{path}{beside}.kept").replace(f"{path}{beside}")
    before = [path.read_bytes(), Path(f"{path}-wal").read_bytes()]
    await unusable(path, "newer", "schema 99 is newer than")
    assert [path.read_bytes(), Path(f"{path}-wal").read_bytes()] == before


# Mixed


async def test_what_a_killed_process_left_is_read(path: Path) -> None:
    await killed(path, "r1", "r2")
    assert await usable(path) == ["r1", "r2"]


async def test_a_backup_put_beside_the_log_of_another_is_not_opened(path: Path) -> None:
    async with opened(path, ShiftedClock()) as history:
        await record(history, edit("r0"))
    backup = back_up(path)
    await killed(path, "r1", "r2")
    shutil.copy(backup, path)
    before = [path.read_bytes(), Path(f"{path}-wal").read_bytes()]
    await unusable(
        path, "damaged", "records.db was put beside a records.db-wal of another. `python -m bot restore FILE`"
    )
    assert [path.read_bytes(), Path(f"{path}-wal").read_bytes()] == before
    with pytest.raises(Unusable):
        back_up(path)


async def test_a_copy_by_hand_that_its_log_breaks_is_not_opened(path: Path, tmp_path: Path) -> None:
    async with opened(path, ShiftedClock()) as history:
        for number in range(200):
            await record(history, edit(f"r{number}", sent={"description": "x" * 400}))
    other = tmp_path / "other"
    other.mkdir()
    await killed(other / "records.db", "r1", "r2")
    shutil.copy(other / "records.db-wal", f"{path}-wal")
    with pytest.raises(Unusable, match=r"damaged") as found:
        inspect(path)
    assert "restore FILE" in str(found.value)


async def test_after_a_kill_every_page_is_looked_at(path: Path) -> None:
    async with opened(path, ShiftedClock()) as history:
        for number in range(200):
            await record(history, edit(f"r{number}", sent={"description": "x" * 400}))
    await killed(path, "last")
    with path.open("r+b") as file:
        file.seek(20 * 4096)
        file.write(b"\xff" * 4096)
    await unusable(path, "damaged", "records.db is damaged")


# Links


@pytest.mark.parametrize("name", ["records.db", "backups"])
async def test_no_link_is_followed(path: Path, tmp_path: Path, name: str) -> None:
    async with opened(path, ShiftedClock()) as history:
        await record(history, edit("r0"))
    theirs = tmp_path / "theirs"
    if name == "backups":
        theirs.mkdir()
    else:
        path.rename(theirs)
    (tmp_path / name).symlink_to(theirs)
    before = theirs.stat()
    if name == "records.db":
        await unusable_link(path)
    with pytest.raises(OSError, match="symbolic link"):
        back_up(path)
    after = theirs.stat()
    assert (before.st_mode, before.st_mtime_ns) == (after.st_mode, after.st_mtime_ns)
    if name == "backups":
        assert list(theirs.iterdir()) == []


async def unusable_link(path: Path) -> None:
    history = History(path, ShiftedClock())
    with caught_log() as log:
        assert not await history.open()
    assert "it is a symbolic link, and none is followed there" in log.the("history unusable")["error"]
    assert history.trouble == "it is a symbolic link, and none is followed there"
    await history.aclose()


async def test_a_folder_of_backups_is_made_its_owners_alone(path: Path) -> None:
    async with opened(path, ShiftedClock()) as history:
        await record(history, edit("r0"))
    (path.parent / "backups").mkdir(mode=0o777)
    (path.parent / "backups").chmod(0o777)
    copy = back_up(path)
    assert copy.parent.stat().st_mode & 0o777 == 0o700
    assert len(rows(copy, "intents")) == 1
