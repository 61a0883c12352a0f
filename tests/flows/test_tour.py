"""The README's tour: what it says will happen does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.flows.items.shop import walked
from tests.flows.world import World

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
TOUR = README.partition("five things to try:")[2].partition("\n## ")[0]


@pytest.fixture
async def toured(world: World) -> World:
    await walked(world)
    return world


def said(number: int) -> list[str]:
    """Return what stands in code in a step of the tour."""
    step = re.split(r"\n(?=\d\. )", TOUR)[number]
    assert step.startswith(f"{number}. ")
    return re.findall(r"`([^`]+)`", step)


async def test_an_item_is_found_and_its_price_changed(toured: World) -> None:
    [search], [refused, taken] = said(1), said(2)
    await toured.ben.command(search)
    found = await toured.ben.sees("Items for")
    await toured.ben.click(found, "items.open:402323")
    card = await toured.ben.sees("Café Expresso", "Net price:")
    await toured.ben.click(card, "Edit")
    form = await toured.ben.modal(callback_id="items.form")
    await toured.ben.fill({"Unit price": refused})
    await toured.ben.submit()
    assert [block_id.partition(":")[0] for block_id in form.errors] == ["unit_price"]
    await toured.ben.fill({"Unit price": taken})
    await toured.ben.submit()
    await toured.ben.modal("Café Expresso was saved.", "→ €1.30")


async def test_a_client_is_found_in_portuguese(toured: World) -> None:
    [search] = said(3)
    await toured.ana.command(search)
    await toured.ana.sees("NIF", "508025338")


async def test_a_slip_is_understood(toured: World) -> None:
    [slip] = said(4)
    await toured.ana.open_home()
    home = await toured.ana.home("Procurar um artigo")
    await toured.ana.click(home, "Procurar um artigo")
    await toured.ana.modal(callback_id="items.pick")
    options = await toured.ana.type_ahead("items.pick", slip)
    assert options
    assert all("galão" in option["text"]["text"].lower() for option in options[:1])


async def test_a_look_up_while_the_service_is_down(toured: World) -> None:
    [search] = said(5)
    toured.account.faults.switch(down=True)
    await toured.ana.command(search)
    await toured.ana.sees("Large", "24,3902", "não responde")
