"""What tells a file whose contents are damaged from a disk that fails and from a file that another process holds.

SQLite checks how its pages hang together, and not what is in them: a bit that flips in a text goes unnoticed until the
text is read. So whatever is read and is not what the bot has stored is an error of SQLite's kind too, here: `Unusable`.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Final

MISREAD: Final = (AttributeError, TypeError, ValueError)
"""What Python raises when a stored value has a type that nobody stored; and for mistakes of our own."""

_OUTSIDE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)


class Unusable(sqlite3.DatabaseError):
    """A sound database that is no copy, one of another version, account or setting, or one that holds nonsense."""


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether an error speaks of what the file holds.

    All others speak of the disk (full, read-only, failing), of memory, or of another process that has locked the file:
    what it holds is as good as before.
    """
    # Python's own errors have no code; the one that a file can cause is about a text that is no UTF-8.
    code = getattr(error, "sqlite_errorcode", None)
    # The code is an extended one; its last byte says what happened, the others why.
    return code is None or code & 0xFF not in _OUTSIDE


def reason(error: sqlite3.Error | OSError) -> str:
    """Return what an error says for the log, without the text that Python quotes from the file."""
    return str(error).partition(" with text ")[0]


def stored_count(text: str) -> int:
    """Return a count as it was stored.

    Raises:
        Unusable: it is none.
    """
    try:
        return int(text)
    except MISREAD as error:
        raise Unusable("a count that is none") from error


def stored_moment(text: str) -> datetime:
    """Return a moment as it was stored, in ISO 8601 with an offset.

    Raises:
        Unusable: it is no such moment.
    """
    try:
        moment = datetime.fromisoformat(text)
    except MISREAD as error:
        raise Unusable("a date that is none") from error
    if moment.tzinfo is None:
        raise Unusable("a date without a time zone")
    return moment
