"""What InvoiceXpress says of a write is no proof, and what it does not say is not nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.account import Account, ItemRecord, TaxRecord
from bot.sandbox.account.effects import Aside
from tests.flows.items.shop import (
    COFFEE,
    COSTS,
    LARGE,
    MEDIUM,
    TAXES,
    asked,
    confirmation,
    edit_form,
    held,
    walked,
    writes_since,
)
from tests.flows.world import World, living_world

REGIONAL = (
    TaxRecord(id=11, name="IVA", value=Decimal(23), default=True),
    TaxRecord(id=12, name="IVA normal", value=Decimal(16)),
)


def sent(shop: World) -> list[Any]:
    return [request.json["item"] for request in shop.account.requests if request.method == "PUT"]


async def test_a_delete_that_did_nothing_is_told_as_such(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)
    shop.account.odd("delete-ignored")
    await shop.ana.submit()
    await shop.ana.modal("o artigo continua lá: nada foi eliminado", "Eliminar o artigo n.º")
    await shop.ana.close()
    await shop.ana.command("/artigos large")
    await shop.ana.sees("Large", "Eliminar")
    await shop.ana.command("/artigos histórico large")
    await shop.ana.sees("não efetuado")


async def test_a_delete_that_cannot_be_looked_at_is_not_told_as_done(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)
    faults = shop.account.faults
    blind = Aside(lambda: faults.answer(500, method="GET", path="/items*"))
    faults.add(blind, method="DELETE", times=1, after=True)
    await shop.ana.submit()
    told = await shop.ana.modal("pode ter sido feita ou não")
    assert "foi eliminado" not in told.plain


@pytest.mark.parametrize("oddity", ["delete-refused-done", "delete-bad-request-done", "change-page-done"])
async def test_a_delete_that_was_carried_out_all_the_same_is_found(shop: World, oddity: str) -> None:
    await confirmation(shop, shop.ana, LARGE)
    shop.account.odd(oddity)
    await shop.ana.submit()
    await shop.ana.modal(f"O artigo n.º {LARGE}, Large, foi eliminado.")


@pytest.mark.parametrize("oddity", ["change-page", "change-unsuccessful"])
async def test_a_page_or_a_no_with_200_is_no_success(shop: World, oddity: str) -> None:
    await edit_form(shop, shop.ben, LARGE)
    shop.account.odd(oddity)
    await shop.ben.fill({"Unit price": "2"})
    await shop.ben.submit()
    told = await shop.ben.modal("may or may not have been made")
    assert "was saved" not in told.plain
    assert held(shop, LARGE).unit_price == Decimal(100)


@pytest.mark.parametrize("oddity", ["change-page-done", "change-unsuccessful-done"])
async def test_an_edit_behind_a_page_is_found_out_by_reading(shop: World, oddity: str) -> None:
    await edit_form(shop, shop.ben, LARGE)
    shop.account.odd(oddity)
    await shop.ben.fill({"Unit price": "2"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "€100.00 → €2.00")


async def test_another_rate_than_the_tax_has_is_a_warning(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    shop.account.odd("stores-zero-rate")
    await shop.ben.fill({"Tax": "IVA6 (6%)"})
    await shop.ben.submit()
    await shop.ben.modal("InvoiceXpress stored something other than what was sent", "sent IVA6 (6%), stored IVA6 (0%)")


async def test_a_new_item_at_another_rate_than_its_tax_has_is_a_warning(shop: World) -> None:
    await shop.ben.command("/items new Chá")
    await shop.ben.modal(callback_id="items.new-form")
    shop.account.odd("stores-zero-rate")
    await shop.ben.fill({"Unit price": "2"})
    await shop.ben.submit()
    await shop.ben.modal("The item was created.", "sent IVA23 (23%), stored IVA23 (0%)")


async def test_an_answer_about_another_item_changes_nothing(shop: World) -> None:
    shop.account.odd("other-id")
    await shop.ben.command(f"/items edit {LARGE}")
    await shop.ben.modal("an answer that we don't understand")
    assert not shop.account.writes


async def test_a_tax_without_a_name_is_named_by_the_accounts_own_list(shop: World) -> None:
    shop.account.odd("tax-unnamed")  # of id 3, which is IVA6
    shop.account.change_item(LARGE, tax="IVA6")
    await shop.ben.command(f"/items {COSTS}")
    await shop.ben.sees("No tax")
    await shop.ben.command(f"/items {LARGE}")
    await shop.ben.sees("€100.00 + IVA6")
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Description": "Nova"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.")
    assert [body["tax"] for body in sent(shop)] == [{"name": "IVA6"}]
    assert held(shop, LARGE).tax == "IVA6"


async def test_a_tax_that_cannot_be_named_is_not_sent_as_none(tmp_path: Path) -> None:
    item = ItemRecord(id=1, name="Vinho", unit_price=Decimal(5), tax="IVA6", tax_value=Decimal(6))

    def stock(account: Account) -> None:
        account.stock(items=[item], taxes=TAXES)
        account.remove_tax("IVA6")

    async with living_world(tmp_path, samples=False, stock=stock) as shop:
        await walked(shop)
        shop.account.odd("tax-unnamed")
        form = await edit_form(shop, shop.ben, 1)
        assert "As it is in InvoiceXpress" in form.plain
        await shop.ben.fill({"Description": "Nova"})
        await shop.ben.submit()
        again = await shop.ben.modal("Nothing was saved", "this tax has no name", "Nova")
        assert sent(shop) == []
        assert again.values["description:1", "description"]["value"] == "Nova"
        await shop.ben.fill({"Tax": "IVA13 (13%)"})
        await shop.ben.submit()
        await shop.ben.modal("Vinho was saved.")
        assert [body["tax"] for body in sent(shop)] == [{"name": "IVA13"}]


@pytest.mark.parametrize(
    ("oddity", "came"),
    [("price-comma", "24,39"), ("price-null", None), ("price-empty", ""), ("price-thousands", "1,234.56")],
)
async def test_a_price_that_cannot_be_read_goes_back_as_it_came(shop: World, oddity: str, came: str | None) -> None:
    shop.account.odd(oddity)
    form = await edit_form(shop, shop.ben, MEDIUM)
    assert "Left alone, it stays as it is." in form.plain
    await shop.ben.fill({"Description": "Nova"})
    await shop.ben.submit()
    await shop.ben.modal("InvoiceXpress refused this")  # this account does not take it; another does
    assert [body["unit_price"] for body in sent(shop)] == [came]


async def test_a_field_that_we_do_not_know_survives_an_edit(shop: World) -> None:
    shop.account.odd("discount")
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Description": "Nova"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.")
    assert [body["discount"] for body in sent(shop)] == ["5.0"]


@pytest.mark.parametrize("lost", ["0.0", "0", "", 0, 0.0, None, False, [], {}])
async def test_a_field_that_we_do_not_know_and_that_is_lost_is_told(shop: World, lost: Any) -> None:
    faults = shop.account.faults
    discounts: list[Any] = ["5.0"]
    faults.alter_records(lambda item: {**item, "discount": discounts[-1]}, path="/items*")
    faults.add(Aside(lambda: discounts.append(lost)), method="PUT", after=True)
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Description": "Nova"})
    await shop.ben.submit()
    await shop.ben.modal(
        "InvoiceXpress stored something other than what was sent", "discount:", "no longer holds a value here"
    )


async def test_a_tax_whose_rate_is_not_told_is_shown_without_one(tmp_path: Path) -> None:
    item = ItemRecord(id=1, name="Vinho", unit_price=Decimal(5), tax="IVA6", tax_value=Decimal(6))

    def stock(account: Account) -> None:
        account.stock(items=[item], taxes=TAXES)
        account.faults.alter_records(lambda one: {**one, "tax": {**one["tax"], "value": None}}, path="/items*")
        account.faults.answer(500, path="/taxes.json")

    async with living_world(tmp_path, samples=False, stock=stock) as shop:
        await walked(shop)
        await shop.ben.command("/items vinho")
        await shop.ben.sees("IVA6 (unknown rate)")


async def test_a_description_that_cannot_be_read_is_not_told_as_none(shop: World) -> None:
    await edit_form(shop, shop.ben, COFFEE)
    shop.account.faults.alter_records(lambda item: {**item, "description": {"pt": "?"}}, path="/items*")
    await shop.ben.fill({"Description": "Nova"})
    await shop.ben.submit()
    await shop.ben.modal("is now “unknown”")


async def test_a_description_in_the_place_of_one_that_could_not_be_read_is_told(shop: World) -> None:
    shop.account.faults.alter_records(lambda item: {**item, "description": {"pt": "?"}}, path="/items*")
    shop.account.faults.add(Aside(shop.account.faults.clear), method="PUT", after=True)
    await edit_form(shop, shop.ben, COFFEE)
    await shop.ben.fill({"Description": "Nova"})
    await shop.ben.submit()
    await shop.ben.modal("unknown → Nova")


@pytest.mark.parametrize("oddity", ["stores-crlf", "stores-trimmed", "stores-single-spaces", "stores-composed"])
async def test_what_looks_the_same_is_no_warning(shop: World, oddity: str) -> None:
    shop.account.odd(oddity)
    await edit_form(shop, shop.ben, COFFEE)
    await shop.ben.fill({"Description": "Cafe\u0301  duplo\nda casa "})
    await shop.ben.submit()
    done = await shop.ben.modal("was saved.")
    assert "stored something other" not in done.plain


async def test_a_lost_create_whose_name_was_folded_is_found(shop: World) -> None:
    await shop.ben.command("/items new Chá")
    await shop.ben.modal(callback_id="items.new-form")
    shop.account.odd("stores-single-spaces")
    shop.account.faults.cut("after", method="POST")
    await shop.ben.fill({"Name": "Chá  verde", "Unit price": "2"})
    await shop.ben.submit()
    await shop.ben.modal("but the account holds an item of this name.")
    assert len(shop.account.writes) == 1


async def test_a_tax_that_shares_its_name_is_not_moved_to_another_rate(tmp_path: Path) -> None:
    """Two taxes of one name come from regions; an update can only name one."""
    item = ItemRecord(id=1, name="Poncha", unit_price=Decimal(5), tax="IVA normal", tax_value=Decimal(16))

    def stock(account: Account) -> None:
        account.stock(items=[item], taxes=REGIONAL)
        account.faults.alter_records(lambda tax: {**tax, "name": "IVA"}, path="/taxes.json")
        account.faults.alter_records(lambda one: {**one, "tax": {**one["tax"], "name": "IVA"}}, path="/items*")

    async with living_world(tmp_path, samples=False, stock=stock) as shop:
        await walked(shop)
        form = await edit_form(shop, shop.ben, 1)
        assert "IVA (16%)" in form.plain
        await shop.ben.fill({"Description": "Nova"})
        await shop.ben.submit()
        await shop.ben.modal("Nothing was saved", "shares it with one of another rate")
        assert asked(shop)[-1].startswith("GET")
        assert writes_since(shop, ()) == []
