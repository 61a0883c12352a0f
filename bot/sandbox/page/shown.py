"""What the page shows of the workspace to one person, as JSON. Pure."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.conversations import is_shared
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import BOT_USER_ID, Channel, Person
from bot.sandbox.slack.state import State
from bot.sandbox.slack.values import nested
from bot.sandbox.slack.views import View

Json = dict[str, Any]


def person_json(person: Person) -> Json:
    """Return somebody as the page names them; the locale decides the language of the page."""
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "locale": person.locale,
        "tz": person.tz,
        "is_admin": person.is_admin,
        "is_bot": person.is_bot,
    }


def channel_json(channel: Channel, people: int, *, is_shared: bool) -> Json:
    """Return a conversation; `people` is how many of its members are people, of other teams among them if shared."""
    return {
        "id": channel.id,
        "name": channel.name,
        "is_im": channel.is_im,
        "is_private": channel.is_private,
        "is_shared": is_shared,
        "bot_is_member": BOT_USER_ID in channel.members,
        "people": people,
    }


def channels_json(state: State, person: str) -> list[Json]:
    """Return the conversations that somebody is in: the channels, then the one with the bot."""
    direct = state.direct_messages(person)
    joined = [one for one in state.channels.values() if person in one.members and not one.is_im]
    return [
        channel_json(
            one,
            sum(not state.people[member].is_bot for member in one.members),
            is_shared=is_shared(one, state.people),
        )
        for one in [*joined, direct]
    ]


def message_json(message: Message, person: str) -> Json:
    """Return a message as somebody sees it, with what they chose in it and what Slack says beside it to them."""
    return {
        "ts": message.ts,
        "channel": message.channel,
        "author": message.author,
        "text": message.text,
        "blocks": message.blocks,
        "ephemeral": message.is_ephemeral,
        "edited": message.edited,
        "values": nested(message.values.get(person, {})),
        "trouble": message.troubles.get(person),
        "revision": message.revision,
    }


def view_json(view: View) -> Json:
    """Return a modal or Home with what stands in its fields."""
    kept = {key: view.payload.get(key) for key in ("type", "title", "submit", "close", "callback_id")}
    return kept | {
        "id": view.id,
        "blocks": view.blocks,
        "values": nested(view.values),
        "errors": view.errors,
        "trouble": view.trouble,
        "busy": view.busy,
        "hash": view.hash,
        "revision": view.revision,
    }


def views_json(state: State, person: str) -> list[Json]:
    """Return the modals that somebody has open, the one on top last."""
    return [view_json(view) for view in state.views.stack(person)]


def home_json(state: State, person: str) -> Json | None:
    """Return somebody's Home, once the bot has published it."""
    home = state.views.home(person)
    return None if home is None else view_json(home)
