"""How long records are kept: what is dropped, and when nothing is, because the clock can't be right."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.history.reading import moment
from bot.history.records import JOINED, OPEN
from bot.store import transaction

KEEP_CLAIMS: Final = timedelta(days=30)
FAR: Final = timedelta(days=40)
"""How far beyond the newest write a clock is believed: a month's claims, and some days."""
_MANY: Final = 100
_SHARE: Final = 4
_LOOKED_AT: Final = 50
"""How many of the newest rows are asked for their time."""
_OURS: Final = "at LIKE '____-__-__T__:__:__%+00:00'"
"""Whether a time is as we write it: only such are in order as text, and only such rows are dropped."""
_TO_TELL: Final = "SELECT reference FROM promises"
_OLD: Final = f"{JOINED} WHERE i.at < ? AND i.{_OURS} AND NOT {OPEN} AND i.reference NOT IN ({_TO_TELL})"
"""What is still to be settled or told stays: without it, people would be told that nothing had been begun."""


@dataclass(frozen=True, slots=True)
class Trim:
    """What was dropped.

    Attributes:
        dropped: how many writes.
        ahead: by how much the clock is beyond the newest write; None where that is not too much.
    """

    dropped: int = 0
    ahead: timedelta | None = None


def trim(connection: sqlite3.Connection, now: datetime, keep: timedelta | None, copy: Callable[[], object]) -> Trim:
    """Drop old writes, the keys of clicks that can't come again, and promises that came to nothing.

    Nothing is dropped while the clock is far beyond the newest write, for then it is more likely wrong than right.

    Args:
        connection: the database.
        now: what the clock says.
        keep: how long writes are kept; None keeps them for ever.
        copy: makes a copy of the records; called before much is dropped, and what it raises leaves all as it is.
    """
    newest = _newest(connection)
    if newest is not None and now - newest > FAR:
        return Trim(ahead=now - newest)
    _drop_claims(connection, now - KEEP_CLAIMS)
    return Trim() if keep is None else Trim(_drop_older(connection, now - keep, copy))


def _newest(connection: sqlite3.Connection) -> datetime | None:
    """Return when something was written last; None where nothing is there that says it.

    The order of writing counts: a row from an hour in which the clock was wrong is not the newest for ever.
    """
    written = [at for table in ("intents", "outcomes") if (at := _last_in(connection, table))]
    (claimed,) = connection.execute(f"SELECT max(at) FROM claims WHERE {_OURS}").fetchone()  # noqa: S608 - words of ours
    return max(written) if written else moment(claimed) if claimed else None


def _last_in(connection: sqlite3.Connection, table: str) -> datetime | None:
    rows = connection.execute(f"SELECT at FROM {table} ORDER BY number DESC LIMIT ?", (_LOOKED_AT,))  # noqa: S608 - a word of ours
    for (at,) in rows:
        with suppress(ValueError, OverflowError):
            return moment(at)
    return None


def _drop_older(connection: sqlite3.Connection, than: datetime, copy: Callable[[], object]) -> int:
    limit = (than.isoformat(),)
    (old,) = connection.execute(f"SELECT count(*) {_OLD}", limit).fetchone()
    if not old:
        return 0
    (total,) = connection.execute("SELECT count(*) FROM intents").fetchone()
    if old > _MANY or old * _SHARE > total:
        copy()
    with transaction(connection):
        connection.execute(f"DELETE FROM intents WHERE reference IN (SELECT i.reference {_OLD})", limit)  # noqa: S608 - words of ours
        connection.execute("DELETE FROM outcomes WHERE reference NOT IN (SELECT reference FROM intents)")
    # What was dropped stands in the write-ahead log as well; while others read, it stays there until the next time.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return int(old)


def _drop_claims(connection: sqlite3.Connection, older_than: datetime) -> None:
    for table in ("claims", "promises"):
        connection.execute(f"DELETE FROM {table} WHERE at < ? AND {_OURS}", (older_than.isoformat(),))  # noqa: S608 - words of ours
