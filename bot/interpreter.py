"""How the interpreter is set, once the program is there, so that the event loop is kept waiting as little as can be."""

from __future__ import annotations

import gc
import sys
from typing import Final

_SWITCH_SECONDS: Final = 0.0005
"""For how long a thread that computes may keep the interpreter from another.

The loop waits so long each time it wakes up while the copy is indexed or searched on a thread: with Python's own 5 ms
every answer of the service, and of ours to Slack, is that much later, several times over.
"""


def tune() -> None:
    """Set the interpreter for the rest of the process; to be called when everything is built."""
    # What start-up made stays for good: full collections need not look at it again, and pause less.
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(_SWITCH_SECONDS)
