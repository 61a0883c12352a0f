"""Prices as people write them, in Portuguese and in English.

`12,5` · `12.50` · `1.234,56` · `1,234.56` · `1 234,56` · `€ 9,99` are understood. `1.234` could be one thousand two
hundred and thirty-four or one and a bit: it is refused rather than guessed, because a wrong price becomes a wrong
invoice.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pydantic import TypeAdapter, ValidationError

from bot.invoicexpress.models import Amount

_CURRENCY: Final = re.compile(r"^(€|eur)\s*|\s*(€|eur)$", re.IGNORECASE)
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?P<mark>[.,\s\u00a0\u202f'’])[0-9]{3}((?P=mark)[0-9]{3})*")
_PLAIN: Final = re.compile(r"[0-9]+")
LONGEST: Final = 70
"""Characters of a price: enough for any that the form shows."""
_LONGEST_TYPED: Final = 200
"""The same with its currency and all that stands between: the patterns take the square of it."""
_AMOUNT: Final = TypeAdapter(Amount)


class PriceProblem(StrEnum):
    """Why a price can't be taken."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not-a-number"
    AMBIGUOUS = "ambiguous"
    NEGATIVE = "negative"


class PriceRefused(ValueError):
    """A price that is not taken.

    Args:
        problem: why.
        readings: for an ambiguous price, the amounts it could mean, in euros.
    """

    def __init__(self, problem: PriceProblem, readings: tuple[Decimal, ...] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.readings = readings


def read_price(text: str) -> Decimal:
    """Return the price that a text means, in euros, every digit kept.

    Raises:
        PriceRefused: where it means none, or more than one.
    """
    stripped = text.strip()
    if len(stripped) > _LONGEST_TYPED:
        raise PriceRefused(PriceProblem.NOT_A_NUMBER)
    stripped = _CURRENCY.sub("", stripped).strip()
    if not stripped:
        raise PriceRefused(PriceProblem.EMPTY)
    unsigned = stripped.lstrip("+")
    if unsigned[:1] in {"-", "−", "–"} or unsigned[-1:] in {"-", "−"}:
        raise PriceRefused(PriceProblem.NEGATIVE)
    if len(unsigned) > LONGEST:
        raise PriceRefused(PriceProblem.NOT_A_NUMBER)
    try:
        return _AMOUNT.validate_python(_read_unsigned(_CURRENCY.sub("", unsigned).strip()))
    except ValidationError:  # longer than any that could be read back
        raise PriceRefused(PriceProblem.NOT_A_NUMBER) from None


def _read_unsigned(digits: str) -> Decimal:
    marks = [character for character in digits if character in ".,"]
    if len(marks) == 1 and _looks_grouped(digits, marks[0]):
        whole, _, fraction = digits.partition(marks[0])
        readings = (Decimal(whole + fraction), Decimal(f"{whole}.{fraction}"))
        raise PriceRefused(PriceProblem.AMBIGUOUS, readings)
    if not marks or (len(set(marks)) == 1 and len(marks) > 1):
        return Decimal(_whole(digits))
    whole, _, fraction = digits.rpartition(marks[-1])
    if not _PLAIN.fullmatch(fraction):
        raise PriceRefused(PriceProblem.NOT_A_NUMBER)
    return Decimal(f"{_whole(whole or '0')}.{fraction}")


def _looks_grouped(digits: str, mark: str) -> bool:
    """Say whether a single mark could group thousands: one to three digits, not just a nought, then three."""
    whole, _, fraction = digits.partition(mark)
    return bool(_GROUPED.fullmatch(digits)) and len(fraction) == 3 and bool(whole.strip("0"))  # noqa: PLR2004


def _whole(text: str) -> str:
    """Return the digits of a whole number, grouped or not."""
    if _PLAIN.fullmatch(text):
        return text
    if _GROUPED.fullmatch(text):
        return re.sub(r"[^0-9]", "", text)
    raise PriceRefused(PriceProblem.NOT_A_NUMBER)
