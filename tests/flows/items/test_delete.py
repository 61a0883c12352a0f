"""Deleting: a confirmation that shows what goes, and what is told afterwards."""

from __future__ import annotations

from bot.sandbox.slack import Person
from tests.flows.items.shop import COSTS, ITEMS, LARGE, MEDIUM, asked, confirmation, held, walked, writes_since
from tests.flows.world import World


async def test_an_item_is_deleted_from_its_card(world: World) -> None:
    await walked(world)
    before, records = world.account.writes, world.account.items()
    await world.ana.command("/artigos medium")
    card = await world.ana.sees("Medium")
    await world.ana.click(card, "Eliminar", label="Eliminar Medium")
    view = await world.ana.modal("Eliminar artigo", f"Eliminar o artigo n.º {MEDIUM}, Medium, a 16,26\u00a0€ + IVA23?")
    assert all(words in view.plain for words in ("16,2602\u00a0€", "IVA23 (23%)", "Os documentos já emitidos mantêm"))
    assert asked(world) == [f"GET /items/{MEDIUM}.json"]
    world.account.requests.clear()
    await world.ana.submit()
    await world.ana.modal(f"O artigo n.º {MEDIUM}, Medium, foi eliminado.", "16,2602\u00a0€")
    looked = f"GET /items/{MEDIUM}.json"
    assert asked(world) == [looked, f"DELETE /items/{MEDIUM}.json", looked]
    assert writes_since(world, before) == [("delete", MEDIUM)]
    assert world.account.items() == tuple(record for record in records if record.id != MEDIUM)
    gone = await world.ana.sees("foi eliminado.")
    assert gone.ts == card.ts
    assert "Partilhar" not in gone.plain
    await world.ana.command("/artigos medium")
    await world.ana.sees("Nenhum artigo corresponde a «medium».")


async def test_an_item_is_deleted_in_english(shop: World) -> None:
    bea = shop.workspace.add_person(Person(id="U0BEA00001", name="Bea", real_name="Bea Lee", is_admin=True))
    await bea.command(f"/items delete {COSTS}")
    view = await bea.modal(f"Delete item no. {COSTS}, Ajudas de custo, at €62.75, no tax?", "Cancel")
    assert view.title == "Delete item"
    await bea.submit()
    await bea.modal(f"Item no. {COSTS}, Ajudas de custo, was deleted.")
    assert not shop.account.has_item(COSTS)


async def test_a_confirmation_that_is_cancelled_deletes_nothing(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)
    await shop.ana.close()
    await shop.ana.no_modal()
    assert asked(shop) == []
    assert held(shop, LARGE) == ITEMS[1]


async def test_an_item_that_was_gone_already_is_a_success_with_its_own_words(shop: World) -> None:
    await shop.ana.command("/artigos large")
    card = await shop.ana.sees("Large")
    await shop.ana.click(card, "Eliminar")
    await shop.ana.modal(callback_id="items.delete-form")
    shop.account.remove_item(LARGE)
    shop.account.requests.clear()
    await shop.ana.submit()
    await shop.ana.modal(f"O artigo n.º {LARGE} já não existia: não havia nada para eliminar.")
    assert asked(shop) == [f"GET /items/{LARGE}.json"]
    assert (await shop.ana.sees("já não existia")).ts == card.ts


async def test_an_item_that_goes_between_the_reading_and_the_delete(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)
    async with shop.account.faults.holding("DELETE") as hold:
        await shop.ana.submit()
        await hold.arrived()
        await shop.ana.modal("A eliminar…")
        shop.account.remove_item(LARGE)
        hold.release()
        await shop.ana.modal(f"O artigo n.º {LARGE} já não existia")
    await shop.ana.command("/artigos large")
    await shop.ana.sees("Nenhum artigo corresponde")


async def test_an_item_that_is_not_there_cannot_be_chosen(shop: World) -> None:
    await shop.ana.command("/artigos eliminar 999")
    await shop.ana.modal("Nada foi encontrado. Escreva outras palavras.")
    assert asked(shop) == ["GET /items/999.json"]


async def test_a_failure_while_the_copy_has_lost_the_item_is_told_alone(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)
    shop.account.remove_item(LARGE)
    await shop.ben.command(f"/items {LARGE}")
    await shop.ben.sees("Modelo 402322", "Item no.")
    shop.account.faults.answer(401, path="/items/*")
    await shop.ana.submit()
    view = await shop.ana.modal("O InvoiceXpress recusa a nossa chave")
    assert "submit" not in view.payload
