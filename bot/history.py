"""What was written to the account: by whom, from what to what, and how it ended."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

import structlog

from bot.invoicexpress.errors import OutcomeUnknown, Rejected
from bot.invoicexpress.models import Item, ItemDraft


class Action(StrEnum):
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
    """One write, from its intent to its outcome.

    Attributes:
        reference: the reference id of the request that asked for it.
        person: the Slack id of who asked.
        action: what it does.
        item_id: the item; None for a create until the account has given one.
        before: the item as it was read just before; None for a create.
        after: what is sent, then what the account was seen to hold; None for a delete.
    """

    reference: str
    person: str
    action: Action
    item_id: int | None = None
    before: Item | None = None
    after: ItemDraft | Item | None = None
    outcome: Outcome | None = field(default=None, init=False)

    def as_log(self) -> dict[str, object]:
        """Return the write as the values of a log line."""
        before = self.before.model_dump(mode="json") if self.before else None
        after = self.after.model_dump(mode="json") if self.after else None
        named = {"person": self.person, "action": self.action.value, "item": self.item_id}
        return {**named, "before": before, "after": after}


def outcome_of(error: BaseException) -> Outcome:
    """Return the outcome that an error of the account, or any other interruption, stands for."""
    if isinstance(error, Rejected):
        return Outcome.REFUSED
    if isinstance(error, OutcomeUnknown) or not isinstance(error, Exception):
        return Outcome.UNKNOWN
    return Outcome.FAILED


class History:
    """Records every write in the log, the intent before it and the outcome after it."""

    def __init__(self) -> None:
        self._log = structlog.get_logger(__name__)

    @asynccontextmanager
    async def recording(self, write: Write) -> AsyncIterator[Write]:
        """Record a write around the request that carries it out.

        Whoever writes may fill in what it learns (the id, what was stored). The outcome is `succeeded` unless an
        error leaves the block; the error goes on to the caller.
        """
        self._log.info("write intended", **write.as_log())
        try:
            yield write
        except BaseException as error:
            write.outcome = outcome_of(error)
            raise
        else:
            write.outcome = Outcome.SUCCEEDED
        finally:
            self._log.info("write ended", outcome=str(write.outcome), **write.as_log())
