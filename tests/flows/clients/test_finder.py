"""The modal that finds a client while one types."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.account import Account, ClientRecord
from bot.sandbox.slack import Actor, View
from tests.clocks import ShiftedClock
from tests.flows.clients.book import BAKERY, BRANCH, CLIENTS, QUICK, asked, elements, open_book
from tests.flows.items.shop import failed
from tests.flows.world import World, living_world


async def finder_of(person: Actor, line: str = "/clients find") -> View:
    await person.command(line)
    return await person.modal(callback_id="clients.pick")


@pytest.mark.parametrize("line", ["/clients find", "/clients search", "/clientes procurar", "/clients PESQUISAR"])
async def test_the_finder_opens_by_any_of_its_verbs(book: World, line: str) -> None:
    await finder_of(book.ben, line)
    await book.ben.modal("Find", "Type part of what you are looking for:")


async def test_the_list_has_a_button_for_it(book: World) -> None:
    await book.ana.command("/clientes")
    found = await book.ana.sees("Clientes")
    await book.ana.click(found, "Procurar um cliente")
    await book.ana.modal("Procurar", "Escreva uma parte do que procura:")


async def test_options_come_from_the_copy_at_each_letter(book: World) -> None:
    finder = await finder_of(book.ben)
    options = await book.ben.type_ahead("clients.pick", "o", finder)
    assert {option["value"] for option in options} == {str(BAKERY), str(BRANCH)}
    options = await book.ben.type_ahead("clients.pick", "508 025 338", finder)
    assert len(options) == 3
    assert "Padaria Oliveira (Braga) · fiscal id 508025338 · Braga" in {option["text"]["text"] for option in options}
    assert await book.ben.type_ahead("clients.pick", "xyzzy", finder) == []
    assert asked(book) == []


async def test_a_finder_says_since_when_the_service_is_down_and_how_old_the_copy_is(tmp_path: Path) -> None:
    clock = ShiftedClock()
    async with open_book(tmp_path, clock=clock) as book:
        assert elements(await finder_of(book.ben), "context") == []
        await book.ben.close()
        book.account.faults.switch(down=True)
        await book.ben.command("/clients oliveira")
        await book.ben.click(await book.ben.sees("Clients"), "Open", value=str(BRANCH))
        await book.ben.sees("InvoiceXpress has not answered since")
        clock.shift(3600)
        finder = await finder_of(book.ana, "/clientes procurar")
        [note] = elements(finder, "context")
        assert note["elements"][0]["text"].startswith("O InvoiceXpress não responde desde ")
        assert note["elements"][0]["text"].endswith("Dados de há 1 hora.")
        [group] = (await book.ana.suggestions("clients.pick", "oliveira", finder))["option_groups"]
        assert group["label"]["text"] == "Dados de há 1 hora."


async def test_a_finder_of_a_copy_that_is_not_whole_says_so(tmp_path: Path) -> None:
    def stock(account: Account) -> None:
        account.stock(clients=CLIENTS)
        account.faults.answer(503, path="/clients.json")

    async with living_world(tmp_path, samples=False, limits=QUICK, stock=stock) as world:
        await failed(world, "clients")
        await finder_of(world.ben)
        await world.ben.modal("Not everything has been read from InvoiceXpress yet")


async def test_what_is_chosen_stands_below_freshly_read(book: World) -> None:
    finder = await finder_of(book.ben)
    await book.ben.type_ahead("clients.pick", "oliveira", finder)
    await book.ben.choose("clients.pick", str(BRANCH), finder)
    shown = await book.ben.modal("Padaria Oliveira (Braga)", f"Client no. {BRANCH}.")
    assert shown is finder
    assert asked(book) == [f"GET /clients/{BRANCH}.json"]
    await book.ben.choose("clients.pick", str(BAKERY), finder)
    await book.ben.modal(f"Client no. {BAKERY}.")


async def test_a_client_that_is_gone_is_said_and_the_finder_stays(book: World) -> None:
    finder = await finder_of(book.ben)
    await book.ben.type_ahead("clients.pick", "oliveira", finder)
    book.account.faults.answer(404, path="/clients/*")
    await book.ben.choose("clients.pick", str(BRANCH), finder)
    shown = await book.ben.modal("InvoiceXpress has no such record", "Type part of what you are looking for:")
    assert [alert["level"] for alert in elements(shown, "alert")] == ["error"]
    assert await book.ben.type_ahead("clients.pick", "braga", finder) == [], "the copy has forgotten it"


async def test_more_than_a_hundred_hits_are_counted_in_a_label(tmp_path: Path) -> None:
    many = [ClientRecord(id=number, name=f"Cliente {number}") for number in range(1000, 1150)]
    async with open_book(tmp_path, many) as world:
        finder = await finder_of(world.ana)
        found = await world.ana.suggestions("clients.pick", "cliente", finder)
        (group,) = found["option_groups"]
        assert group["label"]["text"] == "100 de 150, continue a escrever"
        assert len(group["options"]) == 100
