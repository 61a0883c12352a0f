"""What a person can do in Slack, by ids, with all that follows from the bot's answer.

The page calls these as they are; `driver` puts words that a test reads well around them.
"""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.slack import payloads
from bot.sandbox.slack.answers import TROUBLE, apply_submission, click_failure, show_command_answer
from bot.sandbox.slack.blockkit import options_are_valid
from bot.sandbox.slack.controls import EXTERNAL, STATEFUL, Control, controls
from bot.sandbox.slack.conversations import offered_conversations
from bot.sandbox.slack.delivery import Answer, Delivery
from bot.sandbox.slack.errors import CannotDo
from bot.sandbox.slack.events import Events
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Channel, Json, Person
from bot.sandbox.slack.state import State
from bot.sandbox.slack.values import entered, flat_options, initial_values, missing_answers
from bot.sandbox.slack.views import View

Surface = Message | View
INCOMPLETE = Answer(status=None, error="incomplete")


class Gestures:
    """The hands of everybody in the workspace.

    Args:
        state: the workspace.
        delivery: the way to the bot.
        events: tells the bot what happened.
        commands: the slash commands that the app has; with none given, every one goes to the bot.
    """

    def __init__(self, state: State, delivery: Delivery, events: Events, commands: frozenset[str]) -> None:
        self._state = state
        self._delivery = delivery
        self._events = events
        self.commands = commands
        self._offered: dict[tuple[str, str, tuple[str, str]], list[Json]] = {}

    async def command(self, person: Person, channel: Channel, line: str) -> Answer:
        """Send a line that begins with a slash; the text after the command goes as it was typed.

        Raises:
            CannotDo: the line is no command, or the person is not in the channel.
        """
        match = re.fullmatch(r"(/\S+)(?:\s(.*))?", line, re.DOTALL)
        if match is None:
            raise CannotDo(f"{line!r} is no slash command")
        self._must_be_in(person, channel)
        name, text = match[1], match[2] or ""
        if self.commands and name not in self.commands:
            self._state.slackbot(channel.id, person.id, f"`{name}` is not a valid command.")
            return Answer(status=None, error="invalid_command")
        url = self._state.grants.response_url("commands", person.id, channel.id)
        trigger = self._state.grants.trigger(person.id, channel.id)
        payload = payloads.command(person, channel, name, text, trigger_id=trigger, response_url=url)
        answer = await self._delivery.send("command", name, payload)
        return show_command_answer(self._state, person, channel, name, answer)

    def say(self, person: Person, channel: Channel, text: str) -> Message:
        """Post an ordinary message.

        Raises:
            CannotDo: the person is not in the channel.
        """
        self._must_be_in(person, channel)
        return self._state.post(channel.id, person.id, text=text)

    def _must_be_in(self, person: Person, channel: Channel) -> None:
        if person.id not in channel.members:
            raise CannotDo(f"{person.name} is not in {channel.name}")

    def enter(self, person: Person, where: Surface, control: Control, raw: Any) -> None:
        """Type or choose without sending anything yet; see `values.entered` for what raw can be.

        Raises:
            CannotDo: an option, or a conversation, that is not on the screen.
        """
        if raw and control.type.endswith(("conversations_select", "channels_select")):
            self._must_offer(person, control, raw if isinstance(raw, list) else [raw])
        value = entered(control.element, raw, self.offered(person, where, control))
        if isinstance(where, View):
            where.values[control.key] = value
            self._state.views.touched(where)
        else:
            where.values.setdefault(person.id, initial_values(where.blocks))[control.key] = value

    def _must_offer(self, person: Person, control: Control, chosen: list[str]) -> None:
        self._state.direct_messages(person.id)  # it is in the list whether it was opened before or not
        channels, people = self._state.channels.values(), self._state.people
        offered = {one.id: one.name for one in offered_conversations(control.element, person.id, channels, people)}
        if not set(chosen) <= set(offered):
            raise CannotDo(f"{control.action_id} offers {sorted(offered.values())}, not {chosen}")

    def offered(self, person: Person, where: Surface, control: Control) -> list[Json]:
        """Return the options that a person can choose from, those that were asked for included."""
        options = flat_options(control.element)
        options += self._offered.get((person.id, _id_of(where), control.key), [])
        initial = [control.element.get("initial_option"), *control.element.get("initial_options", [])]
        return options + [one for one in initial if one is not None and one not in options]

    async def use(self, person: Person, where: Surface, control: Control, raw: Any = None) -> Answer | None:
        """Press a button, or type or choose; return the bot's answer where the bot is asked at once.

        Args:
            person: who does it.
            where: the message or the view.
            control: the element.
            raw: what is typed or chosen; nothing for a button.

        Raises:
            CannotDo: it is not on the screen any more, or does not offer that.
        """
        self._must_be_there(person, where)
        if control.type in STATEFUL:
            self.enter(person, where, control, raw)
        return await self.press(person, where, control, raw) if control.dispatches else None

    async def press(self, person: Person, where: Surface, control: Control, raw: str | None = None) -> Answer:
        """Send `block_actions` for an element as it stands; `raw` is the chosen entry of an overflow menu.

        Raises:
            CannotDo: it is not on the screen any more, or the menu has no such entry.
        """
        self._must_be_there(person, where)
        chosen = self._chosen(person, where, control, raw)
        told = payloads.action(control, chosen, self._state.new_ts())
        trigger = self._state.grants.trigger(person.id, where.channel)
        surface = self._surface(where)
        if isinstance(where, Message):
            url = self._state.grants.response_url("actions", person.id, where.channel, where.ts)
            surface |= payloads.message_state(where, person.id, url)
        payload = payloads.block_actions(person, told, surface, trigger_id=trigger)
        answer = await self._delivery.send("block_actions", control.action_id, payload)
        self._show_trouble(person, where, answer)
        return answer

    def _chosen(self, person: Person, where: Surface, control: Control, raw: Any) -> Json:
        if control.type == "overflow":
            option = next((one for one in flat_options(control.element) if one["value"] == raw), None)
            if option is None:
                raise CannotDo(f"the menu has no {raw!r}")
            return {"selected_option": option}
        if control.type == "button":
            return {}
        values = where.values if isinstance(where, View) else where.values[person.id]
        return values[control.key]

    def _surface(self, where: Surface) -> Json:
        if isinstance(where, View):
            return payloads.of_view(where)
        return payloads.of_message(where, self._state.channels[where.channel])

    def _show_trouble(self, person: Person, where: Surface, answer: Answer) -> None:
        if isinstance(where, Message):
            self._state.trouble(where, person.id, click_failure(answer))
        elif self._state.views.find(where.id) is where:
            where.trouble = None if answer.ok else TROUBLE
            self._state.views.touched(where)

    def _must_be_there(self, person: Person, where: Surface) -> None:
        if isinstance(where, View):
            there = where.person == person.id and self._state.views.find(where.id) is where
        else:
            there = where in self._state.visible(person.id, where.channel)
        if not there:
            raise CannotDo(f"that is not on the screen of {person.name}, or not any more")

    async def suggest(self, person: Person, where: Surface, control: Control, text: str) -> Json:
        """Type into an external select and return `options` or `option_groups` as they are shown.

        Fewer letters than `min_query_length` (three by default) ask nothing. Whatever is late, fails, or breaks a
        limit shows as no results, without an error.

        Raises:
            CannotDo: the element asks nobody for its options, or is not on the screen any more.
        """
        self._must_be_there(person, where)
        if control.type not in EXTERNAL:
            raise CannotDo(f"{control.action_id} is a {control.type}, which does not ask for options")
        if len(text) < control.element.get("min_query_length", 3):
            return {"options": []}
        payload = payloads.block_suggestion(person, control, text, self._surface(where))
        answer = await self._delivery.send("block_suggestion", control.action_id, payload)
        found = answer.json or {}
        if not answer.ok or not options_are_valid(found):
            return {"options": []}
        self._offered[person.id, _id_of(where), control.key] = flat_options(found)
        return found

    async def submit(self, view: View) -> Answer:
        """Press a form's submit button.

        What Slack's client refuses by itself (a required field left empty, a text that is too long) stands at the
        fields afterwards, and nothing is sent: the answer's error is then `incomplete`.

        Raises:
            CannotDo: the form has no such button, or is not on the screen any more.
        """
        person = self._state.people[view.person]
        self._must_be_there(person, view)
        if "submit" not in view.payload:
            raise CannotDo(f"the form {view.title!r} has no submit button")
        inputs = [control for control in controls(view.blocks) if control.is_input]
        view.errors, view.trouble = missing_answers(inputs, view.values), None
        view.busy = not view.errors
        self._state.views.touched(view)
        if view.errors:
            return INCOMPLETE
        trigger = self._state.grants.trigger(person.id, view.channel)
        urls = self._response_urls(person, view, inputs)
        payload = payloads.view_submission(person, view, trigger_id=trigger, response_urls=urls)
        answer = await self._delivery.send("view_submission", view.callback_id, payload)
        view.busy = False
        answer = apply_submission(self._state, view, answer)
        self._state.views.touched(view)
        return answer

    def _response_urls(self, person: Person, view: View, inputs: list[Control]) -> list[Json]:
        urls = []
        for control in inputs:
            value = view.values[control.key]
            channel = value.get("selected_conversation") or value.get("selected_channel")
            if control.element.get("response_url_enabled") and channel:
                url = self._state.grants.response_url("app", person.id, channel)
                ids = {"block_id": control.block_id, "action_id": control.action_id, "channel_id": channel}
                urls.append(ids | {"response_url": url})
        return urls

    async def close(self, view: View, *, everything: bool = False) -> list[Answer]:
        """Close a form; with `clear_on_close`, or when everything is closed, the whole stack goes.

        Returns:
            The bot's answers to `view_closed`, one for each form that asked for it.

        Raises:
            CannotDo: it is not on the screen any more.
        """
        person = self._state.people[view.person]
        self._must_be_there(person, view)
        stack = self._state.views.stack(view.person)
        is_cleared = everything or bool(view.payload.get("clear_on_close"))
        gone = list(reversed(stack)) if is_cleared else [view]
        self._state.views.close(stack[0] if is_cleared else view)
        answers = []
        for one in gone:
            if one.payload.get("notify_on_close"):
                payload = payloads.view_closed(person, one, is_cleared=is_cleared)
                answers.append(await self._delivery.send("view_closed", one.callback_id, payload))
        return answers

    async def open_home(self, person: Person, tab: str = "home") -> Answer:
        """Open the app's Home (or its tab of messages), which tells the bot `app_home_opened`."""
        channel = self._state.direct_messages(person.id)
        home = self._state.views.home(person.id) if tab == "home" else None
        content = payloads.app_home_opened(person, channel, tab, self._state.new_ts(), home)
        return await self._events.tell(content)


def _id_of(where: Surface) -> str:
    return where.id if isinstance(where, View) else where.ts
