"""The payloads that Slack sends, one builder for each kind.

Shapes: the documentation's reference of interaction payloads, "Slash commands" and "Events API".
"""

from __future__ import annotations

import secrets
from typing import Any

from bot.sandbox.slack.controls import Control
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import APP_ID, BOT_USER_ID, HOME_TEAM, Channel, Json, Person
from bot.sandbox.slack.values import initial_values, nested
from bot.sandbox.slack.views import View

VERIFICATION_TOKEN = "sandbox-verification-token"  # noqa: S105 - Slack's old token, which nobody should trust


def command(person: Person, channel: Channel, name: str, text: str, *, trigger_id: str, response_url: str) -> Json:
    """Return a slash command, flat, every value a string."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": HOME_TEAM.id,
        "team_domain": HOME_TEAM.domain,
        "channel_id": channel.id,
        "channel_name": _shown_name(channel),
        "user_id": person.id,
        "user_name": person.name.lower(),
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def _shown_name(channel: Channel) -> str:
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def _common(kind: str, person: Person) -> Json:
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.name.lower(),
            "name": person.name.lower(),
            "team_id": person.team_id,
        },
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "team": {"id": HOME_TEAM.id, "domain": HOME_TEAM.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def of_message(message: Message, channel: Channel) -> Json:
    """Return where an interaction took place: in a message."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.is_ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    surface: Json = {"container": container, "channel": {"id": channel.id, "name": _shown_name(channel)}}
    if not message.is_ephemeral:  # Slack keeps no copy of an ephemeral message that it could send along.
        surface["message"] = message.as_json()
    return surface


def of_view(view: View) -> Json:
    """Return where an interaction took place: in a form or in Home."""
    return {"container": {"type": "view", "view_id": view.id}, "view": view.as_json()}


def block_actions(person: Person, action: Json, surface: Json, *, trigger_id: str) -> Json:
    """Return a click or a choice; the surface is `of_message`, with state and response_url, or `of_view`."""
    return _common("block_actions", person) | {"trigger_id": trigger_id, "actions": [action]} | surface


def message_state(message: Message, person: str, response_url: str) -> Json:
    """Return what a click in a message carries beside its surface."""
    values = message.values.get(person, initial_values(message.blocks))
    return {"state": {"values": nested(values)}, "response_url": response_url}


def action(control: Control, value: Json, ts: str) -> Json:
    """Return one entry of `actions`: the element, and what was chosen or typed in it."""
    told = {"action_id": control.action_id, "block_id": control.block_id, "type": control.type}
    for key in ("text", "value", "style", "url", "placeholder"):
        if key in control.element:
            told[key] = control.element[key]
    return told | value | {"action_ts": ts}


def block_suggestion(person: Person, control: Control, text: str, surface: Json) -> Json:
    """Return the question for the options of an external select."""
    asked = {"action_id": control.action_id, "block_id": control.block_id, "value": text}
    return _common("block_suggestion", person) | surface | asked


def view_submission(person: Person, view: View, *, trigger_id: str, response_urls: list[Json]) -> Json:
    """Return a submitted form, its whole state in `view.state.values`."""
    return _common("view_submission", person) | {
        "trigger_id": trigger_id,
        "view": view.as_json(),
        "response_urls": response_urls,
    }


def view_closed(person: Person, view: View, *, is_cleared: bool) -> Json:
    """Return the news that a form was closed without being submitted."""
    return _common("view_closed", person) | {"view": view.as_json(), "is_cleared": is_cleared}


def event(content: Json, now: int) -> Json:
    """Return an event in the Events API's envelope."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": HOME_TEAM.id,
        "api_app_id": APP_ID,
        "event": content,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": now,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": HOME_TEAM.id,
                "user_id": BOT_USER_ID,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def app_home_opened(person: Person, channel: Channel, tab: str, ts: str, home: View | None) -> Json:
    """Return the event that somebody opened the app's Home."""
    content: dict[str, Any] = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": ts,
    }
    if home is not None:
        content["view"] = home.as_json()
    return content
