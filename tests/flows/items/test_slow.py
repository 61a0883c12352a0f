"""InvoiceXpress is taking a long time to answer: whoever asks for a price soon gets the copy's, and is told so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.slack.freshness import PATIENCE_SECONDS
from tests.flows.items.shop import COFFEE, LARGE, MEDIUM, open_shop
from tests.flows.world import World


class ImpatientClock(SystemClock):
    """The machine's own time, on which nobody waits for a record as long as people do."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0.05 if seconds == PATIENCE_SECONDS else seconds)


@pytest.fixture
async def slow_shop(tmp_path: Path) -> AsyncIterator[World]:
    async with open_shop(tmp_path, clock=ImpatientClock()) as living, living.account.faults.holding("GET", "/items/*"):
        yield living


async def test_a_look_up_by_number_is_answered_from_the_copy(slow_shop: World) -> None:
    await slow_shop.ben.command(f"/items {MEDIUM}")
    await slow_shop.ben.sees("€24.3902", "InvoiceXpress is taking a long time to answer: this is our copy.")
    await slow_shop.ben.command(f"/items {LARGE}")
    await slow_shop.ben.sees("Modelo 402322", "InvoiceXpress is taking a long time to answer: this is our copy.")


async def test_an_item_of_a_list_is_opened_from_the_copy(slow_shop: World) -> None:
    await slow_shop.ana.command("/artigos café")
    found = await slow_shop.ana.sees("1 a 2 de 2.")
    await slow_shop.ana.click(found, "Abrir", value=str(COFFEE))
    await slow_shop.ana.sees("Café Expresso", "O InvoiceXpress está a demorar a responder")


async def test_what_the_copy_lacks_is_waited_for(tmp_path: Path) -> None:
    async with open_shop(tmp_path, clock=ImpatientClock()) as shop:
        new = shop.account.add_item("Chá", 2)
        async with shop.account.faults.holding("GET", f"/items/{new.id}.json") as hold:
            await shop.ben.command(f"/items {new.id}")
            await hold.arrived()
            await asyncio.sleep(0.1)  # longer than anybody's patience here
        await shop.ben.sees("Chá", "€2.00")


async def test_no_form_opens_only_to_say_that_it_may_not_be_used(tmp_path: Path) -> None:
    async with open_shop(tmp_path, managers="admins") as shop:
        await shop.ben.command("/items help")
        await shop.ben.sees("/items")
        await shop.ben.command(f"/items delete {LARGE}")
        await shop.ben.sees("You may not do this here.")
        await shop.ben.no_modal()
        assert not shop.workspace.calls_of("views.open")
