"""The ways in which an account was seen, or must be expected, to be odd: one table of them, by name.

Each is a fault like any other: it strikes some requests, once or until it is removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from .odd_answers import ANSWERS
from .odd_records import RECORDS
from .odd_writes import WRITES
from .oddity import Oddity, Setting

__all__ = ["ODDITIES", "Oddity", "Setting"]


def _by_name(oddities: Iterable[Oddity]) -> Mapping[str, Oddity]:
    return {oddity.id: oddity for oddity in oddities}


ODDITIES: Final = _by_name((*WRITES, *RECORDS, *ANSWERS))
"""Every oddity by its name."""
