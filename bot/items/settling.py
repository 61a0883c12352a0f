"""What became of a write of which nobody knows: asked of the account, because the truth is there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from bot.errors import BotError
from bot.history import Change, Entry, Kept, Outcome, Unreadable
from bot.invoicexpress.client import InvoiceXpress
from bot.invoicexpress.errors import NotFound
from bot.invoicexpress.models import Item
from bot.items.fields import Field, alike, shows
from bot.items.writing import find_by_name
from bot.services import Services

LATEST: Final = timedelta(minutes=1)
"""How long after its answer was given up a request may still be carried out, or its new item be missing from a list."""
LATEST_UNATTENDED: Final = timedelta(minutes=2)
"""The same from the intent on, where we were stopped in the middle: we may have tried for a while."""


class Finding(NamedTuple):
    """What the account tells of a write.

    Attributes:
        outcome: how it ended; `unknown` where that will never be known.
        item: the item as it is now, where there is one.
    """

    outcome: Outcome
    item: Item | None


class Unsettled(BotError):
    """An earlier write to the same item may still be carried out, so that nothing is sent now."""

    key = "error.unsettled"


@asynccontextmanager
async def alone(services: Services, action: Change, item_id: int | None, name: str) -> AsyncIterator[None]:
    """Be the only one who writes to an item within the block, and know how all earlier writes to it ended.

    Args:
        services: the account, the history and the copy.
        action: what is to be done.
        item_id: the item; None for a create.
        name: what an item to be created is to be called.

    Raises:
        Unsettled: that of an earlier one cannot be known yet.
        AccountError: it cannot be asked for now.
    """
    async with services.one_at_a_time.of(_key(action, item_id, name)):
        for entry in await services.history.unsettled():
            if _key_of(entry) == _key(action, item_id, name) and await _settle(services, entry) is None:
                raise Unsettled
        yield


async def settle(services: Services, entry: Kept) -> Finding | None:
    """Ask the account what became of a write, and append that to the history; None where it can't be told yet.

    Of one that can't be read, nothing will be known.

    Raises:
        AccountError: the account does not tell.
        NotRecorded: the history can't be written.
    """
    async with services.one_at_a_time.of(_key_of(entry)):
        if isinstance(entry, Unreadable):
            return await _settle(services, entry)
        now = await services.history.find(entry.reference)
        if now is None or now.is_settled:  # by somebody who was here before us
            return None
        return await _settle(services, now)


def _key(action: Change | None, item_id: int | None, name: str) -> str:
    return f"name {name}" if action is Change.CREATE else f"item {item_id}"


def _key_of(entry: Kept) -> str:
    """Return what an earlier write keeps others from writing to; of one that can't be read, as much as can."""
    action = Change.CREATE if isinstance(entry, Unreadable) and entry.is_create else None
    return _key(entry.action if isinstance(entry, Entry) else action, entry.item_id, entry.name)


async def _settle(services: Services, entry: Kept) -> Finding | None:
    if isinstance(entry, Unreadable):
        return await _given_up(services, entry)
    is_create = entry.action is Change.CREATE
    found = await _in_the_history(services, entry) if is_create else None
    if found is None:
        found = await what_happened(
            services.account, entry, services.clock.now(), seen=services.history.seen_for(entry)
        )
        await _copy(services, entry, found)
    if found is None:
        return None
    if is_create and found.item is not None and await _is_of_another(services, entry, found.item):
        found = Finding(Outcome.FAILED, None)
    await services.history.settle(entry, found.outcome, found.item)
    return found


async def _given_up(services: Services, row: Unreadable) -> Finding | None:
    """Say of a write that can't be read that nothing will be known of it, as soon as it can't be under way any more."""
    if services.history.seen_for(row) <= LATEST_UNATTENDED:
        return None
    await services.history.give_up(row)
    return Finding(Outcome.UNKNOWN, None)


async def _copy(services: Services, entry: Entry, found: Finding | None) -> None:
    """Bring the copy up to date with what was found."""
    if found is not None and found.item is not None:
        await services.catalog.put_item(found.item)
    elif found is not None and entry.item_id is not None:
        await services.catalog.drop_item(entry.item_id)


async def _in_the_history(services: Services, entry: Entry) -> Finding | None:
    """Return a finding where somebody has changed or deleted the new item through us by now: we read it before."""
    item = await services.history.first_seen(entry)
    return Finding(Outcome.SUCCEEDED, item) if item is not None and _is_ours(entry, item) else None


async def _is_of_another(services: Services, entry: Entry, item: Item) -> bool:
    creation = await services.history.creation_of(item.id)
    return creation is not None and creation.reference != entry.reference


async def what_happened(
    account: InvoiceXpress, entry: Entry, now: datetime, *, seen: timedelta = timedelta()
) -> Finding | None:
    """Return how a write ended; None where that can't be told yet, because it may still be carried out.

    Args:
        account: the account.
        entry: the write.
        now: the time.
        seen: for how long it is known to be open, which counts where the clock was put back since.

    Raises:
        AccountError: the account does not answer.
    """
    patience = LATEST_UNATTENDED if entry.ended_at is None else LATEST
    is_over = max(now - (entry.ended_at or entry.at), seen) > patience
    if entry.action is Change.CREATE:
        return await _create(account, entry, is_over=is_over)
    if entry.item_id is None:
        return Finding(Outcome.UNKNOWN, None)
    try:
        item = await account.get_item(entry.item_id)
    except NotFound:
        # Of a delete that is the proof. Of an edit it says nothing: somebody has deleted the item since.
        outcome = Outcome.SUCCEEDED if entry.action is Change.DELETE else Outcome.UNKNOWN
        return Finding(outcome, None)
    shown = False if entry.action is Change.DELETE else _shows(entry, item)
    if shown:
        return Finding(Outcome.SUCCEEDED, item)
    if entry.late and not is_over:
        return None
    return Finding(Outcome.UNKNOWN if shown is None else Outcome.FAILED, item)


async def _create(account: InvoiceXpress, entry: Entry, *, is_over: bool) -> Finding | None:
    item = await find_by_name(account, entry.name)
    if item is None and is_over:
        item = await find_by_name(account, entry.name)  # the first walk may have missed it where pages shifted
    if item is None:
        return Finding(Outcome.FAILED, None) if is_over else None
    # Another one was there before and the create was refused, or somebody has changed ours since.
    return Finding(Outcome.SUCCEEDED if _is_ours(entry, item) else Outcome.UNKNOWN, item)


def _is_ours(entry: Entry, item: Item) -> bool:
    """Say whether an item of the name is what a create sent; its tax may have been dropped."""
    sent, held = entry.sent, item.draft()
    return sent is not None and all(alike(sent, held, field) for field in (Field.PRICE, Field.DESCRIPTION))


def _shows(entry: Entry, item: Item) -> bool | None:
    if entry.before is None or entry.sent is None:
        return None
    return shows(entry.before.draft(), entry.sent, item.draft())
