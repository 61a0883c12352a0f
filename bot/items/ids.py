"""The ids that Slack sends back, declared once. They stay as they are: they live in messages already posted."""

from typing import Final

OPEN: Final = "items.open"
PAGE: Final = "items.page"
FIND: Final = "items.find"
PICK: Final = "items.pick"
NEW: Final = "items.new"
EDIT: Final = "items.edit"
DELETE: Final = "items.delete"
SHARE: Final = "items.share"
CHECK: Final = "items.check"
UNDO: Final = "items.undo"
HISTORY_PAGE: Final = "items.history-page"
FORM: Final = "items.form"
NEW_FORM: Final = "items.new-form"
DELETE_FORM: Final = "items.delete-form"
