"""Values that the service refuses: the form comes back with all that was typed, and its sentence where it belongs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.sandbox.account import Account, Quirks
from bot.sandbox.account.quirks import RefusalShape
from bot.sandbox.slack import Actor, View
from tests.flows.items.shop import COFFEE, LARGE, QUICK, TAXES, asked, confirmation, edit_form, held, item, open_shop
from tests.flows.world import World, living_world

NAMING_THE_FIELD = {"pairs", "errors-by-field", "by-field"}


def under(form: View, field: str) -> str:
    """Return the sentence that stands under a field; empty where there is none."""
    index = next(number for number, block in enumerate(form.blocks) if str(block["block_id"]).startswith(f"{field}:"))
    following = form.blocks[index + 1] if index + 1 < len(form.blocks) else {}
    return str(following["elements"][0]["text"]) if following.get("type") == "context" else ""


async def refused_form(person: Actor, *words: str) -> View:
    """Return the form that came back, with a sentence that ends in these words."""
    form = await person.modal(*words)
    assert form.callback_id in {"items.form", "items.new-form"}
    assert form.values["name:1", "name"]["value"] is not None
    return form


async def fill_in(shop: World) -> None:
    await shop.ben.command("/items new Large")
    await shop.ben.modal(callback_id="items.new-form")
    await shop.ben.fill({"Unit price": "1,5", "Description": "Duas\nlinhas", "Tax": "IVA6 (6%)", "Unit": "Day"})
    shop.account.requests.clear()
    await shop.ben.submit()


@pytest.mark.parametrize("shape", get_args(RefusalShape))
async def test_a_name_that_is_taken_is_told_where_the_body_says(tmp_path: Path, shape: RefusalShape) -> None:
    async with open_shop(tmp_path, quirks=Quirks(refusal=shape)) as shop:
        await fill_in(shop)
        if shape == "blank":
            form = await refused_form(shop.ben, "InvoiceXpress refused this without saying why.")
            assert under(form, "name") == ""
        elif shape in NAMING_THE_FIELD:
            form = await refused_form(shop.ben, "InvoiceXpress refused this: see below.")
            assert under(form, "name") == "⚠️ não está disponível"
        else:
            form = await refused_form(shop.ben, "InvoiceXpress refused this: Nome não está disponível")
            assert under(form, "name") == ""
        assert asked(shop) == ["POST /items.json"]
        assert shop.account.writes == ()
        kept = ("Large", "Duas\nlinhas", "1,5", "IVA6 (6%)", "Day")
        assert all(words in form.plain for words in kept)
        await shop.ben.fill({"Name": "Larger"})
        await shop.ben.submit()
        await shop.ben.modal("The item was created.")
        stored = shop.account.item_named("Larger")
        assert stored is not None
        assert stored == item(stored.id, "Larger", "1.5", description="Duas\nlinhas", unit="day", tax="IVA6")


async def test_a_second_refusal_is_told_in_the_same_way(shop: World) -> None:
    await fill_in(shop)
    await refused_form(shop.ben, "Nome não está disponível")
    await shop.ben.fill({"Name": "Café Expresso"})
    await shop.ben.submit()
    form = await shop.ben.modal("Nome não está disponível", "Café Expresso")
    assert form.values["name:2", "name"]["value"] == "Café Expresso"


async def test_a_name_that_is_taken_when_an_item_is_edited(shop: World) -> None:
    await edit_form(shop, shop.ana, COFFEE)
    await shop.ana.fill({"Nome": "Large", "Descrição": "Nova"})
    await shop.ana.submit()
    await refused_form(shop.ana, "O InvoiceXpress recusou: Nome não está disponível", "Nova")
    await shop.ana.fill({"Nome": "Expresso"})
    await shop.ana.submit()
    await shop.ana.modal("Expresso foi guardado.")
    assert (held(shop, COFFEE).name, held(shop, COFFEE).description) == ("Expresso", "Nova")


async def test_the_only_field_that_was_touched_is_not_blamed_for_another(shop: World) -> None:
    await edit_form(shop, shop.ben, COFFEE)
    shop.account.faults.answer(422, json.dumps({"error": "Nome não é válido"}), method="PUT", times=1)
    await shop.ben.fill({"Unit price": "2"})
    await shop.ben.submit()
    form = await refused_form(shop.ben, "InvoiceXpress refused this: Nome não é válido")
    assert under(form, "unit_price") == ""


async def test_what_belongs_to_no_field_stands_above_the_form(shop: World) -> None:
    await edit_form(shop, shop.ben, COFFEE)
    shop.account.faults.answer(422, json.dumps({"error": "Conta suspensa"}), method="PUT", times=1)
    await shop.ben.fill({"Description": "Nova", "Unit price": "2"})
    await shop.ben.submit()
    form = await refused_form(shop.ben, "InvoiceXpress refused this: Conta suspensa")
    assert all(under(form, field) == "" for field in ("name", "description", "unit_price", "tax", "unit"))


@pytest.mark.parametrize(
    ("body", "above", "below"),
    [
        (
            {"errors": {"name": ["é longo", "está repetido"], "unit_price": ["é alto"]}},
            "InvoiceXpress refused this: see below.",
            {"name": "⚠️ é longo está repetido", "unit_price": "⚠️ é alto"},
        ),
        (
            {"errors": {"name": ["é longo"], "base": ["Conta suspensa"]}},
            "InvoiceXpress refused this: é longo Conta suspensa",
            {"name": "⚠️ é longo"},
        ),
        ([["base", "Conta <!channel> *suspensa*"]], "Conta <!channel> *suspensa*", {}),
        ({"errors": [{"error": "muito " * 100}]}, "muito " * 50, {}),
        ({"errors": []}, "InvoiceXpress refused this without saying why.", {}),
    ],
)
async def test_whatever_the_body_says_is_told(shop: World, body: Any, above: str, below: dict[str, str]) -> None:
    await shop.ben.command("/items new Chá")
    await shop.ben.modal(callback_id="items.new-form")
    shop.account.faults.answer(422, json.dumps(body), method="POST", times=1)
    await shop.ben.fill({"Unit price": "1"})
    await shop.ben.submit()
    form = await refused_form(shop.ben, above)
    assert {field: under(form, field) for field in ("name", "unit_price") if under(form, field)} == below


async def test_a_refusal_that_is_a_page_says_nothing_of_it(shop: World) -> None:
    await shop.ben.command("/items new Chá")
    await shop.ben.modal(callback_id="items.new-form")
    shop.account.faults.answer(422, "<html><body>Oops</body></html>", content_type="text/html", method="POST", times=1)
    await shop.ben.fill({"Unit price": "1"})
    await shop.ben.submit()
    form = await refused_form(shop.ben, "InvoiceXpress refused this without saying why.")
    assert "Oops" not in form.plain


async def test_a_delete_that_is_refused_is_asked_again(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)
    shop.account.faults.answer(422, json.dumps({"error": "Artigo em uso"}), method="DELETE", times=1)
    await shop.ana.submit()
    await shop.ana.modal("O InvoiceXpress recusou: Artigo em uso", "Eliminar o artigo n.º")
    assert shop.account.has_item(LARGE)
    await shop.ana.submit()
    await shop.ana.modal("foi eliminado.")


async def test_a_refusal_after_the_form_was_closed_is_told_in_a_message(shop: World) -> None:
    await shop.ben.command("/items new Large")
    await shop.ben.modal(callback_id="items.new-form")
    await shop.ben.fill({"Unit price": "1"})
    async with shop.account.faults.holding("POST") as hold:
        await shop.ben.submit()
        await hold.arrived()
        await shop.ben.close()
        hold.release()
        told = await shop.ben.sees("InvoiceXpress refused this: Nome não está disponível")
    assert told.text == "InvoiceXpress refused this: Nome não está disponível"
    assert shop.account.writes == ()


async def test_a_refusal_while_nothing_was_read_yet_keeps_the_form(tmp_path: Path) -> None:
    def stock(account: Account) -> None:
        account.stock(items=[item(1, "Large")], taxes=TAXES)
        account.faults.answer(503, path="/items.json", method="GET")

    async with living_world(tmp_path, samples=False, stock=stock, limits=QUICK) as shop:
        await fill_in(shop)
        await refused_form(shop.ben, "InvoiceXpress refused this: Nome não está disponível", "Duas")
