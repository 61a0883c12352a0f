"""The workspace as it stands: people, conversations, messages, views, and what was handed out."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

from bot.clock import Clock
from bot.sandbox.slack.controls import with_ids
from bot.sandbox.slack.errors import CannotDo, SlackError
from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.grants import Grants
from bot.sandbox.slack.messages import Message, Messages
from bot.sandbox.slack.people import (
    BOT_USER_ID,
    HOME_TEAM,
    SLACKBOT_ID,
    Channel,
    Json,
    Person,
    default_channels,
    default_groups,
    default_people,
)
from bot.sandbox.slack.values import carried_over
from bot.sandbox.slack.views import View, Views


class State:
    """The workspace's memory. Every change is announced in `feed`."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.feed = Feed()
        self.people: dict[str, Person] = {person.id: person for person in default_people()}
        self.channels: dict[str, Channel] = {channel.id: channel for channel in default_channels()}
        self.groups = {group.id: group for group in default_groups()}
        self.messages = Messages()
        self.views = Views(self.new_id, self._view_changed)
        self.grants = Grants(clock, "")
        self._ids = itertools.count(1)
        self._last_ts = 0

    def new_id(self, prefix: str) -> str:
        """Return an id that was not used before, such as `V00000012`."""
        return f"{prefix}{next(self._ids):08d}"

    def new_ts(self) -> str:
        """Return a timestamp that is later than any before."""
        self._last_ts = max(int(self.clock.now().timestamp() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def person(self, who: str) -> Person:
        """Return somebody by name or id.

        Raises:
            CannotDo: nobody is called so.
        """
        for person in self.people.values():
            if who in (person.id, person.name):
                return person
        raise CannotDo(f"nobody is called {who!r}; there are {[person.name for person in self.people.values()]}")

    def change_person(self, who: str, **changes: Any) -> Person:
        """Change what Slack knows of somebody, such as `locale="fr-FR"`."""
        person = dataclasses.replace(self.person(who), **changes)
        self.people[person.id] = person
        return person

    def channel(self, which: str) -> Channel:
        """Return a conversation by id or name, with or without `#`.

        Raises:
            CannotDo: there is none.
        """
        name = which.removeprefix("#")
        for channel in self.channels.values():
            if name in (channel.id, channel.name):
                return channel
        raise CannotDo(
            f"there is no channel {which!r}; there are {[channel.name for channel in self.channels.values()]}"
        )

    def direct_messages(self, person: str) -> Channel:
        """Return the conversation between a person and the bot, opened where it was not."""
        for channel in self.channels.values():
            if channel.is_im and channel.name == person:
                return channel
        id_ = "D" + person[1:]
        self.channels[id_] = Channel(id=id_, name=person, members={person, BOT_USER_ID}, is_im=True)
        return self.channels[id_]

    def is_stranger(self, person: Person) -> bool:
        """Whether somebody is of another team and shares no channel with the bot."""
        shared = any({person.id, BOT_USER_ID} <= channel.members for channel in self.channels.values())
        return person.team_id != HOME_TEAM.id and not shared

    def visible(self, person: str, channel: str | None = None) -> list[Message]:
        """Return the messages that a person can see, oldest first."""
        mine = [one.id for one in self.channels.values() if person in one.members and channel in (None, one.id)]
        return [message for message in self.messages if message.channel in mine and message.reader in (None, person)]

    def post(
        self,
        channel: str,
        author: str,
        *,
        text: str = "",
        blocks: list[Json] | None = None,
        reader: str | None = None,
        thread_ts: str | None = None,
    ) -> Message:
        """Post a message; with a reader it is an ephemeral one."""
        message = Message(
            ts=self.new_ts(),
            channel=channel,
            author=author,
            text=text,
            blocks=with_ids(blocks or [], lambda: self.new_id("b")),
            reader=reader,
            thread_ts=thread_ts,
        )
        self.messages.add(message)
        self._message_changed(message)
        return message

    def edit(self, message: Message, *, text: str, blocks: list[Json] | None) -> None:
        """Give a message other content; without blocks it is edited text, which Slack marks."""
        message.text = text
        message.blocks = with_ids(blocks or [], lambda: self.new_id("b"))
        message.edited = not blocks
        message.values = {person: carried_over(message.blocks, old) for person, old in message.values.items()}
        message.troubles.clear()
        self._message_changed(message)

    def remove(self, message: Message) -> None:
        """Take a message away."""
        self.messages.remove(message)
        self.feed.publish("message_removed", message.ts, channel=message.channel, person=message.reader)

    def trouble(self, message: Message, person: str, text: str | None) -> None:
        """Show a person, beside a message, that their click failed; or with None that all is well again."""
        if text is None:
            if message.troubles.pop(person, None) is not None:
                self.feed.publish("message", message.ts, channel=message.channel, person=person)
        else:
            message.troubles[person] = text
            self._message_changed(message)

    def slackbot(self, channel: str, reader: str, text: str) -> Message:
        """Show a person one of Slack's own sentences."""
        return self.post(channel, SLACKBOT_ID, text=text, reader=reader)

    def known_channel(self, id_: str) -> Channel:
        """Return a conversation for a Web API method.

        Raises:
            SlackError: `channel_not_found`, also for a private channel without the bot.
        """
        channel = self.channels.get(id_)
        if channel is None or (channel.is_private and BOT_USER_ID not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def _message_changed(self, message: Message) -> None:
        message.revision = self.feed.publish("message", message.ts, channel=message.channel, person=message.reader)

    def _view_changed(self, kind: str, view: View) -> int:
        return self.feed.publish(kind, view.id, person=view.person)
