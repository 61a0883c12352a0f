"""Which conversations a select offers: the documentation's reference of `conversations_select`. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bot.sandbox.slack.people import HOME_TEAM, Channel, Json, Person


def offered_conversations(
    element: Json, person: str, channels: Iterable[Channel], people: dict[str, Person]
) -> list[Channel]:
    """Return the conversations that a person can choose in a select: those they are in, as its filter has it."""
    joined = [one for one in channels if person in one.members]
    if element["type"].endswith("channels_select"):
        return [one for one in joined if _kind(one) == "public"]
    rule = element.get("filter") or {}
    return [
        one
        for one in joined
        if _kind(one) in rule.get("include", [_kind(one)])
        and not (rule.get("exclude_bot_users") and one.is_im)  # every direct message here is one with the bot
        and not (rule.get("exclude_external_shared_channels") and is_shared(one, people))
    ]


def is_shared(channel: Channel, people: dict[str, Person]) -> bool:
    """Whether people of other teams are in a conversation."""
    return any(people[one].team_id != HOME_TEAM.id for one in channel.members)


def _kind(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "private" if channel.is_private else "public"
