"""The history as JSON lines and as CSV, for an accountant's own tools."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from typing import Any, Final, TextIO

from bot.history.model import Entry
from bot.invoicexpress.models import Item, ItemDraft

COLUMNS: Final = (
    *("reference", "at", "ended_at", "person", "action", "outcome", "item", "name", "undoes"),
    *(
        f"{when}_{field}"
        for when in ("before", "after")
        for field in ("name", "description", "unit_price", "unit", "tax")
    ),
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


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
    file.writelines(json.dumps(as_json(entry), ensure_ascii=False) + "\n" for entry in entries)


def write_csv(entries: Iterable[Entry], file: TextIO) -> None:
    """Write a table with a head. A text that a spreadsheet would take for a formula is quoted by an apostrophe."""
    table = csv.writer(file, lineterminator="\n")
    table.writerow(COLUMNS)
    for entry in entries:
        plain = as_json(entry)
        head = [plain[column] for column in COLUMNS[:9]]
        held = entry.after or entry.sent
        table.writerow([_harmless(value) for value in (*head, *_cells(entry.before), *_cells(held))])


def _dump(record: Item | ItemDraft | None) -> dict[str, Any] | None:
    return record.model_dump(mode="json") if record else None


def _cells(record: Item | ItemDraft | None) -> tuple[object, ...]:
    if record is None:
        return ("",) * 5
    draft = record.draft() if isinstance(record, Item) else record
    return (draft.name, draft.description, format(draft.unit_price, "f"), draft.unit, draft.tax)


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
