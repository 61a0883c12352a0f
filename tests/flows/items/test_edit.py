"""Editing: what was touched is stored, everything else stays as it is, to the last digit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.account import Account, Exchange, ItemRecord, Quirks
from tests.flows.items.shop import (
    COFFEE,
    COSTS,
    DOUBLE,
    ITEMS,
    KIT,
    LARGE,
    MEDIUM,
    TAXES,
    asked,
    edit_form,
    held,
    item,
    open_shop,
    walked,
    writes_since,
)
from tests.flows.world import World

QUIRKS = {
    "as seen": Quirks(),
    "put clears": Quirks(put_clears=True),
    "strings": Quirks(numbers_as_strings=True, ids_as_strings=True),
    "absent": Quirks(blank="absent", no_tax="absent"),
    "empty": Quirks(blank="empty", no_tax="empty"),
    "nulls": Quirks(no_tax="nulls", write_body=""),
}


def edit_requests(item_id: int) -> list[str]:
    return [f"GET /items/{item_id}.json", f"PUT /items/{item_id}.json", f"GET /items/{item_id}.json"]


async def test_a_card_in_a_message_is_edited_and_replaced(world: World) -> None:
    await walked(world)
    before, records = world.account.writes, world.account.items()
    await world.ben.command("/items medium")
    card = await world.ben.sees("Medium")
    await world.ben.click(card, "Edit")
    await world.ben.modal("Edit item", "16.2602", "IVA23 (23%)", "Service")
    assert asked(world) == [f"GET /items/{MEDIUM}.json"]
    world.account.requests.clear()
    await world.ben.fill({"Unit price": "17,5"})
    await world.ben.submit()
    await world.ben.modal("Medium was saved.", "Net price: ", "€16.2602 → €17.50")
    card = await world.ben.sees("Medium", "€17.50", "€21.53")
    assert card.ts == world.ben.messages("Medium")[0].ts
    assert asked(world) == edit_requests(MEDIUM)
    assert writes_since(world, before) == [("update", MEDIUM)]
    assert world.account.items() == tuple(
        replace(record, unit_price=Decimal("17.5")) if record.id == MEDIUM else record for record in records
    )


async def test_every_field_is_edited_in_portuguese(shop: World) -> None:
    await edit_form(shop, shop.ana, COSTS)
    await shop.ana.fill(
        {
            "Nome": "Deslocação",
            "Descrição": "Por dia",
            "Preço unitário": "70",
            "Imposto": "IVA6 (6%)",
            "Unidade": "Dia",
        }
    )
    await shop.ana.submit()
    await shop.ana.modal(
        "Deslocação foi guardado.",
        "Ajudas de custo → Deslocação",
        "(vazia) → Por dia",
        "62,75\u00a0€ → 70,00\u00a0€",
        "Sem imposto → IVA6 (6%)",
        "Sem unidade → Dia",
    )
    assert held(shop, COSTS) == item(COSTS, "Deslocação", "70", description="Por dia", unit="day", tax="IVA6")


async def test_every_field_is_emptied(shop: World) -> None:
    await edit_form(shop, shop.ben, COFFEE)
    await shop.ben.fill({"Description": None, "Tax": "No tax", "Unit": "No unit"})
    await shop.ben.submit()
    await shop.ben.modal("Lote da casa → (empty)", "IVA13 (13%) → No tax", "Unit → No unit")
    after = held(shop, COFFEE)
    assert (after.description or "", after.tax, after.unit) == ("", None, None)
    assert (after.name, after.unit_price) == ("Café Expresso", Decimal("0.6504"))


async def test_nothing_touched_writes_nothing(shop: World) -> None:
    for number in (MEDIUM, KIT, COSTS):
        await edit_form(shop, shop.ben, number)
        await shop.ben.submit()
        await shop.ben.modal("Nothing was changed in", "it is already as you sent it.")
        assert asked(shop) == [f"GET /items/{number}.json"]
        await shop.ben.close()
    assert shop.account.writes == ()


@pytest.mark.parametrize("quirks", QUIRKS.values(), ids=QUIRKS)
@pytest.mark.parametrize("number", [MEDIUM, COSTS, KIT])
async def test_only_the_description_changes(tmp_path: Path, quirks: Quirks, number: int) -> None:
    async with open_shop(tmp_path, quirks=quirks) as shop:
        before = held(shop, number)
        await edit_form(shop, shop.ben, number)
        await shop.ben.fill({"Description": "Outra"})
        await shop.ben.submit()
        done = await shop.ben.modal("was saved.", "→ Outra")
        assert "⚠️" not in done.plain
        assert held(shop, number) == replace(before, description="Outra")
        assert [str(write.what) for write in shop.account.writes] == ["update"]


async def test_a_price_keeps_every_digit(shop: World) -> None:
    await edit_form(shop, shop.ben, MEDIUM)
    await shop.ben.fill({"Description": "bar"})
    await shop.ben.submit()
    await shop.ben.modal("Medium was saved.", "foo → bar")
    [put] = shop.account.requests.matching("PUT")
    assert put.json == {
        "item": {
            "name": "Medium",
            "description": "bar",
            "unit_price": "24.3902",
            "unit": "service",
            "tax": {"name": "IVA23"},
        }
    }
    assert held(shop, MEDIUM).unit_price == Decimal("24.3902")


async def test_a_price_of_three_decimals_is_shown_with_four_and_kept(shop: World) -> None:
    shop.account.change_item(LARGE, unit_price=Decimal("1.234"))
    form = await edit_form(shop, shop.ben, LARGE)
    assert "1.2340" in form.plain
    await shop.ben.submit()
    await shop.ben.modal("Nothing was changed in Large")


async def test_a_price_as_long_as_any_is_shown_and_kept(shop: World) -> None:
    price = Decimal("1234567890123456789012345678.123456789012345678901234567891")
    shop.account.change_item(LARGE, unit_price=price)
    form = await edit_form(shop, shop.ben, LARGE)
    assert str(price) in form.plain
    await shop.ben.submit()
    await shop.ben.modal("Nothing was changed in Large")


async def test_a_name_keeps_its_newline_unless_it_is_touched(shop: World) -> None:
    form = await edit_form(shop, shop.ben, KIT)
    assert "Kit de boas-vindas (caderno e caneta)" in form.plain
    await shop.ben.fill({"Unit price": "10"})
    await shop.ben.submit()
    await shop.ben.modal("Kit de boas-vindas (caderno e caneta) was saved.", "€9.99 → €10.00")
    assert held(shop, KIT) == replace(ITEMS[5], unit_price=Decimal(10))
    await shop.ben.close()
    await edit_form(shop, shop.ben, KIT)
    await shop.ben.fill({"Name": "Kit"})
    await shop.ben.submit()
    await shop.ben.modal("Kit was saved.")
    assert held(shop, KIT).name == "Kit"


async def test_a_description_longer_than_a_form_keeps_its_end(shop: World) -> None:
    shop.account.change_item(MEDIUM, description="a" * 3000 + "b" * 500)
    form = await edit_form(shop, shop.ben, MEDIUM)
    assert "The form shows the first 3,000 characters; the other 500 stay as they are." in form.plain
    await shop.ben.fill({"Unit price": "1"})
    await shop.ben.submit()
    await shop.ben.modal("Medium was saved.")
    assert held(shop, MEDIUM).description == "a" * 3000 + "b" * 500
    await shop.ben.close()
    await edit_form(shop, shop.ben, MEDIUM)
    await shop.ben.fill({"Description": "Nova. "})
    await shop.ben.submit()
    await shop.ben.modal("Medium was saved.")
    assert held(shop, MEDIUM).description == "Nova. " + "b" * 500


async def test_a_unit_that_is_none_of_the_six_is_shown_and_sent(shop: World) -> None:
    shop.account.change_item(LARGE, unit="kg")
    form = await edit_form(shop, shop.ben, LARGE)
    assert form.values["unit:0", "unit"]["selected_option"]["text"]["text"] == "kg"
    await shop.ben.fill({"Description": "Nova"})
    await shop.ben.submit()
    form = await shop.ben.modal("InvoiceXpress refused this: Unidade não está incluído na lista", "Nova")
    assert held(shop, LARGE) == replace(ITEMS[1], unit="kg")
    await shop.ben.fill({"Unit": "Other"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "kg → Other")
    assert held(shop, LARGE) == replace(ITEMS[1], unit="other", description="Nova")


async def test_a_tax_that_the_account_no_longer_has_is_told(shop: World) -> None:
    shop.account.change_item(DOUBLE, tax="IVA13")
    shop.account.remove_tax("IVA13")
    await shop.ben.command("/items duplo")
    await shop.ben.sees("IVA13 (13%)")
    await edit_form(shop, shop.ben, DOUBLE)
    await shop.ben.fill({"Description": "Nova"})
    await shop.ben.submit()
    await shop.ben.modal("Café Duplo was saved.", "IVA13 (13%) → No tax", "sent IVA13 (13%), stored No tax")


async def test_an_edit_of_which_nothing_was_stored_is_a_warning(shop: World) -> None:
    await edit_form(shop, shop.ben, COSTS)
    shop.account.remove_tax("IVA6")
    await shop.ben.fill({"Tax": "IVA6 (6%)"})
    await shop.ben.submit()
    done = await shop.ben.modal("Ajudas de custo was saved.", "sent IVA6 (6%), stored No tax")
    assert "→" not in done.plain


async def test_a_tax_that_the_copy_does_not_list_says_so(tmp_path: Path) -> None:
    odd = ItemRecord(id=1, name="Antigo", unit_price=Decimal(1), tax="IVA21", tax_value=Decimal(21))
    async with open_shop(tmp_path, items=[odd]) as shop:
        form = await edit_form(shop, shop.ana, 1)
        assert "IVA21 (já não está na conta)" in form.plain
        await shop.ana.submit()
        await shop.ana.modal("Nada foi alterado em Antigo")
        assert held(shop, 1) == odd


@pytest.mark.parametrize(("field", "change"), [("unit_price", Decimal("9.5")), ("tax", None), ("unit", "day")])
async def test_what_the_service_holds_otherwise_is_a_warning(shop: World, field: str, change: Any) -> None:
    """An invoice that is issued between the write and the reading back rewrites the item."""

    def invoice(exchange: Exchange) -> None:
        if exchange.request.method == "PUT":
            shop.account.change_item(LARGE, **{field: change})

    await edit_form(shop, shop.ben, LARGE)
    shop.account.on_exchange = invoice
    await shop.ben.fill({"Description": "Nova"})
    await shop.ben.submit()
    told = {"unit_price": "sent €100.00, stored €9.50", "tax": "sent IVA23 (23%), stored No tax"}
    sentence = told.get(field, "sent Service, stored Day")
    await shop.ben.modal(
        "InvoiceXpress stored something other than what was sent. Check it before you invoice:", sentence
    )


async def test_an_edit_that_cannot_be_read_back_says_so(shop: World) -> None:
    def break_down(exchange: Exchange) -> None:
        if exchange.request.method == "PUT":
            shop.account.faults.answer(500, method="GET", path="/items/*")

    await shop.ben.command("/items large")
    card = await shop.ben.sees("Large")
    await shop.ben.click(card, "Edit")
    await shop.ben.modal(callback_id="items.form")
    shop.account.on_exchange = break_down
    await shop.ben.fill({"Unit price": "101"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "it could not be read back. Open the item to check it.")
    assert held(shop, LARGE).unit_price == 101


async def test_a_form_that_was_opened_from_a_list_leaves_the_list(shop: World) -> None:
    await shop.ben.command("/items café")
    found = await shop.ben.sees("1 to 2 of 2.")
    await shop.ben.click(found, "Open", value=str(COFFEE))
    card = await shop.ben.sees("Item no.")
    await shop.ben.click(card, "Edit")
    await shop.ben.modal(callback_id="items.form")
    await shop.ben.fill({"Unit price": "1"})
    await shop.ben.submit()
    await shop.ben.modal("Café Expresso was saved.")
    assert (await shop.ben.sees("Item no.", "€1.00")).ts == card.ts
    assert "1 to 2 of 2." in found.plain


async def test_the_form_does_without_the_taxes_where_they_cannot_be_read(tmp_path: Path) -> None:
    def stock(account: Account) -> None:
        account.stock(items=ITEMS, taxes=TAXES)
        account.faults.answer(403, path="/taxes.json")

    async with open_shop(tmp_path, stock=stock) as shop:
        form = await edit_form(shop, shop.ben, LARGE)
        assert form.values["tax:0", "tax"]["selected_option"]["text"]["text"] == "IVA23"
        await shop.ben.fill({"Unit price": "101"})
        await shop.ben.submit()
        await shop.ben.modal("Large was saved.")
        after = held(shop, LARGE)
        assert (after.unit_price, after.tax, after.unit) == (Decimal(101), "IVA23", "service")
        await shop.ben.command("/items new")
        await shop.ben.modal("InvoiceXpress gave an answer that we don't understand (status 403).")
