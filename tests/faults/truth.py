"""The truth as people were told it, to be held against the account and against the history. Pure.

What somebody was told was done is applied to the items as they were before, in the order in which it was asked for;
what they were told was not done is not. In the end this must be what the account holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.history import Change, Entry, Outcome
from bot.invoicexpress.models import ItemDraft
from bot.sandbox.account import ItemRecord, Write
from tests.faults.plans import Deed
from tests.faults.told import Verdict

_WHATS: Final = {Change.CREATE: "create", Change.EDIT: "update", Change.DELETE: "delete"}


Values = Mapping[str, object]
"""What the fields of an item hold, other than its id and its name, which never change here."""


def values_of(held: ItemRecord | ItemDraft) -> Values:
    """Return what a record of the account, or a draft of the bot, holds."""
    return {
        "unit_price": held.unit_price,
        "description": held.description or "",
        "unit": held.unit or "",
        "tax": held.tax or "",
    }


@dataclass(slots=True)
class Submission:
    """Something that somebody asked for.

    Attributes:
        number: which it is.
        person: who asked, by name.
        deed: what for.
        name: the item's name.
        change: the fields that are to hold something else; for a create all of them.
        undoes: what it undoes.
        reference: the bot's id of it, once known.
        verdict: what the person believes of it; None where they have been told nothing.
        was: of what was done, the fields that it changed as they were before.
    """

    number: int
    person: str
    deed: Deed
    name: str
    change: Values = field(default_factory=dict)
    undoes: Submission | None = None
    reference: str = ""
    verdict: Verdict | None = None
    was: Values = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether the person does not know yet whether it was done."""
        return self.verdict in (None, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class ByHand:
    """What somebody did in the web interface: the item's values by then; None where it is gone."""

    name: str
    values: Values | None


class Truth:
    """Everything that happened, in its order.

    Args:
        items: what the account held in the beginning, by name.
    """

    def __init__(self, items: Mapping[str, Values]) -> None:
        self._beginning = dict(items)
        self._events: list[Submission | ByHand] = []

    def add(self, event: Submission | ByHand) -> None:
        """Add what has just been asked for, or done."""
        self._events.append(event)

    def submissions(self) -> list[Submission]:
        """Return what was asked for, in its order."""
        return [event for event in self._events if isinstance(event, Submission)]

    def open_names(self) -> set[str]:
        """Return the names of the items of which somebody does not know what became of them."""
        return {submission.name for submission in self.submissions() if submission.is_open}

    def items(self) -> dict[str, Values]:
        """Return what the account must hold, by name, by all that people were told."""
        items = dict(self._beginning)
        for event in self._events:
            if isinstance(event, Submission):
                if event.verdict is Verdict.DONE:
                    _apply(items, event)
            elif event.values is None:
                del items[event.name]
            else:
                items[event.name] = event.values
        return items


def _apply(items: dict[str, Values], done: Submission) -> None:
    held = items.pop(done.name, {})
    change = done.undoes.was if done.undoes else done.change
    done.was = {
        key: value for key, value in held.items() if done.deed is Deed.DELETE or value != change.get(key, value)
    }
    if done.deed is not Deed.DELETE:
        items[done.name] = {**held, **change}


def apart(held: Mapping[str, Values], believed: Mapping[str, Values]) -> list[str]:
    """Return the items that the account holds otherwise than people believe: none, if all is well."""
    return [
        f"{name}: held {held.get(name)}, believed {believed.get(name)}"
        for name in sorted(held.keys() | believed.keys())
        if held.get(name) != believed.get(name)
    ]


def differences(entries: Iterable[Entry], writes: Iterable[Write]) -> list[str]:
    """Return where the history is another than the account's own log of what it was asked: nothing, if all is well.

    Each write that is known to have succeeded stands in the log once, with what was before and after, in the same
    order for each item; the log holds nothing else; and of every write it is known how it ended.
    """
    told: dict[int, list[object]] = {}
    logged: dict[int, list[object]] = {}
    wrong: list[str] = []
    for entry in entries:
        if entry.outcome in (None, Outcome.UNKNOWN):
            wrong.append(f"nobody knows how {entry.reference} ended ({entry.action} of {entry.name})")
        elif entry.outcome is Outcome.SUCCEEDED and entry.item_id is not None:
            before = values_of(entry.before.draft()) if entry.before else None
            after = values_of(entry.sent) if entry.sent else None
            told.setdefault(entry.item_id, []).append((_WHATS[entry.action], before, after))
    for write in writes:
        if write.request is not None:
            before = values_of(write.before) if write.before else None
            after = values_of(write.after) if write.after else None
            logged.setdefault(write.id, []).append((write.what, before, after))
    wrong += [
        f"item {item}: the history says {told.get(item)}, the account {logged.get(item)}"
        for item in sorted(told.keys() | logged.keys())
        if told.get(item) != logged.get(item)
    ]
    return wrong
