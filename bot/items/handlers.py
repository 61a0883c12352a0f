"""`/items` and `/artigos`: the verb that was typed, handed to what does it."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable

from bot.access import Permission
from bot.invoicexpress.errors import NotFound
from bot.items import command, ids
from bot.items.deleting import open_delete
from bot.items.editing import open_edit, open_new
from bot.items.lookup import choose, find, look_up
from bot.items.past import show_history
from bot.items.refreshing import refresh
from bot.slack.lists import PAGE_SIZE
from bot.slack.payloads import Command
from bot.slack.turn import Turn
from bot.slack.verbs import help_content, read_invocation


async def run_command(turn: Turn[Command]) -> None:
    """Do what was typed after the command; a text without a verb is looked up."""
    invocation = read_invocation(turn.payload.text, command.USAGE)
    match invocation.verb:
        case command.HELP:
            await turn.show(help_content(turn.words, (command.USAGE,), turn.granted))
        case command.FIND if not invocation.argument:
            await find(turn)
        case command.NEW:
            turn.require(Permission.CREATE)
            await open_new(turn, invocation.argument)
        case command.EDIT:
            turn.require(Permission.EDIT)
            await _on_item(turn, invocation.argument, open_edit, ids.EDIT)
        case command.DELETE:
            turn.require(Permission.DELETE)
            await _on_item(turn, invocation.argument, open_delete, ids.DELETE)
        case command.HISTORY:
            turn.require(Permission.HISTORY)
            await show_history(turn, invocation.argument)
        case command.REFRESH:
            turn.require(Permission.REFRESH)
            await refresh(turn)
        case _:
            await look_up(turn, invocation.argument)


async def _on_item(
    turn: Turn[Command], named: str, act: Callable[[Turn[Command], int], Awaitable[None]], action_id: str
) -> None:
    """Act on the item that was named by its id, or by a text that only one item answers to; else let one choose."""
    if not named:
        await find(turn)
        return
    number = command.typed_id(named)
    if number is not None:
        # A number that is no id may still stand in a name; but then it is for the person to say which item is meant.
        with contextlib.suppress(NotFound):
            await act(turn, number)
            return
    hits = await turn.services.catalog.search_items(named, limit=PAGE_SIZE)
    if number is None and hits.total == 1 and not hits.partial:
        await act(turn, hits.records[0].id)
    else:
        await choose(turn, hits, action_id)
