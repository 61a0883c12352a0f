"""What became of a write of which nobody knows: asked of the account, because the truth is there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.history import Action, Entry, Outcome
from bot.invoicexpress.client import InvoiceXpress
from bot.invoicexpress.errors import NotFound
from bot.invoicexpress.models import Item
from bot.items.writing import Field, find_by_name

LIST_LAG: Final = timedelta(minutes=1)
"""How long a new item may be missing from a list before it is taken for not created."""


async def what_happened(account: InvoiceXpress, entry: Entry, now: datetime) -> tuple[Outcome, Item | None] | None:
    """Return how a write ended, with the item as it is now; None where that can't be told (yet).

    Raises:
        AccountError: the account does not answer.
    """
    if entry.action is Action.CREATE:
        return await _create(account, entry, now)
    if entry.item_id is None:
        return None
    try:
        item = await account.get_item(entry.item_id)
    except NotFound:
        # Of a delete that is the proof. Of an edit it says nothing: somebody may have deleted the item since.
        return (Outcome.SUCCEEDED, None) if entry.action is Action.DELETE else None
    if entry.action is Action.DELETE:
        return Outcome.FAILED, item
    return (Outcome.SUCCEEDED if _carried_out(entry, item) else Outcome.FAILED), item


async def _create(account: InvoiceXpress, entry: Entry, now: datetime) -> tuple[Outcome, Item | None] | None:
    item = await find_by_name(account, entry.name)
    if item is not None:
        return (Outcome.SUCCEEDED, item) if is_ours(entry, item) else (Outcome.FAILED, None)
    return (Outcome.FAILED, None) if now - entry.at > LIST_LAG else None


def is_ours(entry: Entry, item: Item) -> bool:
    """Say whether an item of the name is what a create sent; one of another price was there before, or came since."""
    sent = entry.sent
    return sent is not None and (item.unit_price, item.description) == (sent.unit_price, sent.description)


def _carried_out(entry: Entry, item: Item) -> bool:
    """Say whether an edit shows: any field that it was to change is no longer what it was."""
    if entry.before is None or entry.sent is None:
        return False
    before, sent, held = entry.before.draft(), entry.sent, item.draft()
    meant = [field for field in Field if getattr(before, field) != getattr(sent, field)]
    return any(getattr(held, field) != getattr(before, field) for field in meant)
