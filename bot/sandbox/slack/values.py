"""What a person typed or chose: `state.values`, from the initial values on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.sandbox.slack.controls import STATEFUL, TYPED, Control, controls
from bot.sandbox.slack.errors import CannotDo
from bot.sandbox.slack.people import Json

Values = dict[tuple[str, str], Json]


def initial_value(element: Json, channel: str | None = None) -> Json:
    """Return the state of an element that nobody touched.

    Args:
        element: the element.
        channel: the conversation from which the view was opened, for `default_to_current_conversation`.
    """
    key, initial = STATEFUL[element["type"]]
    empty: Any = [] if key.endswith("s") else None
    value = element.get(initial) or empty
    if element.get("default_to_current_conversation"):
        value = value or ([channel] if key.endswith("s") else channel)
    return {"type": element["type"], key: value}


def initial_values(blocks: list[Json], channel: str | None = None) -> Values:
    """Return the state of blocks that nobody touched."""
    return {
        control.key: initial_value(control.element, channel) for control in controls(blocks) if control.type in STATEFUL
    }


def carried_over(blocks: list[Json], before: Values, channel: str | None = None) -> Values:
    """Return the state after an update: what keeps its block_id and action_id keeps its value.

    So Slack does, even where the update brings another initial value and nobody had touched the old one.

    Args:
        blocks: the new ones.
        before: the state so far.
        channel: the conversation from which the view was opened.
    """
    values = initial_values(blocks, channel)
    for control in controls(blocks):
        old = before.get(control.key)
        if old is not None and old["type"] == control.type and _still_offered(control.element, old):
            values[control.key] = old
    return values


def _still_offered(element: Json, value: Json) -> bool:
    offered = flat_options(element)
    if not offered:
        return True
    chosen = value.get("selected_options", [value.get("selected_option")])
    known = [option["value"] for option in offered]
    return all(option is None or option["value"] in known for option in chosen)


def nested(values: Values) -> Json:
    """Return the state as Slack sends it: by block_id, then by action_id."""
    out: Json = {}
    for (block_id, action_id), value in values.items():
        out.setdefault(block_id, {})[action_id] = value
    return out


def flat_options(answer: Json) -> list[Json]:
    """Return the options under `options` or `option_groups`, of an element or of an answer, groups flattened."""
    options = list(answer.get("options") or [])
    for group in answer.get("option_groups") or []:
        options += group["options"]
    return options


def entered(element: Json, raw: Any, offered: list[Json]) -> Json:
    """Return the state of an element into which a person put something.

    Args:
        element: the element.
        raw: a text for what is typed, a date, a time or an id as it is, an option's `value` for what is chosen;
            a list of them where several can be chosen; None or "" to clear it.
        offered: the options on the screen.

    Raises:
        CannotDo: an option that is not on the screen.
    """
    key, _ = STATEFUL[element["type"]]
    if key == "selected_options":
        value: Any = [_option(offered, one) for one in raw or []]
    elif key == "selected_option":
        value = _option(offered, raw) if raw else None
    elif element["type"] in TYPED:
        value = None if raw in (None, "") else str(raw)
    else:
        value = raw
    return {"type": element["type"], key: value}


def _option(offered: list[Json], value: str) -> Json:
    for option in offered:
        if option["value"] == value:
            return option
    raise CannotDo(f"no option has the value {value!r}; there are {[option['value'] for option in offered]}")


def is_empty(value: Json) -> bool:
    """Whether nothing is typed or chosen."""
    key, _ = STATEFUL[value["type"]]
    return not value[key]


def missing_answers(inputs: Iterable[Control], values: Values) -> dict[str, str]:
    """Return what Slack's client itself refuses before it sends a submission, by block_id."""
    problems: dict[str, str] = {}
    for control in inputs:
        value = values[control.key]
        if is_empty(value):
            if not control.block.get("optional"):
                problems[control.block_id] = "Please complete this required field."
        elif control.type in TYPED and (problem := _refused(control.element, str(value["value"]))):
            problems[control.block_id] = problem
    return problems


def _refused(element: Json, text: str) -> str | None:
    if element["type"] == "number_input":
        return _refused_number(element, text)
    if len(text) < element.get("min_length", 0):
        return f"Enter at least {element['min_length']} characters."
    if len(text) > element.get("max_length", len(text)):
        return f"Enter no more than {element['max_length']} characters."
    return None


def _refused_number(element: Json, text: str) -> str | None:
    try:
        number = float(text)
    except ValueError:
        return "Enter a number."
    if not element["is_decimal_allowed"] and not number.is_integer():
        return "Enter a whole number."
    if number < float(element.get("min_value", number)):
        return f"Enter a number of at least {element['min_value']}."
    if number > float(element.get("max_value", number)):
        return f"Enter a number of at most {element['max_value']}."
    return None
