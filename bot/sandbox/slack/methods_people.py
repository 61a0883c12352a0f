"""The Web API's methods on the token, people, groups and conversations."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.people import BOT_ID, BOT_USER_ID, HOME_TEAM, Json, channel_object, user_object
from bot.sandbox.slack.socket_mode import Sockets
from bot.sandbox.slack.state import State
from bot.sandbox.slack.web_api import Endpoint

_READ_CONVERSATIONS = ("channels:read", "groups:read", "im:read", "mpim:read")


@dataclass(frozen=True, slots=True)
class PeopleMethods:
    """`auth.test`, `apps.connections.open`, `users.*`, `usergroups.users.list`, `conversations.*`."""

    state: State
    sockets: Sockets

    def endpoints(self) -> dict[str, Endpoint]:
        """Return the methods by name."""
        return {
            "auth.test": Endpoint(self._auth_test, holder="any"),
            "apps.connections.open": Endpoint(self._open_connection, holder="app"),
            "users.info": Endpoint(self._user, ("users:read",)),
            "users.list": Endpoint(self._users, ("users:read",)),
            "usergroups.users.list": Endpoint(self._group, ("usergroups:read",)),
            "conversations.info": Endpoint(self._channel, _READ_CONVERSATIONS),
            "conversations.members": Endpoint(self._members, _READ_CONVERSATIONS),
            "conversations.list": Endpoint(self._channels, _READ_CONVERSATIONS),
            "conversations.open": Endpoint(self._open_dm, ("im:write", "mpim:write")),
        }

    async def _auth_test(self, _: Json) -> Json:
        return {
            "url": f"https://{HOME_TEAM.domain}.slack.com/",
            "team": HOME_TEAM.name,
            "user": self.state.people[BOT_USER_ID].name,
            "team_id": HOME_TEAM.id,
            "user_id": BOT_USER_ID,
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }

    async def _open_connection(self, _: Json) -> Json:
        base_url = self.state.grants.base_url.replace("http", "ws", 1)
        return {"url": f"{base_url}/link/?ticket={self.sockets.ticket()}"}

    async def _user(self, args: Json) -> Json:
        person = self.state.people.get(str(args.get("user")))
        if person is None:
            raise SlackError("user_not_found")
        return {"user": self._described(person.id, args)}

    def _described(self, id_: str, args: Json) -> Json:
        person = self.state.people[id_]
        return user_object(
            person, with_locale=truthy(args.get("include_locale")), is_stranger=self.state.is_stranger(person)
        )

    async def _users(self, args: Json) -> Json:
        people = [person for person in self.state.people.values() if not self.state.is_stranger(person)]
        described = [self._described(person.id, args) for person in people]
        return {"members": described, "response_metadata": {"next_cursor": ""}}

    async def _group(self, args: Json) -> Json:
        group = self.state.groups.get(str(args.get("usergroup")))
        if group is None:
            raise SlackError("no_such_subteam")
        return {"users": group.members}

    async def _channel(self, args: Json) -> Json:
        return {"channel": channel_object(self.state.known_channel(str(args.get("channel"))))}

    async def _members(self, args: Json) -> Json:
        """Page by page, as the documentation's "Pagination" has it; the cursor is a plain number here."""
        members = sorted(self.state.known_channel(str(args.get("channel"))).members)
        start = int(args.get("cursor") or 0)
        end = start + int(args.get("limit") or 100)
        cursor = str(end) if end < len(members) else ""
        return {"members": members[start:end], "response_metadata": {"next_cursor": cursor}}

    async def _channels(self, _: Json) -> Json:
        known = [
            channel
            for channel in self.state.channels.values()
            if not channel.is_im and (not channel.is_private or BOT_USER_ID in channel.members)
        ]
        return {"channels": [channel_object(one) for one in known], "response_metadata": {"next_cursor": ""}}

    async def _open_dm(self, args: Json) -> Json:
        user = str(args.get("users"))
        if user not in self.state.people:
            raise SlackError("user_not_found")
        return {"channel": {"id": self.state.direct_messages(user).id}}


def truthy(value: object) -> bool:
    """Read a boolean argument, which a form carries as a word."""
    return value in (True, "true", "True", "1", 1)
