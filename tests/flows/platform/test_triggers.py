"""A form that could not be opened in the three seconds that Slack allows is offered again by a button."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.account import Account
from bot.sandbox.slack import Actor
from tests.flows.items.shop import ITEMS, QUICK, TAXES, walked
from tests.flows.world import World, living_world

LATE = "Slack allows three seconds to open a form"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    def stock(account: Account) -> None:
        account.stock(items=ITEMS, taxes=TAXES)

    async with living_world(tmp_path, samples=False, limits=QUICK, stock=stock) as living:
        await walked(living)
        yield living


async def known(person: Actor) -> None:
    """Let the bot get to know somebody, and wait until it does."""
    await person.command("/items help")
    await person.sees()


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id"])
async def test_from_a_command(world: World, code: str) -> None:
    await known(world.ben)
    world.workspace.faults.next("views.open", error=code)
    await world.ben.command("/items edit 402321")
    late = await world.ben.sees(LATE)
    assert late.is_ephemeral
    await world.ben.click(late, "Open the form")
    await world.ben.modal("Edit item", "Medium")


async def test_what_was_typed_after_the_verb_is_not_lost(world: World) -> None:
    await known(world.ben)
    world.workspace.faults.next("views.open", error="expired_trigger_id")
    await world.ben.command("/items new Chá de menta")
    await world.ben.click(await world.ben.sees(LATE), "Open the form")
    await world.ben.modal("New item", "Chá de menta")


async def test_somebody_new_is_told_in_their_language(world: World) -> None:
    world.workspace.faults.next("views.open", error="expired_trigger_id")
    await world.ana.command("/artigos novo")
    late = await world.ana.sees("O Slack dá três segundos para abrir um formulário")
    await world.ana.click(late, "Abrir o formulário")
    await world.ana.modal("Novo artigo")


async def test_somebody_new_whom_slack_does_not_tell_of_still_gets_the_button(world: World) -> None:
    world.workspace.faults.next("views.open", error="expired_trigger_id")
    world.workspace.faults.next("users.info", error="user_not_found")
    await world.ana.command("/artigos novo")
    await world.ana.click(await world.ana.sees(LATE), "Open the form")
    await world.ana.modal("Novo artigo")


async def test_from_a_click_in_a_message(world: World) -> None:
    await world.ben.command("/items medium")
    card = await world.ben.sees("Medium")
    world.workspace.faults.next("views.open", error="expired_trigger_id")
    await world.ben.click(card, "Edit")
    await world.ben.click(await world.ben.sees(LATE), "Open the form")
    await world.ben.modal("Edit item", "Medium")


async def test_from_home(world: World) -> None:
    await world.ben.open_home()
    home = await world.ben.home("Create an item")
    world.workspace.faults.next("views.open", error="expired_trigger_id")
    await world.ben.click(home, "Create an item")
    late = await world.ben.sees(LATE, channel="dm")
    await world.ben.click(late, "Open the form")
    await world.ben.modal("New item")


async def test_from_a_modal_the_button_stands_in_it(world: World) -> None:
    await world.ben.command("/items find")
    finder = await world.ben.modal(callback_id="items.pick")
    await world.ben.type_ahead("items.pick", "medium", finder)
    await world.ben.choose("items.pick", "402321", finder)
    shown = await world.ben.modal("Item no. 402321.")
    world.workspace.faults.next("views.push", error="expired_trigger_id")
    await world.ben.click(shown, "Edit")
    late = await world.ben.modal(LATE)
    assert late is finder
    await world.ben.click(late, "Open the form")
    await world.ben.modal("Edit item", "Medium")


async def test_a_form_that_slack_does_not_open_for_another_reason(world: World) -> None:
    await known(world.ben)
    world.workspace.faults.next("views.open", error="internal_error")
    await world.ben.command("/items new")
    await world.ben.sees("Something went wrong on our side", "the reference")
