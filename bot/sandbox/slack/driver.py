"""Act as a person: the words in which flow tests are written.

::

    ben = workspace.person("Ben")
    await ben.command("/items café")
    message = await ben.sees("Café Expresso")
    await ben.click(message, "Edit")
    await ben.modal("Unit price")
    await ben.fill({"price": "1,30"})
    await ben.submit()

Whatever a person waits for is looked for after every change of the workspace, for a bounded time; what does not come
fails with a description of what is on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bot.sandbox.slack.controls import TYPED, Control
from bot.sandbox.slack.delivery import Answer
from bot.sandbox.slack.errors import CannotDo
from bot.sandbox.slack.gestures import Gestures, Surface
from bot.sandbox.slack.looking import described, find_button, find_field, matches, picked
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Channel, Json, Person
from bot.sandbox.slack.reading import plain_text
from bot.sandbox.slack.state import State
from bot.sandbox.slack.values import flat_options
from bot.sandbox.slack.views import View

T = TypeVar("T")
Words = str | re.Pattern[str]


class Actor:
    """A person who looks at the screen and does things.

    Where a method takes words, all of them must be in the text; a compiled pattern is searched for.
    What a person sees anew is what changed since they last did something.
    """

    def __init__(self, id_: str, state: State, gestures: Gestures, wait_seconds: float) -> None:
        self.id = id_
        self._state = state
        self._gestures = gestures
        self._seconds = wait_seconds
        self._mark = 0

    @property
    def person(self) -> Person:
        """What Slack knows of them."""
        return self._state.people[self.id]

    # ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def command(self, line: str, channel: str = "geral") -> Answer:
        """Send a slash command; returns when its acknowledgement is there, and shown."""
        self._mark = self._state.feed.number
        return await self._gestures.command(self.person, self._channel(channel), line)

    def says(self, text: str, channel: str = "geral") -> Message:
        """Post an ordinary message."""
        self._mark = self._state.feed.number
        return self._gestures.say(self.person, self._channel(channel), text)

    def _channel(self, which: str) -> Channel:
        """Return a channel by name or id; `dm` is the conversation with the bot."""
        return self._state.direct_messages(self.id) if which == "dm" else self._state.channel(which)

    # ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────

    def messages(self, *words: Words, channel: str | None = None, ever: bool = True) -> list[Message]:
        """Return the messages on the screen now, oldest first; those that are new, unless `ever`."""
        where = None if channel is None else self._channel(channel).id
        after = 0 if ever else self._mark
        found = [message for message in self._state.visible(self.id, where) if message.revision > after]
        return [message for message in found if matches(message, words)]

    async def sees(self, *words: Words, channel: str | None = None, ever: bool = False) -> Message:
        """Return the newest message with these words that was posted or changed since the last thing done.

        Args:
            *words: what it says.
            channel: a channel's name or id, or `dm`; anywhere by default.
            ever: old messages count as well.
        """

        def newest() -> Message | None:
            found = self.messages(*words, channel=channel, ever=ever)
            return max(found, key=lambda message: message.revision, default=None)

        return await self._until(newest, f"a message with {words}")

    async def modal(self, *words: Words, callback_id: str | None = None) -> View:
        """Return the modal on top once it has these words in it."""

        def top() -> View | None:
            view = self._state.views.top(self.id)
            wanted = view is not None and callback_id in (None, view.callback_id)
            return view if wanted and view is not None and matches(view, words) else None

        return await self._until(top, f"a modal with {words}")

    async def no_modal(self) -> None:
        """Return once no modal is open."""
        await self._until(lambda: None if self._state.views.top(self.id) else True, "no modal")

    async def home(self, *words: Words) -> View:
        """Return the Home once it has these words in it."""

        def shown() -> View | None:
            view = self._state.views.home(self.id)
            return view if view is not None and matches(view, words) else None

        return await self._until(shown, f"a Home with {words}")

    async def _until(self, probe: Callable[[], T | None], wanted: str) -> T:
        return await self._state.feed.until(
            probe, seconds=self._seconds, otherwise=lambda: f"{self.person.name} waited for {wanted}.\n{self.screen()}"
        )

    def screen(self) -> str:
        """Return everything that this person sees, as text."""
        return described(self._state, self.id)

    # ── clicking and filling in ─────────────────────────────────────────────────────────────────────────────────

    async def click(
        self, where: Surface | None, what: str, *, value: str | None = None, label: str | None = None
    ) -> Answer:
        """Press a button, or choose an entry of an overflow menu; a confirmation is accepted.

        Args:
            where: the message or view; None is the modal on top.
            what: its text, or its action_id.
            value: tells apart buttons that are alike, by their value.
            label: tells them apart by their accessibility label.
        """
        surface = self._top() if where is None else where
        control, raw = find_button(surface.blocks, what, value=value, label=label)
        self._mark = self._state.feed.number
        return await self._gestures.press(self.person, surface, control, raw)

    def confirmation(
        self, where: Surface | None, what: str, *, value: str | None = None, label: str | None = None
    ) -> str | None:
        """Return the words of the confirmation that a button asks for, or None."""
        surface = self._top() if where is None else where
        control, _ = find_button(surface.blocks, what, value=value, label=label)
        confirm = control.element.get("confirm")
        return plain_text(list(confirm.values())) if confirm else None

    async def fill(self, entries: Mapping[str, Any], where: Surface | None = None) -> None:
        """Type and choose in the fields of a form.

        Args:
            entries: by action_id, block_id or label. A text for what is typed; for what is chosen, the text of the
                option or its value, a list of them where several can be chosen, a person's or a channel's name;
                None clears.
            where: the view or message; the modal on top by default.
        """
        for field, entry in entries.items():
            await self.choose(field, entry, where)

    async def choose(self, field: str, entry: Any, where: Surface | None = None) -> Answer | None:
        """Do the same for one field, and return the bot's answer where it is asked at once.

        An external select must have been typed into (`type_ahead`) unless the option is on the screen already.
        """
        surface = self._top() if where is None else where
        control = find_field(surface.blocks, field)
        raw = self._raw(surface, control, entry)
        self._mark = self._state.feed.number
        return await self._gestures.use(self.person, surface, control, raw)

    def _raw(self, surface: Surface, control: Control, entry: Any) -> Any:
        if entry is None or control.type in TYPED:
            return entry
        if isinstance(entry, list):
            return [self._raw(surface, control, one) for one in entry]
        if control.type.endswith("users_select"):
            return self._state.person(entry).id
        if control.type.endswith(("conversations_select", "channels_select")):
            return self._channel(entry).id
        if control.type.endswith(("picker",)):
            return entry
        return picked(self._gestures.offered(self.person, surface, control), entry)

    async def type_ahead(self, field: str, text: str, where: Surface | None = None) -> list[Json]:
        """Type into an external select and return the options that it shows, groups flattened."""
        return flat_options(await self.suggestions(field, text, where))

    async def suggestions(self, field: str, text: str, where: Surface | None = None) -> Json:
        """Type into an external select and return `options` or `option_groups` as they are shown."""
        surface = self._top() if where is None else where
        return await self._gestures.suggest(self.person, surface, find_field(surface.blocks, field), text)

    async def submit(self) -> Answer:
        """Press the submit button of the modal on top; returns when the acknowledgement is there, and shown."""
        self._mark = self._state.feed.number
        return await self._gestures.submit(self._top())

    async def close(self, *, everything: bool = False) -> list[Answer]:
        """Close the modal on top, or all of them; returns the answers to `view_closed`."""
        self._mark = self._state.feed.number
        return await self._gestures.close(self._top(), everything=everything)

    async def open_home(self, tab: str = "home") -> Answer:
        """Open the app's Home."""
        self._mark = self._state.feed.number
        return await self._gestures.open_home(self.person, tab)

    def _top(self) -> View:
        view = self._state.views.top(self.id)
        if view is None:
            raise CannotDo(f"{self.person.name} has no modal open.\n{self.screen()}")
        return view
