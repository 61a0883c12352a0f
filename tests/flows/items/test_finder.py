"""The modal that finds an item while one types, and what is done from there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.slack import Actor, View
from tests.clocks import ShiftedClock
from tests.flows.items.shop import (
    COFFEE,
    DOUBLE,
    KIT,
    LARGE,
    QUICK,
    asked,
    failed,
    held,
    item,
    open_shop,
    stock_and_fail_after_one_page,
)
from tests.flows.world import World, living_world

MANY = [item(1000 + number, f"Peça {number:03}", "1.5", unit="unit", tax="IVA23") for number in range(250)]


async def finder(person: Actor) -> View:
    """Open the finder by the command of the person's language."""
    command = "/artigos procurar" if "pt" in person.person.locale else "/items find"
    await person.command(command)
    return await person.modal(callback_id="items.pick")


async def pick(shop: World, person: Actor, item_id: int) -> View:
    """Choose an item, and return the finder when it shows its card."""
    view = await finder(person)
    await person.type_ahead("items.pick", held(shop, item_id).name, view)
    await person.choose("items.pick", str(item_id), view)
    return await person.modal(str(item_id), callback_id="items.pick")


async def test_keystrokes_are_answered_from_the_copy(world: World) -> None:
    view = await finder(world.ben)
    assert view.title == "Find"
    options = await world.ben.type_ahead("items.pick", "cafe expre", view)
    shown = [option["text"]["text"] for option in options]
    assert shown[0] == "Café Expresso · €0.65 + IVA13 · Unit"
    world.account.requests.clear()
    await world.ben.choose("items.pick", shown[0], view)
    await world.ben.modal("Café Expresso", "€0.6504", "Edit", callback_id="items.pick")


async def test_one_letter_is_enough_and_no_hit_shows_none(shop: World) -> None:
    view = await finder(shop.ana)
    assert view.title == "Procurar"
    options = await shop.ana.type_ahead("items.pick", "l", view)
    assert [option["value"] for option in options] == [str(LARGE), str(COFFEE), str(KIT)]
    assert await shop.ana.type_ahead("items.pick", "chá preto", view) == []
    assert asked(shop) == []


async def test_more_hits_than_slack_takes_are_told_in_a_label(tmp_path: Path) -> None:
    async with open_shop(tmp_path, items=MANY) as shop:
        view = await finder(shop.ana)
        answer = await shop.ana.suggestions("items.pick", "peça", view)
        [group] = answer["option_groups"]
        assert group["label"]["text"] == "100 de 250, continue a escrever"
        assert len(group["options"]) == 100
        view = await finder(shop.ben)
        answer = await shop.ben.suggestions("items.pick", "peça 24", view)
        assert len(answer["options"]) == 10


HOUR_OLD = {"Ben": "As of 1 hour ago.", "Ana": "Dados de há 1 hora."}


async def test_a_fresh_finder_says_nothing_of_the_copy(shop: World) -> None:
    view = await finder(shop.ben)
    assert [block["type"] for block in view.blocks] == ["section"]
    answer = await shop.ben.suggestions("items.pick", "large", view)
    assert "option_groups" not in answer


@pytest.mark.parametrize(
    ("who", "more"), [("Ben", "100 of 250, keep typing"), ("Ana", "100 de 250, continue a escrever")]
)
async def test_a_finder_of_an_old_copy_says_its_age(tmp_path: Path, who: str, more: str) -> None:
    clock, age = ShiftedClock(), HOUR_OLD[who]
    async with open_shop(tmp_path, items=MANY, clock=clock) as shop:
        person = shop.workspace.person(who)
        clock.shift(3600)
        view = await finder(person)
        assert notes(view) == [age]
        assert view.blocks[0]["block_id"] == "find"
        [group] = (await person.suggestions("items.pick", "peça 24", view))["option_groups"]
        assert (group["label"]["text"], len(group["options"])) == (age, 10)
        [group] = (await person.suggestions("items.pick", "peça", view))["option_groups"]
        assert group["label"]["text"] == f"{more} · {age}"
        assert await person.type_ahead("items.pick", "chá preto", view) == []


