"""What can be said of the file of records before it is opened: whether it is ours, whole, and of this version.

SQLite writes to a file as soon as it is opened for writing: it plays back the write-ahead log that lies beside it,
whatever database that belongs to. So what must not be written to is looked at first, and only read.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Final

from bot.history.records import STEPS
from bot.store import migrate, refuse_link, to_read

_HEADER: Final = 100
_WRITE_VERSION: Final = 18
"""Where the header of a database says how it is written: 2 is ahead, in a log beside it."""
_AHEAD: Final = 2
_WHAT_TO_DO: Final = (
    "`python -m bot restore FILE` brings back a copy (backups/ may hold some), `python -m bot restore --new` begins a "
    "new history."
)


class Reason(StrEnum):
    """Why records can't be used, where that is known."""

    NEWER = "newer"
    LOST = "lost"
    DAMAGED = "damaged"


class Unusable(sqlite3.DatabaseError):
    """Records that must not be opened; the text says why and what to do.

    Args:
        reason: why.
        text: the sentence for the administrator.
    """

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


def log_of(path: Path) -> Path:
    """Return the write-ahead log of a database."""
    return path.with_name(f"{path.name}-wal")


def inspect(path: Path, known: int = len(STEPS), *, newer: bool = True) -> None:
    """Look at records that are there.

    Args:
        path: the file.
        known: the newest schema that is known.
        newer: whether one of a newer version will do.

    Raises:
        Unusable: they must not be opened.
        OSError: they can't be.
        sqlite3.Error: it is no database.
    """
    refuse_link(path)
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.stat().st_size == 0:
        raise Unusable(Reason.LOST, f"{path.name} is empty: what it held is lost. {_WHAT_TO_DO}")
    unclean = _is_filled(log_of(path))
    if unclean and _write_version(path) != _AHEAD:
        raise Unusable(Reason.DAMAGED, f"{path.name} was put beside a {log_of(path).name} of another. {_WHAT_TO_DO}")
    # After a kill a log is left that belongs to the file; after a copy by hand, maybe one that doesn't.
    version, found = _looked_into(path, thoroughly=unclean)
    if found != "ok":
        raise Unusable(Reason.DAMAGED, f"{path.name} is damaged: {found}. {_WHAT_TO_DO}")
    if version == 0:  # ours count from one, and are there whole or not at all
        raise Unusable(Reason.LOST, f"{path.name} holds no records. {_WHAT_TO_DO}")
    if version > known and not newer:
        raise Unusable(
            Reason.NEWER,
            f"{path.name}: schema {version} is newer than {known}, the newest that is known. "
            "Run the version of the bot that wrote it, or restore a copy from before.",
        )


def _looked_into(path: Path, *, thoroughly: bool) -> tuple[int, str]:
    """Return the version of a file, and `ok` or what is wrong with it."""
    try:
        with closing(sqlite3.connect(to_read(path), uri=True)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0] if thoroughly else "ok"
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            raise
        return 0, str(error)
    return version, found


def refuse_lost(path: Path, beside: Path | None = None) -> None:
    """Go on only where a file that is missing never was there.

    Args:
        path: the file.
        beside: the local copy of the account: where it lies, the bot has worked here before.

    Raises:
        Unusable: it was there.
    """
    signs = [log_of(path), *([beside] if beside else []), *path.parent.glob(f"backups/{path.stem}-*.db")]
    found = next((sign for sign in signs if _is_filled(sign)), None)
    if found is not None:
        raise Unusable(Reason.LOST, f"{path.name} is missing, though {found.name} is there. {_WHAT_TO_DO}")


def create(path: Path, steps: Sequence[Sequence[str]] = STEPS) -> None:
    """Create empty records in the place of what is there. They are there whole or not at all.

    Raises:
        OSError: they can't be created.
        sqlite3.Error: the same.
    """
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(aside, isolation_level=None)) as connection:
            migrate(connection, steps)
            connection.execute("PRAGMA journal_mode = WAL")
        put_in_place(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def put_in_place(aside: Path, path: Path) -> None:
    """Give a finished file its name, so that neither is lost with the power.

    Raises:
        OSError: it can't be done.
    """
    for one, rename in ((aside, True), (path.parent, False)):
        descriptor = os.open(one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if rename:
            aside.replace(path)


def _is_filled(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _write_version(path: Path) -> int:
    with path.open("rb") as file:
        header = file.read(_HEADER)
    return header[_WRITE_VERSION] if len(header) == _HEADER else 0
