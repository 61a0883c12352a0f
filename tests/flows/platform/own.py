"""A bot with routes of the test's own, to see what becomes of whatever a handler does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from slackblocks import InputBlock, ModalView, PlainText, PlainTextInput

from bot.access import Permission
from bot.i18n import Words
from bot.sandbox.slack import Actor, Message, View
from bot.sandbox.slack.people import BOT_USER_ID
from bot.slack.blocks import Content, actions, button, paragraph
from bot.slack.finder import finder_view
from bot.slack.payloads import Submission
from bot.slack.routing import FieldErrors, Route, Trigger, on_command
from bot.slack.state import Spoken
from bot.slack.turn import Problem, Turn
from tests.flows.clients.book import QUICK
from tests.flows.world import World, living_world

Handler = Callable[[Turn[Any]], Awaitable[None]]

COMMAND = "/own"
BUTTON = "own.button"
FORM = "own.form"
PICK = "own.pick"
FIELD = "own.field"


def route(handle: Handler, *triggers: Trigger, **more: Any) -> Route:
    """Return a route that anybody may take who may do anything at all."""
    return Route(triggers, Permission.LOOK_UP, handle, **more)


def content(text: str, *buttons: str) -> Content:
    """Return a sentence, with buttons that carry these values."""
    row = actions(*(button(f"Press {value}".strip(), f"{BUTTON}:{value}", value) for value in buttons))
    return Content("Own", text, (paragraph(text), *row))


def form(words: Words, *, trouble: str = "", field: bool = True) -> ModalView:
    """Return a form with one field, or with none."""
    blocks: list[Any] = [paragraph(trouble or "The form")]
    if field:
        blocks.append(InputBlock(PlainText("Field"), PlainTextInput(FIELD), block_id="field"))
    return ModalView(
        PlainText("Own form"),
        blocks,
        submit=PlainText("Send"),
        close=PlainText("Close"),
        callback_id=FORM,
        private_metadata=Spoken(language=words.language).dump(),
    )


def received(submission: Submission, words: Words) -> FieldErrors | ModalView:
    """Take what was submitted, unless the field says `wrong`."""
    typed = submission.view.values.get("field", {}).get(FIELD, {}).get("value")
    if typed == "wrong":
        return FieldErrors({"field": "That is wrong."})
    working = content("Working…")
    return ModalView(PlainText("Own"), list(working.blocks), private_metadata=submission.view.metadata)


async def restored(turn: Turn[Submission], problem: Problem) -> ModalView:
    """Return the form again with what went wrong."""
    return form(turn.words, trouble=problem.text)


def opener(*, field: bool = True) -> Route:
    """Return the route by which the command opens the form."""

    async def handle(turn: Turn[Any]) -> None:
        turn.acknowledge()
        turn.view_id = await turn.slack.open_view(turn.payload.trigger, form(turn.words, field=field))

    return route(handle, *on_command(COMMAND))


def finder_opener() -> Route:
    """Return the route by which the command opens a finder."""

    async def handle(turn: Turn[Any]) -> None:
        turn.acknowledge()
        turn.view_id = await turn.slack.open_view(turn.payload.trigger, finder_view(turn.words, PICK))

    return route(handle, *on_command(COMMAND))


def shower(text: str = "Here it is.", *buttons: str) -> Route:
    """Return the route by which the command answers with a message."""

    async def handle(turn: Turn[Any]) -> None:
        await turn.show(content(text, *buttons))

    return route(handle, *on_command(COMMAND))


@asynccontextmanager
async def own_world(data_dir: Path, *routes: Route, **options: Any) -> AsyncIterator[World]:
    """Start everything with these routes alone, on an empty account."""
    async with living_world(data_dir, routes=routes, **{"samples": False, "limits": QUICK, **options}) as world:
        yield world


def old_button(world: World, action_id: str, value: str = "") -> Message:
    """Post a message with a button, as an earlier version of the bot may have done."""
    shown = {"type": "plain_text", "text": "Old"}
    element = {"type": "button", "action_id": action_id, "text": shown} | ({"value": value} if value else {})
    channel = world.workspace.state.channel("geral").id
    return world.workspace.state.post(channel, BOT_USER_ID, blocks=[{"type": "actions", "elements": [element]}])


def pushed(world: World, person: Actor, view: ModalView) -> View:
    """Put a view above the one that a person has open, as a click in that one would."""
    return world.workspace.state.views.push(person.id, view.to_dict())


async def opened(person: Actor) -> View:
    """Open the form."""
    await person.command(COMMAND)
    return await person.modal("Field")


async def shown(person: Actor, text: str = "Here it is.", channel: str = "geral") -> Message:
    """Ask for the message."""
    await person.command(COMMAND, channel=channel)
    return await person.sees(text, channel=channel)
