"""What Slack refuses, limits or loses, and what the person gets all the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.slack.routing import on_action, on_submission
from bot.slack.turn import Turn
from tests.flows.platform.clocks import HastyClock
from tests.flows.platform.own import (
    BUTTON,
    COMMAND,
    FORM,
    content,
    old_button,
    opened,
    opener,
    own_world,
    received,
    route,
    shower,
    shown,
)
from tests.logs import caught_log


async def answers(turn: Turn[Any]) -> None:
    await turn.show(content(f"Answer {turn.payload.value}"))


async def turns_over(turn: Turn[Any]) -> None:
    await turn.replace(content("The next page"))


async def concludes(turn: Turn[Any]) -> None:
    await turn.form(turn.as_modal(content("The outcome")))


@pytest.mark.parametrize("method", ["views.update", "response_url"])
async def test_a_rate_limit_is_obeyed(tmp_path: Path, method: str) -> None:
    clock = HastyClock()
    routes = (opener(), route(concludes, *on_submission(FORM), receive=received), route(answers, *on_action(BUTTON)))
    async with own_world(tmp_path, *routes, clock=clock) as world:
        message = old_button(world, f"{BUTTON}:1", "1")
        await opened(world.ben)
        await world.ben.fill({"Field": "right"})
        world.workspace.faults.next(method, error="ratelimited", retry_after=7, times=2)
        if method == "views.update":
            await world.ben.submit()
            await world.ben.modal("The outcome")
        else:
            await world.ben.click(message, "Old")
            await world.ben.sees("Answer 1")
        assert clock.waits.count(7.0) == 2


async def test_a_rate_limit_that_lasts_too_long_is_not_waited_for(tmp_path: Path) -> None:
    clock = HastyClock()
    async with own_world(tmp_path, route(answers, *on_action(BUTTON)), clock=clock) as world:
        message = old_button(world, f"{BUTTON}:1", "1")
        world.workspace.faults.next("response_url", error="ratelimited", retry_after=3600)
        await world.ben.click(message, "Old")
        await world.ben.sees("Answer 1", channel="dm")
        assert max(clock.waits) < 1


async def test_the_sixth_answer_to_one_message_is_a_direct_message(tmp_path: Path) -> None:
    async def talks(turn: Turn[Any]) -> None:
        for number in range(6):
            await turn.show(content(f"Answer {number}"))

    async with own_world(tmp_path, route(talks, *on_action(BUTTON))) as world:
        await world.ben.click(old_button(world, BUTTON, "1"), "Old")
        await world.ben.sees("Answer 5", channel="dm")
        assert len(world.ben.messages("Answer", channel="geral")) == 5


async def test_a_page_that_cannot_replace_its_list_comes_as_a_direct_message(tmp_path: Path) -> None:
    async with own_world(tmp_path, shower("Page", "1"), route(turns_over, *on_action(BUTTON))) as world:
        page = await shown(world.ben, "Page")
        world.workspace.faults.next("response_url", error="expired_url", status=404)
        await world.ben.click(page, "Press 1")
        await world.ben.sees("The next page", channel="dm")


async def test_an_answer_whose_way_breaks_comes_as_a_direct_message(tmp_path: Path) -> None:
    async with own_world(tmp_path, route(answers, *on_action(BUTTON)), clock=HastyClock()) as world:
        world.workspace.faults.next("response_url", cut=True, times=2)
        with caught_log() as log:
            await world.ben.click(old_button(world, BUTTON, "1"), "Old")
            await world.ben.sees("Answer 1", channel="dm")
            await world.bot.drain(5)
        assert log.the("a response url failed")["level"] == "warning"


async def test_a_broken_connection_is_tried_once_more(tmp_path: Path) -> None:
    clock = HastyClock()
    async with own_world(tmp_path, route(answers, *on_action(BUTTON)), clock=clock) as world:
        world.workspace.faults.next("response_url", cut=True)
        await world.ben.click(old_button(world, BUTTON, "1"), "Old")
        await world.ben.sees("Answer 1", channel="geral")
        assert clock.waits.count(0.2) == 1


async def test_an_answer_that_no_way_takes_leaves_its_reference_in_the_log(tmp_path: Path) -> None:
    with caught_log() as log:
        async with own_world(tmp_path, route(answers, *on_action(BUTTON)), clock=HastyClock()) as world:
            world.workspace.faults.next("response_url", cut=True, times=9)
            world.workspace.faults.next("chat.postMessage", error="channel_not_found", times=9)
            await world.ben.click(old_button(world, BUTTON, "1"), "Old")
            await world.bot.drain(5)
        broke, lost = log.the("request broke"), log.the("could not be told")
        assert "channel_not_found" in broke["exception"]
        assert lost["reference"] == broke["reference"]
        assert broke["reference"] in lost["text"]


async def test_a_modal_that_was_closed_meanwhile_is_nobody_s_fault(tmp_path: Path) -> None:
    with caught_log() as log:
        async with own_world(tmp_path, opener(), route(_shows_in_closed, *on_action(BUTTON))) as world:
            await world.ben.command(COMMAND)
            view = await world.ben.modal("Field")
            world.workspace.faults.next("views.update", error="not_found")
            view.payload["blocks"] += old_button(world, BUTTON, "1").blocks
            await world.ben.click(view, "Old")
            await world.bot.drain(5)
            assert world.ben.messages(channel="dm") == []
        assert log.events("request ended")[-1]["outcome"] == "succeeded"


async def _shows_in_closed(turn: Turn[Any]) -> None:
    await turn.replace(content("Nobody reads this."))
