"""The Web API's methods on messages: `chat.*`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.slack.blockkit import check_message
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import BOT_USER_ID, HOME_TEAM, Channel, Json
from bot.sandbox.slack.state import State
from bot.sandbox.slack.web_api import Endpoint

_WRITE = ("chat:write",)


@dataclass(frozen=True, slots=True)
class ChatMethods:
    """`chat.postMessage`, `chat.postEphemeral`, `chat.update`, `chat.delete`, `chat.getPermalink`.

    Attributes:
        scopes: what the bot's token may do; `chat:write.public` lets it post where it is no member.
    """

    state: State
    scopes: set[str]

    def endpoints(self) -> dict[str, Endpoint]:
        """Return the methods by name."""
        return {
            "chat.postMessage": Endpoint(self._post, _WRITE),
            "chat.postEphemeral": Endpoint(self._post_ephemeral, _WRITE),
            "chat.update": Endpoint(self._update, _WRITE),
            "chat.delete": Endpoint(self._delete, _WRITE),
            "chat.getPermalink": Endpoint(self._permalink),
        }

    async def _post(self, args: Json) -> Json:
        channel = self._writable(str(args.get("channel")))
        check_message(args)
        message = self.state.post(
            channel.id,
            BOT_USER_ID,
            text=args.get("text") or "",
            blocks=args.get("blocks"),
            thread_ts=args.get("thread_ts"),
        )
        return {"channel": channel.id, "ts": message.ts, "message": message.as_json()}

    async def _post_ephemeral(self, args: Json) -> Json:
        channel = self._writable(str(args.get("channel")))
        reader = str(args.get("user"))
        if reader not in self.state.people:
            raise SlackError("user_not_found")
        if reader not in channel.members:
            raise SlackError("user_not_in_channel")
        check_message(args)
        message = self.state.post(
            channel.id,
            BOT_USER_ID,
            text=args.get("text") or "",
            blocks=args.get("blocks"),
            reader=reader,
            thread_ts=args.get("thread_ts"),
        )
        return {"message_ts": message.ts}

    def _writable(self, id_: str) -> Channel:
        if id_ in self.state.people:
            return self.state.direct_messages(id_)
        channel = self.state.known_channel(id_)
        if BOT_USER_ID not in channel.members and "chat:write.public" not in self.scopes:
            raise SlackError("not_in_channel")
        return channel

    async def _update(self, args: Json) -> Json:
        message = self._own(args, "cant_update_message")
        kept = args if args.get("text") or args.get("blocks") else {"text": message.text, "blocks": message.blocks}
        check_message(kept)
        text = args.get("text")
        # Text alone takes the blocks away; neither leaves both as they are.
        blocks = args.get("blocks", None if text else message.blocks)
        self.state.edit(message, text=message.text if text is None else text, blocks=blocks)
        return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": message.as_json()}

    async def _delete(self, args: Json) -> Json:
        message = self._own(args, "cant_delete_message")
        self.state.remove(message)
        return {"channel": message.channel, "ts": message.ts}

    async def _permalink(self, args: Json) -> Json:
        channel = self.state.known_channel(str(args.get("channel")))
        message = self.state.messages.find(channel.id, str(args.get("message_ts")))
        if message is None:
            raise SlackError("message_not_found")
        place = f"{channel.id}/p{message.ts.replace('.', '')}"
        return {"channel": channel.id, "permalink": f"https://{HOME_TEAM.domain}.slack.com/archives/{place}"}

    def _own(self, args: Json, code: str) -> Message:
        channel = self.state.known_channel(str(args.get("channel")))
        message = self.state.messages.find(channel.id, str(args.get("ts")))
        if message is None or message.is_ephemeral:
            raise SlackError("message_not_found")
        if message.author != BOT_USER_ID:
            raise SlackError(code)
        return message
