"""Creating, editing and deleting an item so that what is told afterwards is what the account holds.

An edit reads, merges, writes the item whole and reads it back; the service silently drops a tax that it does not know,
so what was stored is compared with what was sent. Where an answer was lost, the account is asked what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.invoicexpress.client import InvoiceXpress
from bot.invoicexpress.errors import AccountError, NotFound, OutcomeUnknown
from bot.invoicexpress.models import Item, ItemDraft


class Field(StrEnum):
    """The fields of an item that a form edits."""

    NAME = "name"
    DESCRIPTION = "description"
    PRICE = "unit_price"
    UNIT = "unit"
    TAX = "tax"


@dataclass(frozen=True, slots=True)
class Stored:
    """An item after it was written.

    Attributes:
        item: what the account holds; None where the write was accepted but could not be read back.
        deviations: the fields that the account holds otherwise than they were sent.
    """

    item: Item | None
    deviations: tuple[Field, ...] = ()


def deviations(sent: ItemDraft, stored: Item) -> tuple[Field, ...]:
    """Return the fields that the account holds otherwise than they were sent."""
    held = stored.draft()
    return tuple(field for field in Field if getattr(sent, field) != getattr(held, field))


async def create_item(account: InvoiceXpress, draft: ItemDraft) -> Item:
    """Create an item and return what the account holds then.

    Raises:
        OutcomeUnknown: where the answer was lost.
        AccountError: as the client raises it.
    """
    created = await account.create_item(draft)
    # The answer to the create holds the item too: it stands in where the item can't be read back.
    return await _read_back(account, created.id) or created


async def find_by_name(account: InvoiceXpress, name: str) -> Item | None:
    """Return the item of exactly this name, walking the account's list; a name is unique in an account."""
    async for page in account.walk_items():
        for item in page.records:
            if item.name == name:
                return item
    return None


async def update_item(account: InvoiceXpress, before: Item, draft: ItemDraft) -> Stored:
    """Write an item whole and read it back.

    Raises:
        OutcomeUnknown: where the answer was lost and the account does not show the change.
        AccountError: as the client raises it.
    """
    try:
        await account.update_item(before.id, draft)
    except OutcomeUnknown:
        stored = await _read_back(account, before.id)
        if stored is None or stored == before:
            raise
    else:
        stored = await _read_back(account, before.id)
    return Stored(stored, deviations(draft, stored) if stored else ())


async def delete_item(account: InvoiceXpress, item_id: int) -> None:
    """Delete an item.

    Raises:
        NotFound: where it was gone already, and not by this.
        OutcomeUnknown: where the answer was lost and the item was not seen to be gone.
        AccountError: as the client raises it.
    """
    try:
        await account.delete_item(item_id)
    except OutcomeUnknown:
        if not await _is_gone(account, item_id):
            raise


async def _is_gone(account: InvoiceXpress, item_id: int) -> bool:
    try:
        await account.get_item(item_id)
    except NotFound:
        return True
    except AccountError:
        return False
    return False


async def _read_back(account: InvoiceXpress, item_id: int) -> Item | None:
    """Return an item that was just written; None where it can't be read, which says nothing about the write."""
    try:
        return await account.get_item(item_id)
    except AccountError:
        return None
