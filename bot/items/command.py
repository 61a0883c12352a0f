"""What may be typed after `/items` and `/artigos`, and which form it opens."""

from __future__ import annotations

from typing import Final

from bot.access import Permission
from bot.items import ids
from bot.slack.payloads import Command
from bot.slack.routing import Opening
from bot.slack.verbs import Usage, Verb, read_invocation

NEW: Final = "new"
EDIT: Final = "edit"
DELETE: Final = "delete"
FIND: Final = "find"
HELP: Final = "help"

VERBS: Final = (
    Verb("look-up", {}, Permission.LOOK_UP, {"en": "café", "pt": "café"}),
    Verb("list", {}, Permission.LOOK_UP, {"en": "", "pt": ""}),
    Verb(FIND, {"en": ("find", "search"), "pt": ("procurar", "pesquisar")}, Permission.LOOK_UP, {"en": "", "pt": ""}),
    Verb(
        NEW,
        {"en": ("new", "create", "add"), "pt": ("novo", "nova", "criar", "adicionar")},
        Permission.CREATE,
        {"en": "Café duplo", "pt": "Café duplo"},
    ),
    Verb(
        EDIT,
        {"en": ("edit", "change"), "pt": ("editar", "alterar", "mudar")},
        Permission.EDIT,
        {"en": "402321", "pt": "402321"},
    ),
    Verb(
        DELETE,
        {"en": ("delete", "remove"), "pt": ("eliminar", "apagar", "remover")},
        Permission.DELETE,
        {"en": "402321", "pt": "402321"},
    ),
    Verb(HELP, {"en": ("help",), "pt": ("ajuda",)}, Permission.LOOK_UP, {"en": "", "pt": ""}),
)
USAGE: Final = Usage("items", {"en": "/items", "pt": "/artigos"}, VERBS)

_BUTTONS: Final = {NEW: ids.NEW, EDIT: ids.EDIT, DELETE: ids.DELETE}


def opening_of(command: Command) -> Opening | None:
    """Return the form that a command opens; None where it is answered by a message."""
    invocation = read_invocation(command.text, VERBS)
    if invocation.verb == FIND:
        return Opening(ids.FIND, "")
    if invocation.verb not in _BUTTONS:
        return None
    if invocation.verb != NEW and not invocation.argument.isdecimal():
        return Opening(ids.FIND, invocation.argument)
    return Opening(_BUTTONS[invocation.verb], invocation.argument)
