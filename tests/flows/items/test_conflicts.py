"""Somebody else changes the item while the form is open: nothing is overwritten unseen."""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.sandbox.slack import View
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


CHOICE = "Unit price: which is to stay?"


async def clashing(shop: World, **theirs: Any) -> View:
    """Let Ben and somebody else change the price, and return the form that came back."""
    await edit_form(shop, shop.ben, LARGE)
    shop.account.change_item(LARGE, unit_price=Decimal(90), **theirs)
    await shop.ben.fill({"Unit price": "101"})
    await shop.ben.submit()
    return await shop.ben.modal("Nothing was saved", CHOICE, "Yours: €101.00", "Theirs: €90.00")


async def test_what_both_changed_is_shown_with_both_values_and_a_choice(shop: World) -> None:
    form = await clashing(shop)
    await shop.ben.modal(
        "Nothing was saved: this item was changed while the form was open.",
        "Somebody changed this meanwhile: it is now “€90.00”. Choose which is to stay.",
    )
    assert asked(shop) == [f"GET /items/{LARGE}.json"]
    assert held(shop, LARGE).unit_price == 90
    assert form.values["unit_price:1", "unit_price"]["value"] == "101"
    assert form.values["choice-unit_price:1", "choice-unit_price"] == {"type": "radio_buttons", "selected_option": None}


async def test_nothing_is_stored_before_a_choice_is_made(shop: World) -> None:
    form = await clashing(shop)
    assert (await shop.ben.submit()).error == "incomplete"
    assert list(form.errors) == ["choice-unit_price:1"]
    assert held(shop, LARGE).unit_price == 90


async def test_a_submission_without_the_choice_is_sent_back(shop: World) -> None:
    """Slack's own client does not let it leave; another might."""
    await clashing(shop)
    [submission] = shop.workspace.calls_of("view_submission")
    request = copy.deepcopy(submission.request)
    form = shop.workspace.state.views.top(shop.ben.id)
    assert form is not None
    request["view"] = form.as_json()
    answer = await shop.workspace.repeat(dataclasses.replace(submission, request=request))
    assert answer.json == {
        "response_action": "errors",
        "errors": {"choice-unit_price:1": "Choose one of the two."},
    }
    assert held(shop, LARGE).unit_price == 90


