"""The page's requests, carried out: what a person does in Slack."""

from __future__ import annotations

from typing import Any

from bot.sandbox.page.requests import Asked, Closed, OnSurface, Said, Suggested, Used
from bot.sandbox.slack import Answer, CannotDo, Message, Person, View, Workspace
from bot.sandbox.slack.controls import TYPED, Control, controls, find_control

Json = dict[str, Any]

_GONE = "That is not on the screen any more."


class Hands:
    """Does in the workspace what the page asks. Each method raises CannotDo where that can't be done."""

    def __init__(self, workspace: Workspace) -> None:
        self._state = workspace.state
        self._gestures = workspace.gestures

    async def say(self, asked: Said) -> Json:
        """Send a slash command, or post a message."""
        person, channel = self._person(asked), self._state.channel(asked.channel)
        if not asked.text.startswith("/"):
            self._gestures.say(person, channel, asked.text)
            return {"ok": True}
        return _told(await self._gestures.command(person, channel, asked.text))

    async def use(self, asked: Used) -> Json:
        """Press a button, or choose."""
        person = self._person(asked)
        where = self._surface(person, asked)
        control = _control(where, asked.block_id, asked.action_id)
        self._enter(person, where, asked)
        answer = await self._gestures.use(person, where, control, asked.raw)
        return {"ok": True} if answer is None else _told(answer)

    async def suggest(self, asked: Suggested) -> Json:
        """Ask for the options of a select; returns them as Slack shows them."""
        person = self._person(asked)
        where = self._surface(person, asked)
        control = _control(where, asked.block_id, asked.action_id)
        self._enter(person, where, asked)
        return await self._gestures.suggest(person, where, control, asked.text)

    async def submit(self, asked: OnSurface) -> Json:
        """Press a form's submit button."""
        person = self._person(asked)
        view = self._view(person, asked)
        if view.busy:
            raise CannotDo("The form is on its way already.")
        self._enter(person, view, asked)
        return _told(await self._gestures.submit(view))

    async def close(self, asked: Closed) -> Json:
        """Close a form."""
        person = self._person(asked)
        await self._gestures.close(self._view(person, asked), everything=asked.everything)
        return {"ok": True}

    async def open_home(self, asked: Asked) -> Json:
        """Open the bot's Home."""
        return _told(await self._gestures.open_home(self._person(asked)))

    def _person(self, asked: Asked) -> Person:
        person = self._state.people.get(asked.person)
        if person is None or person.is_bot:
            raise CannotDo("There is nobody of this id.")
        return person

    def _surface(self, person: Person, asked: OnSurface) -> Message | View:
        if asked.message is None:
            return self._view(person, asked)
        found = next((one for one in self._state.visible(person.id) if one.ts == asked.message), None)
        if found is None:
            raise CannotDo(_GONE)
        return found

    def _view(self, person: Person, asked: OnSurface) -> View:
        view = self._state.views.find(asked.view)
        if view is None or view.person != person.id:
            raise CannotDo(_GONE)
        return view

    def _enter(self, person: Person, where: Message | View, asked: OnSurface) -> None:
        """Put what stands in the text fields into the state; fields that are gone by now are left out."""
        for control in controls(where.blocks):
            text = asked.typed.get(control.block_id, {}).get(control.action_id)
            if text is not None and control.type in TYPED:
                self._gestures.enter(person, where, control, text)


def _control(where: Message | View, block_id: str, action_id: str) -> Control:
    control = find_control(where.blocks, block_id, action_id)
    if control is None:
        raise CannotDo(_GONE)
    return control


def _told(answer: Answer) -> Json:
    return {"ok": answer.ok, "error": answer.error}
