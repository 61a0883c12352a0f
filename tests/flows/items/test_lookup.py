"""`/items`: a page, a card for one hit, a list for several, an offer where there is none."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from bot.sandbox.slack import Message
from tests.clocks import ShiftedClock
from tests.flows.items.shop import (
    COFFEE,
    COSTS,
    LARGE,
    MEDIUM,
    QUICK,
    YEAR,
    asked,
    item,
    open_shop,
    stock_and_fail_after_one_page,
)
from tests.flows.world import World, living_world

PAGED = [item(1000 + number, f"Peça {number:02}", str(number), tax="IVA23", unit="unit") for number in range(1, 26)]


def buttons(message: Message, text: str) -> list[str]:
    """Return the values of the buttons on which this stands."""
    elements = [one for block in message.blocks for one in (block.get("accessory"), *block.get("elements", []))]
    found = [one for one in elements if one and one.get("type") == "button" and one["text"]["text"] == text]
    return [str(one.get("value", "")) for one in found]


async def test_a_text_with_one_hit_is_a_card(world: World) -> None:
    await world.ben.command("/items medium")
    card = await world.ben.sees("Medium", "foo", "€16.2602", "IVA23 (23%)", "€20.00", "Service", "Item no. 402321.")
    assert card.is_ephemeral
    assert card.text == "Medium: €16.26 + IVA23"
    await world.ana.command("/artigos medium")
    card = await world.ana.sees(
        "Medium", "16,2602\u00a0€", "IVA23 (23%)", "20,00\u00a0€", "Serviço", "Artigo n.º 402321."
    )
    assert card.text == "Medium: 16,26\u00a0€ + IVA23"


@pytest.mark.parametrize("typed", ["DUPLO cafe", "café duplo", '"café duplo"', "“café duplo”", "«duplo»", "dúplo"])
async def test_case_accents_order_and_quotes_do_not_matter(shop: World, typed: str) -> None:
    await shop.ben.command(f"/items {typed}")
    await shop.ben.sees("Café Duplo", "€1.0569")
    assert asked(shop) == []


async def test_a_description_is_searched_too(shop: World) -> None:
    await shop.ben.command("/items lote da casa")
    await shop.ben.sees("Café Expresso", "Lote da casa")


async def test_several_hits_are_a_list_to_open_from(shop: World) -> None:
    await shop.ben.command("/items café")
    found = await shop.ben.sees(
        "Items for “café”", "Café Expresso", "€0.65 + IVA13 · Unit", "Café Duplo", "1 to 2 of 2."
    )
    assert found.text == "Items for “café”: 1 to 2 of 2."
    assert buttons(found, "Next") == buttons(found, "Previous") == []
    await shop.ana.command("/artigos café")
    await shop.ana.sees("Artigos para «café»", "0,65\u00a0€ + IVA13 · Unidade", "1 a 2 de 2.")


async def test_an_opened_item_is_read_afresh(shop: World) -> None:
    await shop.ben.command("/items café")
    found = await shop.ben.sees("Café Expresso")
    shop.account.change_item(COFFEE, unit_price=Decimal("0.7"), tax="IVA23")
    shop.account.requests.clear()
    await shop.ben.click(found, "Open", value=str(COFFEE))
    await shop.ben.sees("Café Expresso", "€0.70", "IVA23 (23%)", "€0.86")
    assert asked(shop) == [f"GET /items/{COFFEE}.json"]
    await shop.ben.command("/items expresso")
    await shop.ben.sees("€0.70")


async def test_an_item_that_is_gone_says_so_and_is_not_found_again(shop: World) -> None:
    await shop.ben.command("/items café")
    found = await shop.ben.sees("Café Expresso")
    shop.account.remove_item(COFFEE)
    await shop.ben.click(found, "Open", value=str(COFFEE))
    await shop.ben.sees("InvoiceXpress has no such record: it may have been deleted meanwhile.")
    await shop.ben.command("/items café")
    await shop.ben.sees("Café Duplo", "Item no.")


async def test_a_number_is_an_id(shop: World) -> None:
    shop.account.change_item(MEDIUM, unit_price=Decimal(25))
    await shop.ben.command(f"/items {MEDIUM}")
    card = await shop.ben.sees("Medium", "€25.00")
    assert buttons(card, "Edit") == [str(MEDIUM)]
    assert asked(shop) == [f"GET /items/{MEDIUM}.json"]


async def test_a_number_is_looked_for_in_names_as_well(shop: World) -> None:
    await shop.ben.command("/items 2024")
    card = await shop.ben.sees("2024", "€5.00")
    assert buttons(card, "Edit") == [str(YEAR)]


async def test_a_number_that_is_an_id_and_stands_in_a_name_finds_both(shop: World) -> None:
    await shop.ben.command(f"/items {LARGE}")
    await shop.ben.sees("Large", "Modelo 402322", "1 to 2 of 2.")


async def test_an_item_that_the_copy_does_not_know_yet_is_listed_beside_the_names(shop: World) -> None:
    new = shop.account.add_item("Recente", item_id=2024)
    await shop.ben.command(f"/items {new.id}")
    await shop.ben.sees("Recente", "1 to 2 of 2.")


@pytest.mark.parametrize("number", ["999999999999999999", "9" * 19, "9" * 5000, "0402321", "٤٠٢٣٢١"])
async def test_a_number_that_nothing_has_finds_nothing(shop: World, number: str) -> None:
    await shop.ben.command(f"/items {number}")
    await shop.ben.sees("No item matches “")


async def test_nothing_found_offers_to_create_it(shop: World) -> None:
    await shop.ben.command("/items  Chá  de   menta ")
    none = await shop.ben.sees("No item matches “Chá de menta”.")
    assert none.text == "No item matches “Chá de menta”."
    await shop.ben.click(none, "Create it")
    form = await shop.ben.modal("New item", "Chá de menta", callback_id="items.new-form")
    assert "IVA23 (23%)" in form.plain
    assert asked(shop) == []


async def test_a_long_name_that_was_not_found_is_offered_whole(shop: World) -> None:
    name = "Relatório " * 40
    await shop.ben.command(f"/items {name}")
    none = await shop.ben.sees("No item matches", "…”")
    await shop.ben.click(none, "Create it")
    await shop.ben.modal(name.strip())


async def test_nothing_found_in_portuguese(shop: World) -> None:
    await shop.ana.command("/artigos <!channel> *chá*")
    none = await shop.ana.sees("Nenhum artigo corresponde a «<!channel> *chá*».", "Criar")
    assert none.text == "Nenhum artigo corresponde a «&lt;!channel&gt; *chá*»."


async def test_an_account_without_items_says_so(tmp_path: Path) -> None:
    async with open_shop(tmp_path, items=()) as shop:
        await shop.ben.command("/items")
        none = await shop.ben.sees("The account has no items yet.")
        await shop.ben.click(none, "Create it")
        await shop.ben.modal("New item")


async def test_pages_replace_one_another(tmp_path: Path) -> None:
    async with open_shop(tmp_path, items=PAGED) as shop:
        await shop.ben.command("/items")
        page = await shop.ben.sees("Items", "Peça 01", "Peça 10", "1 to 10 of 25.")
        assert buttons(page, "Previous") == []
        count = len(shop.ben.messages())
        await shop.ben.click(page, "Next")
        page = await shop.ben.sees("Peça 11", "Peça 20", "11 to 20 of 25.")
        await shop.ben.click(page, "Next")
        page = await shop.ben.sees("Peça 21", "Peça 25", "21 to 25 of 25.")
        assert buttons(page, "Next") == []
        await shop.ben.click(page, "Previous")
        page = await shop.ben.sees("11 to 20 of 25.")
        assert "Peça 21" not in page.plain
        assert len(shop.ben.messages()) == count
        assert asked(shop) == []


async def test_found_items_have_pages_too(tmp_path: Path) -> None:
    async with open_shop(tmp_path, items=PAGED) as shop:
        await shop.ana.command("/artigos peça")
        page = await shop.ana.sees("Artigos para «peça»", "1 a 10 de 25.")
        await shop.ana.click(page, "Seguintes")
        page = await shop.ana.sees("Artigos para «peça»", "11 a 20 de 25.")
        await shop.ana.click(page, "Anteriores")
        await shop.ana.sees("1 a 10 de 25.")


async def test_a_page_that_is_no_longer_there_is_the_last_one(tmp_path: Path) -> None:
    async with open_shop(tmp_path, items=PAGED[:12]) as shop:
        await shop.ben.command("/items")
        page = await shop.ben.sees("1 to 10 of 12.")
        for record in PAGED[10:12]:
            shop.account.remove_item(record.id)
            await shop.ben.command(f"/items {record.id}")
            await shop.ben.sees("No item matches")
        await shop.ben.click(page, "Next")
        await shop.ben.sees("1 to 10 of 10.")


async def test_a_list_that_is_no_longer_there_says_so(tmp_path: Path) -> None:
    async with open_shop(tmp_path, items=PAGED[:11]) as shop:
        await shop.ben.command("/items peça")
        page = await shop.ben.sees("1 to 10 of 11.")
        for record in PAGED[:11]:
            shop.account.remove_item(record.id)
            await shop.ben.command(f"/items {record.id}")
            await shop.ben.sees("No item matches")
        await shop.ben.click(page, "Next")
        await shop.ben.sees("No item matches “peça”.")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (MEDIUM, ("Net price:", "€24.3902", "Price with tax:", "€30.00", "Tax:", "IVA23 (23%)", "Unit:", "Service")),
        (COSTS, ("€62.75", "No tax", "No unit")),
    ],
)
async def test_a_card_says_everything(shop: World, number: int, shown: tuple[str, ...]) -> None:
    await shop.ben.command(f"/items {number}")
    card = await shop.ben.sees(*shown)
    assert all(len(buttons(card, text)) == 1 for text in ("Edit", "Share to channel"))


async def test_a_card_in_portuguese(shop: World) -> None:
    await shop.ana.command(f"/artigos {COSTS}")
    card = await shop.ana.sees(
        "Preço sem imposto:", "62,75\u00a0€", "Imposto:", "Sem imposto", "Unidade:", "Sem unidade"
    )
    assert card.text == "Ajudas de custo: 62,75\u00a0€, sem imposto"
    assert all(len(buttons(card, text)) == 1 for text in ("Editar", "Eliminar", "Partilhar no canal"))


async def test_every_button_says_to_what_it_belongs(shop: World) -> None:
    await shop.ben.command("/items café")
    found = await shop.ben.sees("Café Duplo")
    await shop.ben.click(found, "Open", label="Open Café Duplo")
    card = await shop.ben.sees("Item no.")
    await shop.ben.click(card, "Edit", label="Edit Café Duplo")
    await shop.ben.modal("Edit item", "Café Duplo")


async def test_the_help_is_in_the_persons_language(shop: World) -> None:
    await shop.ben.command("/items help")
    await shop.ben.sees("/items new Café duplo", "create an item", "/artigos does the same.")
    await shop.ana.command("/items ajuda")
    await shop.ana.sees("/artigos novo Café duplo", "cria um artigo", "/items faz o mesmo.")


async def test_whatever_an_old_copy_answers_says_its_age(tmp_path: Path) -> None:
    clock = ShiftedClock()
    async with open_shop(tmp_path, clock=clock) as shop:
        shop.account.faults.switch(down=True)  # a refresh that is due meanwhile comes to nothing
        clock.shift(3600)
        for typed, said in (("café", "Café Duplo"), ("duplo", "Item no."), ("xyzzy", "No item matches “xyzzy”")):
            await shop.ben.command(f"/items {typed}")
            await shop.ben.sees(said, "As of 1 hour ago.")
        await shop.ben.command("/items edit café")
        await shop.ben.modal("Café Expresso", "Café Duplo", "As of 1 hour ago.", callback_id="items.pick")
        await shop.ben.command("/items edit xyzzy")
        await shop.ben.modal("Nothing was found.", "As of 1 hour ago.")


async def test_a_text_after_find_is_looked_up(shop: World) -> None:
    await shop.ben.command("/items search duplo")
    await shop.ben.sees("Café Duplo", "Item no.")


async def test_a_walk_that_failed_half_way_makes_the_answer_partial(tmp_path: Path) -> None:
    async with living_world(tmp_path, samples=False, limits=QUICK, stock=stock_and_fail_after_one_page) as world:
        await world.ben.command("/items Peça 07")
        await world.ben.sees("Peça 07", "Item no. 1007.", "This answer is partial")
        await world.ben.command("/items peça")
        await world.ben.sees("1 to 10 of", "This answer is partial")
        await world.ben.command("/items chá")
        await world.ben.sees("No item matches “chá”.", "This answer is partial")
        await world.ana.command("/artigos editar peça 07")
        await world.ana.modal("Peça 07", "Editar", "Esta resposta é parcial")
