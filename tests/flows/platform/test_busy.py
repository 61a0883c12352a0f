"""Too much work at once, and the end of work: nobody is left without an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from slackblocks import ModalView

from bot.i18n import Words
from bot.slack.finder import finder_view
from bot.slack.payloads import Event
from bot.slack.routing import Route, on_command, on_event, on_submission
from bot.slack.tasks import Tasks
from bot.slack.turn import Turn
from tests.flows.platform.own import COMMAND, FORM, PICK, content, form, old_button, own_world, received, route
from tests.flows.world import World
from tests.logs import caught_log

BUSY = "Too much is going on at this moment, and nothing was done."


class Held:
    """Work that lasts until it is let go."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.released = asyncio.Event()

    def route(self) -> Route:
        async def handle(turn: Turn[Any]) -> None:
            self.begun.set()
            await self.released.wait()
            await turn.show(content("It went on."))

        return route(handle, *on_command(COMMAND))


@asynccontextmanager
async def full_house(data_dir: Path, *routes: Route, limit: int = 1, spare: int = 64) -> AsyncIterator[World]:
    """Let one command of Ana's take all the room there is; it goes on when the block has ended."""
    held = Held()
    async with own_world(data_dir, held.route(), *routes, tasks=Tasks(limit, spare)) as world:
        await world.ana.command(COMMAND)
        await held.begun.wait()
        try:
            yield world
        finally:
            held.released.set()
        await world.ana.sees("It went on.", ever=True)


def opened(world: World, view: ModalView) -> None:
    world.workspace.state.views.open(world.ben.id, view.to_dict())


async def test_a_command(tmp_path: Path) -> None:
    with caught_log() as log:
        async with full_house(tmp_path) as world:
            answer = await world.ben.command(COMMAND)
            assert answer.ok
            told = await world.ben.sees(BUSY)
            assert told.is_ephemeral
        assert log.the("too much work")["payload"] == "Command"


async def test_a_click_in_a_message(tmp_path: Path) -> None:
    async with full_house(tmp_path) as world:
        await world.ben.click(old_button(world, "own.button", "1"), "Old")
        told = await world.ben.sees(BUSY)
        assert told.is_ephemeral


async def test_a_click_that_nobody_is_left_to_answer(tmp_path: Path) -> None:
    async with full_house(tmp_path, spare=0) as world:
        answer = await world.ben.click(old_button(world, "own.button", "1"), "Old")
        assert answer.ok
        assert world.ben.messages(BUSY) == []


async def test_a_form_keeps_what_was_typed(tmp_path: Path) -> None:
    async def never(turn: Turn[Any]) -> None:
        raise AssertionError

    async with full_house(tmp_path, route(never, *on_submission(FORM), receive=received)) as world:
        opened(world, form(Words("en")))
        await world.ben.fill({"Field": "typed"})
        answer = await world.ben.submit()
        assert answer.ok
        await world.ben.modal(BUSY, "typed")


async def test_a_form_without_fields_says_so_instead_of_closing(tmp_path: Path) -> None:
    async with full_house(tmp_path) as world:
        opened(world, form(Words("pt"), field=False))
        answer = await world.ben.submit()
        assert answer.ok
        await world.ben.modal("Há demasiados pedidos neste momento e nada foi feito.")


async def test_a_keystroke_finds_nothing(tmp_path: Path) -> None:
    async with full_house(tmp_path) as world:
        opened(world, finder_view(Words("en"), PICK))
        finder = await world.ben.modal(callback_id=PICK)
        assert await world.ben.suggestions(PICK, "o", finder) == {"options": []}


async def test_opening_home_is_acknowledged(tmp_path: Path) -> None:
    async def handle(turn: Turn[Event]) -> None:
        pytest.fail("there was no room for it")

    async with full_house(tmp_path, route(handle, *on_event("app_home_opened"))) as world:
        assert (await world.ben.open_home()).ok
        assert world.workspace.calls_of("views.publish") == []


async def test_a_stop_waits_for_what_runs_and_takes_no_more(tmp_path: Path) -> None:
    held = Held()
    async with own_world(tmp_path, held.route()) as world:
        await world.ana.command(COMMAND)
        await held.begun.wait()
        stopping = asyncio.create_task(world.bot.drain(5))
        await asyncio.sleep(0)
        await world.ben.command(COMMAND)
        await world.ben.sees(BUSY)
        assert not stopping.done()
        held.released.set()
        await stopping
        await world.ana.sees("It went on.", ever=True)


async def test_what_does_not_end_in_time_is_cut_off_and_named_in_the_log(tmp_path: Path) -> None:
    held = Held()
    with caught_log() as log:
        async with own_world(tmp_path, held.route()) as world:
            await world.ana.command(COMMAND)
            await held.begun.wait()
            await world.bot.drain(0)
        cut = log.the("request cut off")
        assert cut["trigger"] == f"command {COMMAND}"
        assert cut["reference"]
        assert log.the("work was cut off")["tasks"] == 1
