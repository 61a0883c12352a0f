"""The history of items: `/items history`, page by page, with what may be undone."""

from __future__ import annotations

from bot.access import Permission
from bot.history import Entry, Kept
from bot.items.trail import history_content
from bot.items.undo import can_be_undone, undo_button
from bot.slack.blocks import Button, Content
from bot.slack.lists import PAGE_SIZE, Page, page_of
from bot.slack.payloads import Action, Command
from bot.slack.turn import Turn


async def show_history(turn: Turn[Command], text: str) -> None:
    """Show the newest writes, of the items that a text names."""
    await turn.show(await _content(turn, page_of(text, 0)))


async def turn_page(turn: Turn[Action]) -> None:
    """Replace a page of the history by the next, or the one before."""
    await turn.replace(await _content(turn, Page.load(turn.payload.value)))


async def _content(turn: Turn[Command] | Turn[Action], page: Page) -> Content:
    """Return a page: everybody's writes for whoever manages, else the person's own."""
    services, granted = turn.services, turn.granted
    person = "" if Permission.HISTORY_ALL in granted else turn.person.id
    entries, total = await services.history.newest(page.query, person=person, limit=PAGE_SIZE, offset=page.offset)

    def undo(entry: Kept) -> Button | None:
        allowed = Permission.UNDO_OTHERS in granted and isinstance(entry, Entry) and can_be_undone(entry)
        return undo_button(turn.words, entry.reference) if allowed else None

    return history_content(turn.words, entries, total, page, services.clock.now(), undo=undo)
