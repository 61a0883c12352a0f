"""A write that was asked for twice is done once; one that was not done may be asked for again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.invoicexpress.errors import OutcomeUnknown, Unavailable
from bot.slack.routing import on_action, on_submission
from bot.slack.turn import Turn
from tests.flows.platform.own import BUTTON, FORM, content, opened, opener, own_world, received, route, shower, shown
from tests.logs import caught_log


class Writer:
    """Counts, and fails as often as it was told to."""

    def __init__(self, *failures: Exception) -> None:
        self.times = 0
        self.failures = list(failures)

    async def __call__(self, turn: Turn[Any]) -> None:
        self.times += 1
        if self.failures:
            raise self.failures.pop(0)
        await turn.tell(content(f"Written {self.times}"))


async def test_a_button_that_writes_is_heard_once(tmp_path: Path) -> None:
    writer = Writer()
    async with own_world(tmp_path, shower("Here", "1"), route(writer, *on_action(BUTTON), writes=True)) as world:
        message = await shown(world.ben, "Here")
        await world.ben.click(message, "Press 1")
        await world.ben.sees("Written 1")
        await world.ben.click(message, "Press 1")
        await world.ben.sees("asked for already")
        assert writer.times == 1
        again = await shown(world.ben, "Here")
        await world.ben.click(again, "Press 1")
        await world.ben.sees("Written 2")


async def test_a_submission_that_comes_twice_is_done_once(tmp_path: Path) -> None:
    writer = Writer()
    handling = route(writer, *on_submission(FORM), receive=received, writes=True)
    with caught_log() as log:
        async with own_world(tmp_path, opener(), handling) as world:
            await opened(world.ben)
            await world.ben.fill({"Field": "right"})
            await world.ben.submit()
            await world.ben.modal("Written 1")
            (submission,) = world.workspace.calls_of("view_submission")
            assert (await world.workspace.repeat(submission)).ok
            await world.bot.drain(5)
            assert writer.times == 1
            assert "Written 1" in (await world.ben.modal()).plain
        assert [event["outcome"] for event in log.events("request ended")][-2:] == ["succeeded", "repeated"]


async def test_a_submission_that_failed_does_nothing_when_it_comes_again(tmp_path: Path) -> None:
    """Its person was told that nothing was done, and has the form before them: what comes now is Slack repeating."""
    writer = Writer(Unavailable())
    async with own_world(
        tmp_path, opener(), route(writer, *on_submission(FORM), receive=received, writes=True)
    ) as world:
        await opened(world.ben)
        await world.ben.fill({"Field": "right"})
        await world.ben.submit()
        await world.ben.modal("InvoiceXpress does not answer at this moment")
        (submission,) = world.workspace.calls_of("view_submission")
        await world.workspace.repeat(submission)
        await world.bot.drain(5)
        assert writer.times == 1


async def test_what_was_not_done_may_be_asked_for_again(tmp_path: Path) -> None:
    writer = Writer(Unavailable())
    async with own_world(tmp_path, shower("Here", "1"), route(writer, *on_action(BUTTON), writes=True)) as world:
        message = await shown(world.ben, "Here")
        await world.ben.click(message, "Press 1")
        await world.ben.sees("InvoiceXpress does not answer at this moment")
        await world.ben.click(message, "Press 1")
        await world.ben.sees("Written 2")


async def test_what_may_have_been_done_may_not(tmp_path: Path) -> None:
    writer = Writer(OutcomeUnknown())
    async with own_world(tmp_path, shower("Here", "1"), route(writer, *on_action(BUTTON), writes=True)) as world:
        message = await shown(world.ben, "Here")
        await world.ben.click(message, "Press 1")
        await world.ben.sees("the change may or may not have been made")
        await world.ben.click(message, "Press 1")
        await world.ben.sees("asked for already")
        assert writer.times == 1
