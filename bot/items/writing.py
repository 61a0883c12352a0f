"""Creating, editing and deleting an item so that what is told afterwards is what the account holds.

An edit reads, merges, writes the item whole and reads it back; the service silently drops a tax that it does not know,
so what was stored is compared with what was sent. Where an answer was lost, the account is asked what it holds.
"""

from __future__ import annotations

from bot.errors import BotError
from bot.invoicexpress.client import InvoiceXpress
from bot.invoicexpress.errors import AccountError, NotFound, OutcomeUnknown
from bot.invoicexpress.models import Item, ItemDraft
from bot.items.fields import Stored, deviations, shows


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


class ChangedMeanwhile(BotError):
    """Somebody changed the item while its write was waiting to be sent again, so it was not."""

    key = "error.changed-meanwhile"


async def update_item(account: InvoiceXpress, before: Item, draft: ItemDraft) -> Stored:
    """Write an item whole and read it back.

    It is sent once. Before it is sent again, after a limit or a lost answer, the account is asked what it holds by
    then: what is done already is not done twice, and what somebody changed meanwhile is not overwritten.

    Raises:
        ChangedMeanwhile: somebody changed the item while we waited; nothing was written.
        OutcomeUnknown: where the answer was lost and the account does not show the change.
        AccountError: as the client raises it.
    """

    async def look(*, lost: bool) -> bool:
        held = await account.get_item(before.id)
        if held == before:
            return False
        if not lost:
            raise ChangedMeanwhile
        if shows(before.draft(), draft, held.draft()):
            return True
        raise OutcomeUnknown

    try:
        await account.update_item(before.id, draft, look=look)
    except OutcomeUnknown:
        stored = await _read_back(account, before.id)
        if stored is None or not shows(before.draft(), draft, stored.draft()):
            raise
    else:
        stored = await _read_back(account, before.id)
    return Stored(stored, deviations(draft, stored) if stored else ())


async def delete_item(account: InvoiceXpress, before: Item) -> None:
    """Delete an item. Before it is tried again, the account is asked what it holds by then, as in `update_item`.

    Raises:
        ChangedMeanwhile: somebody changed the item while we waited; it was not deleted.
        NotFound: where it was gone already, and not by this.
        OutcomeUnknown: where the answer was lost and the item was not seen to be gone.
        AccountError: as the client raises it.
    """

    async def look(*, lost: bool) -> bool:
        try:
            held = await account.get_item(before.id)
        except NotFound:
            if lost:
                return True
            raise
        if held != before:
            raise OutcomeUnknown if lost else ChangedMeanwhile
        return False

    try:
        await account.delete_item(before.id, look=look)
    except OutcomeUnknown:
        if not await _is_gone(account, before.id):
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
