"""Records as the JSON that the account sends (documentation: the example bodies of "Items" and "Clients")."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from .quirks import Blank, NoObject, Quirks
from .records import ClientRecord, ContactRecord, ItemRecord, TaxRecord

_PRICE_DECIMALS: Final = 4
_CLIENT_TEXTS: Final = (
    "code", "email", "language", "address", "city", "postal_code", "country", "fiscal_id", "website", "phone", "fax",
    "observations",
)  # fmt: skip
_ABSENT: Final = object()
_STANDARD: Final = json.JSONEncoder(ensure_ascii=False).encode


def encode(value: object) -> str:
    """Return a value as JSON, with every digit of a Decimal: the standard encoder knows only binary fractions."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return "{" + ", ".join([f"{_STANDARD(key)}: {encode(held)}" for key, held in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ", ".join([encode(held) for held in value]) + "]"
    return _STANDARD(value)


def _padded(number: Decimal, decimals: int) -> Decimal:
    exponent = number.as_tuple().exponent
    # Only NaN and infinities have an exponent that is no number, and neither is ever stored.
    shown = -exponent if isinstance(exponent, int) else 0
    return number if shown >= decimals else number.quantize(Decimal(1).scaleb(-decimals))


def _number(number: Decimal, quirks: Quirks) -> Decimal | str:
    return format(number, "f") if quirks.numbers_as_strings else number


def _identity(identity: int, quirks: Quirks) -> int | str:
    return str(identity) if quirks.ids_as_strings else identity


def _text(text: str | None, shape: Blank) -> object:
    blanks: Mapping[Blank, object] = {"null": None, "absent": _ABSENT, "empty": ""}
    return blanks[shape] if text is None else text


def _nothing(shape: NoObject, keys: tuple[str, ...]) -> object:
    shapes: Mapping[NoObject, object] = {
        "null": None,
        "absent": _ABSENT,
        "empty": {},
        "nulls": dict.fromkeys(keys),
    }
    return shapes[shape]


def _present(record: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in record.items() if value is not _ABSENT}


def item_json(item: ItemRecord, quirks: Quirks) -> dict[str, object]:
    """Return an item as it stands in a list and in an answer of its own. A price shows at least four decimals."""
    tax: object
    if item.tax is None or item.tax_value is None:
        tax = _nothing(quirks.no_tax, ("name", "value", "comment"))
    else:
        tax = _item_tax(item.tax, item.tax_value, quirks)
    return _present(
        {
            "id": _identity(item.id, quirks),
            "name": item.name,
            "description": _text(item.description, quirks.blank),
            "unit_price": _number(_padded(item.unit_price, _PRICE_DECIMALS), quirks),
            "unit": _text(item.unit, quirks.blank),
            "tax": tax,
            "discount": _ABSENT if item.discount is None else _number(item.discount, quirks),
        }
    )


def _item_tax(name: str, rate: Decimal, quirks: Quirks) -> dict[str, object]:
    comment = f"tax value:{_padded(rate, 1):f}%" if quirks.tax_comment else _ABSENT
    return _present({"name": name, "value": _rate(rate, quirks), "comment": comment})


def _rate(rate: Decimal, quirks: Quirks) -> Decimal | str:
    """Return 23 as the number 23 or as the string "23.0"; both were seen."""
    return _number(_padded(rate, 1) if quirks.numbers_as_strings else rate, quirks)


def tax_json(tax: TaxRecord, quirks: Quirks) -> dict[str, object]:
    """Return a tax as it stands in the list of taxes."""
    return {
        "id": _identity(tax.id, quirks),
        "name": tax.name,
        "value": _rate(tax.value, quirks),
        "region": tax.region,
        "code": tax.code,
        "default_tax": _number(Decimal(int(tax.default)), quirks),
    }


def client_json(client: ClientRecord, quirks: Quirks) -> dict[str, object]:
    """Return a client as it stands in the list of clients."""
    texts = {
        name: _text(getattr(client, name), quirks.blank_country if name == "country" else quirks.blank)
        for name in _CLIENT_TEXTS
    }
    options = client.send_options
    return _present(
        {
            "id": _identity(client.id, quirks),
            "name": client.name,
            **texts,
            "preferred_contact": _contact(client.preferred_contact, quirks),
            "send_options": options if quirks.send_options_as_numbers or options is None else str(options),
        }
    )


def single_client_json(client: ClientRecord, quirks: Quirks) -> dict[str, object]:
    """Return a client as it is answered alone: with a public link to its account, which nobody else should see."""
    return {**client_json(client, quirks), "open_account_link": open_account_link(client.id)}


def open_account_link(client_id: int) -> str:
    """Return the made-up public link of a client. Its host cannot exist (RFC 2606)."""
    token = hashlib.sha256(f"open account {client_id}".encode()).hexdigest()[:40]
    return f"https://sandbox.app.invoicexpress.example/open_account/{token}"


def _contact(contact: ContactRecord | None, quirks: Quirks) -> object:
    if contact is None:
        return _nothing(quirks.no_contact, ("name", "email", "phone"))
    return {
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
    }


def parse(text: str) -> Any:
    """Return the value of a JSON text, its fractions as Decimal.

    Raises:
        ValueError: where it is not JSON, holds a number that is none (NaN) or half a character (a lone surrogate,
            which no answer could carry), or is nested too deeply.
    """
    try:
        value = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
        encode(value).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a number")
