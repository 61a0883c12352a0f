"""Whatever stands in an account or is typed by a person is shown as it is, and stored as it was typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.flows.items.shop import LARGE, asked, edit_form, held, item, open_shop
from tests.flows.world import World
from tests.worst import TEXTS

MARKUP = "<!channel> *gordo* _it_ `código` & <https://example.com|aqui>"
AWKWARD = {name: text for name, text in TEXTS.items() if name not in {"empty", "spaces"}}


async def test_markup_in_a_name_stays_text(tmp_path: Path) -> None:
    async with open_shop(tmp_path, items=[item(1, MARKUP, tax="IVA23"), item(2, MARKUP + " 2", tax="IVA23")]) as shop:
        await shop.ben.command("/items gordo")
        found = await shop.ben.sees(MARKUP, "1 to 2 of 2.")
        await shop.ben.click(found, "Open", value="1")
        card = await shop.ben.sees(MARKUP, "Item no. 1.")
        escaped = "&lt;!channel&gt; *gordo* _it_ `código` &amp; &lt;https://example.com|aqui&gt;"
        assert card.text == f"{escaped}: €10.00 + IVA23"
        assert "mrkdwn" not in json.dumps(card.blocks)
        await shop.ben.click(card, "Share to channel")
        shared = await shop.ana.sees("shared from InvoiceXpress:", MARKUP, ever=True)
        assert "<!channel>" not in shared.text
        await shop.ben.click(card, "Edit")
        form = await shop.ben.modal("Edit item")
        assert form.values["name:0", "name"]["value"] == MARKUP


async def test_a_direction_override_turns_nothing_around(tmp_path: Path) -> None:
    async with open_shop(tmp_path, items=[item(1, "Caf\u202eé", "5", tax="IVA23", description="\u202edesc")]) as shop:
        await shop.ben.command("/items 1")
        card = await shop.ben.sees("Café", "desc")
        assert "\u202e" not in card.text + card.plain
        await shop.ben.click(card, "Edit")
        await shop.ben.modal(callback_id="items.form")
        await shop.ben.fill({"Unit price": "6"})
        await shop.ben.submit()
        done = await shop.ben.modal("Café was saved.")
        assert "\u202e" not in done.plain
        assert held(shop, 1) == item(1, "Caf\u202eé", "6", tax="IVA23", description="\u202edesc")


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD)
async def test_an_awkward_item_is_shown_edited_and_deleted(tmp_path: Path, text: str) -> None:
    records = [item(1, text, "1234567.890123", description=text, unit="service", tax="IVA6"), item(2, f"{text}2")]
    async with open_shop(tmp_path, items=records) as shop:
        await shop.ana.command("/artigos")
        found = await shop.ana.sees("1 a 2 de 2.")
        await shop.ana.click(found, "Abrir", value="1")
        card = await shop.ana.sees("Artigo n.º 1.")
        await shop.ana.click(card, "Editar")
        await shop.ana.modal(callback_id="items.form")
        await shop.ana.fill({"Unidade": "Dia"})
        await shop.ana.submit()
        await shop.ana.modal("foi guardado.", "Serviço → Dia")
        assert held(shop, 1) == item(1, text, "1234567.890123", description=text, unit="day", tax="IVA6")
        await shop.ana.close()
        await shop.ana.click(card, "Eliminar")
        await shop.ana.modal(callback_id="items.delete-form")
        await shop.ana.submit()
        await shop.ana.modal("foi eliminado.")
        assert [record.id for record in shop.account.items()] == [2]


@pytest.mark.parametrize("name", [MARKUP, "👩‍👩‍👧‍👦", "=cmd()", '"aspas"', "x" * 3000, "café\u202eé", "-"])
async def test_what_is_typed_is_stored(shop: World, name: str) -> None:
    await shop.ben.command("/items new")
    await shop.ben.modal(callback_id="items.new-form")
    await shop.ben.fill({"Name": name, "Unit price": "1", "Description": name})
    await shop.ben.submit()
    await shop.ben.modal("The item was created.")
    stored = shop.account.item_named(name)
    assert stored is not None
    assert stored.description == name
    assert shop.workspace.calls_of("error") == []


@pytest.mark.parametrize(
    "typed",
    [
        "café\nduplo",
        "\u201d",
        "“",
        '"',
        "'",
        "*",
        "%",
        "OR NEAR(a b)",
        "café*",
        '") OR 1=1 --',
        "x" * 8000,
        "\u202e",
        "\x00",
        "👩‍👩‍👧‍👦",
        "a " * 3000,
    ],
)
async def test_whatever_is_typed_after_the_command_is_answered(shop: World, typed: str) -> None:
    answer = await shop.ben.command(f"/items {typed}")
    assert answer.ok
    told = await shop.ben.sees()
    assert "Something went wrong" not in told.plain


@pytest.mark.parametrize("typed", ["new\u00a0Chá", "NEW\tChá", "novo\nChá", "new  “Chá”"])
async def test_a_verb_is_known_whatever_space_follows(shop: World, typed: str) -> None:
    await shop.ben.command(f"/items {typed}")
    form = await shop.ben.modal("New item", callback_id="items.new-form")
    assert form.values["name:0", "name"]["value"] == "Chá"


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, '{"version":9}', "[]", "null", "١"])
@pytest.mark.parametrize("action", ["items.open", "items.page", "items.share", "items.pick", "items.undo"])
async def test_a_button_of_another_version_says_so(shop: World, action: str, value: str) -> None:
    await shop.ben.command("/items café")
    found = await shop.ben.sees("1 to 2 of 2.")
    await shop.ben.click(found, "Open", value="402323")
    await shop.ben.sees("Item no.")
    [click] = shop.workspace.calls_of("block_actions")
    click.request["actions"][0] |= {"action_id": action, "value": value}
    shop.account.requests.clear()
    assert (await shop.workspace.repeat(click)).ok
    told = await shop.ben.sees(channel="geral")
    assert "Something went wrong" not in told.plain
    assert shop.account.writes == ()


@pytest.mark.parametrize("metadata", ["", "x", '{"version":9}', '{"item":"x"}', "null"])
async def test_a_form_of_another_version_says_so(shop: World, metadata: str) -> None:
    form = await edit_form(shop, shop.ben, LARGE)
    form.payload["private_metadata"] = metadata
    await shop.ben.fill({"Unit price": "-1"})
    answer = await shop.ben.submit()
    assert answer.ok
    if metadata:
        await shop.ben.modal("This button or form comes from an older version and no longer works.")
    assert asked(shop) == []
    assert shop.account.writes == ()
