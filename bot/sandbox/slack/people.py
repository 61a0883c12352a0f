"""Who and what is in the workspace: teams, people, channels and user groups, as Slack describes them.

Shapes: the documentation's `users.info`, `conversations.info` and "Understanding Slack Connect".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

APP_ID = "A0SANDBOX01"
BOT_ID = "B0SANDBOX01"
BOT_USER_ID = "U0SANDBOT01"
SLACKBOT_ID = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace: the one that is played here, or one of a partner in Slack Connect."""

    id: str
    name: str
    domain: str


HOME_TEAM = Team("T0SANDBOX01", "Oficina", "oficina")
PARTNER_TEAM = Team("T0PARTNER01", "Fornecedor", "fornecedor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a Slack account.

    Attributes:
        id: Slack's id, `U…`.
        name: the name by which people are called here; unique in the workspace.
        real_name: the full name.
        locale: the language of their Slack. Slack knows Brazilian Portuguese alone, `pt-BR`.
        team_id: the team they belong to; another one than the workspace's for people of partners.
    """

    id: str
    name: str
    real_name: str
    locale: str = "en-GB"
    tz: str = "Europe/Lisbon"
    team_id: str = HOME_TEAM.id
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False


@dataclass(slots=True, kw_only=True)
class Channel:
    """A conversation: a channel (`C…`), or a direct message with the bot (`D…`).

    Attributes:
        name: the channel's name without `#`, or the id of the person for a direct message.
        members: ids of people, the bot's among them where it is a member.
    """

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    is_private: bool = False
    is_im: bool = False


@dataclass(slots=True, kw_only=True)
class UserGroup:
    """A user group, `@handle`."""

    id: str
    handle: str
    members: list[str]


ANA = Person(id="U0ANA00001", name="Ana", real_name="Ana Sousa", locale="pt-BR", is_admin=True)
BEN = Person(id="U0BEN00001", name="Ben", real_name="Ben Carter")
GIL = Person(id="U0GIL00001", name="Gil", real_name="Gil Ramos", locale="pt-BR", is_restricted=True)
EVA = Person(id="U0EVA00001", name="Eva", real_name="Eva Lind", locale="en-US", team_id=PARTNER_TEAM.id)
SAM = Person(id="U0SAM00001", name="Sam", real_name="Sam Okoye", locale="en-US", team_id=PARTNER_TEAM.id)
BOT = Person(id=BOT_USER_ID, name="invoicexpress", real_name="InvoiceXpress", locale="en-US", is_bot=True)


def default_people() -> list[Person]:
    """Return an admin, a member, a guest, two people of a partner, and the bot.

    Eva shares a channel with the bot and so is no stranger to it; Sam does not, and is one.
    """
    return [ANA, BEN, GIL, EVA, SAM, BOT]


def default_channels() -> list[Channel]:
    """Return #geral, where the bot is a member, and #vendas, where it is not."""
    return [
        Channel(id="C0GERAL001", name="geral", members={ANA.id, BEN.id, GIL.id, EVA.id, BOT.id}),
        Channel(id="C0VENDAS01", name="vendas", members={ANA.id, BEN.id, GIL.id, SAM.id}),
    ]


def default_groups() -> list[UserGroup]:
    """Return one group, in which Ben is."""
    return [UserGroup(id="S0FATURAS1", handle="faturas", members=[BEN.id])]


def user_object(person: Person, *, with_locale: bool, is_stranger: bool) -> Json:
    """Return a person as `users.info` describes them.

    For people of other teams Slack leaves out what they may do in their own.
    """
    user: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name.lower(),
        "deleted": person.deleted,
        "real_name": person.real_name,
        "tz": person.tz,
        "profile": {"real_name": person.real_name, "display_name": person.name, "team": person.team_id},
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 1700000000,
    }
    if person.team_id == HOME_TEAM.id:
        user |= {
            "is_admin": person.is_admin,
            "is_owner": person.is_owner,
            "is_primary_owner": False,
            "is_restricted": person.is_restricted,
            "is_ultra_restricted": person.is_ultra_restricted,
        }
    else:
        user["is_stranger"] = is_stranger
    if with_locale:
        user["locale"] = person.locale
    return user


def channel_object(channel: Channel) -> Json:
    """Return a conversation as `conversations.info` describes it to the bot."""
    if channel.is_im:
        return {"id": channel.id, "is_im": True, "user": channel.name, "is_channel": False, "is_private": True}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_archived": False,
        "is_member": BOT_USER_ID in channel.members,
        "num_members": len(channel.members),
    }
