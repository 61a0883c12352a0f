"""What a person has been told of a write, read from what stands on their screen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final

from bot.i18n import Words

_GAP: Final = "\0"


class Verdict(StrEnum):
    """What somebody believes of a write that they asked for."""

    DONE = "done"
    NOT_DONE = "not done"
    UNKNOWN = "not known"


_KEYS: Final = {
    Verdict.DONE: (
        *("write.saved", "write.created", "write.created-after-all", "write.created-anew", "write.deleted"),
        *("settled.create-done", "settled.edit-done", "settled.delete-done"),
    ),
    Verdict.NOT_DONE: (
        *("error.changed-meanwhile", "error.not-found", "error.overloaded", "error.rate-limited", "error.rejected"),
        *("error.rejected-silently", "error.unavailable", "error.unsettled", "form.see-fields"),
        *("form.conflict", "delete.changed", "write.conflict", "write.already-gone", "write.unchanged"),
        *("write.undo-conflict", "settled.interrupted"),
        *("settled.create-not-done", "settled.edit-not-done", "settled.delete-not-done"),
    ),
    Verdict.UNKNOWN: (
        *("error.outcome-unknown", "error.unknown-write", "write.not-confirmed"),
        *("settled.create-unknown", "settled.edit-unknown", "settled.delete-unknown"),
    ),
}


Phrases = tuple[tuple[re.Pattern[str], Verdict], ...]


def _pattern(words: Words, key: str) -> re.Pattern[str]:
    """Return what a sentence looks like whatever its values are."""
    names = ("id", "messages", "name", "new", "old", "reference", "status", "when")
    values: dict[str, Any] = dict.fromkeys(names, _GAP)
    return re.compile(".+?".join(re.escape(part) for part in words.text(key, **values).split(_GAP)))


def phrases(words: Words) -> Phrases:
    """Return what to look for in a language, and what it means."""
    return tuple((_pattern(words, key), verdict) for verdict, keys in _KEYS.items() for key in keys)


def verdict_of(texts: Iterable[str], known: Phrases) -> Verdict | None:
    """Return what some texts say of a write; None where they say nothing.

    Raises:
        AssertionError: they contradict each other.
    """
    texts = tuple(texts)
    said = {verdict for phrase, verdict in known if any(phrase.search(text) for text in texts)}
    assert len(said) <= 1, f"contradictory: {sorted(said)} in {texts}"
    return next(iter(said), None)
