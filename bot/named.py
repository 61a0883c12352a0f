"""Whom and what the settings name by a Slack id: whether Slack knows them, as far as the bot's scopes can tell.

Pages of Slack's: `users.info`, `chat.getPermalink`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.finding import Finding, Verdict
from bot.slack.failures import CALL_FAILURES, error_code, in_words

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.config import PartialSettings

    Look = Callable[[AsyncWebClient, str], Awaitable[str]]

_ROLES: Final = ("viewers", "editors", "managers")
_UNKNOWN: Final = frozenset({"user_not_found", "user_not_visible", "channel_not_found"})
_MEMBERSHIP: Final = (
    "whether the bot is a member can't be seen with the scopes that it has: if in doubt, `/invite` it there."
)
_NO_MESSAGE: Final = "1.000000"
"""The time of a message that no channel has."""


async def named(client: AsyncWebClient, settings: PartialSettings) -> AsyncIterator[Finding]:
    """Yield a line for each person and channel that the roles name, and for the audit channel."""
    for role in _ROLES:
        for id_ in sorted(getattr(settings, role)):
            look = _LOOKS.get(id_[0])
            if look is not None:
                yield await _found(client, role.upper(), id_, look)
    if settings.audit_channel is not None:
        found = await _found(client, "AUDIT_CHANNEL", settings.audit_channel, _channel)
        yield found
        if found.verdict is Verdict.OK:
            yield Finding(Verdict.NOT_CHECKED, "AUDIT_CHANNEL", _MEMBERSHIP)


async def _found(client: AsyncWebClient, setting: str, id_: str, look: Look) -> Finding:
    try:
        trouble = await look(client, id_)
    except CALL_FAILURES as error:
        if error_code(error) in _UNKNOWN:
            said = f"{id_} is unknown to Slack, or not visible to the bot ({in_words(error)}): copy it again."
            return Finding(Verdict.FAILED, setting, said)
        return Finding(Verdict.NOT_CHECKED, setting, f"{id_}, because {in_words(error)}.")
    if trouble:
        return Finding(Verdict.WARNING, setting, f"{id_} {trouble}.")
    return Finding(Verdict.OK, setting, f"{id_} is there.")


async def _person(client: AsyncWebClient, id_: str) -> str:
    user = (await client.users_info(user=id_)).get("user") or {}
    if user.get("deleted"):
        return "is deactivated, and can do nothing"
    return "is a bot, and can do nothing" if user.get("is_bot") else ""


async def _channel(client: AsyncWebClient, id_: str) -> str:
    """Ask for a message that can't be there, which takes no scope and shows nothing to anyone."""
    try:
        await client.chat_getPermalink(channel=id_, message_ts=_NO_MESSAGE)
    except CALL_FAILURES as error:
        if error_code(error) != "message_not_found":
            raise
    return ""


_LOOKS: Final[dict[str, Look]] = {"U": _person, "W": _person, "C": _channel, "G": _channel}
"""By what ids begin with."""
