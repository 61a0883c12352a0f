"""What was written to the account: by whom, from what to what, and how it ended."""

from bot.history.history import History, NotRecorded
from bot.history.model import Action, Entry, Outcome, Promise, Write

__all__ = ["Action", "Entry", "History", "NotRecorded", "Outcome", "Promise", "Write"]
