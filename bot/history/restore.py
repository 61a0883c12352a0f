"""Bringing records back from a copy, or beginning new ones, in the place of what is there, which is kept."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.history.backup import folder_of, stamp
from bot.history.inspection import create, put_in_place
from bot.history.reading import Unreadable
from bot.history.records import STEPS, everything, prepare

_BESIDE: Final = ("-wal", "-journal")
"""What of a database can lie beside it, and belongs to it."""
_TABLES: Final = {"intents", "outcomes", "claims"}


class NotRestorable(Exception):
    """A copy that can't take the place of the records; the text says why."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done.

    Attributes:
        writes: how many writes the copy holds.
        unreadable: how many of them can't be read.
        kept: where the records lie that were there before; None where there were none.
        by_hand: whether the copy was made without `python -m bot backup`, so that its newest writes may be missing.
    """

    writes: int
    unreadable: int
    kept: Path | None
    by_hand: bool


def restore(source: Path, path: Path, now: datetime) -> Restored:
    """Put a copy in the place of the records, once it is known to be whole. No process may have them open.

    Args:
        source: the copy, which is only read.
        path: the records.
        now: the time, for the name under which the present records are kept.

    Raises:
        NotRestorable: the copy is none, or damaged, or of a newer version.
        OSError: a file can't be read or written.
        sqlite3.Error: the same.
    """
    if not source.is_file():
        raise NotRestorable("it is no file")
    if path.exists() and source.samefile(path):
        raise NotRestorable("it is the file that the records are in")
    aside = path.with_name(f"{path.name}.restored")
    try:
        _copy(source, aside)
        writes, unreadable, by_hand = _checked(aside)
        kept = _move_away(path, now)
        put_in_place(aside, path)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            aside.with_name(aside.name + suffix).unlink(missing_ok=True)
    return Restored(writes, unreadable, kept, by_hand)


def begin_anew(path: Path, now: datetime) -> Path | None:
    """Put empty records in the place of what is there, and return where that is kept. No process may have them open.

    Raises:
        OSError: a file can't be written.
        sqlite3.Error: the same.
    """
    kept = _move_away(path, now)
    create(path)
    return kept


def _copy(source: Path, aside: Path) -> None:
    """Copy a database with the log that belongs to it, so that nothing is written beside the copy itself."""
    for suffix in ("", *_BESIDE):
        part, target = source.with_name(source.name + suffix), aside.with_name(aside.name + suffix)
        target.unlink(missing_ok=True)
        if part.is_file():
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            shutil.copyfile(part, target)


def _checked(aside: Path) -> tuple[int, int, bool]:
    """Make one whole file of a copy, and return its writes, how many can't be read, and whether it was made by hand."""
    try:
        with closing(sqlite3.connect(aside, isolation_level=None)) as connection:
            prepare(connection)
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise NotRestorable(f"it is damaged: {found}")
            _require_records(connection)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            writes = [isinstance(entry, Unreadable) for entry in everything(connection)]
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        raise NotRestorable(str(error)) from None
    return len(writes), sum(writes), mode == "wal"


def _require_records(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(STEPS):
        raise NotRestorable(f"its schema {version} is newer than {len(STEPS)}, the newest that is known")
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if version == 0 or not tables >= _TABLES:
        raise NotRestorable("it holds no records")


def _move_away(path: Path, now: datetime) -> Path | None:
    """Move the records away with their log, without which they would lack their newest writes.

    The file itself goes first: a stop in between leaves none, which the next start says, instead of one without its
    log.
    """
    kept = folder_of(path) / f"{path.stem}-replaced-{stamp(now)}.db"
    there = os.path.lexists(path)
    if there:
        path.rename(kept)
    for suffix in _BESIDE:
        beside = path.with_name(path.name + suffix)
        if os.path.lexists(beside) and beside.lstat().st_size:
            beside.rename(kept.with_name(kept.name + suffix))
        beside.unlink(missing_ok=True)
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    return kept if there else None
