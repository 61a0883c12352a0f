"""What a person reads on the screen, as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.people import Json
from bot.sandbox.slack.values import Values

_TEXTS = frozenset({"plain_text", "mrkdwn", "markdown", "text", "raw_text"})
# Each reader sees a date in their own zone; what is the same for all of them is its fallback.
_MENTIONS = {
    "user": "user_id",
    "channel": "channel_id",
    "usergroup": "usergroup_id",
    "emoji": "name",
    "link": "url",
    "date": "fallback",
}
# Not on the screen before somebody asks for it.
_HIDDEN = frozenset({"confirm", "placeholder", "accessibility_label"})
_FOLDED = frozenset({"options", "option_groups", "initial_option", "initial_options", "initial_value"})
_OPEN_LISTS = frozenset({"radio_buttons", "checkboxes"})


def plain_text(shown: Any, values: Values | None = None) -> str:
    """Return the texts of blocks, of a view or of a message, one a line, in reading order.

    Escapes are undone (`&amp;`); formatting marks such as `*` are left. Where values are given, what is typed or
    chosen stands after its element.
    """
    if isinstance(shown, str):
        return _unescaped(shown)
    return "\n".join(_lines(shown, values or {}, ""))


def _lines(value: Any, values: Values, block_id: str) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _lines(inner, values, block_id)
    elif isinstance(value, dict):
        yield from _of_object(value, values, str(value.get("block_id", block_id)))


def _of_object(value: Json, values: Values, block_id: str) -> Iterator[str]:
    kind = value.get("type")
    if kind in _TEXTS and isinstance(value.get("text"), str):
        yield _unescaped(value["text"])
        return
    if kind in _MENTIONS and "elements" not in value:
        yield str(value.get("text") or value.get(_MENTIONS[kind], ""))
        return
    skipped = _HIDDEN if kind in _OPEN_LISTS else _HIDDEN | _FOLDED
    for key, inner in value.items():
        if key not in skipped:
            yield from _lines(inner, values, block_id)
    chosen = values.get((block_id, str(value.get("action_id"))))
    if chosen is not None:
        yield from _chosen(chosen)


def _chosen(value: Json) -> Iterator[str]:
    for key, inner in value.items():
        if key != "type":
            for one in inner if isinstance(inner, list) else [inner]:
                if isinstance(one, dict):
                    yield str(one["text"]["text"])
                elif one is not None:
                    yield str(one)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
