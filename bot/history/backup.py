"""Copies of the records, whole at any moment, also while the bot is running."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.store import to_read

_OWNER_ONLY: Final = 0o600


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
    folder = path.parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{path.stem}-{label}.db"
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


def back_up(path: Path, now: datetime | None = None) -> Path:
    """Copy the records of a data directory under the present time and return where the copy lies.

    Raises:
        FileNotFoundError: there are no records.
        OSError: the copy can't be written.
        sqlite3.Error: the records can't be read.
    """
    if not path.exists():
        raise FileNotFoundError(path)
    with closing(sqlite3.connect(to_read(path), uri=True)) as connection:
        return copy_database(connection, path, (now or datetime.now(UTC)).strftime("%Y%m%d-%H%M%S-%f"))
