"""How a submission ended is always told: in the form, in a message where that was closed, at worst in the log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.i18n import Words
from bot.slack.blocks import Content, paragraph
from bot.slack.routing import on_submission
from bot.slack.state import Origin
from bot.slack.turn import Turn
from tests.flows.platform.clocks import HastyClock
from tests.flows.platform.own import (
    FORM,
    PICK,
    content,
    finder_opener,
    form,
    opener,
    own_world,
    pushed,
    received,
    route,
)
from tests.flows.world import World
from tests.logs import caught_log

DONE = "It is done & dusted."


class Work:
    """Work that waits to be let go, and then tells its outcome."""

    def __init__(self, origin: Origin | None = None) -> None:
        self.begun = asyncio.Event()
        self.released = asyncio.Event()
        self.origin = origin or Origin()

    async def __call__(self, turn: Turn[Any]) -> None:
        self.begun.set()
        await self.released.wait()
        await turn.conclude(content(DONE), self.origin, content("The record"))


@asynccontextmanager
async def submitted(data_dir: Path, work: Work) -> AsyncIterator[World]:
    """Open and submit the form, and begin the work."""
    handling = route(work, *on_submission(FORM), receive=received, writes=True)
    async with own_world(data_dir, opener(), handling, clock=HastyClock()) as world:
        await world.ben.command("/own")
        await world.ben.modal("Field")
        await world.ben.fill({"Field": "right"})
        await world.ben.submit()
        await world.ben.modal("Working…")
        await work.begun.wait()
        yield world


async def test_in_the_form(tmp_path: Path) -> None:
    work = Work()
    async with submitted(tmp_path, work) as world:
        work.released.set()
        await world.ben.modal(DONE)
        assert world.ben.messages() == []


async def test_in_a_direct_message_where_the_form_was_closed(tmp_path: Path) -> None:
    work = Work()
    async with submitted(tmp_path, work) as world:
        await world.ben.close()
        work.released.set()
        await world.ben.sees(DONE, channel="dm")


async def test_in_the_channel_where_the_form_came_from_one(tmp_path: Path) -> None:
    work = Work()
    async with submitted(tmp_path, work) as world:
        url = world.workspace.state.grants.response_url(
            "commands", world.ben.id, world.workspace.state.channel("vendas").id
        )
        work.origin = Origin(response_url=url)
        await world.ben.close()
        work.released.set()
        told = await world.ben.sees(DONE, channel="vendas")
        assert told.is_ephemeral


async def test_in_a_direct_message_where_the_channel_takes_nothing_more(tmp_path: Path) -> None:
    work = Work()
    async with submitted(tmp_path, work) as world:
        work.origin = Origin(response_url=f"{world.workspace.url.removesuffix('/api/')}/commands/9/gone")
        await world.ben.close()
        work.released.set()
        await world.ben.sees(DONE, channel="dm")


@pytest.mark.parametrize(
    "trouble",
    [
        {"error": "invalid_blocks"},
        {"error": "hash_conflict"},
        {"error": "internal_error"},
        {"error": "ratelimited", "retry_after": 3600},
        {"cut": True, "times": 2},
    ],
    ids=lambda trouble: str(trouble.get("error", "cut")),
)
async def test_in_a_message_where_slack_does_not_take_the_view(tmp_path: Path, trouble: dict[str, Any]) -> None:
    work = Work()
    async with submitted(tmp_path, work) as world:
        world.workspace.faults.next("views.update", **trouble)
        work.released.set()
        await world.ben.sees(DONE, channel="dm")


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
async def test_a_form_that_is_shown_again_falls_back_to_its_sentence(tmp_path: Path, closed: bool) -> None:  # noqa: FBT001 - a column
    async def again(turn: Turn[Any]) -> None:
        await turn.tell(content("Nothing was saved."), view=form(turn.words, trouble="Somebody changed it."))

    handling = route(again, *on_submission(FORM), receive=received)
    async with own_world(tmp_path, opener(), handling) as world:
        await world.ben.command("/own")
        await world.ben.modal("Field")
        await world.ben.fill({"Field": "right"})
        world.workspace.faults.next("views.update", error="not_found" if closed else "invalid_blocks")
        await world.ben.submit()
        if closed:
            await world.ben.sees("Nothing was saved.", channel="dm")
        else:
            await world.ben.modal("Nothing was saved.")


async def test_a_place_without_a_record_is_left_alone(tmp_path: Path) -> None:
    async def concludes(turn: Turn[Any]) -> None:
        await turn.conclude(content(DONE), Origin(view="V-gone", replace=True), None)

    with caught_log() as log:
        async with own_world(tmp_path, opener(), route(concludes, *on_submission(FORM), receive=received)) as world:
            await world.ben.command("/own")
            await world.ben.modal("Field")
            await world.ben.fill({"Field": "right"})
            await world.ben.submit()
            await world.ben.modal(DONE)
            await world.bot.drain(5)
        assert log.events("a record is shown as it was") == []


async def test_in_one_line_where_slack_takes_no_blocks(tmp_path: Path) -> None:
    work = Work()
    async with submitted(tmp_path, work) as world:
        world.workspace.faults.next("views.update", error="invalid_blocks")
        world.workspace.faults.next("chat.postMessage", error="invalid_blocks")
        work.released.set()
        told = await world.ben.sees(DONE, channel="dm")
        assert told.blocks == []


def too_much() -> Content:
    """Return content of more blocks than anything may have."""
    return Content("Own", DONE, tuple(paragraph(f"{number}") for number in range(101)))


async def test_in_one_line_where_its_blocks_cannot_be_shown(tmp_path: Path) -> None:
    async def concludes(turn: Turn[Any]) -> None:
        await turn.conclude(too_much(), Origin(view="V-gone"), too_much())

    with caught_log() as log:
        async with own_world(tmp_path, opener(), route(concludes, *on_submission(FORM), receive=received)) as world:
            await world.ben.command("/own")
            await world.ben.modal("Field")
            await world.ben.fill({"Field": "right"})
            await world.ben.submit()
            told = await world.ben.sees(DONE, channel="dm")
            await world.bot.drain(5)
        assert told.blocks == []
        assert "exception" in log.the("a way to tell broke")
        assert "exception" in log.the("a record is shown as it was")
        assert log.events("request ended")[-1]["outcome"] == "succeeded"


async def test_at_worst_in_the_log_with_its_reference(tmp_path: Path) -> None:
    work = Work()
    with caught_log() as log:
        async with submitted(tmp_path, work) as world:
            for method in ("views.update", "chat.postMessage"):
                world.workspace.faults.next(method, cut=True, times=9)
            work.released.set()
            await world.bot.drain(5)
        lost = log.the("could not be told")
        assert lost["text"] == DONE
        assert lost["reference"] == log.events("request ended")[-1]["reference"]
        assert lost["level"] == "error"
        assert len(log.events("a way to tell failed")) == 3


async def test_a_record_that_cannot_be_shown_anew_costs_nobody_the_outcome(tmp_path: Path) -> None:
    work = Work(Origin(view="V-gone", response_url="http://127.0.0.1:9/nowhere", replace=True))
    with caught_log() as log:
        async with submitted(tmp_path, work) as world:
            work.released.set()
            await world.ben.modal(DONE)
            await world.bot.drain(5)
        assert log.the("a record is shown as it was")["level"] == "warning"
        assert log.events("request ended")[-1]["outcome"] == "succeeded"


@pytest.mark.parametrize("kind", ["modal", "finder"])
async def test_the_modal_below_is_brought_up_to_date(tmp_path: Path, kind: str) -> None:
    work = Work()
    work.released.set()
    handling = route(work, *on_submission(FORM), receive=received)
    async with own_world(tmp_path, finder_opener(), handling) as world:
        await world.ben.command("/own")
        below = await world.ben.modal(callback_id=PICK)
        pushed(world, world.ben, form(Words("en")))
        work.origin = Origin(view=below.id, finder=PICK if kind == "finder" else "")
        await world.ben.fill({"Field": "right"})
        await world.ben.submit()
        await world.ben.modal(DONE)
        await world.ben.close()
        shown = await world.ben.modal("The record")
        assert shown is below
        assert ("Type part of what you are looking for:" in shown.plain) is (kind == "finder")
