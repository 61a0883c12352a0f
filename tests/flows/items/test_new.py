"""`/items new`: the form, what is wrong in it, and the item that was created."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from bot.sandbox.account import Quirks
from bot.sandbox.slack import Actor, View
from tests.flows.items.shop import DOUBLE, asked, item, open_shop, walked, writes_since
from tests.flows.world import World

EXAMPLE = {"Name": "Chá de menta", "Description": "Em bule", "Unit price": "1,30", "Tax": "IVA6 (6%)", "Unit": "Unit"}


async def new_form(person: Actor, name: str = "") -> View:
    await person.command(f"/items new {name}".rstrip())
    return await person.modal(callback_id="items.new-form")


async def test_an_item_is_created_as_it_was_typed(world: World) -> None:
    await walked(world)
    before, held = world.account.writes, world.account.items()
    form = await new_form(world.ben)
    assert form.title == "New item"
    await world.ben.fill(EXAMPLE)
    await world.ben.submit()
    done = await world.ben.modal("The item was created.", "Chá de menta", "Em bule", "€1.30", "IVA6 (6%)", "Unit")
    [(what, number)] = writes_since(world, before)
    assert (what, f"Item no. {number}." in done.plain) == ("create", True)
    assert [one for one in world.account.items() if one.id != number] == list(held)
    stored = world.account.item(number)
    assert stored == item(number, "Chá de menta", "1.30", description="Em bule", unit="unit", tax="IVA6")
    assert asked(world) == ["POST /items.json", f"GET /items/{number}.json"]
    await world.ben.command("/items chá de menta")
    await world.ben.sees("Chá de menta", "€1.30")


async def test_an_item_is_created_in_portuguese(shop: World) -> None:
    await shop.ana.command("/artigos novo Galão")
    form = await shop.ana.modal("Novo artigo", "Galão", "IVA23 (23%)", "Sem unidade")
    assert form.callback_id == "items.new-form"
    shop.account.requests.clear()
    await shop.ana.fill({"Preço unitário": "1.234,56", "Unidade": "Mês"})
    await shop.ana.submit()
    done = await shop.ana.modal("O artigo foi criado.", "1\u00a0234,56\u00a0€", "IVA23 (23%)", "Mês")
    stored = shop.account.item_named("Galão")
    assert stored is not None
    assert (stored.unit_price, stored.unit, stored.tax) == (Decimal("1234.56"), "month", "IVA23")
    assert asked(shop) == ["POST /items.json", f"GET /items/{stored.id}.json"]
    await shop.ana.click(done, "Editar")
    await shop.ana.modal("Editar artigo", "1234,56")


async def test_a_form_opens_while_a_walk_reads_the_taxes(shop: World) -> None:
    async with shop.account.faults.holding(path="/taxes.json") as hold:
        await shop.ben.command("/items refresh")
        await hold.arrived()
        await shop.ana.command("/artigos novo Galão")
        await shop.ana.modal("Galão", "IVA23 (23%)", callback_id="items.new-form")


async def test_an_item_without_tax_and_unit(shop: World) -> None:
    await new_form(shop.ben, "Oferta")
    await shop.ben.fill({"Unit price": "0", "Tax": "No tax"})
    await shop.ben.submit()
    await shop.ben.modal("The item was created.", "€0.00", "No tax", "No unit")
    stored = shop.account.item_named("Oferta")
    assert stored is not None
    assert (stored.unit_price, stored.tax, stored.unit) == (Decimal(0), None, None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1.234", "“1.234” can be read in two ways. Write 1234.00 or 1.2340."),
        ("1,234", "“1,234” can be read in two ways. Write 1234.00 or 1.2340."),
        ("-3", "A price can't be negative. Write it like 12.50."),
        ("abc", "This is not a price. Write it like 12.50."),
        ("€", "A price is needed, such as 12.50."),
    ],
)
async def test_a_price_that_is_none_is_refused_at_its_field(shop: World, typed: str, said: str) -> None:
    form = await new_form(shop.ben, "Chá")
    await shop.ben.fill({"Unit price": typed})
    await shop.ben.submit()
    assert form.errors == {"unit_price:0": said}
    assert "Chá" in form.plain
    assert asked(shop) == []
    await shop.ben.fill({"Unit price": "12,5"})
    await shop.ben.submit()
    await shop.ben.modal("The item was created.", "Chá", "€12.50")


async def test_every_wrong_field_has_its_sentence_in_portuguese(shop: World) -> None:
    await shop.ana.command("/artigos novo")
    form = await shop.ana.modal(callback_id="items.new-form")
    await shop.ana.fill({"Nome": "  ", "Preço unitário": "1.234"})
    await shop.ana.submit()
    assert form.errors == {
        "name:0": "Um artigo precisa de um nome.",
        "unit_price:0": "«1.234» pode ler-se de duas maneiras. Escreva 1234,00 ou 1,2340.",
    }
    await shop.ana.fill({"Nome": "\u200b\u202e", "Preço unitário": "−1"})
    await shop.ana.submit()
    assert form.errors == {
        "name:0": "Um artigo precisa de um nome.",
        "unit_price:0": "Um preço não pode ser negativo. Escreva-o assim: 12,50.",
    }
    assert shop.account.writes == ()


async def test_the_spaces_around_a_name_are_not_part_of_it(shop: World) -> None:
    await new_form(shop.ben)
    await shop.ben.fill({"Name": "  Chá  preto ", "Unit price": " 2 € "})
    await shop.ben.submit()
    await shop.ben.modal("The item was created.")
    assert shop.account.item_named("Chá  preto") is not None


async def test_a_very_long_name_is_cut_to_what_the_form_takes(shop: World) -> None:
    await new_form(shop.ben, "x" * 4000)
    await shop.ben.modal("x" * 2999 + "…")


@pytest.mark.parametrize("policy", ["none", "default"])
async def test_a_tax_that_the_service_does_not_know_any_more_is_a_warning(tmp_path: Path, policy: str) -> None:
    async with open_shop(tmp_path, quirks=Quirks(unknown_tax=policy)) as shop:  # type: ignore[arg-type]  # one of two
        await new_form(shop.ben, "Chá")
        shop.account.remove_tax("IVA6")
        await shop.ben.fill({"Unit price": "2", "Tax": "IVA6 (6%)"})
        await shop.ben.submit()
        stored = "No tax" if policy == "none" else "IVA23 (23%)"
        await shop.ben.modal(
            "The item was created.",
            "InvoiceXpress stored something other than what was sent.",
            f"sent IVA6 (6%), stored {stored}",
        )


async def test_an_item_that_cannot_be_read_back_is_shown_as_the_service_said(shop: World) -> None:
    await new_form(shop.ben, "Chá")
    shop.account.faults.answer(500, method="GET", path="/items/*")
    await shop.ben.fill({"Unit price": "2"})
    await shop.ben.submit()
    await shop.ben.modal("The item was created.", "Chá", "€2.00")
    assert len(shop.account.writes) == 1


async def test_the_form_opens_while_the_taxes_are_held_back(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop, shop.account.faults.holding("GET", "/items/*") as hold:
        answer = await shop.ben.command(f"/items edit {DOUBLE}")
        assert answer.ok
        await shop.ben.modal("Loading…")
        await hold.arrived()
        hold.release()
        await shop.ben.modal("Edit item", "Café Duplo")


async def test_the_submission_is_acknowledged_while_the_account_is_held_back(world: World) -> None:
    await new_form(world.ben, "Chá")
    await world.ben.fill({"Unit price": "2"})
    async with world.account.faults.holding("POST", "/items.json") as hold:
        answer = await world.ben.submit()
        assert answer.ok
        await world.ben.modal("Saving…")
        await hold.arrived()
        assert world.account.item_named("Chá") is None
        hold.release()
        await world.ben.modal("The item was created.")
