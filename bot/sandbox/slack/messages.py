"""The messages of the workspace: who can read them, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.sandbox.slack.people import APP_ID, BOT_ID, HOME_TEAM, Json
from bot.sandbox.slack.reading import plain_text
from bot.sandbox.slack.values import Values


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """A message in a conversation.

    Attributes:
        ts: its timestamp, which is its id.
        channel: the conversation's id.
        author: the id of who wrote it.
        text: the top-level text, raw.
        blocks: the blocks, every one with its ids.
        reader: the only person who can see it (an ephemeral message), or None.
        thread_ts: the message in whose thread it stands.
        values: what each person chose in it, by person.
        troubles: what Slack says beside it to a person whose click failed, by person.
        revision: the number of the change that it last went through.
    """

    ts: str
    channel: str
    author: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    reader: str | None = None
    thread_ts: str | None = None
    edited: bool = False
    values: dict[str, Values] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)
    revision: int = 0

    @property
    def is_ephemeral(self) -> bool:
        """Whether one person alone can see it."""
        return self.reader is not None

    @property
    def plain(self) -> str:
        """What a person reads: the blocks, or the text where there are none."""
        return plain_text(self.blocks) if self.blocks else plain_text(self.text)

    def as_json(self) -> Json:
        """Return one of the bot's own messages as Slack shows it to the bot."""
        message: Json = {
            "type": "message",
            "user": self.author,
            "ts": self.ts,
            "text": self.text,
            "bot_id": BOT_ID,
            "app_id": APP_ID,
            "team": HOME_TEAM.id,
        }
        if self.blocks:
            message["blocks"] = self.blocks
        if self.thread_ts:
            message["thread_ts"] = self.thread_ts
        if self.edited:
            message["edited"] = {"user": self.author, "ts": self.ts}
        return message


class Messages:
    """All messages, in the order in which they were posted."""

    def __init__(self) -> None:
        self._messages: dict[tuple[str, str], Message] = {}

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages.values())

    def add(self, message: Message) -> None:
        """Keep a new message."""
        self._messages[message.channel, message.ts] = message

    def remove(self, message: Message) -> None:
        """Forget a message."""
        del self._messages[message.channel, message.ts]

    def find(self, channel: str, ts: str) -> Message | None:
        """Return the message with this id."""
        return self._messages.get((channel, ts))
