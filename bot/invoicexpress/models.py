"""The records of an InvoiceXpress account, as the documentation names them.

Frozen, and forgiving in what they read: the live service sends numbers as strings, nulls, empty objects and absent
keys where the documentation shows values. Money is Decimal and keeps every digit that came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

UNITS: Final = ("hour", "day", "month", "unit", "service", "other")
"""The units that the service accepts; another gets 422."""


def _text(value: object) -> object:
    return "" if value is None else str(value) if isinstance(value, int | float | Decimal) else value


def _tax(value: object) -> object:
    """Read null, `{}`, an empty list or string, and an object of nulls as no tax."""
    if not value or (isinstance(value, Mapping) and not value.get("name")):
        return None
    return value


def _contact(value: object) -> object:
    if not value or (isinstance(value, Mapping) and not any(value.values())):
        return None
    return value


def _number(value: object) -> object:
    """Refuse true and false, which Python would count as 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("a truth value is no number")  # noqa: TRY004 - pydantic reports a ValueError
    return _bounded(value) if isinstance(value, Decimal) else value


def _flag(value: object) -> object:
    """Read null as no, and a number that came with a decimal point as any other number."""
    return False if value is None else value != 0 if isinstance(value, Decimal) else value


def _bounded(value: Decimal) -> Decimal:
    """Refuse what nobody invoices: written out, 1E+999999999 would fill the memory."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -_MOST_DECIMALS or value.adjusted() > _MOST_DIGITS:
        raise ValueError("not an amount")
    return value


def _encodable(value: str) -> str:
    """Refuse half a surrogate pair, which JSON can carry and no database, log or message can."""
    value.encode()
    return value


_MOST_DECIMALS: Final = 30
_MOST_DIGITS: Final = 30

Identifier = Annotated[int, BeforeValidator(_number)]
"""A record's number, that may arrive as a string."""

Amount = Annotated[Decimal, BeforeValidator(_number), AfterValidator(_bounded)]
"""Money or a rate, that may arrive as a number or a string, with every digit that came."""

Name = Annotated[str, AfterValidator(_encodable)]
"""A string that must be there."""

Text = Annotated[str, BeforeValidator(_text), AfterValidator(_encodable)]
"""A string that may arrive as null (read as empty) or as a number (read as its digits)."""


class Record(BaseModel):
    """A frozen record; fields that we do not know are ignored, never stored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ItemTax(Record):
    """The tax of an item: its name and its rate in per cent."""

    name: Name
    value: Amount


class Item(Record):
    """A product or service that is invoiced.

    `unit_price` is in euros, net of tax, and unrounded: 24.3902 stays 24.3902. `unit` is empty where the account
    holds none. `name` is unique in the account and may contain newlines.
    """

    id: Identifier
    name: Text = ""
    description: Text = ""
    unit_price: Amount
    unit: Text = ""
    tax: Annotated[ItemTax | None, BeforeValidator(_tax)] = None

    @property
    def gross_price(self) -> Decimal:
        """The unit price with its tax, in euros, unrounded."""
        rate = self.tax.value if self.tax else Decimal(0)
        return self.unit_price * (1 + rate / 100)

    def draft(self) -> ItemDraft:
        """Return what would be sent to store the item as it is."""
        return ItemDraft(
            name=self.name,
            description=self.description,
            unit_price=self.unit_price,
            unit=self.unit,
            tax=self.tax.name if self.tax else "",
        )


class ItemDraft(Record):
    """An item as it is sent: whole, with the tax by its name. An empty `unit` or `tax` means none."""

    name: str
    description: str = ""
    unit_price: Decimal
    unit: str = ""
    tax: str = ""


class Tax(Record):
    """A tax of the account; `value` is its rate in per cent."""

    id: Identifier
    name: Name
    value: Amount
    region: Text = ""
    code: Text = ""
    default_tax: Annotated[bool, BeforeValidator(_flag)] = False


class Contact(Record):
    """A client's preferred contact."""

    name: Text = ""
    email: Text = ""
    phone: Text = ""


class Client(Record):
    """A company or person that is invoiced.

    `fiscal_id` is kept as it is stored, spaces included. The public link with a token that the service adds to a
    single client (`open_account_link`) is not read at all, so that it can be neither shown nor logged.
    """

    id: Identifier
    name: Text = ""
    code: Text = ""
    email: Text = ""
    language: Text = ""
    address: Text = ""
    city: Text = ""
    postal_code: Text = ""
    country: Text = ""
    fiscal_id: Text = ""
    website: Text = ""
    phone: Text = ""
    fax: Text = ""
    preferred_contact: Annotated[Contact | None, BeforeValidator(_contact)] = None
    observations: Text = ""
    send_options: Text = ""


RecordT = TypeVar("RecordT")


@dataclass(frozen=True, slots=True)
class Page(Generic[RecordT]):
    """One page of a list.

    Attributes:
        number: which page, from 1.
        records: what could be read, in the order it came.
        total_entries: how many records the service says there are; None where it says nothing, as for items.
        total_pages: how many pages the service says there are; a hint, never the end of a walk.
        unreadable: how many records of the page could not be read and are left out.
        marks: one fingerprint for each unreadable record, which tells a repeated page from a new one.
    """

    number: int
    records: tuple[RecordT, ...]
    total_entries: int | None = None
    total_pages: int | None = None
    unreadable: int = 0
    marks: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing on the page, readable or not."""
        return not self.records and not self.unreadable


def as_json(draft: ItemDraft) -> dict[str, Any]:
    """Return the body of a create or an update (documentation: Items, "Example Body").

    The price travels as a plain decimal string, every digit kept, never in exponent notation. The update is sent
    whole because sources disagree whether what is left out is kept or cleared: no unit travels as null, no tax as
    an empty name ("If not found no tax is applied").
    """
    body: dict[str, Any] = {
        "name": draft.name,
        "description": draft.description,
        "unit_price": format(draft.unit_price, "f"),
        "unit": draft.unit or None,
        "tax": {"name": draft.tax},
    }
    return {"item": body}
