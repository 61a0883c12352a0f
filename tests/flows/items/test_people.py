"""Guests and people of other organisations get a refusal, whatever they press, and nothing is written."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path

import pytest

from bot.sandbox.slack import Actor, Exchange
from tests.clocks import ShiftedClock
from tests.flows.items.shop import LARGE, asked, confirmation, edit_form, open_shop
from tests.flows.world import World

ENGLISH, PORTUGUESE = "You may not do this", "Não tem permissão para fazer isto"


def strangers(shop: World) -> list[tuple[Actor, str, str]]:
    """Return a guest and two people of a partner, each with a channel they are in and the words they read."""
    gil, eva, sam = (shop.workspace.person(name) for name in ("Gil", "Eva", "Sam"))
    return [(gil, "geral", PORTUGUESE), (eva, "geral", ENGLISH), (sam, "vendas", ENGLISH)]


@pytest.mark.parametrize("text", ["", " large", f" {LARGE}", " help"])
async def test_nothing_is_shown(shop: World, text: str) -> None:
    for person, channel, words in strangers(shop):
        await person.command(f"/items{text}", channel)
        told = await person.sees(words)
        assert told.is_ephemeral
        assert "Large" not in told.plain
    assert asked(shop) == []


@pytest.mark.parametrize("text", ["new Chá", "find", "edit large", f"edit {LARGE}", f"delete {LARGE}"])
async def test_no_form_is_opened(shop: World, text: str) -> None:
    for person, channel, words in strangers(shop):
        await person.command(f"/items {text}", channel)
        view = await person.modal(words)
        assert "Large" not in view.plain
        assert "submit" not in view.payload
    assert asked(shop) == []


def as_somebody_else(exchange: Exchange, person: Actor) -> Exchange:
    """Return a request of Slack's as it would be if this person had caused it."""
    request = copy.deepcopy(exchange.request)
    request["user"]["id"] = person.id
    return dataclasses.replace(exchange, request=request)


async def test_the_share_button_of_others_does_nothing(shop: World) -> None:
    await shop.ben.command("/items large")
    card = await shop.ben.sees("Large")
    await shop.ben.click(card, "Share to channel")
    await shop.ana.sees("shared from InvoiceXpress:", ever=True)
    shop.account.requests.clear()
    [click] = shop.workspace.calls_of("block_actions")
    await shop.workspace.repeat(as_somebody_else(click, shop.workspace.person("Gil")))
    # It stands where the stand-in's response URL leads: with the person whose click it was.
    await shop.ben.sees(PORTUGUESE)
    assert asked(shop) == []
    assert len(shop.ana.messages("shared from")) == 1


@pytest.mark.parametrize("form", ["edit", "delete"])
async def test_the_submission_of_others_writes_nothing(shop: World, form: str) -> None:
    open_form = edit_form if form == "edit" else confirmation
    await open_form(shop, shop.ana, LARGE)
    if form == "edit":
        await shop.ana.fill({"Preço unitário": "101"})
    shop.account.faults.answer(429, path="/items/*", times=3)
    await shop.ana.submit()
    await shop.ana.modal("Nada foi feito; tente de novo")
    shop.account.requests.clear()
    [submission] = shop.workspace.calls_of("view_submission")
    await shop.workspace.repeat(as_somebody_else(submission, shop.workspace.person("Eva")))
    await shop.ana.modal(ENGLISH)
    assert asked(shop) == []
    assert shop.account.writes == ()


async def test_who_is_no_member_any_more_is_refused_at_the_submission(tmp_path: Path) -> None:
    clock = ShiftedClock()
    async with open_shop(tmp_path, clock=clock) as shop:
        await edit_form(shop, shop.ben, LARGE)
        await shop.ben.fill({"Unit price": "101"})
        guest = dataclasses.replace(shop.ben.person, is_restricted=True)
        shop.workspace.state.people[guest.id] = guest
        clock.shift(700)
        await shop.ben.submit()
        view = await shop.ben.modal(ENGLISH)
        assert "submit" not in view.payload
        assert shop.account.writes == ()
