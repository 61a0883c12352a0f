"""Buttons and forms of an earlier version: they work, or say kindly that they are too old."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.errors import FormExpired
from bot.slack.routing import on_submission
from bot.slack.turn import Problem, Turn
from tests.flows.platform.own import (
    FORM,
    old_button,
    opened,
    opener,
    own_world,
    received,
    restored,
    route,
    shower,
    shown,
)
from tests.logs import caught_log


async def breaks(turn: Turn[Any]) -> None:
    raise ValueError("so it goes")


@pytest.mark.parametrize("action_id", ["own.unknown", "items.retired:7"])
async def test_a_button_of_last_month_is_told_kindly(tmp_path: Path, action_id: str) -> None:
    async with own_world(tmp_path, shower()) as world:
        message = old_button(world, action_id, "7")
        await world.ana.click(message, "Old")
        told = await world.ana.sees(
            "Este botão ou formulário é de uma versão anterior", "Comece de novo com o comando."
        )
        assert told.is_ephemeral
        await shown(world.ana)
        await world.ana.click(message, "Old")
        await world.ana.sees("Este botão ou formulário é de uma versão anterior")


async def test_a_form_of_last_month_is_told_kindly(tmp_path: Path) -> None:
    async with own_world(tmp_path, opener()) as world:
        await opened(world.ben)
        await world.ben.fill({"Field": "typed"})
        answer = await world.ben.submit()
        assert answer.json is not None
        assert answer.json["response_action"] == "update"
        await world.ben.modal("This button or form comes from an older version")


async def test_a_form_whose_state_is_of_last_month_is_told_kindly(tmp_path: Path) -> None:
    async def too_old(turn: Turn[Any], problem: Problem) -> Any:
        raise FormExpired

    handling = route(breaks, *on_submission(FORM), receive=received, restore=too_old)
    with caught_log() as log:
        async with own_world(tmp_path, opener(), handling) as world:
            await opened(world.ben)
            await world.ben.fill({"Field": "typed"})
            await world.ben.submit()
            told = await world.ben.modal("Something went wrong on our side.")
            assert "Field" not in told.plain
            await world.bot.drain(5)
        assert log.events("a form could not be built again") == []


async def test_a_form_whose_route_takes_no_submission(tmp_path: Path) -> None:
    async with own_world(tmp_path, opener(), route(breaks, *on_submission(FORM), restore=restored)) as world:
        await opened(world.ben)
        await world.ben.fill({"Field": "typed"})
        await world.ben.submit()
        await world.ben.modal("This button or form comes from an older version")
