"""Roles, as they are given: to a person, a user group, a channel, members, admins, everyone; and as they are taken."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.config import Settings
from bot.sandbox.account import Account
from bot.sandbox.slack import Actor, Message, View
from tests.clocks import BriefPauses, ShiftedClock
from tests.flows.items.shop import ITEMS, LARGE, QUICK, TAXES, edit_form, open_shop
from tests.flows.world import Place, World, standing_place

DENIED = "You may not do this here."
BUTTONS = ("Edit", "Delete", "Share to channel")
NOBODY: dict[str, Any] = {"viewers": "U0NOBODY01", "editors": "U0NOBODY01", "managers": "U0NOBODY01"}


async def sees_card(person: Actor, channel: str = "geral") -> Message | None:
    """Ask for an item, and return its card, or None where that is refused."""
    await person.command("/items large", channel)
    told = await person.sees(channel=channel)
    return None if DENIED in told.plain or "Não tem permissão" in told.plain else told


def buttons(shown: Message | View) -> list[str]:
    """Return what stands on the buttons."""
    elements = [one for block in shown.blocks for one in [*block.get("elements", []), block.get("accessory") or {}]]
    return [element["text"]["text"] for element in elements if element.get("type") == "button"]


@pytest.mark.parametrize(
    ("named", "sees"),
    [
        ("U0BEN00001", {"Ben"}),
        ("S0FATURAS1", {"Ben"}),
        ("members", {"Ana", "Ben"}),
        ("admins", {"Ana"}),
        ("everyone", {"Ana", "Ben", "Gil", "Eva"}),
        ("U0GIL00001, U0EVA00001", {"Gil", "Eva"}),
        ("C0GERAL001", {"Ana", "Ben", "Gil", "Eva"}),
        ("C0VENDAS01", set()),
    ],
)
async def test_whoever_is_named_looks_up_and_nobody_else(tmp_path: Path, named: str, sees: set[str]) -> None:
    async with open_shop(tmp_path, **{**NOBODY, "viewers": named}) as shop:
        people = {name: shop.workspace.person(name) for name in ("Ana", "Ben", "Gil", "Eva")}
        assert {name for name, person in people.items() if await sees_card(person)} == sees


async def test_a_channel_counts_for_whoever_asks_there(tmp_path: Path) -> None:
    async with open_shop(tmp_path, viewers="members", editors="C0VENDAS01", managers="admins") as shop:
        here = await sees_card(shop.ben, "geral")
        there = await sees_card(shop.ben, "vendas")
        assert here
        assert there
        assert (buttons(here), buttons(there)) == (["Share to channel"], ["Edit", "Share to channel"])
        await shop.ben.command("/items new Chá", "geral")
        await shop.ben.sees(DENIED, channel="geral")
        await shop.ben.command("/items new Chá", "vendas")
        await shop.ben.modal("New item")
        await shop.ben.close()
        await shop.ben.command("/items help", "vendas")
        assert "/items new" in (await shop.ben.sees("What you can type", channel="vendas")).plain
        await shop.ben.command("/items help", "geral")
        assert "/items new" not in (await shop.ben.sees("What you can type", channel="geral")).plain


async def test_a_form_that_was_opened_in_a_channel_goes_on_counting_as_asked_there(tmp_path: Path) -> None:
    async with open_shop(tmp_path, viewers="members", editors="C0VENDAS01", managers="admins") as shop:
        card = await sees_card(shop.ben, "vendas")
        await shop.ben.click(card, "Edit")
        await shop.ben.modal("Edit item")
        await shop.ben.fill({"Unit price": "1.234"})
        await shop.ben.submit()
        shop.account.faults.answer(429, path="/items/*", times=3)
        await shop.ben.fill({"Unit price": "101"})
        await shop.ben.submit()
        await shop.ben.modal("only so many requests", "101")
        await shop.ben.submit()
        saved = await shop.ben.modal("Large was saved.", "€100.00 → €101.00")
        await shop.ben.click(saved, "Undo")
        await shop.ben.modal("€101.00 → €100.00")
        await shop.ben.close()
        await shop.ben.command("/items find", "vendas")
        finder = await shop.ben.modal(callback_id="items.pick")
        await shop.ben.type_ahead("items.pick", "large", finder)
        await shop.ben.choose("items.pick", str(LARGE), finder)
        found = await shop.ben.modal("Large", "Item no.")
        assert buttons(found) == ["Edit", "Share to channel"]
        await shop.ben.click(found, "Edit")
        await shop.ben.modal("Edit item", "100.00")


@pytest.mark.parametrize(
    ("settings", "shown", "help_lacks", "home"),
    [
        ({"editors": "admins"}, ["Share to channel"], ["new", "edit", "delete", "history", "refresh"], []),
        (
            {"editors": "U0BEN00001", "managers": "admins"},
            ["Edit", "Share to channel"],
            ["delete", "refresh"],
            ["Create an item"],
        ),
        ({"managers": "S0FATURAS1"}, ["Edit", "Delete", "Share to channel"], [], ["Create an item"]),
    ],
    ids=["viewer", "editor", "manager"],
)
async def test_only_what_may_be_done_is_shown(
    tmp_path: Path, settings: dict[str, str], shown: list[str], help_lacks: list[str], home: list[str]
) -> None:
    async with open_shop(tmp_path, **{**NOBODY, "viewers": "members", **settings}) as shop:
        card = await sees_card(shop.ben)
        assert card
        assert buttons(card) == shown
        await shop.ben.command("/items help")
        told = await shop.ben.sees("What you can type")
        verbs = ["find", "new", "edit", "delete", "history", "refresh", "help"]
        assert [verb for verb in verbs if f"/items {verb}" not in told.plain] == help_lacks
        await shop.ben.command("/items nothing like it")
        missed = await shop.ben.sees("No item matches")
        assert buttons(missed) == (["Create it"] if home else [])
        await shop.ben.open_home()
        tab = await shop.ben.home("InvoiceXpress in Slack")
        assert buttons(tab) == ["Find an item", *home, "Find a client"]
        [may] = [line for line in tab.plain.splitlines() if line.startswith("You may")]
        assert ("delete items" in may, "create items" in may) == ("delete" not in help_lacks, bool(home))


async def test_nobody_sees_a_home_that_says_so(tmp_path: Path) -> None:
    async with open_shop(tmp_path, **NOBODY) as shop:
        await shop.ben.open_home()
        tab = await shop.ben.home(DENIED)
        assert buttons(tab) == []
        assert "/items" not in tab.plain


async def test_a_refusal_names_the_groups_and_channels_to_ask(tmp_path: Path) -> None:
    async with open_shop(tmp_path, **{**NOBODY, "managers": "S0FATURAS1, C0VENDAS01, U0ANA00001"}) as shop:
        gil = shop.workspace.person("Gil")
        await gil.command("/items")
        told = await gil.sees(
            "Não tem permissão para fazer isto aqui. Fale com quem gere esta aplicação.", "Com quem falar:"
        )
        assert all(id_ in told.plain for id_ in ("U0ANA00001", "S0FATURAS1", "C0VENDAS01"))


async def test_a_refusal_names_the_admins(tmp_path: Path) -> None:
    async with open_shop(tmp_path, editors="admins", managers="admins") as shop:
        await shop.ben.command("/items edit large")
        await shop.ben.modal(f"{DENIED} Ask whoever manages this app, such as a workspace admin.")
        await shop.ben.close()
        await shop.ben.command("/items edit large")
        await shop.ben.sees(f"{DENIED} Ask whoever manages this app, such as a workspace admin.")


async def test_whoever_joins_a_group_may_ten_minutes_later(tmp_path: Path) -> None:
    clock = ShiftedClock()
    async with open_shop(tmp_path, clock=clock, **{**NOBODY, "viewers": "S0FATURAS1"}) as shop:
        group = shop.workspace.state.groups["S0FATURAS1"]
        assert not await sees_card(shop.ana)
        assert await sees_card(shop.ben)
        group.members[:] = [shop.ana.id]
        clock.shift(601)
        assert await sees_card(shop.ana)
        assert not await sees_card(shop.ben)


async def test_a_group_that_is_gone_counts_for_nobody_and_stops_nobody(tmp_path: Path) -> None:
    async with open_shop(tmp_path, **{**NOBODY, "viewers": "S0GONE0001, U0ANA00001"}) as shop:
        assert await sees_card(shop.ana)
        assert not await sees_card(shop.ben)


# Taken away in between


@asynccontextmanager
async def two_shifts(tmp_path: Path) -> AsyncIterator[Place]:
    """An account and a workspace in which the bot is started twice, the second time with other settings."""

    def stock(account: Account) -> None:
        account.stock(items=ITEMS, taxes=TAXES)

    async with standing_place(tmp_path, samples=False, stock=stock) as place:
        yield place


def with_other(place: Place, **changes: Any) -> Place:
    settings = Settings.model_validate({**place.settings.model_dump(), **changes})
    return dataclasses.replace(place, settings=settings)


async def card_of(world: World, person: Actor) -> Message:
    card = await sees_card(person)
    assert card
    return card


@pytest.mark.parametrize(
    ("button", "left"),
    [
        ("Edit", {"editors": "admins", "managers": "admins"}),
        ("Delete", {"managers": "admins"}),
        ("Share to channel", {**NOBODY, "managers": "admins"}),
    ],
)
async def test_an_old_button_asks_again_whether_one_may(tmp_path: Path, button: str, left: dict[str, str]) -> None:
    async with two_shifts(tmp_path) as place:
        async with place.with_bot(limits=QUICK) as world:
            card = await card_of(world, world.ben)
        async with with_other(place, **left).with_bot(limits=QUICK) as world:
            await world.ben.click(card, button)
            if button == "Share to channel":
                await world.ben.sees(DENIED)
            else:
                await world.ben.modal(DENIED)
            assert world.ana.messages("shared from") == []


@pytest.mark.parametrize("form", ["edit", "new", "delete"])
async def test_a_submission_asks_again_whether_one_may(tmp_path: Path, form: str) -> None:
    async with two_shifts(tmp_path) as place:
        async with place.with_bot(limits=QUICK) as world:
            await world.ben.command("/items new Chá" if form == "new" else f"/items {form} {LARGE}")
            await world.ben.modal({"edit": "Edit item", "new": "New item", "delete": "Delete item no."}[form])
            if form != "delete":
                await world.ben.fill({"Unit price": "7"})
        async with with_other(place, editors="admins", managers="admins").with_bot(limits=QUICK) as world:
            await world.ben.submit()
            told = await world.ben.modal(DENIED)
            assert "submit" not in told.payload
        assert place.account.writes == ()


async def test_an_old_undo_button_asks_again_whether_one_may(tmp_path: Path) -> None:
    async with two_shifts(tmp_path) as place:
        async with place.with_bot(limits=QUICK) as world:
            await edit_form(world, world.ben, LARGE)
            await world.ben.fill({"Unit price": "7"})
            await world.ben.submit()
            saved = await world.ben.modal("Large was saved.")
        async with with_other(place, editors="admins", managers="admins").with_bot(limits=QUICK) as world:
            await world.ben.click(saved, "Undo")
            await world.ben.modal(DENIED)
        assert len(place.account.writes) == 1


async def test_a_page_of_the_history_shows_what_one_may_see_by_then(tmp_path: Path) -> None:
    async with two_shifts(tmp_path) as place:
        async with place.with_bot(limits=QUICK, clock=BriefPauses()) as world:
            for price in range(1, 13):
                await edit_form(world, world.ana, LARGE)
                await world.ana.fill({"Preço unitário": str(price)})
                await world.ana.submit()
                await world.ana.modal("Large foi guardado.")
                await world.ana.close()
            await world.ben.command("/items history")
            page = await world.ben.sees("1 to 10 of 12.", "Undo")
        async with with_other(place, managers="admins").with_bot(limits=QUICK) as world:
            await world.ben.click(page, "Next")
            shown = await world.ben.sees("Nothing is recorded.")
            assert world.ana.id not in shown.plain
