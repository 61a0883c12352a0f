"""The Home tab and the help: what this person may do, in their language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.slack import Actor
from tests.flows.clients.book import elements
from tests.flows.items.shop import QUICK
from tests.flows.world import World, living_world


@pytest.fixture(params=["http", "socket"])
async def world(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with living_world(tmp_path, mode=request.param, samples=False, limits=QUICK) as living:
        yield living


@pytest.fixture
async def roles(tmp_path: Path) -> AsyncIterator[World]:
    """Members look up, administrators do the rest."""
    async with living_world(tmp_path, samples=False, limits=QUICK, editors="admins", managers="admins") as living:
        yield living


def buttons(shown: object) -> list[str]:
    return [button["text"]["text"] for button in elements(shown, "button")]  # type: ignore[arg-type]  # a view


async def test_home_says_what_the_bot_does_and_what_one_may(world: World) -> None:
    await world.ben.open_home()
    home = await world.ben.home(
        "InvoiceXpress in Slack",
        "Look up the clients and the items of your InvoiceXpress account",
        "You may look up items and clients, create items, edit items",
        "/items café",
        "/clients 508025338",
        "/artigos and /clientes do the same.",
    )
    assert buttons(home) == ["Find an item", "Create an item", "Find a client"]
    await world.ana.open_home()
    home = await world.ana.home(
        "InvoiceXpress no Slack", "Pode consultar artigos e clientes, criar artigos", "/artigos café"
    )
    assert buttons(home) == ["Procurar um artigo", "Criar um artigo", "Procurar um cliente"]


@pytest.mark.parametrize(
    ("button", "title"), [("Find an item", "Find"), ("Create an item", "New item"), ("Find a client", "Find")]
)
async def test_each_button_opens_its_form(world: World, button: str, title: str) -> None:
    await world.ben.open_home()
    home = await world.ben.home("InvoiceXpress in Slack")
    await world.ben.click(home, button)
    form = await world.ben.modal(title)
    assert form.previous is None, "Home is no modal to put another one on"


async def test_a_button_seen_before_the_tab_was_made_anew_still_works(world: World) -> None:
    await world.ben.open_home()
    home = await world.ben.home("InvoiceXpress in Slack")
    seen, was = elements(home, "actions"), home.hash
    await world.ben.open_home()
    await world.workspace.state.feed.until(lambda: home.hash != was or None, seconds=5, otherwise=lambda: "no new tab")
    assert [row["block_id"] for row in seen] == [row["block_id"] for row in elements(home, "actions")]


async def test_the_tab_of_messages_changes_nothing(world: World) -> None:
    assert (await world.ben.open_home("messages")).ok
    await world.bot.drain(5)
    assert world.workspace.calls_of("views.publish") == []


async def test_home_shows_only_what_one_may(roles: World) -> None:
    await roles.ben.open_home()
    home = await roles.ben.home("You may look up items and clients.")
    assert buttons(home) == ["Find an item", "Find a client"]
    assert "/items new" not in home.plain
    await roles.ana.open_home()
    assert "Criar um artigo" in (await roles.ana.home("eliminar artigos")).plain


async def test_help_shows_only_what_one_may(roles: World) -> None:
    await roles.ben.command("/items help")
    told = await roles.ben.sees("/items café", "an item by its name")
    for verb in ("/items new", "/items edit", "/items delete"):
        assert verb not in told.plain
    await roles.ana.command("/artigos ajuda")
    await roles.ana.sees("/artigos novo Café duplo", "/artigos editar 402321", "/artigos eliminar 402321")


async def test_help_has_what_can_be_typed_as_code(world: World) -> None:
    await world.ben.command("/clients help")
    told = await world.ben.sees("What you can type")
    typed = [text["text"] for text in elements(told, "text") if text.get("style", {}).get("code")]
    assert typed == ["/clients 508025338", "/clients", "/clients find", "/clients help"]
    assert "Slack does not allow commands in threads." in told.plain


@pytest.mark.parametrize("who", ["Gil", "Eva", "Sam"], ids=["a guest", "somebody of a partner", "a stranger"])
async def test_whoever_is_no_member_is_refused_everywhere(world: World, who: str) -> None:
    person: Actor = world.workspace.person(who)
    channel = "vendas" if who == "Sam" else "geral"
    told = "Não tem permissão para fazer isto" if who == "Gil" else "You may not do this"
    await person.open_home()
    home = await person.home(told)
    assert buttons(home) == []
    for line in ("/items café", "/clients help", "/items"):
        await person.command(line, channel=channel)
        assert (await person.sees(told, channel=channel)).is_ephemeral
    await person.command("/items new", channel=channel)
    await person.sees(told)
    assert world.account.requests.matching(path="/items/*") == ()


async def test_a_guest_s_click_is_refused(world: World) -> None:
    await world.ben.open_home()
    home = await world.ben.home("InvoiceXpress in Slack")
    world.workspace.state.change_person("Ben", is_ultra_restricted=True)
    gil = world.workspace.person("Gil")
    gil_home = world.workspace.state.views.publish(gil.id, home.payload)
    await gil.click(gil_home, "Create an item")
    await gil.modal("Não tem permissão para fazer isto")
    await gil.close()
    await gil.click(gil_home, "Create an item")
    await gil.sees("Não tem permissão para fazer isto", channel="dm")


async def test_home_is_still_told_where_slack_does_not_tell_who_asks(world: World) -> None:
    world.workspace.faults.next("users.info", error="user_not_found")
    await world.ben.open_home()
    await world.ben.home("Slack did not tell us who you are")
    await world.ben.open_home()
    await world.ben.home("InvoiceXpress in Slack")


async def test_a_refusal_names_whom_to_ask(tmp_path: Path) -> None:
    async with living_world(tmp_path, samples=False, limits=QUICK, managers="U0ANA00001") as world:
        await world.ben.command("/items help")
        await world.ben.sees("What you can type")
        await world.ben.command("/items delete 402321")
        told = await world.ben.sees("You may not do this")
        assert [mention["user_id"] for mention in elements(told, "user")] == ["U0ANA00001"]


@pytest.mark.parametrize("zone", ["Nowhere/At_All", "", "../etc/passwd", "Europe/Lisbon"])
async def test_a_time_zone_that_is_none_stops_nobody(world: World, zone: str) -> None:
    world.workspace.state.change_person("Ben", tz=zone)
    await world.ben.command("/items help")
    await world.ben.sees("What you can type")
