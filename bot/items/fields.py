"""The fields of an item that people edit, and what became of them once they were sent. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.invoicexpress.models import Item, ItemDraft


class Field(StrEnum):
    """The fields of an item that a form edits."""

    NAME = "name"
    DESCRIPTION = "description"
    PRICE = "unit_price"
    UNIT = "unit"
    TAX = "tax"


@dataclass(frozen=True, slots=True)
class Stored:
    """An item after it was written.

    Attributes:
        item: what the account holds; None where the write was accepted but could not be read back.
        deviations: the fields that the account holds otherwise than they were sent.
    """

    item: Item | None
    deviations: tuple[Field, ...] = ()


def deviations(sent: ItemDraft, stored: Item) -> tuple[Field, ...]:
    """Return the fields that the account holds otherwise than they were sent."""
    held = stored.draft()
    return tuple(field for field in Field if getattr(sent, field) != getattr(held, field))


def shows(before: ItemDraft, sent: ItemDraft, held: ItemDraft) -> bool | None:
    """Say whether an edit was carried out, by what the account holds.

    Returns:
        None where that does not tell: what was to be changed is neither as it was nor as it was sent.
    """
    meant = [field for field in Field if getattr(before, field) != getattr(sent, field)]
    if any(getattr(held, field) == getattr(sent, field) for field in meant):
        return True
    return False if any(getattr(held, field) == getattr(before, field) for field in meant) else None
