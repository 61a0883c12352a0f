"""The history as JSON lines and as CSV, for an accountant's own tools."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, TextIO

from bot.history.model import Entry
from bot.invoicexpress.models import Item, ItemDraft

COLUMNS: Final = (
    *("reference", "at", "ended_at", "person", "action", "outcome", "item", "name", "undoes"),
    *(
        f"{when}_{field}"
        for when in ("before", "sent", "after")
        for field in ("name", "description", "unit_price", "unit", "tax")
    ),
)
_FORMULA: Final = re.compile(r"[\s\0]*[=+\-@＝＋－＠]|[\t\r\n]")
BYTE_ORDER_MARK: Final = "\ufeff"
"""Before CSV: without it spreadsheets take UTF-8 for an older coding, and `Café` for `CafÃ©`."""


def as_json(entry: Entry) -> dict[str, Any]:
    """Return a write as one JSON object; prices are decimal strings, every digit kept."""
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


def write_json_lines(entries: Iterable[Entry], file: TextIO) -> None:
    """Write one JSON object a line."""
    file.writelines(_visible(json.dumps(as_json(entry), ensure_ascii=False)) + "\n" for entry in entries)


def write_csv(entries: Iterable[Entry], file: TextIO) -> None:
    """Write a table with a head. A text that a spreadsheet would take for a formula is quoted by an apostrophe."""
    file.write(BYTE_ORDER_MARK)
    table = csv.writer(file)
    table.writerow(COLUMNS)
    for entry in entries:
        plain = as_json(entry)
        head = [plain[column] for column in COLUMNS[:9]]
        states = (_draft(entry.before), entry.sent, _draft(entry.after))
        table.writerow([_harmless(value) for value in (*head, *(cell for state in states for cell in _cells(state)))])


def _dump(record: Item | ItemDraft | None) -> dict[str, Any] | None:
    return record.model_dump(mode="json") if record else None


def _visible(text: str) -> str:
    """Return JSON in which what could move what follows, end a line or be overlooked is written as its escape."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


def _draft(item: Item | None) -> ItemDraft | None:
    return item.draft() if item else None


def _cells(draft: ItemDraft | None) -> tuple[object, ...]:
    if draft is None:
        return ("",) * 5
    return (draft.name, draft.description, draft.unit_price, draft.unit, draft.tax)


def _harmless(value: object) -> object:
    if isinstance(value, Decimal):  # digits only, and all of them
        return format(value, "f")
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
