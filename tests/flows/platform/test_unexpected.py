"""What nobody foresaw: the person reads a reference id, and the log has the same one with the traceback."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from slackblocks import PlainText, SectionBlock

from bot.sandbox.slack import Message, View
from bot.slack.blocks import Content
from bot.slack.routing import on_action, on_command, on_event, on_options, on_submission
from bot.slack.turn import Problem, Turn
from tests.flows.platform.own import (
    BUTTON,
    COMMAND,
    FORM,
    PICK,
    finder_opener,
    opened,
    opener,
    own_world,
    received,
    restored,
    route,
    shower,
    shown,
)
from tests.logs import Log, caught_log


class Broken(Exception):
    """A fault of ours."""


async def breaks(turn: Turn[Any]) -> None:
    raise Broken("so it goes")


def reference_in(told: Message | View) -> str:
    found = re.search(r"reference ([0-9a-f]{8})\.", told.plain)
    assert found is not None
    return found[1]


def assert_logged(log: Log, reference: str) -> None:
    """The log has the traceback under the reference that the person read."""
    event = log.the("request broke")
    assert event["reference"] == reference
    assert "Broken: so it goes" in event["exception"]
    assert "in breaks" in event["exception"]
    ended = log.events("request ended")[-1]
    assert (ended["reference"], ended["outcome"]) == (reference, "errored")


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_after_a_command(tmp_path: Path, mode: str) -> None:
    with caught_log() as log:
        async with own_world(tmp_path, route(breaks, *on_command(COMMAND)), mode=mode) as world:
            await world.ben.command(COMMAND)
            told = await world.ben.sees("Something went wrong on our side.")
            assert told.is_ephemeral
            await world.bot.drain(5)
        assert_logged(log, reference_in(told))
        assert log.the("request broke")["trigger"] == "command /own"
        assert log.the("request broke")["person"] == "U0BEN00001"


async def test_in_the_reader_s_language(tmp_path: Path) -> None:
    async with own_world(tmp_path, route(breaks, *on_command(COMMAND))) as world:
        await world.ana.command(COMMAND)
        await world.ana.sees(re.compile(r"Algo correu mal do nosso lado\. .* a referência [0-9a-f]{8}\."))


async def test_after_a_click_in_a_message(tmp_path: Path) -> None:
    with caught_log() as log:
        async with own_world(tmp_path, shower("Here it is.", "1"), route(breaks, *on_action(BUTTON))) as world:
            message = await shown(world.ben)
            await world.ben.click(message, "Press 1")
            told = await world.ben.sees("Something went wrong on our side.")
            assert told.ts != message.ts
            await world.bot.drain(5)
        assert_logged(log, reference_in(told))


async def test_after_a_choice_in_a_modal(tmp_path: Path) -> None:
    async def options(turn: Turn[Any]) -> None:
        option = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}
        turn.acknowledgement.give({"options": [option]})

    routes = (finder_opener(), route(options, *on_options(PICK)), route(breaks, *on_action(PICK)))
    with caught_log() as log:
        async with own_world(tmp_path, *routes) as world:
            await world.ben.command(COMMAND)
            finder = await world.ben.modal(callback_id=PICK)
            await world.ben.type_ahead(PICK, "o", finder)
            await world.ben.choose(PICK, "1", finder)
            told = await world.ben.modal("Something went wrong on our side.")
            assert told is finder
            await world.bot.drain(5)
        assert_logged(log, reference_in(told))


async def test_after_a_keystroke_there_are_no_options(tmp_path: Path) -> None:
    with caught_log() as log:
        async with own_world(tmp_path, finder_opener(), route(breaks, *on_options(PICK))) as world:
            await world.ben.command(COMMAND)
            finder = await world.ben.modal(callback_id=PICK)
            assert await world.ben.suggestions(PICK, "o", finder) == {"options": []}
            await world.bot.drain(5)
        assert log.the("request broke")["trigger"] == f"options {PICK}"


async def test_after_a_submission_the_form_comes_back(tmp_path: Path) -> None:
    handling = route(breaks, *on_submission(FORM), receive=received, restore=restored)
    with caught_log() as log:
        async with own_world(tmp_path, opener(), handling) as world:
            await opened(world.ben)
            await world.ben.fill({"Field": "typed"})
            await world.ben.submit()
            told = await world.ben.modal("Something went wrong on our side.", "Field")
            await world.bot.drain(5)
        assert_logged(log, reference_in(told))


async def test_after_a_write_nobody_claims_that_nothing_was_done(tmp_path: Path) -> None:
    handling = route(breaks, *on_submission(FORM), receive=received, writes=True)
    async with own_world(tmp_path, opener(), handling) as world:
        await opened(world.ben)
        await world.ben.fill({"Field": "typed"})
        await world.ben.submit()
        told = await world.ben.modal("the change may or may not have been made")
        assert reference_in(told)


async def test_a_form_that_cannot_be_built_again_leaves_the_sentence(tmp_path: Path) -> None:
    async def worse(turn: Turn[Any], problem: Problem) -> Any:
        raise Broken("worse and worse")

    handling = route(breaks, *on_submission(FORM), receive=received, restore=worse)
    with caught_log() as log:
        async with own_world(tmp_path, opener(), handling) as world:
            await opened(world.ben)
            await world.ben.fill({"Field": "typed"})
            await world.ben.submit()
            told = await world.ben.modal("Something went wrong on our side.")
            await world.bot.drain(5)
        assert_logged(log, reference_in(told))
        again = log.the("a form could not be built again")
        assert again["reference"] == reference_in(told)
        assert "worse and worse" in again["exception"]


async def test_a_form_that_breaks_as_it_is_received(tmp_path: Path) -> None:
    def never(submission: object, words: object) -> Any:
        raise Broken("so it goes, in breaks")

    handling = route(breaks, *on_submission(FORM), receive=never, restore=restored)
    async with own_world(tmp_path, opener(), handling) as world:
        await opened(world.ben)
        await world.ben.fill({"Field": "typed"})
        answer = await world.ben.submit()
        assert answer.json is not None
        assert answer.json["response_action"] == "update", "the acknowledgement itself says it"
        assert reference_in(await world.ben.modal("Something went wrong on our side.", "Field"))


async def test_as_home_is_opened(tmp_path: Path) -> None:
    with caught_log() as log:
        async with own_world(tmp_path, route(breaks, *on_event("app_home_opened"))) as world:
            await world.ben.open_home()
            told = await world.ben.home("Something went wrong on our side.")
            await world.bot.drain(5)
        assert_logged(log, reference_in(told))


async def test_as_the_tab_of_messages_is_opened(tmp_path: Path) -> None:
    async with own_world(tmp_path, route(breaks, *on_event("app_home_opened"))) as world:
        assert (await world.ben.open_home("messages")).ok
        await world.bot.drain(5)
        assert world.workspace.calls_of("views.publish") == []


async def test_content_that_slack_refuses_is_a_fault_of_ours(tmp_path: Path) -> None:
    async with own_world(tmp_path, shower("Here it is.", "1"), route(_show, *on_action(BUTTON))) as world:
        message = await shown(world.ben)
        world.workspace.faults.next("response_url", error="invalid_blocks", status=400)
        with caught_log() as log:
            await world.ben.click(message, "Press 1")
            told = await world.ben.sees("Something went wrong on our side.")
            await world.bot.drain(5)
        event = log.the("request broke")
        assert event["reference"] == reference_in(told)
        assert "invalid_blocks" in event["exception"]


async def test_what_slack_says_is_wrong_with_a_view_stands_in_the_log(tmp_path: Path) -> None:
    too_long = Content("Own", "Bad", tuple(SectionBlock(PlainText(f"{number}")) for number in range(101)))

    async def handle(turn: Turn[Any]) -> None:
        turn.acknowledge()
        await turn.slack.open_view(turn.payload.trigger, turn.as_modal(too_long))

    with caught_log() as log:
        async with own_world(tmp_path, route(handle, *on_command(COMMAND))) as world:
            await world.ben.command(COMMAND)
            told = await world.ben.sees("Something went wrong on our side.")
            await world.bot.drain(5)
        assert log.the("request broke")["reference"] == reference_in(told)


async def _show(turn: Turn[Any]) -> None:
    await turn.show(Content("Own", "Shown", (SectionBlock(PlainText("Shown")),)))


async def test_a_problem_that_cannot_be_told_is_logged(tmp_path: Path) -> None:
    with caught_log() as log:
        async with own_world(tmp_path, route(breaks, *on_event("app_home_opened"))) as world:
            world.workspace.faults.next("views.publish", error="internal_error")
            await world.ben.open_home()
            await world.bot.drain(5)
        lost = log.the("the problem could not be told")
        assert lost["reference"] == log.the("request broke")["reference"]
        assert "internal_error" in lost["exception"]
