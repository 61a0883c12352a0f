"""Words in English and European Portuguese; money, numbers, dates and spans of time as each language writes them.

The catalogues are gettext's, `locales/*.po`, keyed by short names so that no language is a translation of another's
sentence. They are compiled in memory: a few milliseconds, and no build step whose product could be stale.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import cache, lru_cache
from importlib import resources
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Language = Literal["en", "pt"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "pt")
_LOCALES: Final[dict[Language, str]] = {"en": "en_GB", "pt": "pt_PT"}
_CENT: Final = Decimal("0.01")
_WIDE: Final = Context(prec=80)  # no amount that an account can hold overflows it; Babel counts by the current one


def language_of(locale: str | None, default: Language) -> Language:
    """Return the language for a Slack locale such as `pt-BR`: any Portuguese is ours, any English is English."""
    prefix = (locale or "").replace("_", "-").split("-")[0].lower()
    return "pt" if prefix == "pt" else "en" if prefix == "en" else default


def zone_of(name: str) -> ZoneInfo | None:
    """Return a time zone by its IANA name; None where there is none of that name."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


@cache
def _translations(language: Language) -> gettext.GNUTranslations:
    """Read one catalogue. Immutable once read, so keeping it is safe."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - Babel is loaded where it is used
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    source = resources.files("bot").joinpath("locales", f"{language}.po")
    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=_LOCALES[language]))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True, slots=True)
class _MoneyStyle:
    """How a language writes an amount in euros: what stands before and after, and its marks for `,` and `.`."""

    before: str
    after: str
    marks: dict[int, str]


@cache
def _money_style(locale: str) -> _MoneyStyle:
    """Read the style off one amount as Babel writes it: Babel itself takes too long for a hundred at each keystroke."""
    from babel.numbers import format_currency  # noqa: PLC0415 - as above

    written = format_currency(Decimal("1234567.89"), "EUR", locale=locale)
    before, _, rest = written.partition("1")
    thousands, _, rest = rest.partition("234")
    _, _, rest = rest.partition("567")
    point, _, after = rest.partition("89")
    return _MoneyStyle(before, after, {ord(","): thousands, ord("."): point})


def _number(value: Decimal | int, locale: str) -> str:
    from babel.numbers import format_decimal  # noqa: PLC0415 - as above

    with localcontext(_WIDE):
        return format_decimal(value, locale=locale, decimal_quantization=False)


@lru_cache(maxsize=2048)
def _count(value: int, locale: str) -> str:
    """Write a whole number. Every list says three, and Babel takes longer for them than the list takes for its rows."""
    return _number(value, locale)


class Words:
    """Everything that the bot says in one language.

    Args:
        language: `en` or `pt`.
        zone: the reader's time zone, for dates; None means UTC.
    """

    def __init__(self, language: Language, zone: tzinfo | None = None) -> None:
        self.language: Language = language
        self._zone = zone
        self._locale = _LOCALES[language]

    def text(self, key: str, /, **values: object) -> str:
        """Return the sentence of a key with its placeholders filled; `KeyError` where a value is missing."""
        return _translations(self.language).gettext(key).format_map(values)

    def plural(self, key: str, n: int, /, **values: object) -> str:
        """Return the form of a sentence that fits `n`, which it may name as `{n}`."""
        sentence = _translations(self.language).ngettext(key, key, n)
        return sentence.format_map({"n": self.number(n), **values})

    def listing(self, parts: Iterable[str]) -> str:
        """Return `a, b and c`."""
        from babel.lists import format_list  # noqa: PLC0415 - as above

        return format_list(list(parts), locale=self._locale)

    def number(self, value: Decimal | int) -> str:
        """Return a number with its grouping, every digit kept."""
        return _count(value, self._locale) if isinstance(value, int) else _number(value, self._locale)

    def money(self, value: Decimal) -> str:
        """Return an amount in euros rounded to the cent, half up, as invoices round."""
        style = _money_style(self._locale)
        digits = format(value.quantize(_CENT, ROUND_HALF_UP, _WIDE), ",.2f")
        minus, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)  # before the sign of the euro
        return minus + style.before + digits.translate(style.marks) + style.after

    def exact_money(self, value: Decimal) -> str:
        """Return an amount in euros with every digit that it has beyond the cent."""
        from babel.numbers import format_currency  # noqa: PLC0415 - as above

        with localcontext(_WIDE):
            return format_currency(_at_least_cents(value), "EUR", locale=self._locale, decimal_quantization=False)

    def plain_price(self, value: Decimal) -> str:
        """Return a price as a form shows it: no grouping, no currency, every digit.

        Three decimals become four ("1.234" could be one thousand and more), so that what a form shows always reads
        back as the same amount.
        """
        trimmed = _at_least_cents(value)
        digits = format(trimmed, "f")
        if len(digits.partition(".")[2]) == 3:  # noqa: PLR2004 - three digits look like a group of thousands
            digits += "0"
        return digits.replace(".", ",") if self.language == "pt" else digits

    def percent(self, value: Decimal) -> str:
        """Return a rate given in per cent, such as 23, as `23%`."""
        from babel.numbers import format_percent  # noqa: PLC0415 - as above

        with localcontext(_WIDE):
            return format_percent(value / 100, locale=self._locale, decimal_quantization=False)

    def moment(self, value: datetime) -> str:
        """Return a date and time in the reader's zone."""
        from babel.dates import format_datetime  # noqa: PLC0415 - as above

        return format_datetime(value, "medium", tzinfo=self._zone, locale=self._locale)

    def span(self, value: timedelta) -> str:
        """Return a span of time in its largest unit: `3 minutes`."""
        from babel.dates import format_timedelta  # noqa: PLC0415 - as above

        return format_timedelta(value, locale=self._locale, threshold=1)

    def ago(self, value: timedelta) -> str:
        """Return a span of time as a past: `3 minutes ago`."""
        from babel.dates import format_timedelta  # noqa: PLC0415 - as above

        return format_timedelta(-value, locale=self._locale, threshold=1, add_direction=True)


def _at_least_cents(value: Decimal) -> Decimal:
    """Drop trailing zeros, but keep two decimals. Done on the digits: Decimal's own arithmetic rounds at 28."""
    whole, _, fraction = format(value, "f").partition(".")
    return Decimal(f"{whole}.{fraction.rstrip('0').ljust(2, '0')}")
