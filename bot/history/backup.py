"""Copies of the records, whole at any moment, also while the bot is running."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.history.inspection import inspect
from bot.store import refuse_link, to_read

_OWNER_ONLY: Final = 0o600
_TRIMMED: Final = "before-trim"
_COPIES_OF_TRIMS: Final = 3


def copy_database(connection: sqlite3.Connection, path: Path, label: str) -> Path:
    """Copy a database beside itself, into `backups/`, readable by its owner alone.

    Args:
        connection: the database.
        path: where it lies.
        label: what tells this copy from others, such as the version of the schema or the time.

    Raises:
        OSError: the copy can't be written.
        sqlite3.Error: the database can't be read.
    """
    target = folder_of(path) / f"{path.stem}-{label}.db"
    # Written aside and renamed: whoever looks finds either no copy or a whole one.
    aside = target.with_suffix(".part")
    aside.unlink(missing_ok=True)
    os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))
    try:
        with closing(sqlite3.connect(aside)) as copy:
            connection.backup(copy)
            # One file, whatever opens it; the records themselves are written ahead, beside their file.
            copy.execute("PRAGMA journal_mode = DELETE")
        return aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def folder_of(path: Path) -> Path:
    """Return the folder of the copies of a database, its owner's alone; made where it is missing.

    Raises:
        OSError: it can't be made, or is a symbolic link.
    """
    folder = path.parent / "backups"
    refuse_link(folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    return folder


def copy_before_trim(connection: sqlite3.Connection, path: Path, now: datetime) -> Path:
    """Copy the records before many are dropped. Only the last few such copies stay, or nothing would ever be dropped.

    Raises:
        OSError: the copy can't be written.
        sqlite3.Error: the database can't be read.
    """
    copy = copy_database(connection, path, f"{_TRIMMED}-{stamp(now)}")
    trimmed = sorted(copy.parent.glob(f"{path.stem}-{_TRIMMED}-*.db"), key=lambda found: found.stat().st_mtime_ns)
    for old in trimmed[:-_COPIES_OF_TRIMS]:
        old.unlink()
    return copy


def stamp(now: datetime) -> str:
    """Return a time as it stands in the name of a copy."""
    return now.strftime("%Y%m%d-%H%M%S-%f")


def back_up(path: Path, now: datetime | None = None) -> Path:
    """Copy the records of a data directory under the present time and return where the copy lies.

    Also records of a newer version, which are copied as they are.

    Raises:
        FileNotFoundError: there are no records.
        OSError: the copy can't be written.
        sqlite3.Error: the records can't be read.
    """
    if not path.exists():
        raise FileNotFoundError(path)
    inspect(path)
    with closing(sqlite3.connect(to_read(path), uri=True)) as connection:
        return copy_database(connection, path, stamp(now or datetime.now(UTC)))
