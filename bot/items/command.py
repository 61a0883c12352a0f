"""What may be typed after `/items` and `/artigos`, and which form it opens."""

from __future__ import annotations

from typing import Final

from bot.access import Permission
from bot.items import ids
from bot.slack.blocks import BUTTON_VALUE
from bot.slack.payloads import Command
from bot.slack.routing import Opening
from bot.slack.verbs import Usage, Verb, read_invocation

NEW: Final = "new"
EDIT: Final = "edit"
DELETE: Final = "delete"
FIND: Final = "find"
HISTORY: Final = "history"
REFRESH: Final = "refresh"
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
    Verb(
        HISTORY,
        {"en": ("history", "log"), "pt": ("histórico", "historico", "registo")},
        Permission.HISTORY,
        {"en": "café", "pt": "café"},
    ),
    Verb(
        REFRESH,
        {"en": ("refresh", "sync"), "pt": ("atualizar", "sincronizar")},
        Permission.REFRESH,
        {"en": "", "pt": ""},
    ),
    Verb(HELP, {"en": ("help",), "pt": ("ajuda",)}, Permission.LOOK_UP, {"en": "", "pt": ""}),
)
USAGE: Final = Usage("items", {"en": "/items", "pt": "/artigos"}, VERBS)

_NEEDS: Final = {verb.id: verb.needs for verb in VERBS}
_BUTTONS: Final = {NEW: ids.NEW, EDIT: ids.EDIT, DELETE: ids.DELETE}
_LONGEST_ID: Final = 18
"""Digits of an id; a longer number is more than a database's 64 bits."""


def opening_of(command: Command) -> Opening | None:
    """Return the form that a command opens; None where it is answered by a message."""
    invocation = read_invocation(command.text, USAGE)
    verb, argument = invocation.verb, invocation.argument
    if verb == FIND:
        return None if argument else Opening(ids.FIND, "")
    if verb not in _BUTTONS:
        return None
    if verb == NEW:
        return Opening(ids.NEW, argument[:BUTTON_VALUE], _NEEDS[verb])
    # Where the item is still to be chosen, the form that can be asked for again is the one that finds it.
    action_id, value = (ids.FIND, "") if typed_id(argument) is None else (_BUTTONS[verb], argument)
    return Opening(action_id, value, _NEEDS[verb])


def typed_id(text: str) -> int | None:
    """Return the id that a text may be; None where it can't be one, such as a number with a leading nought."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID and not text.startswith("0")
    return int(text) if is_number else None
