"""The ids that Slack sends back, declared once. They stay as they are: they live in messages already posted."""

from typing import Final

OPEN: Final = "clients.open"
PAGE: Final = "clients.page"
FIND: Final = "clients.find"
PICK: Final = "clients.pick"
SHARE: Final = "clients.share"
