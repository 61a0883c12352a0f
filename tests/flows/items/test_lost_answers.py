"""Answers that are lost on the way: what the account then holds decides what is told, and nothing is sent twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from bot.sandbox.account import Exchange, Quirks
from bot.sandbox.slack import Actor, View
from tests.flows.items.shop import ITEMS, LARGE, confirmation, edit_form, held, open_shop
from tests.flows.world import World


async def fill_in(shop: World, person: Actor, name: str = "Chá") -> None:
    await person.command(f"/items new {name}")
    form = await person.modal(callback_id="items.new-form")
    price = "Unit price" if form.title == "New item" else "Preço unitário"
    await person.fill({price: "1,30"})
    shop.account.requests.clear()


async def not_confirmed(shop: World) -> View:
    """Submit a create whose answer is lost, and that was not carried out."""
    await fill_in(shop, shop.ben)
    shop.account.faults.cut("before", method="POST", times=1)
    await shop.ben.submit()
    return await shop.ben.modal(
        "We don't know whether Chá was created: the answer of InvoiceXpress was lost, and no item of this name",
        "Check again before you create it once more",
    )


def creates(shop: World) -> int:
    return len(shop.account.requests.matching("POST"))


@pytest.mark.parametrize("when", ["after", "half-way"])
async def test_a_create_that_was_carried_out_is_found(tmp_path: Path, when: Literal["after", "half-way"]) -> None:
    async with open_shop(tmp_path) as shop:
        await fill_in(shop, shop.ben)
        shop.account.faults.cut(when, method="POST")
        await shop.ben.submit()
        await shop.ben.modal(
            "The answer of InvoiceXpress was lost, but the account holds an item of this name. Check that",
            "Chá",
            "€1.30",
            "Edit",
        )
        assert (creates(shop), [write.what for write in shop.account.writes]) == (1, ["create"])
        await shop.ben.command("/items chá")
        await shop.ben.sees("Chá", "€1.30")


async def test_a_create_that_was_found_and_deviates_is_a_warning(shop: World) -> None:
    await fill_in(shop, shop.ana)
    shop.account.remove_tax("IVA23")
    shop.account.faults.cut("after", method="POST")
    await shop.ana.submit()
    await shop.ana.modal(
        "A resposta do InvoiceXpress perdeu-se, mas a conta tem", "enviado IVA23 (23%), guardado Sem imposto"
    )


async def test_a_create_whose_answer_cannot_be_read_is_found(shop: World) -> None:
    await fill_in(shop, shop.ben)
    shop.account.faults.answer(201, "<html></html>", method="POST", after=True)
    await shop.ben.submit()
    await shop.ben.modal("but the account holds an item of this name.")
    assert creates(shop) == 1


async def test_a_create_that_was_not_carried_out_is_not_confirmed(shop: World) -> None:
    await not_confirmed(shop)
    assert creates(shop) == 1
    assert shop.account.writes == ()
    await shop.ben.click(None, "Check again")
    await shop.ben.modal("We don't know whether Chá was created")
    shop.account.add_item("Chá", "1.30", tax="IVA23", item_id=77)
    await shop.ben.click(None, "Check again")
    await shop.ben.modal("the account holds an item of this name.", "€1.30", "Item no. 77.")
    assert creates(shop) == 1
    await shop.ben.command("/items chá")
    await shop.ben.sees("Item no. 77.")


async def test_a_new_item_that_the_list_does_not_show_yet(tmp_path: Path) -> None:
    async with open_shop(tmp_path, quirks=Quirks(list_lag=2)) as shop:
        await fill_in(shop, shop.ben)
        shop.account.faults.cut("after", method="POST")
        await shop.ben.submit()
        await shop.ben.modal("We don't know whether Chá was created")
        await shop.ben.click(None, "Check again")
        await shop.ben.modal("the account holds an item of this name.")
        assert [write.what for write in shop.account.writes] == ["create"]


async def test_a_create_while_the_list_cannot_be_read_either(shop: World) -> None:
    await fill_in(shop, shop.ben)
    shop.account.faults.cut("after", method="POST")
    lists = shop.account.faults.answer(503, path="/items.json", method="GET")
    await shop.ben.submit()
    await shop.ben.modal("We don't know whether Chá was created")
    await shop.ben.click(None, "Check again")
    await shop.ben.modal("InvoiceXpress does not answer at this moment.", "We don't know whether Chá was created")
    shop.account.faults.remove(lists)
    await shop.ben.click(None, "Check again")
    await shop.ben.modal("the account holds an item of this name.", "€1.30")


async def test_whoever_closed_the_form_checks_again_in_the_message(shop: World) -> None:
    await fill_in(shop, shop.ben)
    async with shop.account.faults.holding("POST") as hold:
        shop.account.faults.cut("before", method="POST")
        await shop.ben.submit()
        await hold.arrived()
        await shop.ben.close()
        hold.release()
        told = await shop.ben.sees("We don't know whether Chá was created")
    assert told.text.startswith("We don't know whether Chá was created")
    lists = shop.account.faults.answer(503, path="/items.json", method="GET")
    await shop.ben.click(told, "Check again")
    await shop.ben.sees("InvoiceXpress does not answer at this moment.")
    shop.account.faults.remove(lists)
    await shop.ben.click(told, "Check again")
    told = await shop.ben.sees("We don't know whether Chá was created")
    shop.account.add_item("Chá", "1.30", tax="IVA23", item_id=77)
    await shop.ben.click(told, "Check again")
    assert (await shop.ben.sees("the account holds an item of this name.", "Item no. 77.")).ts == told.ts


async def test_a_name_too_long_for_a_button_is_not_offered_to_be_checked(shop: World) -> None:
    await fill_in(shop, shop.ben, "x" * 2500)
    shop.account.faults.cut("before", method="POST")
    await shop.ben.submit()
    view = await shop.ben.modal("We don't know whether xxx")
    assert "Check again\n" not in view.plain


async def test_a_lost_answer_to_an_edit_is_sent_again(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Description": "Nova"})
    shop.account.faults.cut("after", method="PUT", times=1)
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "(empty) → Nova")
    assert held(shop, LARGE) == replace(ITEMS[1], description="Nova")


async def test_an_edit_whose_answers_are_all_lost_is_seen_to_be_stored(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Description": "Nova"})
    shop.account.faults.cut("after", method="PUT")
    await shop.ben.submit()
    done = await shop.ben.modal("Large was saved.", "(empty) → Nova")
    assert "⚠️" not in done.plain
    assert {write.what for write in shop.account.writes} == {"update"}
    assert held(shop, LARGE) == replace(ITEMS[1], description="Nova")


async def test_an_edit_of_which_nothing_can_be_seen_is_unknown(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Description": "Nova"})

    def break_down(exchange: Exchange) -> None:
        if exchange.request.method == "PUT":
            shop.account.faults.answer(503, method="GET", path="/items/*")

    shop.account.on_exchange = break_down
    shop.account.faults.cut("after", method="PUT")
    await shop.ben.submit()
    await shop.ben.modal("its answer was lost: the change may or may not have been made.", "Nova", "Save")
    shop.account.on_exchange = None
    shop.account.faults.clear()
    await shop.ben.submit()
    await shop.ben.modal("Nothing was changed in Large: it is already as you sent it.")


async def test_a_lost_answer_to_a_delete_is_a_delete(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)
    shop.account.faults.cut("after", method="DELETE", times=1)
    await shop.ana.submit()
    await shop.ana.modal(f"O artigo n.º {LARGE}, Large, foi eliminado.")
    assert [write.what for write in shop.account.writes] == ["delete"]


async def test_a_delete_whose_answers_are_all_lost_is_seen_to_be_done(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)
    shop.account.faults.cut("after", method="DELETE")
    await shop.ana.submit()
    await shop.ana.modal(f"O artigo n.º {LARGE}, Large, foi eliminado.")
    assert [write.what for write in shop.account.writes] == ["delete"]


async def test_a_delete_of_which_nothing_can_be_seen_is_unknown(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)

    def break_down(exchange: Exchange) -> None:
        if exchange.request.method == "DELETE":
            shop.account.faults.answer(503, method="GET", path="/items/*")

    shop.account.on_exchange = break_down
    shop.account.faults.cut("after", method="DELETE")
    await shop.ana.submit()
    await shop.ana.modal("a alteração pode ter sido feita ou não", "Eliminar o artigo n.º", "Large")
    shop.account.on_exchange = None
    shop.account.faults.clear()
    await shop.ana.submit()
    await shop.ana.modal(f"O artigo n.º {LARGE} já não existia")
    assert [write.what for write in shop.account.writes] == ["delete"]
