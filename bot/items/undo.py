"""Undoing an edit or a delete: for ten minutes by whoever did it, from the history by whoever manages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from slackblocks import ModalView

from bot.access import Permission
from bot.errors import BotError, FormExpired
from bot.history import Change, Entry, Outcome, Write
from bot.i18n import Words
from bot.invoicexpress.errors import OutcomeUnknown
from bot.invoicexpress.models import Item, ItemDraft
from bot.items import ids
from bot.items.fields import Field, Stored, alike, held_text
from bot.items.lookup import read_item, taxes_of
from bot.items.outcomes import created_anew, saved, undo_clash
from bot.items.settling import alone
from bot.items.writing import create_item, require_sendable, update_item
from bot.slack.blocks import Button, Content, actions, alert, button
from bot.slack.payloads import Action
from bot.slack.state import State
from bot.slack.text import escape
from bot.slack.turn import Problem, Turn

WITHIN: Final = timedelta(minutes=10)
"""How long whoever did something may undo it; afterwards it takes a manager."""


class UndoTooLate(BotError):
    """The ten minutes are over, and this person may not undo what is older."""

    key = "error.undo-too-late"


class AlreadyUndone(BotError):
    """It was undone already, or is being undone."""

    key = "error.repeated"


_FINAL: Final = (UndoTooLate, AlreadyUndone, OutcomeUnknown)
"""Where trying again is of no use."""


class UndoRef(State):
    """Which write a button undoes."""

    reference: str


def undo_button(words: Words, reference: str) -> Button:
    """Return the button that undoes a write."""
    return button(words.text("action.undo"), f"{ids.UNDO}:{reference}", UndoRef(reference=reference).dump())


def can_be_undone(entry: Entry) -> bool:
    """Say whether a write can be undone: an edit or a delete that succeeded, and was not undone since."""
    if entry.outcome is not Outcome.SUCCEEDED or entry.before is None or entry.undone:
        return False
    return entry.action is Change.DELETE or (entry.action is Change.EDIT and entry.after is not None)


def require_undo(turn: Turn[Action], entry: Entry, now: datetime) -> None:
    """Go on only where this person may undo this write now.

    Raises:
        AccessDenied: it is somebody else's, and this person does not manage.
        UndoTooLate: it is their own, the time for it is over, and they do not manage.
    """
    if Permission.UNDO_OTHERS in turn.granted:
        return
    if entry.person != turn.person.id:
        raise turn.policy.denial
    if abs(now - (entry.ended_at or entry.at)) > WITHIN:  # one that lies ahead says nothing: the clock was put back
        raise UndoTooLate


async def undo(turn: Turn[Action]) -> None:
    """Undo the write that the button names, once.

    An edit is undone where the fields that it changed still are as it left them; a deleted item is created anew.
    """
    history = turn.services.history
    entry = await history.find(UndoRef.load(turn.payload.value).reference)
    if entry is None or entry.before is None or not (entry.undone or can_be_undone(entry)):
        raise FormExpired
    require_undo(turn, entry, turn.services.clock.now())
    # The button stands in several places: what is done once is the undoing, not the click. What comes to nothing gives
    # this claim back with that of the click.
    if entry.undone or not await history.claim(f"undo {entry.reference}", turn.reference, turn.person.id):
        raise AlreadyUndone
    if entry.after is None:  # of what can be undone, only a delete leaves nothing
        await _create_anew(turn, entry, entry.before)
    else:
        await _restore(turn, entry, entry.before, entry.after)


async def in_vain(turn: Turn[Action], problem: Problem) -> ModalView:
    """Return the modal with what went wrong, and the button where trying again is of use."""
    words = turn.words
    again = undo_button(words, UndoRef.load(turn.payload.value).reference)
    blocks = (alert(problem.text), *actions(*([] if isinstance(problem.error, _FINAL) else [again])))
    return turn.as_modal(Content(words.text("item.title"), escape(problem.text), blocks))


def restored(
    before: ItemDraft, sent: ItemDraft, after: ItemDraft, now: ItemDraft
) -> tuple[ItemDraft, tuple[Field, ...]]:
    """Return what undoing an edit would store, and the fields that stand in the way because they changed since.

    Args:
        before: the item before the edit.
        sent: what the edit sent; a field that it left alone is nothing to undo, whatever became of it.
        after: the item after it.
        now: the item as it is.
    """
    changed = [field for field in Field if held_text(before, field) != held_text(sent, field)]
    clash = tuple(field for field in changed if not alike(now, after, field))
    unread = (
        *(kept for kept in now.unread if kept[0] not in changed),
        *(was for was in before.unread if was[0] in changed),
    )
    values = {field.value: getattr(before, field) for field in changed}
    return now.model_copy(update={**values, "unread": unread}), clash


async def _restore(turn: Turn[Action], entry: Entry, before: Item, after: Item) -> None:
    services, words, item_id, sent = turn.services, turn.words, after.id, entry.sent or after.draft()
    async with alone(services, Change.EDIT, item_id, ""):
        current = await read_item(turn, item_id)
        draft, clash = restored(before.draft(), sent, after.draft(), current.draft())
        stored = Stored(current) if clash else await _written(turn, entry, current, draft)
    if clash:
        await turn.tell(undo_clash(words, current, draft, clash, turn.granted))
        await services.history.release(turn.reference)
    else:
        await turn.tell(saved(words, current, draft, stored))


async def _written(turn: Turn[Action], entry: Entry, current: Item, draft: ItemDraft) -> Stored:
    """Write an item as it was, and bring the copy up to date."""
    services, taxes = turn.services, await taxes_of(turn) or ()
    require_sendable(draft, current, taxes)
    write = Write(
        turn.reference, turn.person.id, Change.EDIT, current.id, before=current, sent=draft, undoes=entry.reference
    )
    async with services.history.recording(write):
        stored = await update_item(services.account, current, draft, taxes)
        write.after = stored.item
    if stored.item is not None:
        await services.catalog.put_item(stored.item)
    return stored


async def _create_anew(turn: Turn[Action], entry: Entry, before: Item) -> None:
    services, draft = turn.services, before.draft()
    require_sendable(draft, None, ())
    write = Write(turn.reference, turn.person.id, Change.CREATE, sent=draft, undoes=entry.reference)
    async with alone(services, Change.CREATE, None, draft.name), services.history.recording(write):
        item = await create_item(services.account, draft)
        write.item_id, write.after = item.id, item
    await services.catalog.put_item(item)
    taxes = await taxes_of(turn) or ()
    await turn.tell(created_anew(turn.words, draft, item, entry.item_id or 0, turn.granted, taxes=taxes))
