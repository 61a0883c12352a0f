"""Everybody reads their own language, whichever command they type."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.account import Account, ClientRecord
from tests.flows.items.shop import ITEMS, QUICK, TAXES
from tests.flows.world import World, living_world


def stock(account: Account) -> None:
    account.stock(items=ITEMS, clients=[ClientRecord(id=501, name="Padaria Oliveira")], taxes=TAXES)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with living_world(tmp_path, samples=False, limits=QUICK, stock=stock) as living:
        yield living


@pytest.mark.parametrize(
    ("locale", "title"),
    [
        ("pt-BR", "O que pode escrever"),
        ("pt-PT", "O que pode escrever"),
        ("pt", "O que pode escrever"),
        ("en-GB", "What you can type"),
        ("en-US", "What you can type"),
    ],
)
async def test_the_language_is_that_of_the_person_s_slack(world: World, locale: str, title: str) -> None:
    world.workspace.state.change_person("Ben", locale=locale)
    await world.ben.command("/items help")
    await world.ben.sees(title)


@pytest.mark.parametrize(
    ("default", "title"), [("pt", "O que pode escrever"), ("en", "What you can type")], ids=["pt", "en"]
)
@pytest.mark.parametrize("locale", ["fr-FR", "de-DE", "ja-JP", ""])
async def test_whoever_speaks_neither_reads_the_default(tmp_path: Path, default: str, title: str, locale: str) -> None:
    async with living_world(tmp_path, samples=False, default_language=default) as world:
        world.workspace.state.change_person("Ben", locale=locale)
        await world.ben.command("/clients help")
        await world.ben.sees(title)


@pytest.mark.parametrize("command", ["/items", "/artigos"])
@pytest.mark.parametrize("verb", ["help", "ajuda", "HELP", "Ajuda"])
async def test_both_commands_take_the_verbs_of_both_languages(world: World, command: str, verb: str) -> None:
    await world.ben.command(f"{command} {verb}")
    await world.ben.sees("What you can type", "/items new Café duplo", "/artigos does the same.")
    await world.ana.command(f"{command} {verb}")
    await world.ana.sees("O que pode escrever", "/artigos novo Café duplo", "/items faz o mesmo.")


@pytest.mark.parametrize("command", ["/clients", "/clientes"])
async def test_clients_by_either_command(world: World, command: str) -> None:
    await world.ben.command(f"{command} oliveira")
    await world.ben.sees("Client no. 501.")
    await world.ana.command(f"{command} oliveira")
    await world.ana.sees("Cliente n.º 501.")


@pytest.mark.parametrize(
    "typed", ['"help"', "“help”", "‘help’", "«ajuda»", "„ajuda“", "'ajuda'", '"ajuda”'], ids=lambda typed: f"[{typed}]"
)
async def test_quotes_of_any_kind_look_a_verb_up(world: World, typed: str) -> None:
    await world.ben.command(f"/clients {typed}")
    await world.ben.sees("No client matches", typed.strip("\"'“”‘’«»„"))


@pytest.mark.parametrize("typed", ["new “Chá de menta”", "novo «Chá de menta»", "criar 'Chá de menta'"])
async def test_quotes_around_what_follows_a_verb_are_left_out(world: World, typed: str) -> None:
    await world.ben.command(f"/items {typed}")
    form = await world.ben.modal("New item")
    assert "Chá de menta" in form.plain.splitlines()


async def test_a_share_is_in_the_language_of_who_shares(world: World) -> None:
    await world.ana.command("/clientes oliveira")
    await world.ana.click(await world.ana.sees("Cliente n.º 501."), "Partilhar no canal")
    await world.ben.sees("partilhou a partir do InvoiceXpress:", "Padaria Oliveira", ever=True)
