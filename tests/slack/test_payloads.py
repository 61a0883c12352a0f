"""Whatever is signed is read into one of five types, or refused; nothing else ever happens."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.payloads import Action, Command, Event, MalformedPayload, OptionsRequest, Submission, read_payload

VIEW = {
    "id": "V1",
    "type": "modal",
    "callback_id": "form",
    "private_metadata": "{}",
    "state": {"values": {"block": {"field": {"type": "plain_text_input", "value": "typed"}}}},
}
COMMAND = {
    "command": "/items",
    "text": "café &lt;b&gt; &amp;amp; more",
    "user_id": "U1",
    "channel_id": "C1",
    "response_url": "https://hooks.slack.com/commands/1",
    "trigger_id": "1.2",
}
BUTTON = {"type": "button", "action_id": "items.open:7", "value": "7"}
CLICK: dict[str, Any] = {"type": "block_actions", "user": {"id": "U1"}, "trigger_id": "1.2", "actions": [BUTTON]}
SOUND: list[dict[str, Any]] = [
    COMMAND,
    CLICK,
    CLICK | {"response_url": "https://x", "container": {"channel_id": "C1", "message_ts": "1.2"}},
    CLICK | {"view": VIEW, "actions": [{"action_id": "items.pick", "selected_option": {"value": "7"}}]},
    CLICK | {"view": VIEW | {"type": "home"}, "actions": [{"action_id": "items.pick", "selected_option": None}]},
    {"type": "view_submission", "user": {"id": "U1"}, "view": VIEW},
    {"type": "block_suggestion", "user": {"id": "U1"}, "action_id": "items.pick", "value": "ca", "view": VIEW},
    {"type": "block_suggestion", "user": {"id": "U1"}, "action_id": "items.pick"},
    {"type": "event_callback", "event": {"type": "app_home_opened", "user": "U1", "tab": "home"}},
]


def test_a_command() -> None:
    command = read_payload(COMMAND)
    assert command == Command(
        "U1", "/items", "café <b> &amp; more", "https://hooks.slack.com/commands/1", "1.2", "C1"
    ), "what Slack escaped is undone, once"
    for absent in ("text", "channel_id"):
        read = read_payload({key: value for key, value in COMMAND.items() if key != absent})
        assert isinstance(read, Command)


def test_a_click_in_a_message() -> None:
    click = read_payload(SOUND[2])
    assert click == Action("U1", "items.open:7", "7", "https://x", "1.2", None, "C1", "1.2")


def test_a_choice_in_a_view() -> None:
    choice = read_payload(SOUND[3])
    assert isinstance(choice, Action)
    assert choice.value == "7"
    assert choice.view is not None
    assert (choice.view.id, choice.view.is_home, choice.view.callback_id) == ("V1", False, "form")
    cleared = read_payload(SOUND[4])
    assert isinstance(cleared, Action)
    assert cleared.value == ""
    assert cleared.view is not None
    assert cleared.view.is_home


def test_a_submission() -> None:
    submission = read_payload(SOUND[5])
    assert isinstance(submission, Submission)
    assert submission.view.values == VIEW["state"]["values"]  # type: ignore[index]  # it is a dictionary, just above
    assert submission.view.metadata == "{}"


def test_a_keystroke_and_an_event() -> None:
    keystroke = read_payload(SOUND[6])
    assert isinstance(keystroke, OptionsRequest)
    assert keystroke.text == "ca"
    assert read_payload(SOUND[8]) == Event("U1", "app_home_opened", "home")


def test_half_a_surrogate_pair_becomes_a_mark() -> None:
    read = read_payload(COMMAND | {"text": "a\ud800b"})
    assert isinstance(read, Command)
    assert read.text == "a?b"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """Return a sound payload in which one value, anywhere, is gone or is something else."""

    def damage(value: Any) -> Any:
        if isinstance(value, dict) and value and draw(st.booleans()):
            key = draw(st.sampled_from(sorted(value)))
            if draw(st.booleans()):
                return {name: inner for name, inner in value.items() if name != key}
            return value | {key: damage(value[key])}
        if isinstance(value, list) and value and draw(st.booleans()):
            return [damage(value[0]), *value[1:]]
        return draw(JSON)

    return damage(draw(st.sampled_from(SOUND)))


@given(damaged() | JSON)
def test_anything_else_is_refused_and_nothing_else_happens(body: Any) -> None:
    try:
        payload = read_payload(body)
    except MalformedPayload:
        return
    assert isinstance(payload, Command | Action | Submission | OptionsRequest | Event)
    assert isinstance(payload.user, str)


@pytest.mark.parametrize("body", SOUND, ids=lambda body: str(body.get("type", "command")))
def test_what_slack_sends_is_never_refused(body: dict[str, Any]) -> None:
    assert read_payload(body).user == "U1"
