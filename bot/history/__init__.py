"""What was written to the account: by whom, from what to what, and how it ended."""

from bot.history.disk import NotReadable, NotRecorded, RecordUnreadable
from bot.history.history import History
from bot.history.model import Change, Entry, Outcome, Promise, Write
from bot.history.reading import Kept, Unreadable

__all__ = [
    "Change",
    "Entry",
    "History",
    "Kept",
    "NotReadable",
    "NotRecorded",
    "Outcome",
    "Promise",
    "RecordUnreadable",
    "Unreadable",
    "Write",
]
