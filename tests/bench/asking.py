"""What each thing that a person does costs in requests to InvoiceXpress, as the account counts them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Final

from bot.sandbox.account import Account, serve_account
from bot.sandbox.slack import Actor, serve_workspace
from tests.bench.serving import process, settings_for
from tests.bench.table import Row
from tests.flows.items.shop import COFFEE, MEDIUM

Deed = Callable[[Actor], Awaitable[object]]

_EVERYBODY: Final = {"EDITORS": "members", "MANAGERS": "members"}
_FINDER: Final = "items.pick"


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Do each thing once, one after another, in the sandbox's made-up account, and count."""
    async with serve_account() as account, serve_workspace() as workspace:
        settings = settings_for(folder, account, workspace) | _EVERYBODY
        async with process(["-m", "bot", "run", "--mode", "http"], settings) as server:
            workspace.request_url = f"{server.url}/slack/events"
            await _settled(account)
            for goal, deeds in _DEEDS:
                counted = [await _counted(account, workspace.person("Ben"), deed) for deed in deeds.values()]
                found = ", ".join(str(number) for number in counted)
                yield Row(f"requests to InvoiceXpress: {', '.join(deeds)}", goal, found)


async def _settled(account: Account) -> None:
    """Return when the bot has read everything: it asks for no more."""
    asked = -1
    while asked != len(account.requests):
        asked = len(account.requests)
        await asyncio.sleep(1)


async def _counted(account: Account, person: Actor, deed: Deed) -> int:
    """Return how many requests the account got until the person saw how it ended."""
    account.requests.clear()
    await deed(person)
    return len(account.requests)


async def _search(person: Actor) -> None:
    await person.command("/items cafe")
    await person.sees("Items for “cafe”")


async def _card(person: Actor) -> None:
    await person.click(person.messages("Items for “cafe”")[-1], "Open", value=str(COFFEE))
    await person.sees(f"Item no. {COFFEE}.")


async def _list(person: Actor) -> None:
    await person.command("/items")
    await person.sees("1 to 10 of")


async def _page(person: Actor) -> None:
    await person.click(person.messages("1 to 10 of")[-1], "Next")
    await person.sees("11 to 20 of")


async def _finder(person: Actor) -> None:
    await person.command("/items find")
    await person.modal(callback_id=_FINDER)


async def _keystroke(person: Actor) -> None:
    if not await person.type_ahead(_FINDER, "caf"):
        raise RuntimeError("nothing was found while typing")


async def _form(person: Actor) -> None:
    await person.command(f"/items edit {MEDIUM}")
    await person.modal("16.2602", callback_id="items.form")


async def _edit(person: Actor) -> None:
    await person.fill({"Unit price": "17.5"})
    await person.submit()
    await person.modal("was saved.")


async def _confirmation(person: Actor) -> None:
    await person.command(f"/items delete {MEDIUM}")
    await person.modal("17.5", callback_id="items.delete-form")


async def _delete(person: Actor) -> None:
    await person.submit()
    await person.modal("was deleted.")


async def _blank_form(person: Actor) -> None:
    await person.command("/items new Chá de menta")
    await person.modal("Chá de menta", callback_id="items.new-form")


async def _create(person: Actor) -> None:
    await person.fill({"Unit price": "1.30"})
    await person.submit()
    await person.modal("The item was created.")


_DEEDS: Final[tuple[tuple[str, dict[str, Deed]], ...]] = (
    ("0", {"a search": _search, "a list": _list, "a page": _page, "the finder": _finder, "a keystroke": _keystroke}),
    ("1", {"opening a card": _card, "an edit's form": _form}),
    ("≤ 3", {"submitting an edit": _edit}),
    ("1", {"a delete's confirmation": _confirmation}),
    ("≤ 3", {"confirming a delete": _delete}),
    ("≤ 1", {"a new item's form": _blank_form}),
    ("≤ 2", {"creating an item": _create}),
)
"""What is done, in this order, and how many requests it may cost."""
