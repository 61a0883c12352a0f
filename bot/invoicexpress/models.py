"""The records of an InvoiceXpress account, as the documentation names them.

Frozen. Money is Decimal and keeps every digit that came. A field that came in a shape that nobody can read is
*unknown*, which is neither none nor empty: the record has it in `unknown`. `bot.invoicexpress.reading` reads them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Final, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.invoicexpress.values import amount_of

UNITS: Final = ("hour", "day", "month", "unit", "service", "other")
"""The units that the service accepts; another gets 422."""


def _bounded(value: Decimal) -> Decimal:
    if amount_of(value) is None:
        raise ValueError("not an amount")
    return value


Amount = Annotated[Decimal, AfterValidator(_bounded)]
"""Money or a rate, of a size that can be written out."""

AsItCame = tuple[tuple[str, str], ...]
"""Names of fields, each with the JSON text that it came as; an empty text where that could not be kept."""


class Record(BaseModel):
    """A frozen record; fields that we do not know are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ItemTax(Record):
    """The tax of an item.

    Attributes:
        id: its number in the account; None where it came without.
        name: its name, by which it is sent; empty for a tax that can't be named (see `named`).
        value: its rate in per cent; None where that is unknown.
    """

    id: int | None = None
    name: str = ""
    value: Amount | None = None


class Item(Record):
    """A product or service that is invoiced.

    `unit_price` is in euros, net of tax, and unrounded: 24.3902 stays 24.3902. `unit` is empty where the account
    holds none. `name` is unique in the account and may contain newlines.

    Attributes:
        unread: the fields that are not held here just as they came, with what came. Of a text with half a character
            the rest is held; every other one is unknown.
        others: fields of the account that we don't know, with what came: they are sent back with an edit.
    """

    id: int
    name: str = ""
    description: str = ""
    unit_price: Amount | None = None
    unit: str = ""
    tax: ItemTax | None = None
    unread: AsItCame = Field(default=(), repr=False)
    others: AsItCame = Field(default=(), repr=False)

    @property
    def unknown(self) -> frozenset[str]:
        """The names of the fields that nobody knows: their values here are None or empty and say nothing."""
        unread = {name for name, _ in self.unread if not getattr(self, name)}
        return frozenset(unread if self.unit_price is not None else unread | {"unit_price"})

    @property
    def gross_price(self) -> Decimal | None:
        """The unit price with its tax, in euros, unrounded; None where one of the two is unknown."""
        rate = self.tax.value if self.tax else Decimal(0)
        if self.unit_price is None or rate is None or "tax" in self.unknown:
            return None
        return self.unit_price * (1 + rate / 100)

    def draft(self) -> ItemDraft:
        """Return what would be sent to store the item as it is."""
        name = self.tax.name if self.tax else ""
        unnamed = (self.tax is not None and not name) or "tax" in self.unknown
        return ItemDraft(
            name=self.name,
            description=self.description,
            unit_price=self.unit_price,
            unit=self.unit,
            tax=None if unnamed else name,
            unread=self.unread,
            others=self.others,
        )


class ItemDraft(Record):
    """An item as it is sent: whole, with the tax by its name. An empty `unit` or `tax` means none.

    An unknown field goes back as it came, for as long as its value here is what the item's was; one that is given
    another value is sent with that. Nothing is made up for a field of `unsendable`: `wire` refuses such a draft.

    Attributes:
        unit_price: None for a price that is unknown.
        tax: None for a tax that is there and can't be named.
        unread: as in `Item`.
        others: as in `Item`.
    """

    name: str
    description: str = ""
    unit_price: Amount | None
    unit: str = ""
    tax: str | None = ""
    unread: AsItCame = Field(default=(), repr=False)
    others: AsItCame = Field(default=(), repr=False)

    @property
    def unknown(self) -> frozenset[str]:
        """The names of the fields that nobody knows."""
        lacking = {name for name in ("unit_price", "tax") if getattr(self, name) is None}
        return frozenset(lacking | {name for name, _ in self.unread if getattr(self, name) == ""} - {"tax"})

    @property
    def unsendable(self) -> frozenset[str]:
        """The unknown fields that can't be sent back as they came: a tax without a name, what could not be kept."""
        kept = {name for name, text in self.unread if text}
        return self.unknown - kept


class Tax(Record):
    """A tax of the account; `value` is its rate in per cent, None where that is unknown.

    One without a name was listed by the account and could not be read: it can't be chosen, and it means that the list
    does not tell which names there are not.
    """

    id: int | None = None
    name: str = ""
    value: Amount | None = None
    region: str = ""
    code: str = ""
    default_tax: bool = False


def named(tax: ItemTax, taxes: Iterable[Tax]) -> ItemTax:
    """Return an item's tax with what the account's own list tells of it, where that leaves no doubt.

    The name, and a rate that is unknown, are those of the tax with its id; a rate is also that of the only rate that
    its name has. What the item tells itself stays.
    """
    listed = tuple(one for one in taxes if one.name and tax.name in {"", one.name})
    same = next((one for one in listed if tax.id is not None and one.id == tax.id), None)
    name = tax.name or (same.name if same else "")
    rates = {one.value for one in listed if one.name == name}
    rate = same.value if same else next(iter(rates)) if len(rates) == 1 else None
    return ItemTax(id=tax.id, name=name, value=rate if tax.value is None else tax.value)


class Contact(Record):
    """A client's preferred contact."""

    name: str = ""
    email: str = ""
    phone: str = ""


class Client(Record):
    """A company or person that is invoiced.

    `fiscal_id` is kept as it is stored, spaces included. What is not shown is not read: the public link with a token
    that the service adds to a single client (`open_account_link`) can be neither shown nor logged.

    Attributes:
        unread: the names of the fields that could not be read as they came; of the preferred contact, a part.
    """

    id: int
    name: str = ""
    code: str = ""
    email: str = ""
    address: str = ""
    city: str = ""
    postal_code: str = ""
    country: str = ""
    fiscal_id: str = ""
    website: str = ""
    phone: str = ""
    fax: str = ""
    preferred_contact: Contact | None = None
    observations: str = ""
    unread: tuple[str, ...] = Field(default=(), repr=False)

    @property
    def unknown(self) -> frozenset[str]:
        """The names of the fields that nobody knows: their values here are empty and say nothing."""
        return frozenset(name for name in self.unread if not getattr(self, name))


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
