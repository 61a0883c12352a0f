"""The interactive elements inside blocks, wherever they stand."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.people import Json

# Element type → (the key of its value in `state.values`, the key of its initial value).
STATEFUL: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
TYPED = frozenset({"plain_text_input", "number_input", "email_text_input", "url_text_input"})
EXTERNAL = frozenset({"external_select", "multi_external_select"})
INTERACTIVE = frozenset(STATEFUL) | {"button", "overflow"}


@dataclass(frozen=True, slots=True)
class Control:
    """An interactive element and the block in which it stands."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """The block's id."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """The element's id."""
        return str(self.element["action_id"])

    @property
    def key(self) -> tuple[str, str]:
        """Both ids: what `state.values` is keyed by."""
        return self.block_id, self.action_id

    @property
    def type(self) -> str:
        """The element's type."""
        return str(self.element["type"])

    @property
    def is_input(self) -> bool:
        """Whether it stands in an input block, and so is sent with a submission alone."""
        return bool(self.block["type"] == "input")

    @property
    def dispatches(self) -> bool:
        """Whether using it sends `block_actions` at once."""
        return not self.is_input or bool(self.block.get("dispatch_action"))


def controls(blocks: list[Json]) -> Iterator[Control]:
    """Yield the interactive elements of stored blocks, in reading order."""
    for block in blocks:
        yield from _within(block, block)


def find_control(blocks: list[Json], block_id: str, action_id: str) -> Control | None:
    """Return the element with these ids."""
    return next((control for control in controls(blocks) if control.key == (block_id, action_id)), None)


def _within(value: Any, block: Json) -> Iterator[Control]:
    if isinstance(value, list):
        for inner in value:
            yield from _within(inner, block)
    elif isinstance(value, dict):
        if value.get("type") in INTERACTIVE:
            yield Control(block, value)
            return
        owner = value if "block_id" in value else block
        for inner in value.values():
            yield from _within(inner, owner)


def with_ids(blocks: list[Json], new_id: Callable[[], str]) -> list[Json]:
    """Return a copy of the blocks in which every block and every element has an id, as Slack stores them."""
    stored = copy.deepcopy(blocks)
    _give_ids(stored, new_id)
    for control in controls(stored):
        control.element["action_id"] = control.element.get("action_id") or new_id()
    return stored


def _give_ids(blocks: list[Json], new_id: Callable[[], str]) -> None:
    for block in blocks:
        block["block_id"] = block.get("block_id") or new_id()
        _give_ids(block.get("child_blocks", []), new_id)
