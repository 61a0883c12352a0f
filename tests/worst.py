"""Records as awkward as an account can hold them: for tests of what is shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from bot.invoicexpress.models import Client, Contact, Item, ItemTax

TEXTS: Final = {
    "empty": "",
    "spaces": " \n\t ",
    "invisible": "\u200b\u202e\x00\u00ad",
    "long": "Descrição " * 300,
    "escapes": "&<>" * 1000,
    "emoji": "👩‍👩‍👧‍👦" * 300,
    "right to left": "\u202eעברית ١٢٣ " * 200,
    "markup": "<!channel> *bold* _it_ ~no~ `code`\n> quote\n<@U0ANA00001> <https://example.com|here>",
    "accents": "e\u0301" * 1500,
    "lines": "\r\n".join("line" for _ in range(600)),
    "controls": "a\tb\x07c\x1b[31md\x85e\u2028f",
}
"""Texts that a field may hold, by what is awkward about them."""

LARGEST: Final = Decimal("1234567890123456789012345678901.123456789012345678901234567891")
SMALLEST: Final = Decimal("1E-30")
IDENTITY: Final = 10**18 - 1


def worst_item(text: str, price: Decimal = LARGEST) -> Item:
    """Return an item all of whose fields hold this text."""
    tax = ItemTax(name=text, value=Decimal("12.345678"))
    return Item(id=IDENTITY, name=text, description=text, unit_price=price, unit=text, tax=tax)


def worst_client(text: str) -> Client:
    """Return a client all of whose fields hold this text."""
    return Client(
        id=IDENTITY,
        name=text,
        code=text,
        email=text,
        address=text,
        city=text,
        postal_code=text,
        country=text,
        fiscal_id=text,
        website=text,
        phone=text,
        fax=text,
        preferred_contact=Contact(name=text, email=text, phone=text),
        observations=text,
    )
