"""How a person finds things on the screen: buttons by their words, fields by their labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.sandbox.slack.controls import STATEFUL, Control, controls
from bot.sandbox.slack.errors import CannotDo
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Json
from bot.sandbox.slack.state import State
from bot.sandbox.slack.values import flat_options
from bot.sandbox.slack.views import View

_LAST_MESSAGES = 5


def matches(shown: Message | View, words: Iterable[str | re.Pattern[str]]) -> bool:
    """Whether all the words are in a text as a person reads it."""
    text = shown.plain
    return all(word in text if isinstance(word, str) else word.search(text) for word in words)


def find_button(
    blocks: list[Json], what: str, *, value: str | None = None, label: str | None = None
) -> tuple[Control, str | None]:
    """Return a button, or an overflow menu and the value of its entry, by text or action_id.

    Raises:
        CannotDo: there is none, or there are several.
    """
    found = [
        (control, raw)
        for control, name, raw in _pressable(blocks)
        if what in (name, control.action_id)
        and value in (None, raw, control.element.get("value"))
        and label in (None, control.element.get("accessibility_label"))
    ]
    if len(found) != 1:
        there = [(name, control.action_id, control.element.get("value")) for control, name, _ in _pressable(blocks)]
        raise CannotDo(f"{len(found)} buttons are {what!r} (value {value}, label {label}); there are {there}")
    return found[0]


def _pressable(blocks: list[Json]) -> Iterator[tuple[Control, str, str | None]]:
    for control in controls(blocks):
        if control.type == "button":
            yield control, control.element["text"]["text"], None
        elif control.type == "overflow":
            for option in flat_options(control.element):
                yield control, option["text"]["text"], option["value"]


def find_field(blocks: list[Json], what: str) -> Control:
    """Return a field by action_id, block_id or label.

    Raises:
        CannotDo: there is none, or there are several.
    """
    fields = [control for control in controls(blocks) if control.type in STATEFUL]
    found = [field for field in fields if what in (field.action_id, field.block_id, _label(field))]
    if len(found) != 1:
        there = [(field.action_id, field.block_id, _label(field)) for field in fields]
        raise CannotDo(f"{len(found)} fields are {what!r}; there are {there}")
    return found[0]


def _label(control: Control) -> str:
    return str((control.block.get("label") or {}).get("text", ""))


def picked(options: list[Json], entry: str) -> str:
    """Return the value of an option by its text or its value.

    Raises:
        CannotDo: there is none, or there are several.
    """
    found = [option for option in options if entry in (option["text"]["text"], option["value"])]
    if len(found) != 1:
        there = [option["text"]["text"] for option in options]
        raise CannotDo(f"{len(found)} options are {entry!r}; there are {there}")
    return str(found[0]["value"])


def described(state: State, person: str) -> str:
    """Return what somebody sees: the last messages, the modal on top, and Home."""
    parts = []
    for message in state.visible(person)[-_LAST_MESSAGES:]:
        kind = "only visible to you" if message.is_ephemeral else message.author
        parts.append(f"── message in {state.channels[message.channel].name} ({kind}) ──\n{message.plain}")
    stack = state.views.stack(person)
    parts += [f"── modal {number} of {len(stack)} ──\n{view.plain}" for number, view in enumerate(stack, start=1)]
    home = state.views.home(person)
    if home is not None:
        parts.append(f"── Home ──\n{home.plain}")
    return "\n".join(parts) or "Nothing is on the screen."
