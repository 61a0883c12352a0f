"""Creating, editing and deleting an item so that what is told afterwards is what the account holds.

An edit reads, merges, writes the item whole and reads it back; the service silently drops a tax that it does not know,
so what was stored is compared with what was sent. No answer is taken as proof: a delete that was answered with success
is looked at, and so is a write that was refused. Where an answer was lost, the account is asked what it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.errors import BotError
from bot.invoicexpress.client import InvoiceXpress
from bot.invoicexpress.errors import AccountError, NotFound, OutcomeUnknown, Rejected, UnexpectedAnswer
from bot.invoicexpress.models import Item, ItemDraft, Tax
from bot.items.fields import Field, Stored, compared, rates_of, same_text, shows, with_taxes

_REFUSALS = (Rejected, UnexpectedAnswer)
"""What says that a write was not carried out; one that said so was seen to be carried out all the same."""


class Unsendable(BotError):
    """An item has values that can't be sent back as they are, so that nothing was sent.

    Args:
        fields: which.
    """

    key = "error.unsendable"

    def __init__(self, fields: Iterable[Field]) -> None:
        super().__init__()
        self.fields = tuple(fields)


class NotCarriedOut(BotError):
    """InvoiceXpress said that it did what was asked, and did not."""

    key = "error.not-carried-out"


def require_sendable(draft: ItemDraft, before: Item | None, taxes: Sequence[Tax]) -> None:
    """Go on only where a draft says of each field what the account is to hold.

    Args:
        draft: what is to be sent.
        before: the item as it is; None for a new one.
        taxes: the account's own list.

    Raises:
        Unsendable: a value is unknown and could not be kept as it came, or the tax that the item has shares its name
            with one of another rate: sent by its name, it could become the other.
    """
    fields = {Field(name) for name in draft.unsendable}
    keeps_its_tax = before is not None and before.tax is not None and before.tax.name == draft.tax
    if keeps_its_tax and len(rates_of(draft.tax, taxes)) > 1:
        fields.add(Field.TAX)
    if fields:
        raise Unsendable(field for field in Field if field in fields)


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
    """Return the item of this name, walking the account's list; a name is unique in an account.

    Where no name is exactly so, it is one that looks the same: the service was seen to trim names and to fold spaces.
    """
    alike = None
    async for page in account.walk_items():
        for item in page.records:
            if item.name == name:
                return item
            if alike is None and same_text(item.name, name):
                alike = item
    return alike


class ChangedMeanwhile(BotError):
    """Somebody changed the item while its write was waiting to be sent again, so it was not."""

    key = "error.changed-meanwhile"


async def update_item(account: InvoiceXpress, before: Item, draft: ItemDraft, taxes: Sequence[Tax] = ()) -> Stored:
    """Write an item whole and read it back.

    It is sent once. Before it is sent again, after a limit or a lost answer, the account is asked what it holds by
    then: what is done already is not done twice, and what somebody changed meanwhile is not overwritten.

    Args:
        account: the account.
        before: the item as it was read.
        draft: what is sent.
        taxes: the account's own list, by which the tax that was stored is judged.

    Raises:
        ChangedMeanwhile: somebody changed the item while we waited; nothing was written.
        OutcomeUnknown: where the answer was lost and the account does not show the change.
        AccountError: as the client raises it.
    """
    before = with_taxes(before, taxes)

    async def look(*, lost: bool) -> bool:
        held = with_taxes(await account.get_item(before.id), taxes)
        if held == before:
            return False
        if not lost:
            raise ChangedMeanwhile
        if shows(before.draft(), draft, held.draft()):
            return True
        raise OutcomeUnknown

    try:
        await account.update_item(before.id, draft, look=look)
    except (OutcomeUnknown, *_REFUSALS):
        held = await _read_back(account, before.id)
        if held is None or not shows(before.draft(), draft, with_taxes(held, taxes).draft()):
            raise
    else:
        held = await _read_back(account, before.id)
    return compared(draft, with_taxes(held, taxes) if held else None, taxes)


async def delete_item(account: InvoiceXpress, before: Item, taxes: Sequence[Tax] = ()) -> None:
    """Delete an item, and see that it is gone. Before it is tried again, the account is asked, as in `update_item`.

    Raises:
        NotCarriedOut: the service said that it was deleted, and it is still there.
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
        if with_taxes(held, taxes) != with_taxes(before, taxes):
            raise OutcomeUnknown if lost else ChangedMeanwhile
        return False

    refusal: AccountError | None = None
    try:
        await account.delete_item(before.id, look=look)
    except (OutcomeUnknown, *_REFUSALS) as error:
        refusal = error
    is_there = await _is_there(account, before.id)
    if is_there is not False:
        raise refusal or (NotCarriedOut if is_there else OutcomeUnknown)


async def _is_there(account: InvoiceXpress, item_id: int) -> bool | None:
    """Look for an item once; None where the account does not tell."""
    try:
        await account.get_item(item_id)
    except NotFound:
        return False
    except AccountError:
        return None
    return True


async def _read_back(account: InvoiceXpress, item_id: int) -> Item | None:
    """Return an item that was just written; None where it can't be read, which says nothing about the write."""
    try:
        return await account.get_item(item_id)
    except AccountError:
        return None
