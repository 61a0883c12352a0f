"""Somebody else changes the item while the form is open: nothing is overwritten unseen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.flows.items.shop import ITEMS, LARGE, MEDIUM, asked, confirmation, edit_form, held
from tests.flows.world import World

LARGE_ITEM = ITEMS[1]
THEIRS: dict[str, Any] = {"description": "Deles", "unit": "day", "tax": "IVA6"}


async def test_what_only_the_other_side_changed_is_kept(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    shop.account.change_item(LARGE, **THEIRS)
    await shop.ben.fill({"Unit price": "101"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "€100.00 → €101.00")
    after = held(shop, LARGE)
    assert (after.unit_price, after.description, after.unit, after.tax) == (Decimal(101), "Deles", "day", "IVA6")
    assert len(asked(shop)) == 3


async def test_what_both_changed_is_shown_and_stored_at_the_second_submission(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    shop.account.change_item(LARGE, unit_price=Decimal(90))
    await shop.ben.fill({"Unit price": "101"})
    await shop.ben.submit()
    form = await shop.ben.modal(
        "Nothing was saved: this item was changed while the form was open.",
        "101",
        "Somebody changed this meanwhile: it is now “€90.00”.",
    )
    assert asked(shop) == [f"GET /items/{LARGE}.json"]
    assert held(shop, LARGE).unit_price == 90
    assert form.values["unit_price:1", "unit_price"]["value"] == "101"
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "€90.00 → €101.00")
    assert held(shop, LARGE) == replace(LARGE_ITEM, unit_price=Decimal(101), description="")


async def test_after_a_conflict_the_fields_that_only_the_other_side_changed_are_still_kept(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    shop.account.change_item(LARGE, unit_price=Decimal(90), **THEIRS)
    await shop.ben.fill({"Unit price": "101"})
    await shop.ben.submit()
    await shop.ben.modal("Nothing was saved", "Deles", "Day", "IVA6 (6%)", "101")
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.")
    after = held(shop, LARGE)
    assert (after.unit_price, after.description, after.unit, after.tax) == (Decimal(101), "Deles", "day", "IVA6")


async def test_after_a_conflict_theirs_can_be_taken(shop: World) -> None:
    await edit_form(shop, shop.ana, MEDIUM)
    shop.account.change_item(MEDIUM, description="Deles", tax="IVA6", name="Médio")
    await shop.ana.fill({"Descrição": "Nossa", "Imposto": "IVA13 (13%)", "Nome": "Meio"})
    await shop.ana.submit()
    await shop.ana.modal(
        "Nada foi guardado: este artigo foi alterado enquanto o formulário estava aberto.",
        "agora é «Deles»",
        "agora é «IVA6»",
        "agora é «Médio»",
    )
    await shop.ana.fill({"Descrição": "Deles", "Imposto": "IVA6 (6%)", "Nome": "Médio"})
    await shop.ana.submit()
    await shop.ana.modal("Nada foi alterado em Médio")
    assert len(shop.account.writes) == 1


async def test_a_second_change_meanwhile_is_a_second_conflict(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Unit price": "101"})
    for price in ("90", "91"):
        shop.account.change_item(LARGE, unit_price=Decimal(price))
        await shop.ben.submit()
        await shop.ben.modal(f"it is now “€{price}.00”", "101")
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "€91.00 → €101.00")


async def test_both_changing_it_to_the_same_is_no_conflict(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    shop.account.change_item(LARGE, unit_price=Decimal("101.00"))
    await shop.ben.fill({"Unit price": "101"})
    await shop.ben.submit()
    await shop.ben.modal("Nothing was changed in Large")


async def test_whoever_closed_the_form_reads_of_the_conflict_in_a_message(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    shop.account.change_item(LARGE, unit_price=Decimal(90))
    await shop.ben.fill({"Unit price": "101", "Description": "Nova"})
    async with shop.account.faults.holding("GET", "/items/*") as hold:
        await shop.ben.submit()
        await hold.arrived()
        await shop.ben.close()
        hold.release()
        told = await shop.ben.sees("Nothing was saved: Large was changed", "Unit price:", "€101.00", "€90.00")
    assert told.is_ephemeral
    assert "Nova" not in told.plain
    assert held(shop, LARGE) == replace(LARGE_ITEM, unit_price=Decimal(90))
    await shop.ben.click(told, "Edit")
    await shop.ben.modal("Edit item", "90.00")


async def test_an_item_that_was_deleted_meanwhile_keeps_what_was_typed_on_the_screen(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    shop.account.remove_item(LARGE)
    await shop.ben.fill({"Description": "Nova"})
    await shop.ben.submit()
    await shop.ben.modal("InvoiceXpress has no such record: it may have been deleted meanwhile.", "Nova")
    assert asked(shop) == [f"GET /items/{LARGE}.json"]
    await shop.ben.command("/items large")
    await shop.ben.sees("No item matches “large”.")


async def test_an_item_that_is_deleted_between_the_reading_and_the_write(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Description": "Nova"})
    async with shop.account.faults.holding("PUT", "/items/*") as hold:
        await shop.ben.submit()
        await hold.arrived()
        shop.account.remove_item(LARGE)
        hold.release()
        await shop.ben.modal("InvoiceXpress has no such record", "Nova")
    assert [write.what for write in shop.account.writes] == ["delete"]
    await shop.ben.command("/items large")
    await shop.ben.sees("No item matches “large”.")


async def test_a_delete_of_what_has_changed_is_asked_again(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)
    shop.account.change_item(LARGE, unit_price=Decimal(90))
    await shop.ana.submit()
    await shop.ana.modal("Nada foi eliminado: este artigo foi alterado entretanto.", "Large, a 90,00\u00a0€ + IVA23?")
    assert asked(shop) == [f"GET /items/{LARGE}.json"]
    assert shop.account.has_item(LARGE)
    await shop.ana.submit()
    await shop.ana.modal("foi eliminado.")
    assert not shop.account.has_item(LARGE)


@pytest.mark.parametrize("changed", [{"name": "Grande"}, {"tax": "IVA6"}, {"unit": "day"}, {"description": "x"}])
async def test_any_change_counts(shop: World, changed: dict[str, Any]) -> None:
    await confirmation(shop, shop.ana, LARGE)
    shop.account.change_item(LARGE, **changed)
    await shop.ana.submit()
    await shop.ana.modal("Nada foi eliminado")
    assert shop.account.has_item(LARGE)


async def test_whoever_closed_the_confirmation_reads_of_the_change_in_a_message(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)
    shop.account.change_item(LARGE, unit_price=Decimal(90))
    async with shop.account.faults.holding("GET", "/items/*") as hold:
        await shop.ana.submit()
        await hold.arrived()
        await shop.ana.close()
        hold.release()
        told = await shop.ana.sees("Nada foi eliminado: este artigo foi alterado", "Large", "90,00\u00a0€")
    assert shop.account.has_item(LARGE)
    await shop.ana.click(told, "Eliminar")
    await shop.ana.modal("Large, a 90,00\u00a0€ + IVA23?")
