"""The shapes of Block Kit's elements and composition objects: the documentation's Block Kit reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack import limits
from bot.sandbox.slack.schema import Check, also, array, boolean, either, integer, record, string

TYPE = {"type": string()}
_MANY = 10_000


def plain(most: int) -> Check:
    """Check a text object that must be `plain_text`."""
    return either({"plain_text": record(TYPE | {"text": string(most)}, {"emoji": boolean()})})


def text(most: int) -> Check:
    """Check a text object of either type."""
    mrkdwn = record(TYPE | {"text": string(most)}, {"verbatim": boolean()})
    return either({"plain_text": record(TYPE | {"text": string(most)}, {"emoji": boolean()}), "mrkdwn": mrkdwn})


CONFIRM = record(
    {"title": plain(limits.CONFIRM_TITLE), "text": text(limits.CONFIRM_TEXT)},
    {
        "confirm": plain(limits.CONFIRM_BUTTON),
        "deny": plain(limits.CONFIRM_BUTTON),
        "style": string(one_of=frozenset({"primary", "danger"})),
    },
)


def option(label: Check, *, url: bool = False) -> Check:
    """Check an option; only an overflow menu's may have a URL."""
    extra = {"url": string(limits.URL)} if url else {}
    return record(
        {"text": label, "value": string(limits.OPTION_VALUE)}, {"description": plain(limits.OPTION_TEXT), **extra}
    )


OPTION = option(plain(limits.OPTION_TEXT))
RICH_OPTION = option(text(limits.OPTION_TEXT))
OPTION_GROUP = record(
    {"label": plain(limits.OPTION_TEXT), "options": array(OPTION, limits.OPTIONS)},
    {},
)
OPTION_LISTS = {
    "options": array(OPTION, limits.OPTIONS),
    "option_groups": array(OPTION_GROUP, limits.OPTIONS),
}


def one_list(value: dict[str, Any]) -> str | None:
    """Refuse a select with both lists, or with none."""
    if ("options" in value) == ("option_groups" in value):
        return "must define either `options` or `option_groups`"
    return None


def _known_choice(value: dict[str, Any]) -> str | None:
    options = list(value.get("options", []))
    for group in value.get("option_groups", []):
        options += group["options"]
    chosen = list(value.get("initial_options", []))
    if "initial_option" in value:
        chosen.append(value["initial_option"])
    for one in chosen:
        if one not in options:
            return "initial option must be one of the provided options"
    values = [one["value"] for one in options]
    return "option values must be unique" if len(values) != len(set(values)) else None


def _element(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    return record({**TYPE, **required}, {"action_id": string(limits.ID), **optional})


_FOCUS = {"focus_on_load": boolean()}
_PLACEHOLDER = {"placeholder": plain(limits.PLACEHOLDER)}
_MENU = _FOCUS | _PLACEHOLDER | {"confirm": CONFIRM}
_SEVERAL = {"max_selected_items": integer(1, _MANY)}
_DISPATCH = {
    "dispatch_action_config": record(
        {"trigger_actions_on": array(string(one_of=frozenset({"on_enter_pressed", "on_character_entered"})), most=2)},
        {},
    )
}
_KINDS_OF_CONVERSATION = frozenset({"im", "mpim", "private", "public"})


def _some_filter(value: dict[str, Any]) -> str | None:
    return None if value else "must define at least one property"


_FILTER = also(
    record(
        {},
        {
            "include": array(string(one_of=_KINDS_OF_CONVERSATION), len(_KINDS_OF_CONVERSATION)),
            "exclude_external_shared_channels": boolean(),
            "exclude_bot_users": boolean(),
        },
    ),
    _some_filter,
)
_ANY_CONVERSATION = {"default_to_current_conversation": boolean(), "filter": _FILTER}
_IDS = array(string(), _MANY, least=0)


def _choice(optional: Mapping[str, Check]) -> Check:
    return also(also(_element({}, {**OPTION_LISTS, **optional}), one_list), _known_choice)


def _boxes(initial: Mapping[str, Check]) -> Check:
    several = array(RICH_OPTION, limits.BOX_OPTIONS)
    return also(_element({"options": several}, _FOCUS | {"confirm": CONFIRM, **initial}), _known_choice)


SELECTS: dict[str, Check] = {
    "static_select": _choice(_MENU | {"initial_option": OPTION}),
    "external_select": _element({}, _MENU | {"initial_option": OPTION, "min_query_length": integer(0, _MANY)}),
    "users_select": _element({}, _MENU | {"initial_user": string()}),
    "channels_select": _element({}, _MENU | {"initial_channel": string(), "response_url_enabled": boolean()}),
    "conversations_select": _element(
        {}, _MENU | _ANY_CONVERSATION | {"initial_conversation": string(), "response_url_enabled": boolean()}
    ),
}
MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": _choice(_MENU | _SEVERAL | {"initial_options": array(OPTION, limits.OPTIONS)}),
    "multi_external_select": _element(
        {},
        _MENU | _SEVERAL | {"initial_options": array(OPTION, limits.OPTIONS), "min_query_length": integer(0, _MANY)},
    ),
    "multi_users_select": _element({}, _MENU | _SEVERAL | {"initial_users": _IDS}),
    "multi_channels_select": _element({}, _MENU | _SEVERAL | {"initial_channels": _IDS}),
    "multi_conversations_select": _element({}, _MENU | _SEVERAL | _ANY_CONVERSATION | {"initial_conversations": _IDS}),
}
BOXES: dict[str, Check] = {
    "checkboxes": _boxes({"initial_options": array(RICH_OPTION, limits.BOX_OPTIONS)}),
    "radio_buttons": _boxes({"initial_option": RICH_OPTION}),
}
PICKERS: dict[str, Check] = {
    "datepicker": _element({}, _MENU | {"initial_date": string()}),
    "timepicker": _element({}, _MENU | {"initial_time": string(), "timezone": string()}),
}
DATETIME: dict[str, Check] = {
    "datetimepicker": _element({}, _FOCUS | {"confirm": CONFIRM, "initial_date_time": integer(0, 9_999_999_999)})
}
BUTTON: dict[str, Check] = {
    "button": _element(
        {"text": plain(limits.BUTTON_TEXT)},
        {
            "url": string(limits.URL),
            "value": string(limits.BUTTON_VALUE),
            "style": string(one_of=frozenset({"primary", "danger"})),
            "confirm": CONFIRM,
            "accessibility_label": string(limits.BUTTON_TEXT),
        },
    )
}
OVERFLOW: dict[str, Check] = {
    "overflow": _element(
        {"options": array(option(plain(limits.OPTION_TEXT), url=True), limits.OVERFLOW_OPTIONS)}, {"confirm": CONFIRM}
    )
}
_TYPED = _FOCUS | _PLACEHOLDER | _DISPATCH | {"initial_value": string(limits.INPUT_LENGTH)}
INPUTS: dict[str, Check] = {
    "plain_text_input": _element(
        {},
        _TYPED
        | {
            "multiline": boolean(),
            "min_length": integer(0, limits.INPUT_LENGTH),
            "max_length": integer(1, limits.INPUT_LENGTH),
        },
    ),
    "number_input": _element(
        {"is_decimal_allowed": boolean()}, _TYPED | {"min_value": string(), "max_value": string()}
    ),
    "email_text_input": _element({}, _TYPED),
    "url_text_input": _element({}, _TYPED),
}
IMAGE: dict[str, Check] = {
    "image": record(TYPE | {"image_url": string(limits.URL), "alt_text": string(limits.ALT_TEXT)}, {})
}
