"""Deleting an item, after a confirmation that shows what goes."""

from __future__ import annotations

from slackblocks import Block, ModalView, PlainText

from bot.access import Permission
from bot.history import Change, Write
from bot.i18n import Words
from bot.invoicexpress.errors import NotFound
from bot.invoicexpress.models import Item
from bot.items import ids
from bot.items.entry import item_digest
from bot.items.lookup import read_item, taxes_of
from bot.items.outcomes import already_gone, deleted, not_deleted
from bot.items.settling import alone
from bot.items.undo import undo_button
from bot.items.views import item_blocks, price_and_tax, short_name
from bot.items.writing import delete_item
from bot.slack.blocks import Content, alert, note, paragraph, waiting
from bot.slack.payloads import Action, Command, Submission
from bot.slack.routing import FieldErrors
from bot.slack.state import Origin, Spoken, record_id
from bot.slack.turn import Problem, Turn


class DeleteState(Spoken):
    """What the confirmation remembers.

    Attributes:
        item: the id of the item.
        held: a digest of the item as it was shown.
        origin: where the confirmation was opened from.
    """

    item: int
    held: str
    origin: Origin = Origin()


def confirmation(words: Words, item: Item, origin: Origin, trouble: str = "", attempt: int = 0) -> ModalView:
    """Return the modal that names what goes: id, name, price and tax."""
    state = DeleteState(language=words.language, attempt=attempt, item=item.id, held=item_digest(item), origin=origin)
    question = words.text(
        "delete.question", name=short_name(item, words), id=str(item.id), price=price_and_tax(words, item)
    )
    blocks: list[Block] = [paragraph(question), *item_blocks(words, item), note(words.text("delete.note"))]
    if trouble:
        blocks.insert(0, alert(trouble))
    return ModalView(
        PlainText(words.text("delete.title")),
        blocks,
        close=PlainText(words.text("action.cancel")),
        submit=PlainText(words.text("action.delete")),
        callback_id=ids.DELETE_FORM,
        private_metadata=state.dump(),
    )


async def open_delete(turn: Turn[Command] | Turn[Action], item_id: int) -> None:
    """Ask for confirmation, showing the item as it has just been read."""
    item = await read_item(turn, item_id)
    await turn.form(confirmation(turn.words, item, turn.origin(shows_record=isinstance(turn.payload, Action))))


async def delete_clicked(turn: Turn[Action]) -> None:
    """Ask whether the item beside whose card the button stands is to be deleted."""
    await open_delete(turn, record_id(turn.payload.value))


def receive(submission: Submission, words: Words) -> FieldErrors | ModalView:
    """Show that the item is being deleted."""
    state = DeleteState.load(submission.view.metadata)
    return waiting(
        words.text("app.name"), words.text("delete.working"), close=words.text("action.close"), metadata=state.dump()
    )


async def submit(turn: Turn[Submission]) -> None:
    """Delete what was shown; an item that changed since then is shown once more instead."""
    state, services = DeleteState.load(turn.payload.view.metadata), turn.services
    try:
        async with alone(services, Change.DELETE, state.item, ""):
            item = await read_item(turn, state.item)
            is_as_shown = item_digest(item) == state.held
            if is_as_shown:
                write = Write(turn.reference, turn.person.id, Change.DELETE, item_id=item.id, before=item)
                async with services.history.recording(write):
                    await delete_item(services.account, item, await taxes_of(turn) or ())
    except NotFound:
        await services.catalog.drop_item(state.item)
        gone = already_gone(turn.words, state.item)
        await turn.conclude(gone, state.origin, gone)
        return
    if not is_as_shown:
        again = confirmation(turn.words, item, state.origin, turn.words.text("delete.changed"), state.attempt + 1)
        await turn.tell(not_deleted(turn.words, item, turn.granted), view=again, url=state.origin.response_url)
        return
    await services.catalog.drop_item(item.id)
    undo = undo_button(turn.words, turn.reference) if Permission.UNDO in turn.granted else None
    await turn.conclude(deleted(turn.words, item, undo), state.origin, deleted(turn.words, item))


async def restore(turn: Turn[Submission], problem: Problem) -> ModalView:
    """Return the confirmation again with what went wrong; the sentence alone where the copy lacks the item."""
    state = DeleteState.load(turn.payload.view.metadata)
    item = await turn.services.catalog.item(state.item)
    if item is None:
        return turn.as_modal(Content(turn.words.text("app.name"), problem.text, (paragraph(problem.text),)))
    return confirmation(turn.words, item, state.origin, problem.text, state.attempt + 1)
