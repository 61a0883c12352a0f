"""Items: looking up, creating, editing and deleting what an account invoices."""

from __future__ import annotations

from typing import Final

from bot.access import Permission
from bot.items import creating, deleting, editing, handlers, ids, lookup, past, undo
from bot.items.command import USAGE, opening_of
from bot.slack.routing import Route, Shortcut, on_action, on_command, on_options, on_submission, the_same_again

_COMMANDS = tuple(USAGE.names.values())

__all__ = ["ROUTES", "SHORTCUTS", "USAGE"]

ROUTES: Final = (
    Route(on_command(*_COMMANDS), Permission.LOOK_UP, handlers.run_command, opens=opening_of),
    Route(on_action(ids.OPEN), Permission.LOOK_UP, lookup.open_card),
    Route(on_action(ids.PAGE), Permission.LOOK_UP, lookup.turn_page),
    Route(on_action(ids.FIND), Permission.LOOK_UP, lookup.find, opens=the_same_again),
    Route(on_action(ids.PICK), Permission.LOOK_UP, lookup.pick, restore=lookup.picked_in_vain),
    Route(on_options(ids.PICK), Permission.LOOK_UP, lookup.type_ahead),
    Route(on_action(ids.SHARE), Permission.LOOK_UP, lookup.share, restore=lookup.shared_in_vain),
    Route(on_action(ids.NEW), Permission.CREATE, editing.new_clicked, opens=the_same_again),
    Route(on_action(ids.EDIT), Permission.EDIT, editing.edit_clicked, opens=the_same_again),
    Route(
        on_submission(ids.NEW_FORM),
        Permission.CREATE,
        editing.submit_new,
        writes=True,
        receive=editing.receive,
        restore=editing.restore,
    ),
    Route(
        on_submission(ids.FORM),
        Permission.EDIT,
        editing.submit,
        writes=True,
        receive=editing.receive,
        restore=editing.restore,
    ),
    Route(on_action(ids.CHECK), Permission.CREATE, creating.check_again, restore=creating.checked_in_vain),
    Route(on_action(ids.UNDO), Permission.UNDO, undo.undo, writes=True, restore=undo.in_vain),
    Route(on_action(ids.HISTORY_PAGE), Permission.HISTORY, past.turn_page),
    Route(on_action(ids.DELETE), Permission.DELETE, deleting.delete_clicked, opens=the_same_again),
    Route(
        on_submission(ids.DELETE_FORM),
        Permission.DELETE,
        deleting.submit,
        writes=True,
        receive=deleting.receive,
        restore=deleting.restore,
    ),
)

SHORTCUTS: Final = (
    Shortcut(ids.FIND, "action.find-item", Permission.LOOK_UP),
    Shortcut(ids.NEW, "action.new-item", Permission.CREATE),
)
