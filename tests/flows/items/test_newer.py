"""Forms and buttons that a newer version of the bot left on the screen: it ran beside this one, or was taken back."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from bot.sandbox.slack import View
from tests.flows.items.shop import LARGE, MEDIUM, confirmation, edit_form, held
from tests.flows.world import World


def rewritten(view: View, **changes: Any) -> None:
    """Let an open view remember more than this version would have told it."""
    state = json.loads(view.payload["private_metadata"])
    for name, value in changes.items():
        state[name] = {**state.get(name, {}), **value} if isinstance(value, dict) else value
    view.payload["private_metadata"] = json.dumps(state)


async def test_a_form_with_more_fields_in_its_memory_is_saved(shop: World) -> None:
    form = await edit_form(shop, shop.ben, LARGE)
    rewritten(
        form, draft=7, origin={"tab": "prices"}, shown={"barcode": "abc"}, held={"barcode": "abc"}, clash={"barcode": 1}
    )
    await shop.ben.fill({"Unit price": "101"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "€100.00 → €101.00")
    assert held(shop, LARGE).unit_price == Decimal(101)


async def test_a_form_that_is_refused_comes_back_with_what_was_typed(shop: World) -> None:
    form = await edit_form(shop, shop.ben, LARGE)
    rewritten(form, draft=7, language="fr")
    await shop.ben.fill({"Name": "Larger"})
    shop.account.faults.answer(422, '{"errors": [{"error": "Name is already taken"}]}', method="PUT")
    await shop.ben.submit()
    await shop.ben.modal("Name is already taken", "Larger")


async def test_a_form_in_which_something_that_matters_is_newer_is_refused(shop: World) -> None:
    form = await edit_form(shop, shop.ben, LARGE)
    rewritten(form, version=2)
    await shop.ben.fill({"Unit price": "101"})
    await shop.ben.submit()
    await shop.ben.modal("This button or form comes from an older version")
    assert held(shop, LARGE).unit_price == Decimal(100)


async def test_a_confirmation_with_more_in_its_memory_deletes(shop: World) -> None:
    view = await confirmation(shop, shop.ana, MEDIUM)
    rewritten(view, reason="duplicate", origin={"tab": "prices"})
    await shop.ana.submit()
    await shop.ana.modal(f"O artigo n.º {MEDIUM}, Medium, foi eliminado.")


async def test_a_button_with_more_in_its_value_works(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Unit price": "101"})
    await shop.ben.submit()
    outcome = await shop.ben.modal("Large was saved.")
    for block in outcome.payload["blocks"]:
        for element in block.get("elements", []):
            if element.get("value", "").startswith('{"reference"'):
                element["value"] = json.dumps({**json.loads(element["value"]), "from": "the history"})
    await shop.ben.click(outcome, "Undo")
    await shop.ben.modal("€101.00 → €100.00")
    assert held(shop, LARGE).unit_price == Decimal(100)
