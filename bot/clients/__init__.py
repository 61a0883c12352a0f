"""Clients: looking up whom an account invoices."""

from __future__ import annotations

from typing import Final

from bot.access import Permission
from bot.clients import handlers, ids
from bot.clients.command import USAGE, opening_of
from bot.slack.routing import Route, Shortcut, on_action, on_command, on_options, the_same_again

__all__ = ["ROUTES", "SHORTCUTS", "USAGE"]

ROUTES: Final = (
    Route(on_command(*USAGE.names.values()), Permission.LOOK_UP, handlers.run_command, opens=opening_of),
    Route(on_action(ids.OPEN), Permission.LOOK_UP, handlers.open_card),
    Route(on_action(ids.PAGE), Permission.LOOK_UP, handlers.turn_page),
    Route(on_action(ids.FIND), Permission.LOOK_UP, handlers.find, opens=the_same_again),
    Route(on_action(ids.PICK), Permission.LOOK_UP, handlers.pick, restore=handlers.picked_in_vain),
    Route(on_options(ids.PICK), Permission.LOOK_UP, handlers.type_ahead),
    Route(on_action(ids.SHARE), Permission.LOOK_UP, handlers.share),
)

SHORTCUTS: Final = (Shortcut(ids.FIND, "action.find-client", Permission.LOOK_UP),)
