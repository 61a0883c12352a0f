"""The acknowledgement leaves at once, whatever InvoiceXpress is doing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.account import Account, ClientRecord
from tests.flows.items.shop import ITEMS, QUICK, TAXES, walked
from tests.flows.world import World, living_world

CLIENTS = [ClientRecord(id=501, name="Padaria Oliveira"), ClientRecord(id=502, name="Padaria Braga")]


def stock(account: Account) -> None:
    account.stock(items=ITEMS, clients=CLIENTS, taxes=TAXES)


@pytest.fixture(params=["http", "socket"])
async def world(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with living_world(tmp_path, mode=request.param, samples=False, limits=QUICK, stock=stock) as living:
        await walked(living)
        yield living


async def test_a_command_that_asks_the_account_is_acknowledged_first(world: World) -> None:
    await world.ben.command("/items help")
    async with world.account.faults.holding(path="/items/402321.json") as hold:
        answer = await world.ben.command("/items 402321")
        assert answer.ok
        assert answer.body in ("", "{}")
        await hold.arrived()
        assert world.ben.messages("Medium") == []
    await world.ben.sees("Medium", "Item no. 402321.", ever=True)


async def test_a_command_that_needs_no_network_is_answered_in_the_acknowledgement(world: World) -> None:
    await world.ben.command("/items help")
    await world.ben.sees("What you can type")
    calls = len(world.workspace.calls)
    answer = await world.ben.command("/items help")
    assert answer.json is not None
    assert answer.json["response_type"] == "ephemeral"
    assert answer.json["text"] == "What you can type"
    assert len(world.workspace.calls) == calls + 1, "the command itself, and nothing from the bot"


async def test_a_click_is_acknowledged_first(world: World) -> None:
    await world.ben.command("/clients padaria")
    found = await world.ben.sees("Padaria Oliveira")
    async with world.account.faults.holding(path="/clients/*") as hold:
        answer = await world.ben.click(found, "Open", value="501")
        assert answer.ok
        await hold.arrived()
        assert world.ben.messages("Client no. 501.") == []
    await world.ben.sees("Client no. 501.", ever=True)


async def test_a_form_opens_before_the_account_answers(world: World) -> None:
    await world.ben.command("/items help")
    async with world.account.faults.holding(path="/items/*") as hold:
        assert (await world.ben.command("/items edit 402321")).ok
        await hold.arrived()
        waiting = await world.ben.modal("Loading…")
        assert "A carregar" not in waiting.plain, "the language of somebody who was here before is known"
    await world.ben.modal("Edit item")


async def test_a_submission_is_acknowledged_first(world: World) -> None:
    await world.ana.command("/artigos editar 402321")
    await world.ana.modal("Editar artigo")
    await world.ana.fill({"Preço unitário": "17,50"})
    async with world.account.faults.holding(method="PUT") as hold:
        answer = await world.ana.submit()
        assert answer.json is not None
        assert answer.json["response_action"] == "update"
        await hold.arrived()
        await world.ana.modal("A guardar…")
    await world.ana.modal("foi guardado")


async def test_a_keystroke_is_answered_from_the_copy(world: World) -> None:
    await world.ben.command("/clients find")
    finder = await world.ben.modal(callback_id="clients.pick")
    async with world.account.faults.holding():
        options = await world.ben.type_ahead("clients.pick", "padaria", finder)
    assert [option["value"] for option in options] == ["502", "501"]
    assert len(world.workspace.calls_of("users.info")) == 1, "opening the form has told whose keystrokes these are"


async def test_a_command_before_the_first_walk_is_over(tmp_path: Path) -> None:
    async with living_world(tmp_path, samples=False, limits=QUICK, stock=stock) as world:
        async with world.account.faults.holding(path="/clients.json") as hold:
            await hold.arrived()
            await world.ben.command("/clients help")
            await world.ben.sees("What you can type")
            answer = await world.ben.command("/clients padaria")
            assert answer.ok
            assert answer.body in ("", "{}")
            assert world.ben.messages("Padaria") == []
        await world.ben.sees("Padaria Oliveira", "Padaria Braga", ever=True)
