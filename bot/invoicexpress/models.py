"""The records of an InvoiceXpress account, as the documentation names them.

Frozen, and forgiving in what they read: the live service sends numbers as strings, nulls, empty objects and absent
keys where the documentation shows values. Money is Decimal and keeps every digit that came.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict

UNITS: Final = ("hour", "day", "month", "unit", "service", "other")
"""The units that the service accepts; another gets 422."""


def _text(value: object) -> object:
    return "" if value is None else str(value) if isinstance(value, int | float | Decimal) else value


def _tax(value: object) -> object:
    """Read null, `{}` and an object of nulls as no tax."""
    if isinstance(value, Mapping) and not value.get("name"):
        return None
    return value


def _contact(value: object) -> object:
    if isinstance(value, Mapping) and not any(value.values()):
        return None
    return value


Text = Annotated[str, BeforeValidator(_text)]
"""A string that may arrive as null (read as empty) or as a number (read as its digits)."""


class Record(BaseModel):
    """A frozen record; fields that we do not know are ignored, never stored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ItemTax(Record):
    """The tax of an item: its name and its rate in per cent."""

    name: str
    value: Decimal


class Item(Record):
    """A product or service that is invoiced.

    `unit_price` is in euros, net of tax, and unrounded: 24.3902 stays 24.3902. `unit` is empty where the account
    holds none. `name` is unique in the account and may contain newlines.
    """

    id: int
    name: Text = ""
    description: Text = ""
    unit_price: Decimal
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

    id: int
    name: str
    value: Decimal
    region: Text = ""
    code: Text = ""
    default_tax: bool = False


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

    id: int
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
