"""The one place where a row of the records becomes a write; a row that can't be read stays what it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from bot.history.model import Change, Entry, Outcome, Promise
from bot.invoicexpress.models import Item, ItemDraft

T = TypeVar("T")

COLUMNS: Final = (
    *("number", "reference", "at", "person", "action", "item", "name", "before", "sent", "after", "undoes"),
    *("outcome", "ended_at", "late", "final", "undone"),
)
"""What a row holds, in this order."""
_PERSON: Final = re.compile(r"[UW][A-Z0-9]+")
_YEARS: Final = range(2, 9999)
"""Years in which a time can be put into any zone, and be a few days later."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A write that stands in the records and can't be read: damaged, changed by hand, or of another version.

    Attributes:
        number: the row's own.
        reference: its id, as text.
        column: the first column that can't be read.
        columns: what stands in each.
    """

    number: int
    reference: str
    column: str
    columns: dict[str, object]

    @property
    def item_id(self) -> int | None:
        """The item, where that much can be read."""
        return _maybe(_item, self.columns["item"])

    @property
    def is_create(self) -> bool:
        """Whether it was to create an item."""
        return self.columns["action"] == Change.CREATE.value

    @property
    def name(self) -> str:
        """The item's name; empty where not even that can be read."""
        return _maybe(_text, self.columns["name"]) or ""

    @property
    def at(self) -> datetime | None:
        """When it was intended, where that can be read."""
        return _maybe(moment, self.columns["at"])


Kept = Entry | Unreadable
"""A write, or what stands in its place."""


class _Column(ValueError):
    """A column that can't be read."""


def as_text(stored: bytes) -> str:
    """Decode what a database holds as text; what is no UTF-8 stays in the string as half surrogates."""
    return stored.decode(errors="surrogateescape")


def read(row: tuple[object, ...]) -> Kept:
    """Return the write that a row holds, or the row where it can't be read."""
    columns = dict(zip(COLUMNS, row, strict=True))

    def column(name: str, reader: Callable[[object], T]) -> T:
        try:
            return reader(columns[name])
        except (ValueError, ValidationError, OverflowError):
            raise _Column(name) from None

    try:
        return _entry(column)
    except _Column as error:
        number = columns["number"]
        assert isinstance(number, int)  # noqa: S101 - the row's own number, which SQLite gives
        return Unreadable(number, printable(columns["reference"]), str(error), columns)


def _entry(column: Callable[[str, Callable[[object], Any]], Any]) -> Entry:
    return Entry(
        reference=column("reference", _text),
        at=column("at", moment),
        person=column("person", _person),
        action=column("action", lambda value: Change(_text(value))),
        item_id=column("item", _item),
        name=column("name", _text),
        before=column("before", lambda value: None if value is None else Item.model_validate_json(_text(value))),
        sent=column("sent", lambda value: None if value is None else ItemDraft.model_validate_json(_text(value))),
        after=column("after", lambda value: None if value is None else Item.model_validate_json(_text(value))),
        undoes=column("undoes", _text),
        outcome=column("outcome", lambda value: None if value is None else Outcome(_text(value))),
        ended_at=column("ended_at", lambda value: None if value is None else moment(value)),
        late=column("late", lambda value: value != 0),
        final=column("final", bool),
        undone=column("undone", bool),
    )


def read_promise(row: tuple[object, ...]) -> Promise | None:
    """Return the promise that a row holds; None where it can't be read."""
    reference, person, at = row
    try:
        return Promise(_text(reference), _person(person), moment(at))
    except ValueError:
        return None


def moment(value: object) -> datetime:
    """Return a time as it is written in the records, in UTC.

    Raises:
        ValueError: it is none, or it says no zone.
        OverflowError: it is one that no clock shows.
    """
    found = datetime.fromisoformat(_text(value))
    if found.tzinfo is None or found.year not in _YEARS:
        raise ValueError("no time that can be reckoned with")
    return found.astimezone(UTC)


def printable(value: object) -> str:
    """Return what stands in a column as text; bytes as SQL writes them."""
    return f"x'{value.hex()}'" if isinstance(value, bytes) else "" if value is None else str(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")  # noqa: TRY004 - all that can't be read is one error
    value.encode()  # refuses what was no UTF-8
    return value


def is_person(value: object) -> bool:
    """Say whether something is the Slack id of a person; Slack refuses a whole message that names another."""
    return isinstance(value, str) and _PERSON.fullmatch(value) is not None


def _person(value: object) -> str:
    if not is_person(value):
        raise ValueError("no Slack id")
    return _text(value)


def _item(value: object) -> int | None:
    if value is not None and not isinstance(value, int):
        raise ValueError("no number")
    return value


def _maybe(reader: Callable[[object], T], value: object) -> T | None:
    try:
        return reader(value)
    except (ValueError, OverflowError):
        return None
