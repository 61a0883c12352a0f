"""The fields of an item that people edit, and what became of them once they were sent. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.invoicexpress.models import Item, ItemDraft, Tax, named

_SPACES: Final = re.compile(r"\s+")
_EMPTY: Final = re.compile(r'null|""|false|\[\]|\{\}|"?0+(\.0+)?"?')
"""How a field without a value comes, as JSON: some numbers of InvoiceXpress are strings."""


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
        rate: the rate that the account's own list gives the tax that was sent; None where that is not plain.
        cleared: the fields that we don't know and that the account has lost.
    """

    item: Item | None
    deviations: tuple[Field, ...] = ()
    rate: Decimal | None = None
    cleared: tuple[str, ...] = ()


def compared(sent: ItemDraft, item: Item | None, taxes: Sequence[Tax] = ()) -> Stored:
    """Return an item that was written, compared with what was sent.

    Args:
        sent: what was sent.
        item: the item as it was read back; None where it could not be.
        taxes: the account's own list, which says what rate a name stands for.
    """
    if item is None:
        return Stored(None)
    held = dict(item.others)
    cleared = tuple(name for name, text in sent.others if _is_empty(held.get(name, "null")) and not _is_empty(text))
    rates = rates_of(sent.tax, taxes)
    return Stored(item, _deviations(sent, item, rates), next(iter(rates)) if len(rates) == 1 else None, cleared)


def _deviations(sent: ItemDraft, item: Item, rates: frozenset[Decimal]) -> tuple[Field, ...]:
    """Return the fields that the account holds otherwise than they were sent; no rates are those that nothing tells."""
    held = item.draft()
    differing = {field for field in Field if not alike(sent, held, field)}
    # A sale at another rate than that of its tax is a wrong invoice, whatever the tax is called.
    if rates and item.tax is not None and item.tax.value is not None and item.tax.value not in rates:
        differing.add(Field.TAX)
    return tuple(field for field in Field if field in differing)


def rates_of(name: str | None, taxes: Iterable[Tax]) -> frozenset[Decimal]:
    """Return the rates, in per cent, that the account's own list gives a name: of several regions, several."""
    return frozenset(tax.value for tax in taxes if name and tax.name == name and tax.value is not None)


def with_taxes(item: Item, taxes: Sequence[Tax]) -> Item:
    """Return an item whose tax says what the account's own list tells of it."""
    return item if item.tax is None else item.model_copy(update={"tax": named(item.tax, taxes)})


def held_text(draft: ItemDraft, field: Field) -> str:
    """Return what a draft holds of a field, as text; what is unknown differs from all that is known."""
    if field in draft.unknown:
        return f"\0{dict(draft.unread).get(field, '')}"
    value = getattr(draft, field)
    return same_amount(value) if isinstance(value, Decimal) else str(value)


def same_amount(price: Decimal) -> str:
    """Return the text of an amount that is the same for 5, 5.0 and 5.00: the service writes now one, now another."""
    digits = format(price, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def alike(one: ItemDraft, other: ItemDraft, field: Field) -> bool:
    """Say whether two drafts hold the same in a field, as far as a person can see."""
    return _seen(held_text(one, field)) == _seen(held_text(other, field))


def same_text(one: str, other: str) -> bool:
    """Say whether two texts look the same: the service was seen to trim, to fold spaces and to end lines otherwise."""
    return _seen(one) == _seen(other)


def _seen(text: str) -> str:
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def shows(before: ItemDraft, sent: ItemDraft, held: ItemDraft) -> bool | None:
    """Say whether an edit was carried out, by what the account holds.

    Returns:
        None where that does not tell: what was to be changed is neither as it was nor as it was sent.
    """
    meant = [field for field in Field if held_text(before, field) != held_text(sent, field)]
    if any(alike(held, sent, field) for field in meant):
        return True
    return False if any(alike(held, before, field) for field in meant) else None


def _is_empty(text: str) -> bool:
    return _EMPTY.fullmatch(text) is not None
