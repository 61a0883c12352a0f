"""Creating and editing an item: opening the form, and what a submission of it does."""

from __future__ import annotations

from typing import Final

from slackblocks import ModalView

from bot.access import Permission
from bot.errors import FormExpired
from bot.history import Change, Write
from bot.i18n import Words
from bot.invoicexpress.errors import NotFound
from bot.invoicexpress.models import Item, ItemDraft
from bot.items.creating import create
from bot.items.entry import (
    Entry,
    FormState,
    as_typed,
    block_id,
    check_entry,
    conflicts,
    merge,
    read_entry,
    rebase,
    shown_entry,
    state_for,
)
from bot.items.fields import Field, Stored
from bot.items.form import Trouble, form_view
from bot.items.lookup import item_card, read_item, taxes_of
from bot.items.outcomes import not_saved, saved, unchanged, value_text
from bot.items.settling import alone
from bot.items.undo import undo_button
from bot.items.views import card
from bot.items.writing import Unsendable, require_sendable, update_item
from bot.slack.blocks import waiting
from bot.slack.payloads import Action, Command, Submission
from bot.slack.routing import FieldErrors
from bot.slack.state import record_id
from bot.slack.text import clip
from bot.slack.turn import Problem, Turn

_SIDE: Final = 60
"""Characters of a value in a choice between two; an option's text may have 75, with whose it is."""


async def open_new(turn: Turn[Command] | Turn[Action], name: str) -> None:
    """Show an empty form, with the account's default tax chosen and the name that was looked for."""
    taxes = await turn.services.catalog.taxes()
    default = next((tax.name for tax in taxes if tax.default_tax), "")
    state = FormState(language=turn.words.language, origin=turn.origin(shows_record=False))
    await turn.form(form_view(turn.words, state, Entry(name=as_typed(name), tax=default), taxes))


async def open_edit(turn: Turn[Command] | Turn[Action], item_id: int) -> None:
    """Show the form of an item, freshly read."""
    item = await read_item(turn, item_id)
    taxes = await taxes_of(turn)
    state = state_for(item, turn.words, turn.origin(shows_record=isinstance(turn.payload, Action)))
    await turn.form(form_view(turn.words, state, shown_entry(item, turn.words), taxes))


async def new_clicked(turn: Turn[Action]) -> None:
    """Open the form for a new item."""
    await open_new(turn, turn.payload.value)


async def edit_clicked(turn: Turn[Action]) -> None:
    """Open the form of the item beside whose card the button stands."""
    await open_edit(turn, record_id(turn.payload.value))


def receive(submission: Submission, words: Words) -> FieldErrors | ModalView:
    """Say what is wrong as far as the form alone tells, or show that it is being saved."""
    state = FormState.load(submission.view.metadata)
    problems = check_entry(read_entry(submission.view.values), state, words)
    if problems:
        return FieldErrors({block_id(name, state.attempt): text for name, text in problems.items()})
    return waiting(
        words.text("app.name"), words.text("form.saving"), close=words.text("action.close"), metadata=state.dump()
    )


async def submit_new(turn: Turn[Submission]) -> None:
    """Create what was submitted."""
    state = FormState.load(turn.payload.view.metadata)
    told = await create(turn, merge(read_entry(turn.payload.view.values), state, None))
    await turn.conclude(told, state.origin, None)


async def submit(turn: Turn[Submission]) -> None:
    """Save what was submitted."""
    state = FormState.load(turn.payload.view.metadata)
    if state.item is None:
        raise FormExpired
    await _save(turn, state, read_entry(turn.payload.view.values), state.item)


async def restore(turn: Turn[Submission], problem: Problem) -> ModalView:
    """Return the form again with everything that was typed, and what went wrong where it went wrong."""
    state, entry = FormState.load(turn.payload.view.metadata), read_entry(turn.payload.view.values)
    return await _again(turn, state, entry, _trouble(turn.words, problem))


async def _save(turn: Turn[Submission], state: FormState, entry: Entry, item_id: int) -> None:
    services, words = turn.services, turn.words
    async with alone(services, Change.EDIT, item_id, ""):
        before = await read_item(turn, item_id)
        draft, clash = merge(entry, state, before), conflicts(entry, state, before)
        differs = not clash and draft != before.draft()
        stored = await _written(turn, before, draft) if differs else Stored(before)
    if clash:
        await _show_clash(turn, state, entry, before, clash)
    elif not differs:
        await turn.conclude(unchanged(words, before), state.origin, card(words, before, turn.granted))
    else:
        may_undo = stored.item is not None and Permission.UNDO in turn.granted
        undo = undo_button(words, turn.reference) if may_undo else None
        record = await item_card(turn, stored.item) if stored.item else None
        await turn.conclude(saved(words, before, draft, stored, undo), state.origin, record)


async def _written(turn: Turn[Submission], before: Item, draft: ItemDraft) -> Stored:
    """Write an item, and bring the copy up to date."""
    services, taxes = turn.services, await taxes_of(turn) or ()
    require_sendable(draft, before, taxes)
    write = Write(turn.reference, turn.person.id, Change.EDIT, item_id=before.id, before=before, sent=draft)
    try:
        async with services.history.recording(write):
            stored = await update_item(services.account, before, draft, taxes)
            write.after = stored.item
    except NotFound:
        await services.catalog.drop_item(before.id)
        raise
    if stored.item is not None:
        await services.catalog.put_item(stored.item)
    return stored


async def _show_clash(
    turn: Turn[Submission], state: FormState, entry: Entry, current: Item, clash: tuple[Field, ...]
) -> None:
    """Show the form for the item as it is now, with what was typed; whoever closed it reads both in a message."""
    words, held = turn.words, current.draft()
    typed = merge(entry, state, current)
    sides = {field: tuple(clip(value_text(words, draft, field), _SIDE) for draft in (typed, held)) for field in clash}
    kept = {"attempt": state.attempt, "clash": sides}
    shown = state_for(current, words, state.origin).model_copy(update=kept)
    again = await _again(turn, shown, rebase(entry, state, current, words), _clash(words, current, clash))
    told = not_saved(words, current, typed, clash, turn.granted)
    await turn.tell(told, view=again, url=state.origin.response_url)


async def _again(turn: Turn[Submission], state: FormState, entry: Entry, trouble: Trouble) -> ModalView:
    following = state.model_copy(update={"attempt": state.attempt + 1})
    return form_view(turn.words, following, entry, await taxes_of(turn), trouble)


def _trouble(words: Words, problem: Problem) -> Trouble:
    """Put sentences under their fields; above the form stand those that belong to none.

    An update sends every field, so a sentence that names none may be about one that was not changed.
    """
    if isinstance(problem.error, Unsendable):
        return Trouble(problem.text, {field: words.text(f"form.unsendable-{field}") for field in problem.error.fields})
    fields: dict[Field, str] = {}
    for said in problem.messages:
        if said.field is not None:
            field = Field(said.field)
            fields[field] = " ".join(part for part in (fields.get(field), said.text) if part)
    everywhere = bool(fields) and all(said.field for said in problem.messages)
    return Trouble(words.text("form.see-fields") if everywhere else problem.text, fields)


def _clash(words: Words, current: Item, clash: tuple[Field, ...]) -> Trouble:
    held = current.draft()
    fields = {field: words.text("form.changed-meanwhile", value=value_text(words, held, field)) for field in clash}
    return Trouble(words.text("form.conflict"), fields)
