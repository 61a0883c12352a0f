"""What Slack sends, read into types: slash commands, block actions, view submissions, options requests, events.

The shapes are those of Slack's pages "Implementing slash commands", "block_actions payloads",
"view_submission payloads", "Options load URL" and "app_home_opened". A payload that lacks what is needed raises
`MalformedPayload`; nothing else of it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.text import unescape

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""`view.state.values`: block_id → action_id → the element's state."""


class MalformedPayload(ValueError):
    """A payload of a shape that Slack does not send."""


@dataclass(frozen=True, slots=True)
class ViewRef:
    """A view as Slack refers to it in a payload.

    Attributes:
        id: what `views.update` takes.
        callback_id: which form it is.
        metadata: its `private_metadata`, as it stands.
        values: what its elements hold.
        is_home: whether it is the Home tab rather than a modal.
    """

    id: str
    callback_id: str
    metadata: str
    values: Values
    is_home: bool


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command, typed in a channel."""

    user: str
    name: str
    text: str
    response_url: str
    trigger: str
    channel: str


@dataclass(frozen=True, slots=True)
class Action:
    """A click or a choice in a message, a modal or the Home tab.

    Attributes:
        user: who clicked.
        id: the element's action_id.
        value: the button's value or the chosen option's.
        response_url: of the message that holds the element; empty where it stands in a view.
        trigger: opens a view within 3 s, once.
        view: the view that holds the element; None for a message.
        channel: where the message stands; empty for a view.
        message: the message that holds the element, by its timestamp; empty for a view.
    """

    user: str
    id: str
    value: str
    response_url: str
    trigger: str
    view: ViewRef | None
    channel: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that was submitted."""

    user: str
    view: ViewRef


@dataclass(frozen=True, slots=True)
class OptionsRequest:
    """A keystroke in an `external_select`."""

    user: str
    id: str
    text: str
    view: ViewRef | None


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the Events API: `app_home_opened` with its tab."""

    user: str
    type: str
    tab: str


Payload = Command | Action | Submission | OptionsRequest | Event


def read_payload(body: Mapping[str, Any]) -> Payload:
    """Read the body of one request from Slack.

    Raises:
        MalformedPayload: where it is none of the payloads that we subscribe to.
    """
    try:
        return _read(body)
    except KeyError as error:
        raise MalformedPayload(f"payload without {error}") from error
    except (TypeError, IndexError, AttributeError) as error:
        raise MalformedPayload("payload of an unknown shape") from error


def _read(body: Mapping[str, Any]) -> Payload:
    if "command" in body:
        return Command(
            user=_text(body["user_id"]),
            name=_text(body["command"]),
            text=unescape(_text(body.get("text") or "")),
            response_url=_text(body["response_url"]),
            trigger=_text(body["trigger_id"]),
            channel=_text(body.get("channel_id") or ""),
        )
    kind = body["type"]
    if kind == "event_callback":
        event = body["event"]
        return Event(user=_text(event["user"]), type=_text(event["type"]), tab=_text(event.get("tab") or ""))
    user = _text(body["user"]["id"])
    if kind == "block_actions":
        return _action(user, body)
    if kind == "view_submission":
        return Submission(user=user, view=_view(body["view"]))
    if kind == "block_suggestion":
        return OptionsRequest(
            user=user, id=_text(body["action_id"]), text=_text(body.get("value") or ""), view=_view_around(body)
        )
    raise MalformedPayload(f"payload of type {kind!r}")


def _action(user: str, body: Mapping[str, Any]) -> Action:
    action = body["actions"][0]
    chosen = action.get("selected_option") or {}
    container = body.get("container") or {}
    return Action(
        user=user,
        id=_text(action["action_id"]),
        value=_text(action.get("value") or chosen.get("value") or ""),
        response_url=_text(body.get("response_url") or ""),
        trigger=_text(body["trigger_id"]),
        view=_view_around(body),
        channel=_text(container.get("channel_id") or ""),
        message=_text(container.get("message_ts") or ""),
    )


def _view_around(body: Mapping[str, Any]) -> ViewRef | None:
    return _view(body["view"]) if body.get("view") else None


def _view(view: Mapping[str, Any]) -> ViewRef:
    state = view.get("state") or {}
    return ViewRef(
        id=_text(view["id"]),
        callback_id=_text(view.get("callback_id") or ""),
        metadata=_text(view.get("private_metadata") or ""),
        values=_values(state.get("values") or {}),
        is_home=view.get("type") == "home",
    )


def _values(values: Mapping[str, Any]) -> Values:
    return {
        block_id: {action_id: dict(state.items()) for action_id, state in elements.items()}
        for block_id, elements in values.items()
    }


def _text(value: object) -> str:
    """Return a string; half a surrogate pair, which JSON can carry and no log or database can, becomes a mark."""
    if not isinstance(value, str):
        raise TypeError
    return value.encode(errors="replace").decode()
