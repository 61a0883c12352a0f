"""Who may do what: a pure decision, denied unless something grants it.

Three roles, each with all that the one before may do: viewers look up, editors create and edit, managers delete, undo
what others did, refresh the copy and read everybody's history. Settings say who has which (`VIEWERS`, `EDITORS`,
`MANAGERS`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from bot.errors import BotError


class Permission(StrEnum):
    """What a route may ask of the person who triggers it."""

    LOOK_UP = "look-up"
    CREATE = "create"
    EDIT = "edit"
    UNDO = "undo"
    HISTORY = "history"
    DELETE = "delete"
    UNDO_OTHERS = "undo-others"
    HISTORY_ALL = "history-all"
    REFRESH = "refresh"


class Role(IntEnum):
    """What a person is to the bot; a higher one may do all that a lower one may."""

    NOBODY = 0
    VIEWER = 1
    EDITOR = 2
    MANAGER = 3


_NEEDED: Final = {
    Permission.LOOK_UP: Role.VIEWER,
    Permission.CREATE: Role.EDITOR,
    Permission.EDIT: Role.EDITOR,
    Permission.UNDO: Role.EDITOR,
    Permission.HISTORY: Role.EDITOR,
    Permission.DELETE: Role.MANAGER,
    Permission.UNDO_OTHERS: Role.MANAGER,
    Permission.HISTORY_ALL: Role.MANAGER,
    Permission.REFRESH: Role.MANAGER,
}

_GRANTED: Final = {
    role: frozenset(permission for permission, needed in _NEEDED.items() if role >= needed) for role in Role
}

MEMBERS: Final = "members"
ADMINS: Final = "admins"
EVERYONE: Final = "everyone"
_IDS: Final = "UWSCG"
"""How ids begin: of people, user groups and channels."""
_GRANTEE: Final = re.compile(rf"{MEMBERS}|{ADMINS}|{EVERYONE}|[{_IDS}][A-Z0-9]{{2,}}")


@dataclass(frozen=True, slots=True)
class Person:
    """Whom Slack says is asking (`users.info`).

    Attributes:
        id: the Slack id, `U…` or `W…`.
        locale: Slack's language for the person, such as `pt-BR`; empty where Slack gave none.
        zone: an IANA time zone name; empty where Slack gave none.
        is_admin: an administrator or owner of the workspace.
        is_member: a full member of this workspace: no guest, no bot, nobody of another organisation, not deactivated.
        groups: the ids of the user groups that the settings name and the person belongs to.
    """

    id: str
    locale: str = ""
    zone: str = ""
    is_admin: bool = False
    is_member: bool = False
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """Who has which role.

    Each is a set of Slack ids of people (`U…`, `W…`), user groups (`S…`) or channels (`C…`, `G…`, which count for
    whoever asks there), or of the words `members`, `admins` and `everyone`. Guests and people of other organisations
    are none of the words but `everyone`.
    """

    viewers: frozenset[str] = frozenset({MEMBERS})
    editors: frozenset[str] = frozenset({ADMINS})
    managers: frozenset[str] = frozenset({ADMINS})

    @property
    def groups(self) -> frozenset[str]:
        """The user groups that are named."""
        return frozenset(name for name in self._named() if name.startswith("S"))

    @property
    def denial(self) -> AccessDenied:
        """The refusal, which says whom to ask: the people, groups and channels that manage, or a workspace admin."""
        named = {name for name in self.managers if name[0] in _IDS}
        return AccessDenied(sorted(named, key=lambda name: (_IDS.index(name[0]), name)), admins=ADMINS in self.managers)

    def role(self, person: Person, channel: str = "") -> Role:
        """Return the role of a person who asks in a channel, or in none."""
        marks = _marks(person, channel)
        for role, holders in ((Role.MANAGER, self.managers), (Role.EDITOR, self.editors), (Role.VIEWER, self.viewers)):
            if marks & holders:
                return role
        return Role.NOBODY

    def permissions(self, person: Person, channel: str = "") -> frozenset[Permission]:
        """Return all that a person who asks in a channel, or in none, may do."""
        return _GRANTED[self.role(person, channel)]

    def _named(self) -> frozenset[str]:
        return self.viewers | self.editors | self.managers


class AccessDenied(BotError):
    """This person may not do this.

    Args:
        to_ask: the ids of the people, user groups and channels that could; empty where the settings name none.
        admins: whether the workspace's admins could.
    """

    key = "error.access-denied"

    def __init__(self, to_ask: Iterable[str] = (), *, admins: bool = False) -> None:
        if admins:
            self.key = "error.access-denied-ask-admin"
        super().__init__()
        self.to_ask = tuple(to_ask)


def read_grantees(text: str) -> frozenset[str]:
    """Read who has a role from a setting: ids and words, separated by commas or spaces.

    Raises:
        ValueError: where one is neither; its text says which.
    """
    names = re.split(r"[\s,;]+", text.strip()) if text.strip() else []
    wrong = [number for number, name in enumerate(names, start=1) if not _GRANTEE.fullmatch(name)]
    if wrong:
        # The word itself is not repeated: it could be a token that was pasted into the wrong place.
        raise ValueError(
            f"holds a word, number {wrong[0]}, that is neither members, admins, everyone nor a Slack id "
            "(U… a person, S… a user group, C… a channel)"
        )
    return frozenset(names)


def _marks(person: Person, channel: str) -> frozenset[str]:
    """Return everything by which a setting can name a person."""
    words = {EVERYONE}
    if person.is_member:
        words.add(MEMBERS)
    if person.is_member and person.is_admin:
        words.add(ADMINS)
    return frozenset(words | {person.id, channel} | person.groups) - {""}
