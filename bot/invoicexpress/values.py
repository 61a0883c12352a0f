"""One value of JSON as a person would read it: a text, an amount, an id; None where it is none that we can read. Pure.

The live service and what stands before it send numbers as strings, strings as numbers, nulls, objects and half a
character. What can't be read is not guessed: the record keeps it as it came, by `json_text`.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, Final

_MOST_DIGITS: Final = 30
"""Before the point and behind it: written out, 1E+999999999 would fill the memory."""
_LONGEST_NUMBER: Final = 100
_DEEPEST: Final = 20
_LARGEST_ID: Final = 2**63 - 1
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,9})?", re.ASCII)
_HALF: Final = re.compile("[\ud800-\udfff]")
"""Half a surrogate pair, which JSON can carry and no database, log or message can."""
_UNREADABLE: Final = "\ufffd"


def parse(text: str) -> Any:
    """Parse JSON: control characters may stand in strings, no digit is lost, NaN and Infinity become text.

    Raises:
        ValueError: it is no JSON.
        RecursionError: it is nested too deep.
    """
    try:
        return json.loads(text, strict=False, parse_float=Decimal, parse_constant=str)
    except json.JSONDecodeError:
        raise
    except (ValueError, ArithmeticError):  # a number of thousands of digits: it costs its own field, not the rest
        return json.loads(text, strict=False, parse_float=_number, parse_int=_number, parse_constant=str)


def json_text(value: Any) -> str:
    """Return a parsed value as JSON again, every digit kept, in ASCII; empty where it is nested too deep to keep."""
    try:
        return _json_text(value, _DEEPEST)
    except RecursionError:
        return ""


def text_of(value: Any) -> str | None:
    """Return a text: null and false are none, a number is its digits, half a character is U+FFFD."""
    if value is None or value is False:
        return ""
    if isinstance(value, str):
        return _HALF.sub(_UNREADABLE, value)
    number = amount_of(value)
    if number is None:
        return None
    return format(number.to_integral_value() if number == number.to_integral_value() else number, "f")


def amount_of(value: Any) -> Decimal | None:
    """Return money or a rate, that may come as a number or as a string with a decimal point, with all its digits."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    if isinstance(value, str):
        value = value.strip() if len(value) <= _LONGEST_NUMBER else ""
        if not _NUMBER.fullmatch(value):
            return None
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    is_usual = isinstance(exponent, int) and exponent >= -_MOST_DIGITS and number.adjusted() <= _MOST_DIGITS
    return number if is_usual else None


def id_of(value: Any) -> int | None:
    """Return the number of a record, from 1 to what 64 bits hold; it may come as a string."""
    number = amount_of(value)
    return int(number) if number is not None and 0 < number <= _LARGEST_ID and number == int(number) else None


def is_nothing(value: Any) -> bool:
    """Say whether a value holds nothing: null, false, nought, or something empty."""
    return not value or (isinstance(value, str) and amount_of(value) == 0)


def _number(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except ArithmeticError:  # its exponent alone has more than 18 digits
        return text


def _json_text(value: Any, depth: int) -> str:
    if depth == 0:
        raise RecursionError
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{json.dumps(name)}: {_json_text(part, depth - 1)}" for name, part in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(_json_text(part, depth - 1) for part in value) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value)
