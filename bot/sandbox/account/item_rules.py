"""What the account accepts as an item (documentation: "Items", "Request Body" of create and update)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Protocol

from .answers import Problem
from .database import NEW
from .quirks import Quirks
from .records import ItemRecord, TaxRecord

_UNITS: Final = frozenset({"hour", "day", "month", "unit", "service", "other"})
_DECIMAL: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_MOST_DIGITS: Final = 15


class Holdings(Protocol):
    """What the rules must know of the account."""

    def item_named(self, name: str) -> ItemRecord | None:
        """Return the item with exactly this name."""
        ...

    def taxes(self) -> tuple[TaxRecord, ...]:
        """Return the account's taxes."""
        ...


def read_item(
    sent: Mapping[str, Any], stored: ItemRecord | None, holdings: Holdings, quirks: Quirks
) -> ItemRecord | tuple[Problem, ...]:
    """Return the item as it is to be stored, or why it is refused.

    Args:
        sent: the value of "item" in the request.
        stored: the item to be changed, or None where one is created.
        holdings: the account's items and taxes.
        quirks: whether an update clears what it is not sent, and what becomes of an unknown tax.
    """
    merged = {**_kept(stored, quirks), **sent}
    name, price, unit = _text(merged.get("name")), _price(merged.get("unit_price")), _text(merged.get("unit"))
    problems = (*_name_problems(name, stored, holdings), *_price_problems(price), *_unit_problems(unit))
    if problems or name is None or price is None:
        return problems
    tax = _tax(sent, stored, holdings, quirks)
    return ItemRecord(
        id=stored.id if stored else NEW,
        name=name,
        unit_price=price,
        description=_text(merged.get("description")),
        unit=unit or None,
        tax=tax[0],
        tax_value=tax[1],
        discount=_price(merged.get("discount")),
    )


def _kept(stored: ItemRecord | None, quirks: Quirks) -> Mapping[str, Any]:
    """Return what an item keeps of itself where the request is silent. A name cannot be cleared."""
    if stored is None:
        return {}
    if quirks.put_clears:
        return {"name": stored.name}
    return {
        "name": stored.name,
        "description": stored.description,
        "unit_price": stored.unit_price,
        "unit": stored.unit,
        "discount": stored.discount,
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _price(value: object) -> Decimal | None:
    """Return a price as it came, digit for digit; None where it is no number that fits a price."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        number = Decimal(value.strip())
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
    else:
        return None
    return number if abs(number.adjusted()) <= _MOST_DIGITS else None


def _name_problems(name: str | None, stored: ItemRecord | None, holdings: Holdings) -> tuple[Problem, ...]:
    if name is None or not name.strip():
        return (Problem("name", "blank"),)
    holder = holdings.item_named(name)
    if holder is not None and (stored is None or holder.id != stored.id):
        return (Problem("name", "taken"),)
    return ()


def _price_problems(price: Decimal | None) -> tuple[Problem, ...]:
    if price is None:
        return (Problem("unit_price", "not-a-number"),)
    return (Problem("unit_price", "negative"),) if price < 0 else ()


def _unit_problems(unit: str | None) -> tuple[Problem, ...]:
    return (Problem("unit", "unknown"),) if unit and unit not in _UNITS else ()


def _tax(
    sent: Mapping[str, Any], stored: ItemRecord | None, holdings: Holdings, quirks: Quirks
) -> tuple[str, Decimal] | tuple[None, None]:
    """Return the name and rate of an item's tax. A name that the account does not have is no error."""
    if stored is not None and "tax" not in sent and not quirks.put_clears:
        return (stored.tax, stored.tax_value) if stored.tax and stored.tax_value is not None else (None, None)
    tax = sent.get("tax")
    name = tax.get("name") if isinstance(tax, Mapping) else None
    if not isinstance(tax, Mapping) or not name:
        return (None, None)
    taxes = holdings.taxes()
    # Regions may have a rate each under one name: an id tells them apart, else the first one counts.
    chosen = sorted((one for one in taxes if one.name == name), key=lambda one: str(one.id) != str(tax.get("id")))
    if not chosen and quirks.unknown_tax == "default":
        chosen = [tax for tax in taxes if tax.default]
    return (chosen[0].name, chosen[0].value) if chosen else (None, None)
