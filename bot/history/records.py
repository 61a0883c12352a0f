"""The database of records: two appended rows for every write, the keys of what was begun already, and open promises.

No row of a write is ever changed; a trigger sees to it. Only a retention setting drops any, whole writes at a time.
A promise stands from the moment in which Slack is told that a write was asked for until its person knows how it ended.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from bot.catalog.folding import fold
from bot.history.model import Entry, Outcome, Promise, Write
from bot.history.reading import Kept, as_text, is_person, read, read_promise
from bot.invoicexpress.models import Item
from bot.store import transaction

STEPS: Final = (
    (
        """CREATE TABLE intents (
            number INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL UNIQUE, at TEXT NOT NULL,
            person TEXT NOT NULL, action TEXT NOT NULL, item INTEGER, name TEXT NOT NULL, folded TEXT NOT NULL,
            before TEXT, sent TEXT, undoes TEXT NOT NULL)""",
        "CREATE INDEX intents_of_item ON intents (item, number)",
        """CREATE TABLE outcomes (
            number INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL REFERENCES intents (reference),
            at TEXT NOT NULL, outcome TEXT NOT NULL, item INTEGER, after TEXT)""",
        "CREATE INDEX outcomes_of_intent ON outcomes (reference, number)",
        "CREATE INDEX outcomes_of_item ON outcomes (item, number)",
        """CREATE TRIGGER intents_stay BEFORE UPDATE ON intents
            BEGIN SELECT RAISE(ABORT, 'what was intended is never changed'); END""",
        """CREATE TRIGGER outcomes_stay BEFORE UPDATE ON outcomes
            BEGIN SELECT RAISE(ABORT, 'how it ended is never changed'); END""",
        "CREATE TABLE claims (key TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID",
    ),
    (
        "ALTER TABLE claims ADD COLUMN reference TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX claims_of_request ON claims (reference)",
        """CREATE TABLE promises (
            reference TEXT PRIMARY KEY, person TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID""",
        "ALTER TABLE outcomes ADD COLUMN late INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE outcomes ADD COLUMN final INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX intents_that_undo ON intents (undoes) WHERE undoes <> ''",
    ),
)
"""The schema, step by step; steps are only ever added."""

JOINED: Final = """
    FROM intents AS i LEFT JOIN outcomes AS o
      ON o.number = (SELECT max(number) FROM outcomes WHERE reference = i.reference)
"""
_COLUMNS: Final = """
    SELECT i.number, i.reference, i.at, i.person, i.action, coalesce(o.item, i.item), i.name, i.before, i.sent,
           o.after, i.undoes, o.outcome, o.at, o.late, o.final,
           EXISTS (SELECT 1 FROM intents AS u WHERE u.undoes <> '' AND u.undoes = i.reference AND coalesce((
               SELECT outcome FROM outcomes WHERE reference = u.reference ORDER BY number DESC LIMIT 1), 'unknown')
               IN ('succeeded', 'unknown'))
"""
_LAST: Final = _COLUMNS + JOINED
_OF_ITEM: Final = """
    i.reference IN (SELECT reference FROM intents WHERE item = :item
                    UNION SELECT reference FROM outcomes WHERE item = :item)
    AND coalesce(o.item, i.item) = :item AND o.outcome = 'succeeded'
"""
_NAMED: Final = "(:text = '' OR instr(i.folded, :folded) > 0 OR CAST(coalesce(o.item, i.item) AS TEXT) = :text)"
_OF_PERSON: Final = "(:person = '' OR i.person = :person)"
OPEN: Final = "(o.outcome IS NULL OR (o.outcome = 'unknown' AND NOT o.final))"


def prepare(connection: sqlite3.Connection) -> None:
    """Have a connection hand out whatever stands in a column, so that one odd row spoils no query."""
    connection.text_factory = as_text


def append_intent(connection: sqlite3.Connection, write: Write, at: datetime) -> None:
    """Append that a write is about to be sent.

    Raises:
        sqlite3.Error: it could not be recorded, so it must not be sent.
    """
    before = write.before.model_dump_json() if write.before else None
    sent = write.sent.model_dump_json() if write.sent else None
    names = {record.name: None for record in (write.before, write.sent) if record}
    connection.execute(
        "INSERT INTO intents (reference, at, person, action, item, name, folded, before, sent, undoes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(write.reference, at.isoformat(), write.person, write.action.value, write.item_id, write.name),
            *("\n".join(fold(name) for name in names), before, sent, write.undoes),
        ),
    )


def append_outcome(
    connection: sqlite3.Connection,
    reference: str,
    outcome: Outcome,
    *,
    item: int | None,
    after: Item | None,
    at: datetime,
    late: bool = False,
    final: bool = False,
) -> None:
    """Append how a write ended, or what became known of it later.

    Args:
        connection: the database.
        reference: the write.
        outcome: how it ended.
        item: the item, where it is known.
        after: what the account was seen to hold.
        at: the time.
        late: whether it may still be going on; matters where it is unknown, as the next does.
        final: whether nothing more will become known.
    """
    held = after.model_dump_json() if after else None
    connection.execute(
        "INSERT INTO outcomes (reference, at, outcome, item, after, late, final) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (reference, at.isoformat(), outcome.value, item, held, late, final),
    )


def claim(connection: sqlite3.Connection, key: str, promise: Promise) -> bool:
    """Claim a key for a request, and promise its person an outcome; False where it was claimed before."""
    at = promise.at.isoformat()
    with transaction(connection):
        taken = connection.execute(
            "INSERT OR IGNORE INTO claims (key, at, reference) VALUES (?, ?, ?)", (key, at, promise.reference)
        )
        if taken.rowcount == 0:
            return False
        connection.execute(
            "INSERT OR IGNORE INTO promises (reference, person, at) VALUES (?, ?, ?)",
            (promise.reference, promise.person, at),
        )
    return True


def release(connection: sqlite3.Connection, reference: str) -> None:
    """Give back what a request has claimed."""
    connection.execute("DELETE FROM claims WHERE reference = ?", (reference,))


def keep_promise(connection: sqlite3.Connection, reference: str) -> None:
    """Note that the person of a request knows how it ended."""
    connection.execute("DELETE FROM promises WHERE reference = ?", (reference,))


def give_up(connection: sqlite3.Connection, number: int, at: datetime) -> None:
    """Append that it will never be known how a write ended that can't be read."""
    connection.execute(
        "INSERT INTO outcomes (reference, at, outcome, item, late, final)"
        " SELECT reference, ?, ?, item, 0, 1 FROM intents WHERE number = ?",
        (at.isoformat(), Outcome.UNKNOWN.value, number),
    )


def promises(connection: sqlite3.Connection) -> tuple[Promise, ...]:
    """Return the promises that are still to be kept and can be read, the oldest first."""
    rows = connection.execute("SELECT reference, person, at FROM promises ORDER BY at").fetchall()
    return tuple(promise for row in rows if (promise := read_promise(row)))


def count_promises(connection: sqlite3.Connection) -> int:
    """Return how many promises are still to be kept, with those that can't be read."""
    return int(connection.execute("SELECT count(*) FROM promises").fetchone()[0])


def find(connection: sqlite3.Connection, reference: str) -> Kept | None:
    """Return a write by its reference."""
    row = connection.execute(f"{_LAST} WHERE i.reference = ?", (reference,)).fetchone()
    return read(row) if row else None


def last_of_item(connection: sqlite3.Connection, item: int) -> Kept | None:
    """Return the last write to an item that succeeded."""
    row = connection.execute(f"{_LAST} WHERE {_OF_ITEM} ORDER BY i.number DESC LIMIT 1", {"item": item}).fetchone()
    return read(row) if row else None


def newest(
    connection: sqlite3.Connection, text: str, person: str, limit: int, offset: int
) -> tuple[tuple[Kept, ...], int]:
    """Return writes, the newest first, and how many there are in all.

    Args:
        connection: the database.
        text: an item's number, or part of its name before or after the write; empty for all.
        person: only of this person; empty for everybody's.
        limit: how many at most.
        offset: how many to leave out.
    """
    wanted = {"text": text.strip(), "folded": fold(text.strip()), "person": person, "limit": limit, "offset": offset}
    where = f"WHERE {_NAMED} AND {_OF_PERSON}"
    total = int(connection.execute(f"SELECT count(*) {JOINED} {where}", wanted).fetchone()[0])
    if offset >= total:
        return (), total
    rows = connection.execute(f"{_LAST} {where} ORDER BY i.number DESC LIMIT :limit OFFSET :offset", wanted).fetchall()
    return tuple(read(row) for row in rows), total


def creation_of(connection: sqlite3.Connection, item: int) -> Kept | None:
    """Return the write that is known to have created an item."""
    row = connection.execute(f"{_LAST} WHERE {_OF_ITEM} AND i.action = 'create'", {"item": item}).fetchone()
    return read(row) if row else None


def first_seen(connection: sqlite3.Connection, name: str, after: str) -> Entry | None:
    """Return the first write after another one to an item that had a name, among those that can be read."""
    later = "i.number > (SELECT number FROM intents WHERE reference = ?) AND i.before IS NOT NULL"
    for row in connection.execute(f"{_LAST} WHERE {later} ORDER BY i.number", (after,)):
        entry = read(row)
        if isinstance(entry, Entry) and entry.before is not None and entry.before.name == name:
            return entry
    return None


def last_create(connection: sqlite3.Connection, name: str, person: str) -> Kept | None:
    """Return the last write by which somebody meant to create an item of a name."""
    row = connection.execute(
        f"{_LAST} WHERE i.action = 'create' AND i.name = ? AND i.person = ? ORDER BY i.number DESC LIMIT 1",
        (name, person),
    ).fetchone()
    return read(row) if row else None


def unsettled(connection: sqlite3.Connection) -> tuple[Kept, ...]:
    """Return the writes of which nobody knows yet whether they were carried out, the oldest first."""
    rows = connection.execute(f"{_LAST} WHERE {OPEN} ORDER BY i.number").fetchall()
    return tuple(read(row) for row in rows)


def everything(connection: sqlite3.Connection) -> Iterator[Kept]:
    """Yield every write, the oldest first."""
    for row in connection.execute(f"{_LAST} ORDER BY i.number"):
        yield read(row)


def people(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the Slack ids of all who ever asked for a write."""
    rows = connection.execute("SELECT DISTINCT person FROM intents ORDER BY person").fetchall()
    return tuple(person for (person,) in rows if is_person(person))