@pytest.mark.parametrize(
    ("who", "since"),
    [("Ben", "InvoiceXpress has not answered since "), ("Ana", "O InvoiceXpress não responde desde ")],
)
async def test_a_finder_says_since_when_the_service_is_down(tmp_path: Path, who: str, since: str) -> None:
    clock = ShiftedClock()
    async with open_shop(tmp_path, clock=clock) as shop:
        shop.account.faults.switch(down=True)
        await shop.ben.command(f"/items {LARGE}")
        await shop.ben.sees("InvoiceXpress has not answered since")
        clock.shift(3600)
        [said] = notes(await finder(shop.workspace.person(who)))
        assert said.startswith(since)
        assert said.endswith(HOUR_OLD[who])


@pytest.mark.parametrize(
    ("who", "missing"), [("Ben", "Not everything has been read"), ("Ana", "Ainda não foi lido tudo")]
)
async def test_a_finder_of_a_copy_that_is_not_whole_says_so(tmp_path: Path, who: str, missing: str) -> None:
    async with living_world(tmp_path, samples=False, limits=QUICK, stock=stock_and_fail_after_one_page) as world:
        await failed(world, "items")
        [said] = notes(await finder(world.workspace.person(who)))
        assert missing in said


def notes(view: View) -> list[str]:
    """Return the small print of a view."""
    return [block["elements"][0]["text"] for block in view.blocks if block["type"] == "context"]


async def test_a_choice_is_read_afresh(shop: World) -> None:
    view = await finder(shop.ben)
    await shop.ben.type_ahead("items.pick", "large", view)
    shop.account.change_item(LARGE, description="Nova")
    await shop.ben.choose("items.pick", str(LARGE), view)
    await shop.ben.modal("Large", "Nova", "€100.00")
    assert asked(shop) == [f"GET /items/{LARGE}.json"]


async def test_a_choice_that_is_gone_leaves_the_finder(shop: World) -> None:
    view = await finder(shop.ben)
    await shop.ben.type_ahead("items.pick", "large", view)
    shop.account.remove_item(LARGE)
    await shop.ben.choose("items.pick", str(LARGE), view)
    await shop.ben.modal("InvoiceXpress has no such record", callback_id="items.pick")
    assert await shop.ben.type_ahead("items.pick", "large", view) == []


