"""Records as rows of the database, and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from .records import ClientRecord, ContactRecord, ItemRecord, TaxRecord, Write


def read_tax(row: tuple[Any, ...]) -> TaxRecord:
    """Return a row of the taxes as a record."""
    identity, name, value, region, code, by_default = row
    return TaxRecord(id=identity, name=name, value=Decimal(value), region=region, code=code, default=bool(by_default))


def read_item(row: tuple[Any, ...]) -> ItemRecord:
    """Return a row of the items as a record."""
    # A log written by an earlier version has no discount.
    identity, name, price, description, unit, tax, rate, discount = (*row, None)[:8]
    return ItemRecord(
        id=identity,
        name=name,
        unit_price=Decimal(price),
        description=description,
        unit=unit,
        tax=tax,
        tax_value=None if rate is None else Decimal(rate),
        discount=None if discount is None else Decimal(discount),
    )


def item_row(item: ItemRecord) -> tuple[Any, ...]:
    """Return an item as a row; one that has no id yet is given the next one."""
    rate = None if item.tax_value is None else str(item.tax_value)
    discount = None if item.discount is None else str(item.discount)
    price = format(item.unit_price, "f")
    return (item.id or None, item.name, price, item.description, item.unit, item.tax, rate, discount)


def item_text(item: ItemRecord | None) -> str | None:
    """Return an item as the log of writes keeps it."""
    return None if item is None else json.dumps(item_row(item))


def read_write(row: tuple[Any, ...]) -> Write:
    """Return a row of the log of writes as a record."""
    number, what, identity, before, after, request = row
    return Write(
        number=number,
        what=what,
        id=identity,
        before=read_item(json.loads(before)) if before else None,
        after=read_item(json.loads(after)) if after else None,
        request=request,
    )


def read_client(row: tuple[int, str]) -> ClientRecord:
    """Return a client's id and stored text as a record."""
    identity, text = row
    fields = json.loads(text)
    contact = fields.pop("preferred_contact")
    return ClientRecord(
        **{**fields, "id": identity, "preferred_contact": None if contact is None else ContactRecord(**contact)}
    )


def client_row(client: ClientRecord) -> tuple[Any, ...]:
    """Return a client as a row; one that has no id yet is given the next one."""
    return (client.id or None, client.name, client.code, json.dumps(asdict(client)))
