"""Writes to record, and a history to record them in."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.history import Change, History, Outcome, Write
from bot.invoicexpress.errors import AccountError, OutcomeUnknown, Rejected, Unavailable
from bot.invoicexpress.models import Item, ItemDraft

ENDINGS = {Outcome.REFUSED: Rejected(), Outcome.FAILED: Unavailable(), Outcome.UNKNOWN: OutcomeUnknown()}

ANA, BEN = "U0ANA", "U0BEN"


def item(item_id: int = 7, name: str = "Café", price: str = "12", **more: Any) -> Item:
    return Item(id=item_id, name=name, unit_price=Decimal(price), **more)


def create(reference: str, name: str = "Café", person: str = BEN, **more: Any) -> Write:
    return Write(reference, person, Change.CREATE, sent=ItemDraft(name=name, unit_price=Decimal(12)), **more)


def edit(reference: str, before: Item | None = None, person: str = BEN, *, to: str = "12.5", **more: Any) -> Write:
    """Return a change of the price."""
    before = before or item()
    sent = before.draft().model_copy(update={"unit_price": Decimal(to), **more.pop("sent", {})})
    return Write(reference, person, Change.EDIT, before.id, before=before, sent=sent, **more)


def delete(reference: str, before: Item | None = None, person: str = ANA) -> Write:
    before = before or item()
    return Write(reference, person, Change.DELETE, before.id, before=before)


@asynccontextmanager
async def opened(path: Path, clock: Clock, keep_days: int | None = None) -> AsyncIterator[History]:
    history = History(path, clock, keep_days=keep_days)
    assert await history.open()
    yield history
    await history.aclose()


async def record(history: History, write: Write, outcome: Outcome = Outcome.SUCCEEDED) -> None:
    """Record a write that ends so."""
    with contextlib.suppress(AccountError):
        async with history.recording(write):
            if outcome in ENDINGS:
                raise ENDINGS[outcome]
            if write.sent:
                write.item_id = write.item_id or 7
                write.after = Item(id=write.item_id, **write.sent.model_dump(exclude={"tax"}))


def rows(path: Path, table: str) -> list[dict[str, Any]]:
    """Return every row of a table, as another process reads it."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY at")]  # noqa: S608 - ours
