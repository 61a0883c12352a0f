"""Records as they come. Pure.

Only a record without a possible id is lost. A field that can't be read is unknown: empty in the record, and among its
`unread` fields. Nothing here raises, whatever JSON holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from bot.invoicexpress.models import Client, Contact, Item, ItemTax, Tax
from bot.invoicexpress.values import amount_of, id_of, is_nothing, json_text, text_of

_ITEM_FIELDS: Final = frozenset({"id", "name", "description", "unit_price", "unit", "tax"})
_MOST_OTHERS: Final = 50
_LONGEST_OTHER: Final = 1_000
_LONGEST_NAME: Final = 60
_SECRET: Final = ("key", "link", "password", "secret", "token")
"""What stands in the name of a field that is neither kept nor sent back."""
_CLIENT_TEXTS: Final = (
    *("name", "code", "email", "address", "city", "postal_code", "country", "fiscal_id"),
    *("website", "phone", "fax", "observations"),
)


class _Fields:
    """The fields of one record; notes which could not be read as they came."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw
        self.unread: dict[str, str] = {}

    def text(self, name: str) -> str:
        """Return a text; of one with half a character the rest."""
        value = self._raw.get(name)
        text = text_of(value)
        if text is None or (isinstance(value, str) and text != value):
            self.keep(name)
        return text or ""

    def amount(self, name: str) -> Decimal | None:
        """Return an amount; nothing is none of them."""
        amount = amount_of(self._raw.get(name))
        if amount is None:
            self.keep(name)
        return amount

    def keep(self, name: str) -> None:
        """Keep a field as it came."""
        self.unread[name] = json_text(self._raw.get(name))


def item_of(raw: Any) -> Item | None:
    """Return an item; None where there is no possible id."""
    item_id = id_of(raw.get("id")) if isinstance(raw, Mapping) else None
    if item_id is None:
        return None
    fields = _Fields(raw)
    tax = raw.get("tax")
    if not (is_nothing(tax) or isinstance(tax, Mapping)):
        fields.keep("tax")
    return Item(
        id=item_id,
        name=fields.text("name"),
        description=fields.text("description"),
        unit_price=fields.amount("unit_price"),
        unit=fields.text("unit"),
        tax=_item_tax(tax),
        unread=tuple(fields.unread.items()),
        others=_others(raw),
    )


def client_of(raw: Any) -> Client | None:
    """Return a client; None where there is no possible id."""
    client_id = id_of(raw.get("id")) if isinstance(raw, Mapping) else None
    if client_id is None:
        return None
    fields = _Fields(raw)
    texts = {name: fields.text(name) for name in _CLIENT_TEXTS}
    contact, is_read = _contact(raw.get("preferred_contact"))
    unread = (*fields.unread, *(() if is_read else ("preferred_contact",)))
    return Client(id=client_id, **texts, preferred_contact=contact, unread=unread)


def tax_of(raw: Any) -> Tax:
    """Return a tax of the account; one that can't be read has no name."""
    if not isinstance(raw, Mapping):
        return Tax()
    fields = _Fields(raw)
    return Tax(
        id=id_of(raw.get("id")),
        name=_tax_name(raw.get("name")),
        value=fields.amount("value"),
        region=fields.text("region"),
        code=fields.text("code"),
        default_tax=not is_nothing(raw.get("default_tax")),
    )


def _item_tax(raw: Any) -> ItemTax | None:
    """Read `{}`, null, an empty list or string, and an object that holds nothing as no tax."""
    if not isinstance(raw, Mapping) or all(is_nothing(value) for value in raw.values()):
        return None
    return ItemTax(id=id_of(raw.get("id")), name=_tax_name(raw.get("name")), value=amount_of(raw.get("value")))


def _tax_name(raw: Any) -> str:
    """Return the name of a tax, by which it is sent: one that was not read to the letter would be another tax's."""
    name = text_of(raw) or ""
    return name if name.strip() and not (isinstance(raw, str) and name != raw) else ""


def _contact(raw: Any) -> tuple[Contact | None, bool]:
    """Return the preferred contact, where there is one, and whether all of it was read."""
    if is_nothing(raw):
        return None, True
    if not isinstance(raw, Mapping):
        return None, False
    fields = _Fields(raw)
    contact = Contact(name=fields.text("name"), email=fields.text("email"), phone=fields.text("phone"))
    is_empty = contact == Contact() and not fields.unread
    return None if is_empty else contact, not fields.unread


def _others(raw: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the fields of an item that we don't know and that hold a text, a number or a truth value."""
    others = ((name, json_text(value)) for name, value in raw.items() if _is_other(name, value))
    kept = [(name, text) for name, text in others if len(text) <= _LONGEST_OTHER]
    return tuple(kept[:_MOST_OTHERS])


def _is_other(name: str, value: Any) -> bool:
    is_scalar = isinstance(value, str | int | Decimal)
    is_known = name in _ITEM_FIELDS or len(name) > _LONGEST_NAME or not name.isascii()
    return is_scalar and not is_known and not any(secret in name.lower() for secret in _SECRET)
