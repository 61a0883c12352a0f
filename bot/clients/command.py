"""What may be typed after `/clients` and `/clientes`, and which form it opens."""

from __future__ import annotations

from typing import Final

from bot.access import Permission
from bot.clients import ids
from bot.slack.payloads import Command
from bot.slack.routing import Opening
from bot.slack.verbs import Usage, Verb, read_invocation

FIND: Final = "find"
HELP: Final = "help"

VERBS: Final = (
    Verb("look-up", {}, Permission.LOOK_UP, {"en": "508025338", "pt": "508025338"}),
    Verb("list", {}, Permission.LOOK_UP, {"en": "", "pt": ""}),
    Verb(FIND, {"en": ("find", "search"), "pt": ("procurar", "pesquisar")}, Permission.LOOK_UP, {"en": "", "pt": ""}),
    Verb(HELP, {"en": ("help",), "pt": ("ajuda",)}, Permission.LOOK_UP, {"en": "", "pt": ""}),
)
USAGE: Final = Usage("clients", {"en": "/clients", "pt": "/clientes"}, VERBS)


def opening_of(command: Command) -> Opening | None:
    """Return the form that a command opens; None where it is answered by a message."""
    invocation = read_invocation(command.text, USAGE)
    return Opening(ids.FIND, "") if invocation.verb == FIND and not invocation.argument else None
