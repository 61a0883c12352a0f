"""What a write to the account is, from its intent to its outcome."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.errors import BotError
from bot.invoicexpress.errors import OutcomeUnknown, Rejected
from bot.invoicexpress.models import Item, ItemDraft


class Change(StrEnum):
    """What a write does to an item."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"


class Outcome(StrEnum):
    """How a write ended."""

    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Write:
    """One write, while it is carried out.

    Attributes:
        reference: the reference id of the request that asked for it; also its own id.
        person: the Slack id of who asked.
        action: what it does.
        item_id: the item; None for a create until the account has given one.
        before: the item as it was read just before; None for a create.
        sent: what is sent; None for a delete.
        after: what the account was seen to hold; None for a delete, and where it was not seen.
        undoes: the reference of the write that this one undoes; empty where it undoes none.
        outcome: how it ended; None until it has.
        late: for one that is unknown, whether it may still be going on.
    """

    reference: str
    person: str
    action: Change
    item_id: int | None = None
    before: Item | None = None
    sent: ItemDraft | None = None
    after: Item | None = None
    undoes: str = ""
    outcome: Outcome | None = field(default=None, init=False)
    late: bool = field(default=False, init=False)

    @property
    def name(self) -> str:
        """The item's name, as it is called after the write, or before where nothing is after."""
        named = self.sent or self.before
        return named.name if named else ""

    def as_log(self) -> dict[str, object]:
        """Return the write as the values of a log line."""
        before = self.before.model_dump(mode="json") if self.before else None
        held = self.after or self.sent
        after = held.model_dump(mode="json") if held else None
        named = {"person": self.person, "action": self.action.value, "item": self.item_id}
        return {**named, "before": before, "after": after}


@dataclass(frozen=True, slots=True)
class Entry:
    """A write as the history holds it: its intent, and the last that is known of its outcome.

    Attributes:
        reference: its id.
        at: when it was intended.
        person: the Slack id of who asked.
        action: what it did.
        item_id: the item; None for a create that is not known to have succeeded.
        name: the item's name.
        before: the item before; None for a create.
        sent: what was sent; None for a delete.
        after: what the account was seen to hold; None for a delete, and where it was not seen.
        undoes: the reference of the write that it undid; empty where it undid none.
        outcome: how it ended; None where nothing was recorded after the intent.
        ended_at: when that was known.
        late: for one that is unknown, whether it may have gone on after that.
        final: for one that is unknown, whether it will stay so.
        undone: whether it was undone since, or may have been.
    """

    reference: str
    at: datetime
    person: str
    action: Change
    item_id: int | None
    name: str
    before: Item | None
    sent: ItemDraft | None
    after: Item | None
    undoes: str
    outcome: Outcome | None
    ended_at: datetime | None
    late: bool = True
    final: bool = False
    undone: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will become known of it."""
        return self.outcome is not None and (self.outcome is not Outcome.UNKNOWN or self.final)

    def settled(self, outcome: Outcome, item_id: int | None, after: Item | None, at: datetime) -> Entry:
        """Return the write with what became known of it, which is all that ever will."""
        return replace(self, outcome=outcome, item_id=item_id, after=after, ended_at=at, final=True)


def entry_of(write: Write, at: datetime, ended_at: datetime) -> Entry:
    """Return a write that has just ended as the history holds it."""
    return Entry(
        reference=write.reference,
        at=at,
        person=write.person,
        action=write.action,
        item_id=write.item_id,
        name=write.name,
        before=write.before,
        sent=write.sent,
        after=write.after,
        undoes=write.undoes,
        outcome=write.outcome,
        ended_at=ended_at,
        late=write.late,
    )


@dataclass(frozen=True, slots=True)
class Promise:
    """That somebody who asked for a write will be told how it ended.

    Attributes:
        reference: the id of the request; the write that it leads to has the same.
        person: the Slack id of who asked.
        at: when they asked.
    """

    reference: str
    person: str
    at: datetime


def outcome_of(error: BaseException) -> tuple[Outcome, bool]:
    """Return the outcome that an error stands for, and whether the write may still be going on.

    Of an error that is none of ours, or an interruption, nobody knows when it came.
    """
    if isinstance(error, Rejected):
        return Outcome.REFUSED, False
    if isinstance(error, OutcomeUnknown):
        return Outcome.UNKNOWN, error.late
    if isinstance(error, BotError):
        return Outcome.FAILED, False
    return Outcome.UNKNOWN, True
