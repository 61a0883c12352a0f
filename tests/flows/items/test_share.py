"""Sharing: an explicit button, everybody reads who shared, also where the bot is no member."""

from __future__ import annotations

import pytest

from tests.flows.items.shop import LARGE, MEDIUM, asked, walked
from tests.flows.world import World


@pytest.mark.parametrize("channel", ["geral", "vendas"])
async def test_an_item_is_shared_to_the_channel(world: World, channel: str) -> None:
    await walked(world)
    await world.ana.command("/artigos medium", channel)
    card = await world.ana.sees("Medium")
    await world.ana.click(card, "Partilhar no canal")
    shared = await world.ben.sees(
        "partilhou a partir do InvoiceXpress:", "Medium", "16,2602\u00a0€", channel=channel, ever=True
    )
    assert not shared.is_ephemeral
    assert shared.text == f"<@{world.ana.id}> partilhou a partir do InvoiceXpress: Medium: 16,26\u00a0€ + IVA23"
    assert "Editar" not in shared.plain
    assert asked(world) == [f"GET /items/{MEDIUM}.json"]
    assert card in world.ana.messages("Medium", channel=channel)


async def test_what_is_shared_is_read_afresh_and_in_the_language_of_who_shares(shop: World) -> None:
    await shop.ben.command("/items large")
    card = await shop.ben.sees("Large")
    shop.account.change_item(LARGE, description="Nova")
    await shop.ben.click(card, "Share to channel")
    await shop.ana.sees("shared from InvoiceXpress:", "Nova", "€100.00", ever=True)


async def test_from_a_modal_it_goes_into_a_direct_message(shop: World) -> None:
    await shop.ben.command("/items new Chá")
    await shop.ben.modal(callback_id="items.new-form")
    await shop.ben.fill({"Unit price": "1"})
    await shop.ben.submit()
    await shop.ben.modal("The item was created.")
    await shop.ben.click(None, "Share to channel")
    await shop.ben.modal("Chá", "From here there is no channel to share to, so it was sent to you as a direct message")
    await shop.ben.sees("shared from InvoiceXpress:", "Chá", channel="dm")
    assert not shop.ana.messages("Chá")


async def test_from_the_finder_it_leaves_the_finder(shop: World) -> None:
    await shop.ben.command("/items find")
    view = await shop.ben.modal(callback_id="items.pick")
    await shop.ben.type_ahead("items.pick", "large", view)
    await shop.ben.choose("items.pick", str(LARGE), view)
    await shop.ben.modal("Item no.")
    await shop.ben.click(None, "Share to channel")
    await shop.ben.modal("From here there is no channel", "Large", callback_id="items.pick")
    await shop.ben.sees("shared from InvoiceXpress:", channel="dm")


async def test_from_the_finder_an_item_that_is_gone_leaves_the_finder(shop: World) -> None:
    await shop.ben.command("/items find")
    view = await shop.ben.modal(callback_id="items.pick")
    await shop.ben.type_ahead("items.pick", "large", view)
    await shop.ben.choose("items.pick", str(LARGE), view)
    await shop.ben.modal("Item no.")
    fault = shop.account.faults.answer(503, path="/items/*")
    await shop.ben.click(None, "Share to channel")
    await shop.ben.modal("InvoiceXpress does not answer", "Large", "Item no.", callback_id="items.pick")
    shop.account.faults.remove(fault)
    shop.account.remove_item(LARGE)
    await shop.ben.click(None, "Share to channel")
    view = await shop.ben.modal("InvoiceXpress has no such record", callback_id="items.pick")
    assert "Item no." not in view.plain


async def test_from_a_modal_an_item_that_cannot_be_read_stays_on_the_screen(shop: World) -> None:
    await shop.ben.command("/items new Chá")
    await shop.ben.modal(callback_id="items.new-form")
    await shop.ben.fill({"Unit price": "1"})
    await shop.ben.submit()
    await shop.ben.modal("The item was created.")
    shop.account.faults.answer(503, path="/items/*")
    await shop.ben.click(None, "Share to channel")
    await shop.ben.modal("InvoiceXpress does not answer at this moment.", "Chá", "Share to channel")


async def test_an_item_that_is_gone_is_not_shared(shop: World) -> None:
    await shop.ben.command("/items large")
    card = await shop.ben.sees("Large")
    shop.account.remove_item(LARGE)
    await shop.ben.click(card, "Share to channel")
    await shop.ben.sees("InvoiceXpress has no such record")
    assert not shop.ana.messages("Large")
