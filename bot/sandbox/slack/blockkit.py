"""What Slack accepts as a message and as a view: the documentation's Block Kit reference.

Blocks that the stand-in does not look into (`file`, `video` and the like) are held to their surfaces alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.slack import limits
from bot.sandbox.slack.controls import Control, controls
from bot.sandbox.slack.elements import (
    BOXES,
    BUTTON,
    DATETIME,
    IMAGE,
    INPUTS,
    MULTI_SELECTS,
    OPTION_LISTS,
    OVERFLOW,
    PICKERS,
    SELECTS,
    TYPE,
    one_list,
    plain,
    text,
)
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.people import Json
from bot.sandbox.slack.rich import RICH_PARTS
from bot.sandbox.slack.schema import Check, also, anything, array, boolean, either, integer, record, string, wrong


def _block(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return record({**TYPE, **required}, {"block_id": string(limits.ID), **(optional or {})})


def _some_text(value: Json) -> str | None:
    return None if value.get("text") or value.get("fields") else "must define either `text` or `fields`"


def _even_rows(value: Json) -> str | None:
    rows = value["rows"]
    if len({len(row) for row in rows}) > 1:
        return "all rows must have the same number of cells"
    if any(cell["type"] == "rich_text" for cell in rows[0]):
        return "header cells cannot contain rich text"
    if len(json.dumps(rows)) > limits.DATA_TABLE_CHARACTERS and _characters(rows) > limits.DATA_TABLE_CHARACTERS:
        return f"cells must be less than {limits.DATA_TABLE_CHARACTERS + 1} characters together"
    return None


def _characters(value: Any) -> int:
    if isinstance(value, dict):
        return sum(len(v) if k == "text" and isinstance(v, str) else _characters(v) for k, v in value.items())
    return sum(_characters(one) for one in value) if isinstance(value, list) else 0


_RICH_TEXT = _block({"elements": array(either(RICH_PARTS), 1000)})
_CELL = either(
    {
        "raw_text": record(TYPE | {"text": string()}, {}),
        "raw_number": anything(),
        "rich_text": _RICH_TEXT,
    }
)
_SIMPLE: dict[str, Check] = {
    "section": also(
        _block(
            {},
            {
                "text": text(limits.TEXT),
                "fields": array(text(limits.FIELD), limits.FIELDS),
                "accessory": either(BUTTON | OVERFLOW | SELECTS | MULTI_SELECTS | BOXES | PICKERS | IMAGE),
                "expand": boolean(),
            },
        ),
        _some_text,
    ),
    "header": _block({"text": plain(limits.HEADER)}),
    "divider": _block({}),
    "context": _block(
        {
            "elements": array(
                either(
                    {"plain_text": text(limits.TEXT), "mrkdwn": text(limits.TEXT), **IMAGE},
                ),
                limits.CONTEXT,
            )
        }
    ),
    "actions": _block(
        {"elements": array(either(BUTTON | OVERFLOW | SELECTS | BOXES | PICKERS | DATETIME), limits.ACTIONS)}
    ),
    "image": _block(
        {"alt_text": string(limits.ALT_TEXT)},
        {"image_url": string(limits.URL), "slack_file": anything(), "title": plain(limits.ALT_TEXT)},
    ),
    "input": _block(
        {
            "label": plain(limits.LABEL),
            "element": either(INPUTS | SELECTS | MULTI_SELECTS | BOXES | PICKERS | DATETIME),
        },
        {"hint": plain(limits.LABEL), "optional": boolean(), "dispatch_action": boolean()},
    ),
    "rich_text": _RICH_TEXT,
}
_UNREAD: dict[str, Check] = dict.fromkeys(
    ("card", "carousel", "context_actions", "data_visualization", "file", "plan", "table", "task_card", "video"),
    anything(),
)
_ALERT_LEVELS = frozenset({"default", "info", "warning", "error", "success"})
_TITLED: dict[str, Check] = {
    "alert": _block({"text": text(limits.ALERT)}, {"level": string(one_of=_ALERT_LEVELS)}),
    "markdown": _block({"text": string(limits.MARKDOWN)}),
    "data_table": also(
        _block(
            {"rows": array(array(_CELL, limits.TABLE_COLUMNS), limits.DATA_TABLE_ROWS, least=2), "caption": string()},
            {
                "page_size": integer(1, limits.DATA_TABLE_PAGE),
                "row_header_column_index": integer(0, limits.TABLE_COLUMNS - 1),
            },
        ),
        _even_rows,
    ),
    "container": _block(
        {"child_blocks": array(either(_SIMPLE | _UNREAD), limits.CONTAINER_BLOCKS)},
        {
            "title": plain(limits.CONTAINER_TITLE),
            "subtitle": text(limits.CONTAINER_TITLE),
            "rich_text_title": _RICH_TEXT,
            "width": string(one_of=frozenset({"narrow", "standard", "wide", "full"})),
            "icon": anything(),
            "is_collapsible": boolean(),
            "default_collapsed": boolean(),
            "has_header_divider": boolean(),
        },
    ),
}


def _chosen(names: str) -> Check:
    known = _SIMPLE | _UNREAD | _TITLED
    return either({name: known[name] for name in names.split()})


_EVERYWHERE = "actions card context divider header image input rich_text section video "
_SURFACES: dict[str, Check] = {
    "message": _chosen(
        _EVERYWHERE
        + "carousel container context_actions data_table data_visualization file markdown plan table task_card"
    ),
    "modal": _chosen(_EVERYWHERE + "alert"),
    "home": _chosen(_EVERYWHERE + "carousel data_visualization table"),
}
_VIEW_FIELDS: dict[str, Check] = {
    "private_metadata": string(limits.PRIVATE_METADATA, least=0),
    "callback_id": string(limits.ID, least=0),
    "external_id": string(limits.ID, least=0),
}
_VIEWS: dict[str, Check] = {
    "modal": record(
        TYPE | {"title": plain(limits.VIEW_TITLE), "blocks": array(_SURFACES["modal"], limits.VIEW_BLOCKS, least=0)},
        _VIEW_FIELDS
        | {
            "close": plain(limits.VIEW_TITLE),
            "submit": plain(limits.VIEW_TITLE),
            "clear_on_close": boolean(),
            "notify_on_close": boolean(),
        },
    ),
    "home": record(TYPE | {"blocks": array(_SURFACES["home"], limits.VIEW_BLOCKS, least=0)}, _VIEW_FIELDS),
}
_OPTIONS_ANSWER = also(record({}, OPTION_LISTS), one_list)


def check_message(content: Json) -> None:
    """Check what a message consists of.

    Raises:
        SlackError: `no_text`, `msg_too_long` or `invalid_blocks`.
    """
    blocks = content.get("blocks")
    if not content.get("text") and not blocks and not content.get("attachments"):
        raise SlackError("no_text")
    if len(content.get("text") or "") > limits.MESSAGE_TEXT:
        raise SlackError("msg_too_long")
    if blocks is None:
        return
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = list(array(_SURFACES["message"], limits.MESSAGE_BLOCKS, least=0)(blocks, "/blocks"))
    problems += [] if problems else list(_doubled(blocks, "/blocks"))
    if problems:
        raise SlackError("invalid_blocks", messages=problems)


def check_view(view: Any, kind: str) -> None:
    """Check a view; `kind` is `modal` or `home`.

    Raises:
        SlackError: `invalid_arguments`, or `view_too_large`.
    """
    problems = list(either({kind: _VIEWS[kind]})(view, "/view"))
    problems += [] if problems else list(_rules(view))
    if problems:
        schemas = wrong("failed to match all allowed schemas", "/view")
        raise SlackError("invalid_arguments", messages=[schemas, *problems])
    if len(json.dumps(view).encode()) > limits.VIEW_BYTES:
        raise SlackError("view_too_large")


def _rules(view: Json) -> Iterator[str]:
    blocks = view["blocks"]
    yield from _doubled(blocks, "/view/blocks")
    for index, block in enumerate(blocks):
        if block["type"] == "input" and view["type"] == "modal" and not view.get("submit"):
            yield wrong("must define `submit` to use `input` block", f"/view/blocks/{index}/input")
    for control in controls(blocks):
        if control.element.get("response_url_enabled") and (view["type"] != "modal" or not control.is_input):
            yield wrong("invalid additional property: response_url_enabled", "/view/blocks")


def _doubled(blocks: list[Json], pointer: str) -> Iterator[str]:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id is not None and block_id in seen:
            yield wrong(f"`block_id` {block_id} already exists", f"{pointer}/{index}/block_id")
        seen.add(block_id or "")
        yield from _doubled_actions(list(controls([block])), f"{pointer}/{index}")


def _doubled_actions(found: list[Control], pointer: str) -> Iterator[str]:
    ids = [control.element["action_id"] for control in found if "action_id" in control.element]
    for action_id in {one for one in ids if ids.count(one) > 1}:
        yield wrong(f"`action_id` {action_id} already exists in this block", pointer)
    if sum(bool(control.element.get("focus_on_load")) for control in found) > 1:
        yield wrong("only one element can have `focus_on_load`", pointer)


def options_are_valid(answer: Json) -> bool:
    """Whether Slack shows the options of an answer to `block_suggestion`; else it shows no results."""
    return not list(_OPTIONS_ANSWER(answer, ""))
