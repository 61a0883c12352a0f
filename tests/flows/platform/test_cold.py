"""People whom the bot does not know yet, or no longer: their language and their rights take a call to Slack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.account import Account, ClientRecord
from bot.slack.routing import on_action
from tests.flows.items.shop import ITEMS, QUICK, TAXES
from tests.flows.platform.clocks import HastyClock
from tests.flows.platform.own import PICK, finder_opener, old_button, own_world, route
from tests.flows.world import Place, World, living_world, standing_place


def stock(account: Account) -> None:
    account.stock(items=ITEMS, clients=[ClientRecord(id=501, name="Padaria Oliveira")], taxes=TAXES)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with living_world(tmp_path, samples=False, limits=QUICK, stock=stock) as living:
        yield living


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with standing_place(tmp_path, samples=False, stock=stock) as standing:
        yield standing


def names(world: World) -> list[str]:
    """Return what went to and fro, in order, without what happens by itself."""
    return [call.name for call in world.workspace.calls if call.name != "auth.test"]


async def test_the_first_command_is_acknowledged_empty_and_answered_afterwards(world: World) -> None:
    known = asyncio.Event()
    world.workspace.faults.next("users.info", hold=known)
    answer = await world.ana.command("/artigos ajuda")
    assert answer.body in ("", "{}")
    assert world.ana.messages() == []
    known.set()
    await world.ana.sees("O que pode escrever", ever=True)
    assert names(world) == ["/artigos", "users.info", "commands"]
    again = await world.ana.command("/artigos ajuda")
    assert again.json is not None, "from now on she is known"
    assert names(world)[3:] == ["/artigos"]


async def test_a_form_opens_neutrally_and_is_filled_in_the_reader_s_language(world: World) -> None:
    known = asyncio.Event()
    world.workspace.faults.next("users.info", hold=known)
    await world.ana.command("/artigos novo")
    waiting = await world.ana.modal("A carregar… · Loading…")
    known.set()
    form = await world.ana.modal("Novo artigo", "Preço unitário")
    assert form is waiting, "one view, brought up to date"
    assert names(world)[:2] == ["/artigos", "views.open"], "the trigger is spent before anything else"


async def test_a_form_outlives_the_bot(place: Place) -> None:
    ana = place.workspace.person("Ana")
    async with place.with_bot(limits=QUICK):
        await ana.command("/artigos editar 402321")
        await ana.modal("Editar artigo")
        await ana.fill({"Preço unitário": "17,50"})
    async with place.with_bot(limits=QUICK):
        answer = await ana.submit()
        assert answer.json is not None
        assert "A guardar…" in str(answer.json["view"]), "the form itself says in which language"
        await ana.modal("foi guardado", "17,50")
    assert str(place.account.item(402321).unit_price) == "17.50"


async def test_a_wrong_field_is_said_before_anybody_is_known(place: Place) -> None:
    ana = place.workspace.person("Ana")
    async with place.with_bot(limits=QUICK):
        await ana.command("/artigos editar 402321")
        await ana.modal("Editar artigo")
        await ana.fill({"Preço unitário": "1.234"})
    async with place.with_bot(limits=QUICK):
        calls = len(place.workspace.calls_of("users.info"))
        answer = await ana.submit()
        assert answer.json is not None
        assert answer.json["response_action"] == "errors"
        assert "pode ler-se de duas maneiras" in answer.body
        assert len(place.workspace.calls_of("users.info")) == calls


async def test_a_submission_of_somebody_who_lost_the_right_meanwhile(place: Place) -> None:
    ana = place.workspace.person("Ana")
    async with place.with_bot(limits=QUICK):
        await ana.command("/artigos editar 402321")
        await ana.modal("Editar artigo")
        await ana.fill({"Preço unitário": "17,50"})
    place.workspace.state.change_person("Ana", is_admin=False, is_restricted=True)
    async with place.with_bot(limits=QUICK):
        await ana.submit()
        await ana.modal("Não tem permissão para fazer isto")
    assert str(place.account.item(402321).unit_price) == "24.3902"


async def test_a_keystroke_after_a_restart_is_answered_all_the_same(place: Place) -> None:
    async with place.with_bot(limits=QUICK) as world:
        await world.ben.command("/clients find")
        finder = await world.ben.modal(callback_id="clients.pick")
    async with place.with_bot(limits=QUICK) as world:
        options = await world.ben.type_ahead("clients.pick", "padaria", finder)
    assert [option["value"] for option in options] == ["501"]


async def test_a_keystroke_of_somebody_whom_slack_does_not_tell_of_finds_nothing(place: Place) -> None:
    async with place.with_bot(limits=QUICK) as world:
        await world.ben.command("/clients find")
        finder = await world.ben.modal(callback_id="clients.pick")
    async with place.with_bot(limits=QUICK) as world:
        world.workspace.faults.next("users.info", error="user_not_found")
        assert await world.ben.suggestions("clients.pick", "padaria", finder) == {"options": []}


async def test_people_are_asked_for_anew_after_ten_minutes(tmp_path: Path) -> None:
    clock = HastyClock()
    async with living_world(tmp_path, samples=False, limits=QUICK, clock=clock) as world:
        await world.ben.command("/clients help")
        await world.ben.sees("What you can type")
        clock.waits.append(590)
        await world.ben.command("/clients help")
        world.workspace.state.change_person("Ben", locale="pt-BR")
        clock.waits.append(20)
        await world.ben.command("/clients help")
        await world.ben.sees("O que pode escrever")
        assert len(world.workspace.calls_of("users.info")) == 2


@pytest.mark.parametrize(
    "trouble",
    [{"error": "user_not_found"}, {"error": "ratelimited", "retry_after": 60}, {"cut": True, "times": 9}],
    ids=["an error", "a rate limit", "a cut connection"],
)
async def test_somebody_whom_slack_does_not_tell_of_is_told_so(tmp_path: Path, trouble: dict[str, object]) -> None:
    async with living_world(tmp_path, samples=False, clock=HastyClock(), default_language="pt") as world:
        world.workspace.faults.next("users.info", **trouble)  # type: ignore[arg-type]  # each is one of its arguments
        await world.ben.command("/items new")
        await world.ben.modal("O Slack não nos disse quem é, por isso nada foi feito")
        await world.ben.close()
        world.workspace.faults.clear()
        await world.ben.command("/items new")
        await world.ben.modal("New item")


async def test_a_click_of_somebody_whom_slack_does_not_tell_of(tmp_path: Path) -> None:
    clicked: list[str] = []

    async def never(turn: object) -> None:
        clicked.append("done")

    async with own_world(tmp_path, finder_opener(), route(never, *on_action(PICK)), clock=HastyClock()) as world:
        message = old_button(world, PICK, "1")
        world.workspace.faults.next("users.info", error="user_not_found")
        await world.ben.click(message, "Old")
        told = await world.ben.sees("Slack did not tell us who you are")
        assert told.is_ephemeral
        assert clicked == []
