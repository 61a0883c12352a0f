"""The history as JSON lines and as CSV, for an accountant's own tools."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any, Final, TextIO

from bot.history.model import Entry
from bot.history.reading import Kept, Unreadable, printable
from bot.invoicexpress.models import Item, ItemDraft

_HEAD: Final = ("reference", "at", "ended_at", "person", "person_name", "action", "outcome", "item", "name", "undoes")
_STATES: Final = ("before", "sent", "after")
COLUMNS: Final = (
    *_HEAD,
    *(f"{when}_{field}" for when in _STATES for field in ("name", "description", "unit_price", "unit", "tax")),
    "unreadable",
)
BYTE_ORDER_MARK: Final = "\ufeff"
"""Before CSV: without it spreadsheets take UTF-8 for an older coding, and `Café` for `CafÃ©`."""
SEPARATOR: Final = ";"
"""What separates the cells in a spreadsheet of which the language writes a decimal comma."""
_UNSEEN: Final = r"\s\0\"\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_SIGN: Final = r"=+\-@＝＋－＠"
_AT_THE_START: Final = re.compile(rf"[{_UNSEEN}]*[{_SIGN}]|[\t\r\n]")
_AFTER_A_SEPARATOR: Final = re.compile(rf"([,;|\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029][{_UNSEEN}]*)(?=[{_SIGN}])")
"""Where a cell would begin if the table were read with another separator, or without regard to quotes."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a table is written.

    Attributes:
        zone: in which zone times stand; the machine's own where it is None.
        names: what people are called, by Slack id; a person who is not there is called by their id.
    """

    zone: tzinfo | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """Which writes are meant, by when they were intended; one of which that can't be read always is.

    Attributes:
        since: the first moment; None where there is no such bound.
        until: the first moment that is no longer meant.
    """

    since: datetime | None = None
    until: datetime | None = None

    def of(self, entries: Iterable[Kept]) -> Iterator[Kept]:
        """Yield those that are meant."""
        for entry in entries:
            at = entry.at
            is_early = at is not None and self.since is not None and at < self.since
            is_late = at is not None and self.until is not None and at >= self.until
            if not is_early and not is_late:
                yield entry


def as_json(entry: Kept) -> dict[str, Any]:
    """Return a write as one JSON object; prices are decimal strings, every digit kept.

    One that can't be read is what stands in its columns, and the name of the first that can't.
    """
    if isinstance(entry, Unreadable):
        return {**_raw(entry), "unreadable": entry.column}
    return {
        "reference": entry.reference,
        "at": entry.at.isoformat(),
        "ended_at": entry.ended_at.isoformat() if entry.ended_at else None,
        "person": entry.person,
        "action": entry.action.value,
        "outcome": entry.outcome.value if entry.outcome else None,
        "item": entry.item_id,
        "name": entry.name,
        "undoes": entry.undoes or None,
        "before": _dump(entry.before),
        "sent": _dump(entry.sent),
        "after": _dump(entry.after),
    }


def write_json_lines(entries: Iterable[Kept], file: TextIO) -> None:
    """Write one JSON object a line."""
    file.writelines(_visible(json.dumps(as_json(entry), ensure_ascii=False)) + "\n" for entry in entries)


def write_csv(entries: Iterable[Kept], file: TextIO, sheet: Sheet | None = None) -> None:
    """Write a table with a head, for a spreadsheet that writes a decimal comma.

    A text that a spreadsheet would take for a formula is quoted by an apostrophe, and so is what would be one if the
    table were read with a comma instead.
    """
    sheet = sheet or Sheet()
    file.write(BYTE_ORDER_MARK)
    table = csv.writer(file, delimiter=SEPARATOR)
    table.writerow(COLUMNS)
    for entry in entries:
        cells = _unreadable_cells(entry) if isinstance(entry, Unreadable) else _cells(entry, sheet)
        table.writerow([_harmless(cells.get(column)) for column in COLUMNS])


def _raw(row: Unreadable) -> dict[str, Any]:
    """Return what stands in the columns of a row, under the names that the columns of a write have."""
    columns = ("reference", "at", "ended_at", "person", "action", "outcome", "item", "name", "undoes", *_STATES)
    held = {column: row.columns[column] for column in columns}
    return {
        column: value if value is None or isinstance(value, int | float) else printable(value)
        for column, value in held.items()
    }


def _unreadable_cells(row: Unreadable) -> dict[str, object]:
    raw = _raw(row)
    return {
        **{column: printable(raw.get(column)) for column in _HEAD},
        "unreadable": _visible(json.dumps({"unreadable": row.column, **raw}, ensure_ascii=False)),
    }


def _cells(entry: Entry, sheet: Sheet) -> dict[str, object]:
    plain = as_json(entry)
    states = {"before": _draft(entry.before), "sent": entry.sent, "after": _draft(entry.after)}
    return {
        **{column: plain.get(column) for column in _HEAD},
        "at": _local(entry.at, sheet.zone),
        "ended_at": _local(entry.ended_at, sheet.zone) if entry.ended_at else None,
        "person_name": sheet.names.get(entry.person, entry.person),
        **{
            f"{when}_{name}": getattr(draft, name)
            for when, draft in states.items()
            if draft is not None
            for name in ("name", "description", "unit_price", "unit", "tax")
        },
    }


def _local(at: datetime, zone: tzinfo | None) -> str:
    """Return a time as a spreadsheet reads it as one, to the second."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _dump(record: Item | ItemDraft | None) -> dict[str, Any] | None:
    return record.model_dump(mode="json") if record else None


def _visible(text: str) -> str:
    """Return JSON in which what could move what follows, end a line or be overlooked is written as its escape."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


def _draft(item: Item | None) -> ItemDraft | None:
    return item.draft() if item else None


def _harmless(value: object) -> object:
    if isinstance(value, Decimal):  # digits only, and all of them
        return format(value, "f").replace(".", ",")
    if not isinstance(value, str):
        return value
    held = _AFTER_A_SEPARATOR.sub(r"\1'", value.encode(errors="replace").decode())
    return f"'{held}" if _AT_THE_START.match(value) else held