async def test_an_edit_from_the_finder_brings_it_up_to_date(shop: World) -> None:
    view = await pick(shop, shop.ben, LARGE)
    await shop.ben.click(None, "Edit")
    await shop.ben.modal("Edit item", callback_id="items.form")
    await shop.ben.fill({"Unit price": "101"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.")
    await shop.ben.close()
    below = await shop.ben.modal("Large", "€101.00", callback_id="items.pick")
    assert below.id == view.id
    options = await shop.ben.type_ahead("items.pick", "large", below)
    assert options[0]["text"]["text"] == "Large · €101.00 + IVA23 · Service"


async def test_a_delete_from_the_finder_brings_it_up_to_date(shop: World) -> None:
    await pick(shop, shop.ana, LARGE)
    await shop.ana.click(None, "Eliminar")
    await shop.ana.modal("Eliminar artigo", callback_id="items.delete-form")
    await shop.ana.submit()
    await shop.ana.modal("foi eliminado.")
    await shop.ana.close()
    view = await shop.ana.modal("foi eliminado.", callback_id="items.pick")
    assert await shop.ana.type_ahead("items.pick", "large", view) == []


async def test_a_conflict_in_a_form_above_the_finder(shop: World) -> None:
    await pick(shop, shop.ben, LARGE)
    await shop.ben.click(None, "Edit")
    await shop.ben.modal(callback_id="items.form")
    shop.account.change_item(LARGE, unit_price=held(shop, LARGE).unit_price + 1)
    await shop.ben.fill({"Unit price": "105"})
    await shop.ben.submit()
    await shop.ben.modal("Nothing was saved")
    await shop.ben.fill({"Unit price: which is to stay?": "Yours: €105.00"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.")
    await shop.ben.close()
    await shop.ben.modal("€105.00", callback_id="items.pick")


async def test_the_finder_from_the_button_of_a_list_and_from_home(shop: World) -> None:
    await shop.ben.command("/items")
    found = await shop.ben.sees("Items")
    await shop.ben.click(found, "Find an item")
    await shop.ben.modal("Type part of what you are looking for:", callback_id="items.pick")
    await shop.ben.close()
    await shop.ben.open_home()
    home = await shop.ben.home("Find an item")
    await shop.ben.click(home, "Find an item")
    await shop.ben.modal(callback_id="items.pick")


@pytest.mark.parametrize(
    ("line", "title"), [("/items edit duplo", "Edit item"), ("/artigos alterar duplo", "Edit item")]
)
async def test_a_verb_with_a_text_of_one_hit_opens_its_form(shop: World, line: str, title: str) -> None:
    await shop.ben.command(line)
    form = await shop.ben.modal("Café Duplo", callback_id="items.form")
    assert form.title == title
    assert asked(shop) == [f"GET /items/{DOUBLE}.json"]


async def test_a_verb_with_a_text_of_several_hits_lets_one_choose(shop: World) -> None:
    await shop.ben.command("/items edit café")
    view = await shop.ben.modal("Café Expresso\n€0.65 + IVA13 · Unit", "Café Duplo", callback_id="items.pick")
    await shop.ben.click(view, "Edit", value=str(COFFEE))
    await shop.ben.modal("Edit item", "Café Expresso")
    await shop.ben.fill({"Unit price": "1"})
    await shop.ben.submit()
    await shop.ben.modal("Café Expresso was saved.")
    await shop.ben.close()
    await shop.ben.modal("Café Expresso", "€1.00", callback_id="items.pick")


async def test_a_verb_with_a_text_of_very_many_hits_says_how_many(tmp_path: Path) -> None:
    async with open_shop(tmp_path, items=MANY) as shop:
        await shop.ana.command("/artigos eliminar peça")
        view = await shop.ana.modal("Peça 000", "10 de 250, continue a escrever", callback_id="items.pick")
        await shop.ana.click(view, "Eliminar", value="1003")
        await shop.ana.modal("Eliminar o artigo n.º 1003, Peça 003, a 1,50\u00a0€ + IVA23?")


async def test_a_verb_with_a_text_of_no_hit_says_so(shop: World) -> None:
    await shop.ben.command("/items edit chá preto")
    await shop.ben.modal("Nothing was found. Type other words.", callback_id="items.pick")


async def test_a_verb_alone_finds_first(shop: World) -> None:
    await shop.ben.command("/items edit")
    view = await shop.ben.modal(callback_id="items.pick")
    await shop.ben.type_ahead("items.pick", "duplo", view)
    await shop.ben.choose("items.pick", str(DOUBLE), view)
    await shop.ben.modal("Café Duplo", "Edit")


async def test_a_verb_with_a_number_that_is_a_name_lets_one_choose(shop: World) -> None:
    await shop.ben.command("/items edit 2024")
    view = await shop.ben.modal("2024\n€5.00 + IVA6", callback_id="items.pick")
    await shop.ben.click(view, "Edit")
    await shop.ben.modal("Edit item", "2024")


async def test_a_verb_with_the_beginning_of_a_number_never_guesses(shop: World) -> None:
    shop.account.remove_item(LARGE)
    await shop.ana.command("/artigos eliminar 402322")
    await shop.ana.modal("Modelo 402322", callback_id="items.pick")
    await shop.ana.close()
    await shop.ana.command("/artigos eliminar 40232")
    await shop.ana.modal("Medium", callback_id="items.pick")
