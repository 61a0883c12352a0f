"""Changes of what the account answers: of its bytes, of its JSON, or of the records in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from .answers import Answer
from .wire import encode

Change = Callable[[Answer], Answer]
Record = dict[str, Any]
GONE: Final = object()
"""What a change of a record returns where the record is to be left out of its list."""

_LISTS: Final = ("items", "clients", "taxes")
_SINGLES: Final = ("item", "client")


def of_bytes(change: Callable[[bytes], bytes]) -> Change:
    """Return the change that another body makes; it gets the bytes that the account would send."""
    return lambda answer: replace(answer, body=change(answer.raw))


def of_json(change: Callable[[Any], Any]) -> Change:
    """Return the change that another value makes; it gets the parsed one, its fractions as Decimal.

    An answer that holds no JSON stays as it is.
    """

    def changed(answer: Answer) -> Answer:
        try:
            value = json.loads(answer.raw, parse_float=Decimal)
        except ValueError:
            return answer
        return replace(answer, body=encode(change(value)))

    return changed


def of_records(change: Callable[[Record], object], only: Callable[[Record], bool] | None = None) -> Change:
    """Return the change of each record of an answer, in a list and alone; it returns what stands in its place.

    Args:
        change: gets a record; `GONE` leaves it out of its list.
        only: which records are changed; all by default.
    """

    def put(record: object) -> object:
        return change(record) if isinstance(record, dict) and (only is None or only(record)) else record

    def changed(value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        others: Record = {**value}
        for name in _LISTS:
            if isinstance(value.get(name), list):
                others[name] = [kept for kept in map(put, value[name]) if kept is not GONE]
        for name in _SINGLES:
            if name in value:
                others[name] = put(value[name])
        return others

    return of_json(changed)
