"""`/clients`: pages forth and back, a card for one hit, a list for several, a sentence for none."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox.account import Account, ClientRecord
from tests.flows.clients.book import BAKERY, BARE, BRANCH, QUICK, TWIN, asked, elements, open_book
from tests.flows.platform.own import old_button
from tests.flows.world import World, living_world

MANY = [ClientRecord(id=600 + number, name=f"Cliente {number:02}", code=f"C{number:02}") for number in range(1, 26)]


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_a_list_is_turned_forth_and_back(tmp_path: Path, mode: str) -> None:
    async with open_book(tmp_path, MANY, mode=mode) as world:
        ben = world.ben
        await ben.command("/clients")
        first = await ben.sees("Clients", "Cliente 01", "code C10", "1 to 10 of 25.")
        assert first.is_ephemeral
        assert first.text == "Clients: 1 to 10 of 25."
        assert "Previous" not in first.plain
        await ben.click(first, "Next")
        second = await ben.sees("Cliente 11", "Cliente 20", "11 to 20 of 25.")
        assert second.ts == first.ts, "the page is turned in place"
        await ben.click(second, "Next")
        last = await ben.sees("Cliente 25", "21 to 25 of 25.")
        assert "Next" not in last.plain
        await ben.click(last, "Previous")
        await ben.sees("11 to 20 of 25.")
        assert asked(world) == [], "pages come from the copy"


async def test_a_search_has_pages_too(tmp_path: Path) -> None:
    async with open_book(tmp_path, MANY) as world:
        await world.ana.command("/clientes cliente")
        found = await world.ana.sees("Clientes para «cliente»", "1 a 10 de 25.")
        await world.ana.click(found, "Seguintes")
        await world.ana.sees("Clientes para «cliente»", "Cliente 11", "11 a 20 de 25.")


@pytest.mark.parametrize(
    "typed",
    [
        "padaria filhos",
        "OLIVEIRA FILHOS",
        "pad-7",
        "geral@padaria.example",
        "rui@padaria.example",
        "213456789",
        "+351 213 456 789",
        "213 45 67 89",
        "912345678",
        "Rui Oliveira",
        '"padaria filhos"',
    ],
)
async def test_one_hit_is_a_card(book: World, typed: str) -> None:
    await book.ben.command(f"/clients {typed}")
    card = await book.ben.sees("Padaria Oliveira & Filhos, Lda.", f"Client no. {BAKERY}.")
    assert card.is_ephemeral
    assert asked(book) == []


@pytest.mark.parametrize("typed", ["find pad-7", "search rui", "PROCURAR “padaria filhos”", "pesquisar 213456789"])
async def test_a_text_after_find_is_looked_up(book: World, typed: str) -> None:
    await book.ben.command(f"/clients {typed}")
    await book.ben.sees("Padaria Oliveira & Filhos, Lda.", f"Client no. {BAKERY}.")


@pytest.mark.parametrize("typed", ["508025338", "508 025 338", "PT508025338", "PT 508 025 338", "pt508 025338"])
async def test_all_holders_of_a_fiscal_id_are_shown(book: World, typed: str) -> None:
    await book.ben.command(f"/clients {typed}")
    found = await book.ben.sees("Padaria Oliveira & Filhos, Lda.", "Padaria Oliveira (Braga)", "Café Central")
    assert {button["value"] for button in elements(found, "button") if "value" in button} == {
        str(BAKERY),
        str(BRANCH),
        str(TWIN),
    }
    assert "fiscal id 508 025 338 · code PAD-7 · Porto · geral@padaria.example" in found.plain
    assert "1 to 3 of 3." in found.plain


async def test_a_client_without_details_says_so(book: World) -> None:
    await book.ben.command("/clients")
    await book.ben.sees("Só Nome\nno more details")
    await book.ben.command("/clients só nome")
    card = await book.ben.sees(f"Client no. {BARE}.")
    assert card.text == "Só Nome: no more details"
    assert not elements(card, "rich_text")


async def test_an_opened_client_is_read_afresh(book: World) -> None:
    await book.ben.command("/clients oliveira")
    found = await book.ben.sees("Padaria Oliveira (Braga)")
    await book.ben.click(found, "Open", value=str(BAKERY))
    card = await book.ben.sees("Observations:", f"Client no. {BAKERY}.")
    assert card.ts != found.ts, "the list stays where it is"
    assert asked(book) == [f"GET /clients/{BAKERY}.json"]


async def test_a_client_that_went_meanwhile_is_forgotten(book: World) -> None:
    await book.ben.command("/clients oliveira")
    found = await book.ben.sees("Padaria Oliveira (Braga)")
    book.account.faults.answer(404, path=f"/clients/{BRANCH}.json")
    await book.ben.click(found, "Open", value=str(BRANCH))
    await book.ben.sees("InvoiceXpress has no such record")
    await book.ben.command("/clients oliveira")
    await book.ben.sees("Padaria Oliveira & Filhos, Lda.", f"Client no. {BAKERY}.")


@pytest.mark.parametrize("typed", ["xyzzy <b> & c", "xyzzy &lt;b&gt; &amp; c"], ids=["plain", "escaped by Slack"])
async def test_nothing_found_says_by_what_a_client_is_found(book: World, typed: str) -> None:
    await book.ben.command(f"/clients {typed}")
    none = await book.ben.sees("No client matches “xyzzy <b> & c”.", "a fiscal id")
    assert "“xyzzy &lt;b&gt; &amp; c”" in none.text, "a message's text is markup, what was typed is not"
    await book.ana.command("/clientes xyzzy")
    await book.ana.sees("Nenhum cliente corresponde a «xyzzy»")


async def test_a_copy_that_lost_a_client_is_no_trouble_of_whoever_looks(tmp_path: Path) -> None:
    async with open_book(tmp_path) as world:
        with closing(sqlite3.connect(tmp_path / "catalog.db")) as connection, connection:
            connection.execute("DELETE FROM clients WHERE id = ?", (BARE,))
        await world.ben.command("/clients só nome")
        await world.ben.sees("No client matches “só nome”.", "This answer is partial")
        await world.ben.command("/clients só nome")
        await world.ben.sees(f"Client no. {BARE}.")


async def test_an_account_without_clients(tmp_path: Path) -> None:
    async with open_book(tmp_path, []) as world:
        await world.ben.command("/clients")
        await world.ben.sees("The account has no clients yet.")


def one_page_of_two(account: Account) -> None:
    """Stock two pages of clients, and let only the first be read."""
    account.stock(clients=[ClientRecord(id=number, name=f"Cliente {number}") for number in range(1000, 1040)])
    account.faults.answer(200, '{"clients": [{"id": 1, "name": "Só eu"}]}', path="/clients.json", times=1)
    account.faults.answer(503, path="/clients.json")


@pytest.mark.parametrize(
    ("typed", "said"), [("eu", "Client no. 1."), ("", "1 to 1 of 1."), ("zzz", "No client matches")]
)
async def test_a_walk_that_failed_half_way_makes_the_answer_partial(tmp_path: Path, typed: str, said: str) -> None:
    async with living_world(tmp_path, samples=False, limits=QUICK, stock=one_page_of_two) as world:
        await world.ben.command(f"/clients {typed}")
        await world.ben.sees(said, "This answer is partial")


async def test_the_service_down_from_the_start_is_said(tmp_path: Path) -> None:
    def break_down(account: Account) -> None:
        account.faults.answer(503)

    async with living_world(tmp_path, samples=False, limits=QUICK, stock=break_down) as world:
        await world.ben.command("/clients padaria")
        await world.ben.sees("InvoiceXpress does not answer at this moment")


async def test_an_old_copy_says_its_age(tmp_path: Path) -> None:
    async with open_book(tmp_path, catalog_refresh_minutes=0.0001) as world:
        world.account.faults.switch(down=True)
        await world.ben.command("/clients só nome")
        card = await world.ben.sees("Client no. 504.", "As of")
        await world.ben.click(card, "Share to channel")  # by which the bot learns that the service is down
        await world.ben.sees("InvoiceXpress does not answer at this moment")
        await world.ben.command("/clients xyzzy")
        await world.ben.sees("No client matches “xyzzy”", "has not answered since", "As of")


def _written(folder: Path) -> bytes:
    """Return all that stands in the files of a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("where", ["disk", "memory"])
