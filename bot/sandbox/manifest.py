"""What the app is in the sandbox's workspace: its commands and scopes, as `manifest.yml` asks for them.

The manifest itself is no part of an installed package; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SCOPES: Final = frozenset({"chat:write", "commands", "usergroups:read", "users:read"})
EVENTS_PATH: Final = "/slack/events"
"""Where the app takes signed requests, one address for everything."""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command as Slack lists it while one types."""

    name: str
    description: str
    hint: str


COMMANDS: Final = (
    Command(
        "/items",
        "Find, create, edit and delete items",
        "[text | number | new | edit | delete | find | history | refresh | help]",
    ),
    Command(
        "/artigos",
        "Procurar, criar, editar e eliminar artigos",
        "[texto | número | novo | editar | eliminar | procurar | histórico | atualizar | ajuda]",
    ),
    Command("/clients", "Look up clients", "[name | code | fiscal id | e-mail | phone | find | help]"),
    Command("/clientes", "Consultar clientes", "[nome | código | NIF | e-mail | telefone | procurar | ajuda]"),
)
