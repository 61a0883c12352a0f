"""Oddities of records: one field, or the id, of each record that is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from .alterations import Record
from .effects import Effect
from .oddity import ITEM, ITEMS, Oddity, Setting, each_record

_CLIENTS: Final = "/clients*"
_DIGITS: Final = re.compile("[1-9][0-9]*")


def _with(**fields: object) -> Callable[[Setting], Effect]:
    return each_record(lambda record: {**record, **fields})


def _tax(**fields: object) -> Callable[[Setting], Effect]:
    """Return what changes the tax of a record that has one."""

    def changed(record: Record) -> Record:
        return {**record, "tax": {**record["tax"], **fields}} if record.get("tax") else record

    return each_record(changed)


def _as_number(value: Any) -> Any:
    return Decimal(f"{value}.0") if isinstance(value, str) and _DIGITS.fullmatch(value) else value


def _another(item: Record) -> Record:
    return {**item, "id": int(item["id"]) + 994, "name": f"{item['name']} (outro)"}


RECORDS: Final = (
    Oddity(
        id="tax-unnamed",
        does="A tax comes with an id, and without its name and rate.",
        after=True,
        make=_tax(id=3, name=None, value=None, comment=None),
    ),
    Oddity(id="tax-value-null", does="A tax comes without its rate.", after=True, make=_tax(value=None)),
    Oddity(id="tax-value-empty", does="The rate of a tax is an empty text.", after=True, make=_tax(value="")),
    Oddity(id="price-comma", does="A price has a decimal comma: 24,39.", after=True, make=_with(unit_price="24,39")),
    Oddity(
        id="price-thousands",
        does="A price has a comma between its thousands: 1,234.56.",
        after=True,
        make=_with(unit_price="1,234.56"),
    ),
    Oddity(id="price-null", does="An item comes without its price.", after=True, make=_with(unit_price=None)),
    Oddity(id="price-empty", does="A price is an empty text.", after=True, make=_with(unit_price="")),
    Oddity(id="unit-object", does="A unit is an object.", after=True, make=_with(unit={"id": 4, "name": "unit"})),
    Oddity(
        id="country-object",
        does="A client's country is an object.",
        path=_CLIENTS,
        after=True,
        make=_with(country={"id": 620, "name": "Portugal"}),
    ),
    Oddity(
        id="unshown-fields",
        does="Fields of a client that are never shown are lists, objects and numbers.",
        path=_CLIENTS,
        after=True,
        make=_with(send_options={}, language=["pt"], website=7, fax=False),
    ),
    Oddity(
        id="half-emoji",
        does="A description ends in half a character.",
        after=True,
        make=each_record(lambda record: {**record, "description": f"{record.get('description') or ''}\ud83d"}),
    ),
    Oddity(id="discount", does="An item has a field that nobody documented.", after=True, make=_with(discount="5.0")),
    Oddity(
        id="code-as-name",
        does="An item's name is a code, and its description says what it is.",
        after=True,
        make=each_record(lambda record: {**record, "name": f"REF-{record['id']}", "description": str(record["name"])}),
    ),
    Oddity(
        id="numbers-for-texts",
        does="Codes, fiscal ids and phones of clients come as numbers: 508025339.0.",
        path=_CLIENTS,
        after=True,
        make=each_record(
            lambda record: {
                key: _as_number(value) if key in ("code", "fiscal_id", "phone") else value
                for key, value in record.items()
            }
        ),
    ),
    Oddity(
        id="other-id",
        does="Who asks for one item is answered another one.",
        path=ITEM,
        after=True,
        make=each_record(_another),
    ),
    Oddity(
        id="id-missing",
        does="A record comes without its id.",
        path="*",
        after=True,
        make=each_record(lambda record: {key: value for key, value in record.items() if key != "id"}),
    ),
    Oddity(
        id="id-impossible", does="An id is beyond all that can be kept.", path=ITEMS, after=True, make=_with(id=10**30)
    ),
)
