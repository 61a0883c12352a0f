"""Who may do what: a pure decision, denied unless something grants it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import BotError


class Permission(StrEnum):
    """What a route may ask of the person who triggers it."""

    LOOK_UP = "look-up"
    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom Slack says is asking (`users.info`).

    Attributes:
        id: the Slack id, `U…` or `W…`.
        locale: Slack's language for the person, such as `pt-BR`; empty where Slack gave none.
        zone: an IANA time zone name; empty where Slack gave none.
        is_admin: an administrator or owner of the workspace.
        is_member: a full member of this workspace: no guest, no bot, nobody of another organisation, not deactivated.
    """

    id: str
    locale: str = ""
    zone: str = ""
    is_admin: bool = False
    is_member: bool = False


class AccessDenied(BotError):
    """This person may not do this."""

    key = "error.access-denied"


def allowed(person: Person, permission: Permission) -> bool:
    """Say whether a person has a permission: full members of the workspace have all, everybody else none."""
    return person.is_member
