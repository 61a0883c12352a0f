"""The form is closed before the outcome is known: the outcome is told all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.sandbox.slack import Actor
from tests.flows.items.shop import LARGE, confirmation, edit_form, held
from tests.flows.world import World


@asynccontextmanager
async def closing(shop: World, person: Actor, method: str) -> AsyncIterator[None]:
    """Submit, and close every modal while the account is held back."""
    async with shop.account.faults.holding(method, "/items*") as hold:
        await person.submit()
        await hold.arrived()
        await person.close(everything=True)
        hold.release()
        yield


async def test_an_edit_from_a_command(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Unit price": "101"})
    async with closing(shop, shop.ben, "PUT"):
        told = await shop.ben.sees("Large was saved.", "€100.00 → €101.00")
    assert told.is_ephemeral
    assert told.text == "Large was saved. Large: €101.00 + IVA23"
    assert held(shop, LARGE).unit_price == 101


async def test_an_edit_from_a_card(shop: World) -> None:
    await shop.ben.command("/items large")
    card = await shop.ben.sees("Large")
    await shop.ben.click(card, "Edit")
    await shop.ben.modal(callback_id="items.form")
    await shop.ben.fill({"Unit price": "101"})
    async with closing(shop, shop.ben, "PUT"):
        await shop.ben.sees("Large was saved.")
    assert (await shop.ben.sees("Item no.", "€101.00")).ts == card.ts


async def test_a_create_from_home(shop: World) -> None:
    await shop.ana.open_home()
    home = await shop.ana.home("Criar um artigo")
    await shop.ana.click(home, "Criar um artigo")
    await shop.ana.modal("Novo artigo", callback_id="items.new-form")
    await shop.ana.fill({"Nome": "Chá", "Preço unitário": "1,30"})
    async with closing(shop, shop.ana, "POST"):
        told = await shop.ana.sees("O artigo foi criado.", "Chá", channel="dm")
    await shop.ana.click(told, "Editar")
    await shop.ana.modal("Editar artigo", "Chá")


async def test_a_delete(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)
    async with closing(shop, shop.ana, "DELETE"):
        told = await shop.ana.sees(f"O artigo n.º {LARGE}, Large, foi eliminado.")
    assert told.is_ephemeral


async def test_a_failure(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Unit price": "101"})
    async with closing(shop, shop.ben, "GET"):
        shop.account.faults.answer(429, path="/items/*", method="PUT")
        await shop.ben.sees("InvoiceXpress allows only so many requests a minute")
    assert shop.account.writes == ()


async def test_a_form_that_is_closed_while_it_loads(shop: World) -> None:
    async with shop.account.faults.holding("GET", "/items/*") as hold:
        await shop.ben.command(f"/items edit {LARGE}")
        await shop.ben.modal("Loading…")
        await hold.arrived()
        await shop.ben.close()
    await shop.ben.command("/items help")
    await shop.ben.sees("What you can type")
    await shop.ben.no_modal()
