"""Modals and Home: a stack of at most three views for each person, and one Home.

The documentation's "Modals", "App Home" and the reference of `views.*`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.controls import with_ids
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.people import APP_ID, BOT_ID, HOME_TEAM, Json
from bot.sandbox.slack.reading import plain_text
from bot.sandbox.slack.values import Values, carried_over, initial_values, nested

MAX_STACK = 3
_KEPT = (
    "type",
    "title",
    "close",
    "submit",
    "blocks",
    "private_metadata",
    "callback_id",
    "external_id",
    "clear_on_close",
    "notify_on_close",
)


@dataclass(slots=True, kw_only=True, eq=False)
class View:
    """A view that a person has open.

    Attributes:
        payload: what the bot gave, every block with its ids.
        hash: changes with every update.
        values: what the person typed or chose, initial values included.
        errors: the sentences at the fields, by block_id.
        trouble: what Slack says at the top of the form when the bot's answer failed.
        channel: the conversation from which it was opened.
        busy: whether a submission is on its way.
        revision: the number of the change that it last went through.
    """

    id: str
    person: str
    payload: Json
    hash: str
    root: str
    previous: str | None = None
    channel: str | None = None
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None
    busy: bool = False
    revision: int = 0

    @property
    def blocks(self) -> list[Json]:
        """The blocks, every one with its ids."""
        blocks: list[Json] = self.payload["blocks"]
        return blocks

    @property
    def callback_id(self) -> str:
        """The bot's name for this kind of view."""
        return str(self.payload.get("callback_id", ""))

    @property
    def title(self) -> str:
        """The title; Home has none."""
        return str(self.payload.get("title", {}).get("text", ""))

    @property
    def plain(self) -> str:
        """What the person reads: title, blocks with what is in them, buttons, and errors."""
        parts = [self.payload.get("title", []), self.blocks]
        parts += [self.payload.get(key, []) for key in ("submit", "close")]
        lines = [plain_text(part, self.values) for part in parts]
        lines += [*self.errors.values(), self.trouble or ""]
        return "\n".join(line for line in lines if line)

    def as_json(self) -> Json:
        """Return the view as Slack sends it, with its state."""
        view: Json = {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "close": None,
            "submit": None,
        }
        return (
            view
            | copy.deepcopy(self.payload)
            | {
                "id": self.id,
                "team_id": HOME_TEAM.id,
                "state": {"values": copy.deepcopy(nested(self.values))},
                "hash": self.hash,
                "previous_view_id": self.previous,
                "root_view_id": self.root,
                "app_id": APP_ID,
                "app_installed_team_id": HOME_TEAM.id,
                "bot_id": BOT_ID,
            }
        )


class Views:
    """The views that are open.

    Args:
        new_id: gives ids that are used once.
        changed: is told of each change (kind, view) and returns its number.
    """

    def __init__(self, new_id: Callable[[str], str], changed: Callable[[str, View], int]) -> None:
        self._new_id = new_id
        self._changed = changed
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def stack(self, person: str) -> list[View]:
        """Return the modals that a person has open, the one on top last."""
        return self._stacks.setdefault(person, [])

    def top(self, person: str) -> View | None:
        """Return the modal that the person sees."""
        stack = self.stack(person)
        return stack[-1] if stack else None

    def home(self, person: str) -> View | None:
        """Return the person's Home, once it was published."""
        return self._homes.get(person)

    def find(self, view_id: str | None = None, external_id: str | None = None) -> View | None:
        """Return an open view by either id."""
        for view in [*self._homes.values(), *(view for stack in self._stacks.values() for view in stack)]:
            if (view_id and view.id == view_id) or (external_id and view.payload.get("external_id") == external_id):
                return view
        return None

    def open(self, person: str, payload: Json, channel: str | None = None) -> View:
        """Show a modal; a stack that was there is gone."""
        self.stack(person).clear()
        return self._show(person, payload, channel)

    def push(self, person: str, payload: Json) -> View:
        """Show a modal on top of the one that is there.

        Raises:
            SlackError: `not_found` without a modal to be put on, `push_limit_reached` with three already.
        """
        stack = self.stack(person)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= MAX_STACK:
            raise SlackError("push_limit_reached")
        return self._show(person, payload, stack[-1].channel)

    def _show(self, person: str, payload: Json, channel: str | None) -> View:
        self._refuse_duplicate(payload, None)
        stack = self.stack(person)
        view = self._made(person, payload, channel)
        if stack:
            view.root, view.previous = stack[0].id, stack[-1].id
        stack.append(view)
        view.revision = self._changed("view", view)
        return view

    def _made(self, person: str, payload: Json, channel: str | None) -> View:
        id_ = self._new_id("V")
        kept = self._kept(payload)
        values = initial_values(kept["blocks"], channel)
        return View(
            id=id_, person=person, payload=kept, hash=self._new_id("hash"), root=id_, channel=channel, values=values
        )

    def update(self, view: View, payload: Json, hash_: str | None = None) -> View:
        """Put other content into a view.

        Raises:
            SlackError: `hash_conflict`.
        """
        if hash_ and hash_ != view.hash:
            raise SlackError("hash_conflict")
        self._refuse_duplicate(payload, view)
        view.payload = self._kept(payload)
        view.values = carried_over(view.blocks, view.values, view.channel)
        view.hash = self._new_id("hash")
        view.errors, view.trouble = {}, None
        view.revision = self._changed("home" if view.payload["type"] == "home" else "view", view)
        return view

    def publish(self, person: str, payload: Json, hash_: str | None = None) -> View:
        """Put content into a person's Home.

        Raises:
            SlackError: `hash_conflict`.
        """
        home = self._homes.get(person)
        if home is not None:
            return self.update(home, payload, hash_)
        self._refuse_duplicate(payload, None)
        view = self._homes[person] = self._made(person, payload, None)
        view.revision = self._changed("home", view)
        return view

    def touched(self, view: View) -> None:
        """Announce that what a view shows has changed: a value, an error."""
        view.revision = self._changed("home" if view.payload["type"] == "home" else "view", view)

    def close(self, view: View) -> None:
        """Take a modal off its stack, and whatever lies on it."""
        stack = self.stack(view.person)
        while view in stack:
            self._changed("view_closed", stack.pop())

    def _kept(self, payload: Json) -> Json:
        kept = {key: payload[key] for key in _KEPT if payload.get(key) is not None}
        kept["blocks"] = with_ids(payload["blocks"], lambda: self._new_id("b"))
        return kept

    def _refuse_duplicate(self, payload: Json, own: View | None) -> None:
        external: Any = payload.get("external_id")
        if external and self.find(external_id=external) not in (None, own):
            raise SlackError("duplicate_external_id")
