"""What the card of a client shows, and what it never shows."""

from __future__ import annotations

import json

from bot.sandbox.account.wire import open_account_link
from tests.flows.clients.book import BAKERY, ODD, TWIN, elements
from tests.flows.world import World
from tests.logs import caught_log


async def test_everything_that_the_account_holds_is_on_the_card(book: World) -> None:
    await book.ben.command("/clients padaria filhos")
    card = await book.ben.sees("Padaria Oliveira & Filhos, Lda.")
    labels = [
        element["text"].strip()
        for element in elements(card, "text")
        if element.get("style", {}).get("bold") and element["text"].strip()
    ]
    assert labels == [
        "Fiscal id:",
        "Code:",
        "E-mail:",
        "Phone:",
        "Address:",
        "Website:",
        "Fax:",
        "Preferred contact:",
        "Observations:",
    ]
    for value in ("PAD-7", "geral@padaria.example", "213 456 789", "www.padaria.example", "213456788"):
        assert value in card.plain
    assert "Rua das Flores, 12\n2.º Esq.\n4050-262 Porto\nPortugal" in card.plain
    assert "Rui Oliveira · rui@padaria.example · +351 912 345 678" in card.plain
    assert "Entregar até às 7h.\nTocar duas vezes." in card.plain
    assert card.text == (
        "Padaria Oliveira &amp; Filhos, Lda.: fiscal id 508 025 338 · code PAD-7 · Porto · geral@padaria.example"
    )


async def test_the_labels_are_in_the_reader_s_language(book: World) -> None:
    await book.ana.command("/clientes padaria filhos")
    await book.ana.sees(
        "NIF:",
        "Código:",
        "Telefone:",
        "Morada:",
        "Sítio Web:",
        "Contacto preferencial:",
        "Observações:",
        "Cliente n.º 501.",
    )


async def test_the_fiscal_id_is_set_apart_for_copying(book: World) -> None:
    await book.ben.command("/clients café central")
    card = await book.ben.sees(f"Client no. {TWIN}.")
    assert [element["text"] for element in elements(card, "text") if element.get("style", {}).get("code")] == [
        "PT 508 025 338"
    ]


async def test_a_name_is_text_and_never_markup(book: World) -> None:
    await book.ben.command("/clients uber")
    card = await book.ben.sees("*Über* <!channel> & _Söhne_ GmbH", f"Client no. {ODD}.")
    assert card.text.startswith("*Über* &lt;!channel&gt; &amp; _Söhne_ GmbH: ")
    assert not elements(card, "mrkdwn"), "nothing in the blocks is read as markup"
    (share,) = elements(card, "button")
    assert share["accessibility_label"] == "Share *Über* <!channel> & _Söhne_ GmbH to the channel"


async def test_the_public_link_is_nowhere(book: World) -> None:
    with caught_log("DEBUG") as log:
        await book.ben.command("/clients oliveira")
        found = await book.ben.sees("1 to 2 of 2.")
        await book.ben.click(found, "Open", value=str(BAKERY))
        card = await book.ben.sees(f"Client no. {BAKERY}.")
        await book.ben.click(card, "Share to channel")
        await book.ben.sees("shared from InvoiceXpress")
        await book.ana.command("/clients find")
        finder = await book.ana.modal("Procurar")
        await book.ana.type_ahead("clients.pick", "padaria", finder)
        await book.ana.choose("clients.pick", str(BAKERY), finder)
        await book.ana.modal("Observações:")
    assert book.account.requests.matching(path=f"/clients/{BAKERY}.json"), "the account was asked, and answered a link"
    for told in (log.text, book.workspace.everything_received(), json.dumps([m.blocks for m in book.ben.messages()])):
        assert "open_account" not in told
        assert open_account_link(BAKERY).rpartition("/")[2] not in told
