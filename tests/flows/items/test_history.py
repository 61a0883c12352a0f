"""`/items history` and the line on the card: who changed what, when, from what to what."""

from __future__ import annotations

from pathlib import Path

from tests.flows.items.shop import COFFEE, LARGE, confirmation, edit_form, open_shop
from tests.flows.world import World


async def price_set(world: World, item_id: int, price: str) -> None:
    """Let Ben change a price."""
    await edit_form(world, world.ben, item_id)
    await world.ben.fill({"Unit price": price})
    await world.ben.submit()
    await world.ben.modal("was saved.")
    await world.ben.close()


async def test_nothing_is_recorded_at_first(shop: World) -> None:
    await shop.ben.command("/items history")
    await shop.ben.sees("History", "Nothing is recorded.")
    await shop.ana.command("/artigos registo")
    await shop.ana.sees("Histórico", "Nada está registado.")


async def test_each_write_is_a_line(shop: World) -> None:
    await price_set(shop, COFFEE, "1")
    await shop.ana.command("/artigos novo Chá")
    await shop.ana.modal(callback_id="items.new-form")
    await shop.ana.fill({"Preço unitário": "2"})
    await shop.ana.submit()
    await shop.ana.modal("O artigo foi criado.")
    await shop.ana.close()
    await confirmation(shop, shop.ana, LARGE)
    await shop.ana.submit()
    await shop.ana.modal("foi eliminado.")
    await shop.ben.command("/items history")
    shown = await shop.ben.sees("History", "1 to 3 of 3.")
    order = [shown.plain.index(words) for words in ("deleted (€100.00 + IVA23)", "created", "€0.6504 → €1.00")]
    assert order == sorted(order)
    assert shown.is_ephemeral
    await shop.ben.command("/items history expresso")
    shown = await shop.ben.sees("Café Expresso (no. 402323)", "Net price: €0.6504 → €1.00", "1 to 1 of 1.")
    assert "Chá" not in shown.plain
    await shop.ben.command(f"/items history {LARGE}")
    await shop.ben.sees("Large (no. 402322)", "1 to 1 of 1.")


async def test_what_did_not_succeed_says_so(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Unit price": "101"})
    for fault in ({"status": 422}, {"status": 429}):
        set_ = shop.account.faults.answer(fault["status"], method="PUT")
        await shop.ben.submit()
        await shop.ben.modal("Large", callback_id="items.form")
        shop.account.faults.remove(set_)
    shop.account.faults.cut("before", method="PUT", times=3)
    await shop.ben.submit()
    await shop.ben.modal("may or may not have been made")
    await shop.ben.command("/items history")
    await shop.ben.sees("refused by InvoiceXpress", "not carried out", "not known whether carried out", "edited")


async def test_the_card_says_who_changed_it_last(shop: World) -> None:
    await price_set(shop, COFFEE, "1")
    await shop.ana.command(f"/artigos {COFFEE}")
    card = await shop.ana.sees("há", "Preço sem imposto: 0,6504\u00a0€ → 1,00\u00a0€")
    assert shop.ben.id in card.plain


async def test_the_history_has_pages(shop: World) -> None:
    for price in range(1, 12):
        await price_set(shop, COFFEE, str(price))
    await shop.ana.command("/artigos histórico café")
    page = await shop.ana.sees("10,00\u00a0€ → 11,00\u00a0€", "1 a 10 de 11.")
    await shop.ana.click(page, "Seguintes")
    page = await shop.ana.sees("0,6504\u00a0€ → 1,00\u00a0€", "11 a 11 de 11.")
    await shop.ana.click(page, "Anteriores")
    await shop.ana.sees("1 a 10 de 11.")


async def test_an_editor_sees_only_what_is_theirs(tmp_path: Path) -> None:
    async with open_shop(tmp_path, managers="admins", editors="members") as shop:
        await price_set(shop, COFFEE, "1")
        await confirmation(shop, shop.ana, LARGE)
        await shop.ana.submit()
        await shop.ana.modal("foi eliminado.")
        await shop.ben.command("/items history")
        shown = await shop.ben.sees("Café Expresso", "1 to 1 of 1.")
        assert "Undo" not in shown.plain
        await shop.ana.command("/artigos histórico")
        await shop.ana.sees("Large", "Café Expresso", "Anular", "1 a 2 de 2.")


async def test_a_viewer_sees_none(tmp_path: Path) -> None:
    async with open_shop(tmp_path, managers="admins", editors="admins") as shop:
        for line in ("history", "refresh"):
            await shop.ben.command(f"/items {line}")
            await shop.ben.sees("You may not do this here.")
        await shop.ben.command("/items help")
        told = await shop.ben.sees("What you can type")
        assert "history" not in told.plain
        await shop.ben.command("/items large")
        card = await shop.ben.sees("Large")
        assert "Edit" not in card.plain
        assert "Delete" not in card.plain
        await shop.ben.command("/items chá preto")
        assert "Create it" not in (await shop.ben.sees("No item matches")).plain


async def test_a_create_that_was_found_after_all_has_succeeded(shop: World) -> None:
    await shop.ben.command("/items new Chá")
    await shop.ben.modal(callback_id="items.new-form")
    await shop.ben.fill({"Unit price": "1"})
    shop.account.faults.cut("after", method="POST")
    await shop.ben.submit()
    await shop.ben.modal("but the account holds an item of this name.")
    await shop.ben.command("/items history")
    shown = await shop.ben.sees("Chá (no. 402329)", "created")
    assert "not known" not in shown.plain


async def test_a_create_that_found_an_item_of_others_stays_unknown(shop: World) -> None:
    await shop.ben.command("/items new Chá")
    await shop.ben.modal(callback_id="items.new-form")
    await shop.ben.fill({"Unit price": "1"})
    async with shop.account.faults.holding("POST") as hold:
        shop.account.faults.cut("before", method="POST")
        await shop.ben.submit()
        await hold.arrived()
        shop.account.add_item("Chá", "9")
        hold.release()
        await shop.ben.modal("but the account holds an item of this name.", "sent €1.00, stored €9.00")
    await shop.ben.command("/items history")
    await shop.ben.sees("Chá", "created", "not known whether carried out")
