"""What of a record can be searched, and what a search asks for. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from bot.catalog.folding import joined_numbers, words
from bot.invoicexpress.models import Client, Item

LONGEST_QUERY: Final = 200
"""Characters of a query that are looked at."""

MOST_WORDS: Final = 12
"""Words of a query that are looked at."""

MOST_INDEXED: Final = 2_000
"""Characters of a field that can be searched: the longest that anybody writes, and no more work than that."""

_REMEMBERED: Final = 4_096  # words, of which the same come up again and again
_COUNTRY_CODES: Final = ("00351", "351")


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as the index holds it; all text is folded.

    Attributes:
        name: the words of the name, joined by spaces; lists are sorted by it.
        rest: every other word that finds the record, joined by spaces.
        keys: what else may be typed from its beginning: id, code, fiscal id, e-mail, phone.
        spoken: the words that somebody may misspell: those of letters, but not of addresses and codes.
    """

    name: str
    rest: str
    keys: tuple[str, ...]
    spoken: frozenset[str] = frozenset()

    def beginnings(self, longest: int) -> set[str]:
        """Return the beginnings of all words, up to a length."""
        distinct = {*self.name.split(), *self.rest.split()}
        return set().union(*(_beginnings(word, longest) for word in distinct))


@dataclass(frozen=True, slots=True)
class Form:
    """One way to read what was typed.

    Attributes:
        text: its words joined by spaces, for comparison with whole names and keys.
        words: its distinct words, in their order.
    """

    text: str
    words: tuple[str, ...]


@lru_cache(_REMEMBERED)
def _beginnings(word: str, longest: int) -> tuple[str, ...]:
    return tuple(word[:end] for end in range(1, min(len(word), longest) + 1))


def item_entry(item: Item) -> Entry:
    """Return what finds an item: name, description, id."""
    told_name, told_description = _head(item.name), _head(item.description)
    name, description = words(told_name), words(told_description)
    rest = [*description, *joined_numbers(told_name), *joined_numbers(told_description), str(item.id)]
    return Entry(" ".join(name), " ".join(dict.fromkeys(rest)), (str(item.id),), _spoken(name, description))


def client_entry(client: Client) -> Entry:
    """Return what finds a client: name, code, fiscal id, e-mail, phone, city, and the preferred contact's own."""
    contact = client.preferred_contact
    emails = [_head(client.email), _head(contact.email) if contact else ""]
    phones = [_head(client.phone), _head(contact.phone) if contact else ""]
    code, told_name, told_id = _head(client.code), _head(client.name), _head(client.fiscal_id)
    fiscal_id = words(told_id)
    if fiscal_id[:1] == ["pt"]:
        del fiscal_id[0]
    keys = [" ".join(words(text)) for text in (code, *emails)]
    keys += [" ".join(_joined(fiscal_id)), *(number for phone in phones for number in _phone_numbers(phone))]
    name, city, person = words(told_name), words(_head(client.city)), words(_head(contact.name) if contact else "")
    rest = [*city, *person, *joined_numbers(told_name)]
    rest += [word for text in (code, told_id, *emails, *phones, *keys) for word in words(text)]
    distinct = tuple(dict.fromkeys(key for key in keys if key))
    return Entry(" ".join(name), " ".join(dict.fromkeys(rest)), distinct, _spoken(name, city, person))


def item_forms(text: str) -> tuple[Form, ...]:
    """Return the ways to read a query for items; none for a text without a word."""
    typed = words(text[:LONGEST_QUERY])[:MOST_WORDS]
    return _forms(typed, _joined(typed))


def client_forms(text: str) -> tuple[Form, ...]:
    """Return the ways to read a query for clients: also without the PT of a fiscal id and the 351 of a phone."""
    typed = words(text[:LONGEST_QUERY])[:MOST_WORDS]
    joined = _joined(typed)
    readings = [typed, joined]
    if len(joined) > 1 and joined[0] == "pt" and joined[1].isdigit():
        readings.append(joined[1:])
    national = [_national(word) for word in joined]
    if national != joined:
        readings.append(national)
    return _forms(*readings)


def _head(text: str) -> str:
    return text[:MOST_INDEXED]


def _spoken(*texts: list[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in text if not word.isdigit())


def _forms(*readings: list[str]) -> tuple[Form, ...]:
    forms = [Form(" ".join(reading), tuple(dict.fromkeys(reading))) for reading in readings if reading]
    return tuple(dict.fromkeys(forms))


def _joined(typed: list[str]) -> list[str]:
    """Join neighbouring numbers: a fiscal id or a phone number typed in groups is one number."""
    joined: list[str] = []
    for numeric, run in groupby(typed, str.isdigit):
        neighbours = list(run)
        joined += ["".join(neighbours)] if numeric else neighbours
    return joined


def _national(word: str) -> str:
    """Return a number without Portugal's country code, if any digit is left then."""
    for code in _COUNTRY_CODES:
        if word.startswith(code) and len(word) > len(code):
            return word.removeprefix(code)
    return word


def _phone_numbers(phone: str) -> list[str]:
    """Return the numbers of a phone field as they may be typed, with and without the country code."""
    numbers = joined_numbers(phone) or words(phone)
    return [reading for number in numbers for reading in (number, _national(number)) if number.isdigit()]
