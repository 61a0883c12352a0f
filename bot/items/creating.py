"""Creating an item, and looking for it where the answer was lost."""

from __future__ import annotations

import contextlib

from slackblocks import ModalView

from bot.history import Change, Entry, NotReadable, NotRecorded, Outcome, Write
from bot.invoicexpress.errors import AccountError, OutcomeUnknown
from bot.invoicexpress.models import Item, ItemDraft
from bot.items.lookup import read_item, taxes_of
from bot.items.outcomes import created, found_after_all, not_confirmed, settled
from bot.items.settling import alone, settle
from bot.items.writing import create_item, find_by_name
from bot.slack.blocks import Content, alert
from bot.slack.payloads import Action, Submission
from bot.slack.turn import Problem, Turn


async def create(turn: Turn[Submission], draft: ItemDraft) -> Content:
    """Create an item once, and return what is told of it."""
    services = turn.services
    write = Write(turn.reference, turn.person.id, Change.CREATE, sent=draft)
    try:
        async with alone(services, Change.CREATE, None, draft.name), services.history.recording(write):
            item = await create_item(services.account, draft)
            write.item_id, write.after = item.id, item
    except OutcomeUnknown:
        return await _looked_for(turn, draft)
    await services.catalog.put_item(item)
    return created(turn.words, draft, item, turn.granted, await taxes_of(turn) or ())


async def check_again(turn: Turn[Action]) -> None:
    """Look whether an item whose create was never answered is there by now."""
    name, services = turn.payload.value, turn.services
    entry = await services.history.last_create(name, turn.person.id)
    if entry is None:
        item = await find_by_name(services.account, name)
        shown = found_after_all(turn.words, None, item, turn.granted) if item else not_confirmed(turn.words, name)
        await turn.replace(shown)
        return
    with services.history.in_hand(entry.reference):
        if not entry.is_settled:
            await settle(services, entry)
            entry = await services.history.find(entry.reference) or entry
        if entry.is_settled:
            await turn.replace(await _ended(turn, entry))
            await services.history.told(entry.reference)
        else:
            await turn.replace(not_confirmed(turn.words, name))


async def checked_in_vain(turn: Turn[Action], problem: Problem) -> ModalView:
    """Return the question again where the account could not be asked."""
    shown = not_confirmed(turn.words, turn.payload.value)
    return turn.as_modal(Content(shown.title, shown.text, (alert(problem.text), *shown.blocks)))


async def _looked_for(turn: Turn[Submission], draft: ItemDraft) -> Content:
    """Return what became of a create whose answer was lost, as far as the account tells now."""
    services = turn.services
    with contextlib.suppress(AccountError, NotReadable, NotRecorded):  # it stays unknown, and is settled later
        entry = await services.history.find(turn.reference)
        if entry is not None and await settle(services, entry):
            return await _ended(turn, await services.history.find(turn.reference) or entry)
    turn.owes = True
    return not_confirmed(turn.words, draft.name)


async def _ended(turn: Turn[Submission] | Turn[Action], entry: Entry) -> Content:
    """Return how a create ended, with the item of the name where there is one."""
    item = entry.after
    if entry.outcome is Outcome.UNKNOWN:  # it has other values: it is for people to say whether it is theirs
        item = await find_by_name(turn.services.account, entry.name)
    if item is None:
        return settled(turn.words, entry, entry.outcome or Outcome.UNKNOWN)
    return found_after_all(
        turn.words, entry.sent, await _as_it_is(turn, item), turn.granted, await taxes_of(turn) or ()
    )


async def _as_it_is(turn: Turn[Submission] | Turn[Action], item: Item) -> Item:
    """Return an item freshly read, or as it was where it can't be read."""
    try:
        return await read_item(turn, item.id)
    except AccountError:
        return item