async def test_mine_is_kept(shop: World) -> None:
    await clashing(shop)
    await shop.ben.fill({CHOICE: "Yours: €101.00"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "€90.00 → €101.00")
    assert held(shop, LARGE) == replace(LARGE_ITEM, unit_price=Decimal(101), description="")


async def test_mine_is_kept_as_it_stands_in_the_field_by_then(shop: World) -> None:
    await clashing(shop)
    await shop.ben.fill({CHOICE: "Yours: €101.00", "Unit price": "95"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "€90.00 → €95.00")


async def test_theirs_is_kept_and_the_rest_is_mine(shop: World) -> None:
    await clashing(shop)
    await shop.ben.fill({CHOICE: "Theirs: €90.00", "Description": "Minha", "Unit price": "nonsense"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "→ Minha")
    assert held(shop, LARGE) == replace(LARGE_ITEM, unit_price=Decimal(90), description="Minha")


async def test_theirs_alone_writes_nothing(shop: World) -> None:
    await clashing(shop)
    await shop.ben.fill({CHOICE: "Theirs: €90.00"})
    await shop.ben.submit()
    await shop.ben.modal("Nothing was changed in Large")
    assert len(shop.account.writes) == 1


async def test_the_choice_outlives_a_failure(shop: World) -> None:
    await clashing(shop)
    await shop.ben.fill({CHOICE: "Yours: €101.00"})
    fault = shop.account.faults.answer(429, method="PUT")
    await shop.ben.submit()
    form = await shop.ben.modal("only so many requests", CHOICE, "Yours: €101.00", "Theirs: €90.00")
    chosen = form.values["choice-unit_price:2", "choice-unit_price"]["selected_option"]
    assert chosen["text"]["text"] == "Yours: €101.00"
    shop.account.faults.remove(fault)
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "€90.00 → €101.00")


async def test_after_a_conflict_the_fields_that_only_the_other_side_changed_are_still_kept(shop: World) -> None:
    await clashing(shop, **THEIRS)
    form = await shop.ben.modal("Nothing was saved", "Deles", "Day", "IVA6 (6%)", "101")
    assert [line for line in form.plain.splitlines() if "which is to stay?" in line] == [CHOICE]
    await shop.ben.fill({CHOICE: "Yours: €101.00"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.")
    after = held(shop, LARGE)
    assert (after.unit_price, after.description, after.unit, after.tax) == (Decimal(101), "Deles", "day", "IVA6")


async def test_each_field_has_its_own_choice_in_portuguese(shop: World) -> None:
    await edit_form(shop, shop.ana, MEDIUM)
    shop.account.change_item(MEDIUM, description="Deles", tax="IVA6", name="Médio", unit="day")
    await shop.ana.fill({"Descrição": "Nossa", "Imposto": "IVA13 (13%)", "Nome": "Meio", "Unidade": "Hora"})
    await shop.ana.submit()
    await shop.ana.modal(
        "Nada foi guardado: este artigo foi alterado enquanto o formulário estava aberto.",
        "agora é «Deles»",
        "agora é «IVA6»",
        "agora é «Médio»",
        "agora é «Dia»",
    )
    await shop.ana.fill(
        {
            "Descrição: qual deve ficar?": "O outro valor: Deles",
            "Imposto: qual deve ficar?": "O seu valor: IVA13",
            "Nome: qual deve ficar?": "O outro valor: Médio",
            "Unidade: qual deve ficar?": "O seu valor: Hora",
        }
    )
    await shop.ana.submit()
    await shop.ana.modal("Médio foi guardado.", "IVA6 (6%) → IVA13 (13%)", "Dia → Hora")
    after = held(shop, MEDIUM)
    assert (after.name, after.description, after.tax, after.unit) == ("Médio", "Deles", "IVA13", "hour")


async def test_values_longer_than_an_option_are_cut_in_the_choice_alone(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    shop.account.change_item(LARGE, description="d" * 500)
    await shop.ben.fill({"Description": "m" * 3000})
    await shop.ben.submit()
    form = await shop.ben.modal("Description: which is to stay?", f"Yours: {'m' * 59}…", f"Theirs: {'d' * 59}…")
    assert form.values["description:1", "description"]["value"] == "m" * 3000
    await shop.ben.fill({"Description: which is to stay?": "mine"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.")
    assert held(shop, LARGE).description == "m" * 3000


async def test_a_choice_between_emoji_fits_into_what_slack_lets_a_form_remember(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    shop.account.change_item(LARGE, name="🍕" * 80, description="🍕" * 80)
    await shop.ben.fill({"Name": "🥑" * 80, "Description": "🥑" * 80})
    await shop.ben.submit()
    await shop.ben.modal(f"Yours: {'🥑' * 59}…", f"Theirs: {'🍕' * 59}…")
    await shop.ben.fill({"Name: which is to stay?": "mine", "Description: which is to stay?": "theirs"})
    await shop.ben.submit()
    await shop.ben.modal("was saved.")
    assert (held(shop, LARGE).name, held(shop, LARGE).description) == ("🥑" * 80, "🍕" * 80)


async def test_a_second_change_meanwhile_is_a_second_conflict_with_a_new_choice(shop: World) -> None:
    await clashing(shop)
    await shop.ben.fill({CHOICE: "Yours: €101.00"})
    shop.account.change_item(LARGE, unit_price=Decimal(91))
    await shop.ben.submit()
    form = await shop.ben.modal("it is now “€91.00”", "Yours: €101.00", "Theirs: €91.00")
    assert form.values["choice-unit_price:2", "choice-unit_price"]["selected_option"] is None
    await shop.ben.fill({CHOICE: "Yours: €101.00"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "€91.00 → €101.00")


async def test_theirs_that_changed_once_more_is_theirs_as_it_is(shop: World) -> None:
    await clashing(shop)
    await shop.ben.fill({CHOICE: "Theirs: €90.00", "Description": "Minha"})
    shop.account.change_item(LARGE, unit_price=Decimal(91))
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "→ Minha")
    assert held(shop, LARGE).unit_price == 91


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
