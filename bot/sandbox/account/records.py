"""What the sandbox account holds and keeps of what happened: plain frozen records.

The fields of items, clients and taxes are the documentation's ("Items", "Clients"). A field without a value is None
here, whatever shape the answer then gives it (`quirks`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRecord:
    """A tax of the account; `value` is its rate in per cent."""

    id: int
    name: str
    value: Decimal
    region: str | None = None
    code: str | None = None
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRecord:
    """An item. `unit_price` is in euros, net, exactly as it was sent; `tax_value` is the rate of `tax` in per cent.

    `discount` is in no documentation, but in one library's model of an item; it is sent only where there is one.
    """

    id: int
    name: str
    unit_price: Decimal
    description: str | None = None
    unit: str | None = None
    tax: str | None = None
    tax_value: Decimal | None = None
    discount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecord:
    """A client's preferred contact."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRecord:
    """A client. `send_options` is the number of a choice (1 to 4)."""

    id: int
    name: str
    code: str | None = None
    email: str | None = None
    language: str | None = None
    address: str | None = None
    city: str | None = None
    postal_code: str | None = None
    country: str | None = None
    fiscal_id: str | None = None
    website: str | None = None
    phone: str | None = None
    fax: str | None = None
    preferred_contact: ContactRecord | None = None
    observations: str | None = None
    send_options: int | None = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One change of an item.

    Attributes:
        number: counts up from 1 over the life of the account.
        what: what was done.
        id: the item.
        before: the item as it was; None where it was created.
        after: the item as it is; None where it was deleted.
        request: the sequence number of the request that asked for it; None where it was done without one.
    """

    number: int
    what: Literal["create", "update", "delete"]
    id: int
    before: ItemRecord | None
    after: ItemRecord | None
    request: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """One request that reached the account.

    Attributes:
        sequence: counts up from 1, in order of arrival.
        method: the HTTP method.
        path: the path, without the query.
        query: the query's parameters, without the key.
        json: the parsed body, its fractions as Decimal; None where there was none or it could not be parsed.
        status: the status that was answered; None where the connection was cut.
    """

    sequence: int
    method: str
    path: str
    query: Mapping[str, str]
    json: Any
    status: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer, to be shown to a person: the key and the public links of clients are masked.

    Attributes:
        request: the request.
        address: the path and the whole query, with the key masked.
        sent: the body of the request as it came.
        answer: the body of the answer; empty where the connection was cut.
        started: when the request arrived, in UTC.
        seconds: how long the answer took.
    """

    request: RequestRecord
    address: str
    sent: str
    answer: str
    started: datetime
    seconds: float
