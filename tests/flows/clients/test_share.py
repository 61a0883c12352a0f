"""Sharing a client: an explicit button, in the channel of the message, or as a direct message from elsewhere."""

from __future__ import annotations

import pytest

from bot.sandbox.slack import Actor, View
from tests.flows.clients.book import BAKERY, asked, elements
from tests.flows.world import World

POSTS_OF_THE_API = ("chat.postMessage", "chat.postEphemeral")


@pytest.mark.parametrize("channel", ["geral", "vendas"], ids=["the bot is a member", "the bot is no member"])
async def test_a_client_is_shared_with_everybody_in_the_channel(book: World, channel: str) -> None:
    await book.ben.command("/clients padaria filhos", channel=channel)
    card = await book.ben.sees("Client no. 501.", channel=channel)
    await book.ben.click(card, "Share to channel")
    shared = await book.ana.sees(
        "shared from InvoiceXpress:", "Padaria Oliveira & Filhos, Lda.", channel=channel, ever=True
    )
    assert not shared.is_ephemeral
    assert [mention["user_id"] for mention in elements(shared, "user")] == [book.ben.id], "it says who shared"
    assert shared.text.startswith(f"<@{book.ben.id}> shared from InvoiceXpress: Padaria Oliveira &amp; Filhos")
    assert not elements(shared, "button")
    assert card in book.ben.messages(channel=channel), "the card stays with who asked"
    assert asked(book) == [f"GET /clients/{BAKERY}.json"], "what is shared is freshly read"
    assert not any(book.workspace.calls_of(method) for method in POSTS_OF_THE_API)


async def found_in_modal(world: World, person: Actor, client_id: int) -> View:
    await person.command("/clients find")
    finder = await person.modal(callback_id="clients.pick")
    await person.type_ahead("clients.pick", "padaria", finder)
    await person.choose("clients.pick", str(client_id), finder)
    return await person.modal(f"Client no. {client_id}.")


async def test_from_a_modal_it_goes_into_a_direct_message(book: World) -> None:
    finder = await found_in_modal(book, book.ben, BAKERY)
    await book.ben.click(finder, "Share to channel")
    await book.ben.modal("From here there is no channel to share to", "Padaria Oliveira & Filhos, Lda.")
    direct = await book.ben.sees("shared from InvoiceXpress:", "Padaria Oliveira & Filhos, Lda.", channel="dm")
    assert not direct.is_ephemeral
    assert book.ana.messages("shared from InvoiceXpress:") == []


async def test_a_message_that_was_answered_too_often_is_shared_as_a_direct_message(book: World) -> None:
    await book.ben.command("/clients padaria filhos")
    card = await book.ben.sees("Client no. 501.")
    book.workspace.faults.next("response_url", error="used_url", status=404)
    await book.ben.click(card, "Share to channel")
    await book.ben.sees("shared from InvoiceXpress:", channel="dm", ever=True)
    await book.ben.sees("From here there is no channel to share to", channel="geral")
    assert book.ana.messages("shared from InvoiceXpress:") == []


async def test_a_client_that_is_gone_is_not_shared(book: World) -> None:
    await book.ben.command("/clients padaria filhos")
    card = await book.ben.sees("Client no. 501.")
    book.account.faults.answer(404, path="/clients/*")
    await book.ben.click(card, "Share to channel")
    gone = await book.ben.sees("InvoiceXpress has no such record")
    assert gone.is_ephemeral
    assert book.ana.messages("shared from InvoiceXpress:") == []
