"""Every write is logged: who, what, before, after, and how it ended."""

from __future__ import annotations

import json
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from tests.flows.items.shop import LARGE, MEDIUM, confirmation, edit_form
from tests.flows.world import World

Line = MutableMapping[str, Any]


@contextmanager
def logged_writes() -> Iterator[list[Line]]:
    """Collect the lines about writes, with what is bound to their request."""
    found: list[Line] = []
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        yield found
    found += [line for line in lines if line["event"] in {"write intended", "write ended"}]


def the_two(lines: list[Line]) -> tuple[Line, Line]:
    """Return the intent and the outcome, which belong to one request."""
    intended, ended = lines
    assert [intended["event"], ended["event"]] == ["write intended", "write ended"]
    assert intended["reference"] == ended["reference"]
    assert "outcome" not in intended
    return intended, ended


async def test_an_edit(shop: World) -> None:
    await edit_form(shop, shop.ben, MEDIUM)
    await shop.ben.fill({"Unit price": "25"})
    with logged_writes() as lines:
        await shop.ben.submit()
        await shop.ben.modal("Medium was saved.")
    intended, ended = the_two(lines)
    assert (intended["person"], intended["action"], intended["item"]) == (shop.ben.id, "edit", MEDIUM)
    assert intended["before"]["unit_price"] == "24.3902"
    assert intended["after"]["unit_price"] == "25"
    assert ended["outcome"] == "succeeded"
    assert (ended["after"]["id"], ended["after"]["tax"]["name"]) == (MEDIUM, "IVA23")


async def test_a_create(shop: World) -> None:
    await shop.ben.command("/items new Chá")
    await shop.ben.modal(callback_id="items.new-form")
    await shop.ben.fill({"Unit price": "1.3"})
    with logged_writes() as lines:
        await shop.ben.submit()
        await shop.ben.modal("The item was created.")
    intended, ended = the_two(lines)
    stored = shop.account.item_named("Chá")
    assert stored is not None
    assert (intended["item"], intended["before"], intended["after"]["name"]) == (None, None, "Chá")
    assert (ended["item"], ended["outcome"], ended["after"]["id"]) == (stored.id, "succeeded", stored.id)


async def test_a_delete(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)
    with logged_writes() as lines:
        await shop.ana.submit()
        await shop.ana.modal("foi eliminado.")
    intended, ended = the_two(lines)
    assert (intended["person"], intended["action"], intended["item"]) == (shop.ana.id, "delete", LARGE)
    assert (intended["before"]["name"], intended["after"]) == ("Large", None)
    assert ended["outcome"] == "succeeded"


async def test_a_delete_of_what_somebody_else_deleted(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)
    with logged_writes() as lines:
        async with shop.account.faults.holding("DELETE") as hold:
            await shop.ana.submit()
            await hold.arrived()
            shop.account.remove_item(LARGE)
            hold.release()
            await shop.ana.modal("já não existia")
    assert the_two(lines)[1]["outcome"] == "failed"


@pytest.mark.parametrize(
    ("status", "body", "outcome", "words"),
    [
        (422, json.dumps({"error": "Oops"}), "refused", "Oops"),
        (429, "", "failed", "only so many requests"),
        (503, "", "unknown", "may or may not have been made"),
    ],
)
async def test_what_did_not_succeed(shop: World, status: int, body: str, outcome: str, words: str) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Unit price": "25"})
    shop.account.faults.answer(status, body, method="PUT")
    with logged_writes() as lines:
        await shop.ben.submit()
        await shop.ben.modal(words)
    assert the_two(lines)[1]["outcome"] == outcome


async def test_a_create_whose_outcome_is_not_known(shop: World) -> None:
    await shop.ben.command("/items new Chá")
    await shop.ben.modal(callback_id="items.new-form")
    await shop.ben.fill({"Unit price": "1.3"})
    shop.account.faults.cut("after", method="POST")
    with logged_writes() as lines:
        await shop.ben.submit()
        await shop.ben.modal("the account holds an item of this name.")
    assert lines[1]["outcome"] == "unknown"


async def test_what_writes_nothing_is_no_write(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    with logged_writes() as lines:
        await shop.ben.submit()
        await shop.ben.modal("Nothing was changed in Large")
        await shop.ben.command("/items large")
        await shop.ben.sees("Large")
    assert lines == []