async def test_clients_are_kept_off_the_disk_where_that_is_wanted(tmp_path: Path, where: str) -> None:
    async with open_book(tmp_path, catalog_clients=where) as world:
        await world.ben.command("/clients só nome")
        card = await world.ben.sees("Client no. 504.")
        await world.ben.click(card, "Share to channel")  # reads the client anew, into the copy
        await world.ben.sees("shared from InvoiceXpress", channel="geral")
        everything = _written(tmp_path)
    everything += _written(tmp_path)
    assert ("Só Nome".encode() in everything) == (where == "disk")


async def test_a_page_that_is_no_more_leads_to_the_last_one(tmp_path: Path) -> None:
    async with open_book(tmp_path, MANY) as world:
        await world.ben.command("/clients")
        first = await world.ben.sees("1 to 10 of 25.")
        await world.ben.click(first, "Next")
        second = await world.ben.sees("11 to 20 of 25.")
        world.account.faults.answer(404)
        for number in range(618, 626):
            await world.ben.command(f"/clients C{number - 600}")
            card = await world.ben.sees(f"Client no. {number}.")
            await world.ben.click(card, "Share to channel")
            await world.ben.sees("has no such record")
        await world.ben.click(second, "Next")
        await world.ben.sees("Cliente 17", "11 to 17 of 17.")


async def test_while_the_service_is_down_the_copy_is_shown_and_says_so(book: World) -> None:
    await book.ben.command("/clients oliveira")
    found = await book.ben.sees("Padaria Oliveira (Braga)")
    book.account.faults.switch(down=True)
    await book.ben.click(found, "Open", value=str(BRANCH))
    await book.ben.sees("Padaria Oliveira (Braga)", f"Client no. {BRANCH}.", "InvoiceXpress has not answered since")


async def test_a_client_that_neither_the_service_nor_the_copy_tells_of(book: World) -> None:
    book.account.faults.switch(down=True)
    await book.ben.click(old_button(book, "clients.open", "999"), "Old")
    await book.ben.sees("InvoiceXpress does not answer at this moment")


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        ("clients.open", "garbage"),
        ("clients.open", ""),
        ("clients.share", "1.5"),
        ("clients.page", "garbage"),
        ("clients.page:next", '{"version": 2}'),
        ("clients.page:next", '{"offset": -10}'),
    ],
)
async def test_a_button_of_last_month_is_told_kindly(book: World, action_id: str, value: str) -> None:
    await book.ben.click(old_button(book, action_id, value), "Old")
    await book.ben.sees("This button or form comes from an older version and no longer works.")
    assert asked(book) == []
