"""What was written to the account: by whom, from what to what, and how it ended."""

from bot.history.disk import NotReadable, NotRecorded
from bot.history.history import History
from bot.history.model import Change, Entry, Outcome, Promise, Write

__all__ = ["Change", "Entry", "History", "NotReadable", "NotRecorded", "Outcome", "Promise", "Write"]
