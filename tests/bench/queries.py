"""Queries made from a catalogue by rule, each with the record that it should find.

A rule takes a record and a source of chance and returns what somebody who looks for that record might type, or None
where the record gives nothing to type.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias, TypeVar

from bot.catalog.folding import fold, words
from bot.invoicexpress.models import Client, Item

R = TypeVar("R", Item, Client)
Rule: TypeAlias = Callable[[R, random.Random], str | None]

SHOWN: Final = 10
"""How many hits are looked at."""

_ALPHABET: Final = "abcdefghijlmnopqrstuvxz"
_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed, and which record it is meant to find.

    Attributes:
        text: what is typed.
        record_id: the record.
        name: its name, folded. Several records may share it; a query made from a name is answered by any of them.
    """

    text: str
    record_id: int
    name: str


class Names:
    """All names of a catalogue: they tell whether a query can be answered within the first ten at all.

    Args:
        names: the names.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._sorted = sorted(" ".join(words(name)) for name in names)

    def beginning(self, record: Item | Client, chance: random.Random) -> str:  # noqa: ARG002 - as every rule
        """The shortest beginning of the name, of three letters or more, that at most ten names share, or all of it."""
        for end in range(_SHORTEST, len(record.name)):
            begun = " ".join(words(record.name[:end]))
            first = bisect_left(self._sorted, begun)
            if bisect_left(self._sorted, begun + "\U0010ffff") - first <= SHOWN:
                return record.name[:end]
        return record.name

    def inside(self, record: Item | Client, chance: random.Random) -> str | None:
        """The name, with one letter or more left out at the beginning of its longest word, and three or more left.

        None where ten others have all that is left in their names.
        """
        word = _longest(record.name)
        if len(word) <= _SHORTEST:
            return None
        text = record.name.replace(word, word[chance.randint(1, len(word) - _SHORTEST) :], 1)
        left, own = words(text), " ".join(words(record.name))
        others = (name for name in self._sorted if all(part in name for part in left) and name != own)
        return text if sum(1 for _ in islice(others, SHOWN)) < SHOWN else None


def other_order(record: Item | Client, chance: random.Random) -> str | None:
    """All words of the name in another order."""
    ordered = record.name.split()
    shuffled = ordered.copy()
    chance.shuffle(shuffled)
    return " ".join(shuffled) if shuffled != ordered else None


def misspelt(record: Item | Client, chance: random.Random) -> str | None:
    """The name, with one letter of its longest word wrong, missing or swapped with the next."""
    word = _longest(record.name)
    return record.name.replace(word, _misspell(word, chance), 1) if len(word) > _SHORTEST else None


def plain(record: Item | Client, chance: random.Random) -> str:
    """The name without accents and capitals."""
    return fold(record.name)


def item_id(record: Item, chance: random.Random) -> str:
    """The id."""
    return str(record.id)


def code(record: Client, chance: random.Random) -> str | None:
    """The code, or in small letters."""
    return chance.choice((record.code, record.code.lower())) or None


def fiscal_id(record: Client, chance: random.Random) -> str | None:
    """The fiscal id as it is stored, in groups, or with PT."""
    digits = re.sub(r"\D", "", record.fiscal_id)
    return chance.choice((record.fiscal_id, _grouped(digits), f"PT{digits}", f"PT {_grouped(digits)}")) or None


def email(record: Client, chance: random.Random) -> str | None:
    """The e-mail address."""
    return record.email or None


def phone(record: Client, chance: random.Random) -> str | None:
    """The phone number as it is stored, in groups, or with the country code."""
    digits = re.sub(r"\D", "", record.phone)[-9:]
    if not digits:
        return None
    return chance.choice((record.phone, _grouped(digits), f"+351 {_grouped(digits)}", f"00351{digits}"))


def made(rule: Rule[R], records: Sequence[R], chance: random.Random) -> list[Query]:
    """Return a query for each record that gives one."""
    texts = ((rule(record, chance), record) for record in records)
    return [Query(text, record.id, fold(record.name)) for text, record in texts if text]


def _grouped(digits: str) -> str:
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def _longest(name: str) -> str:
    return max(re.findall(r"[^\W\d_]+", name), key=len, default="")


def _misspell(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    how = chance.choice(("wrong", "missing", "swapped"))
    if how == "swapped" and place + 1 < len(word) and word[place] != word[place + 1]:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if how == "missing":
        return word[:place] + word[place + 1 :]
    others = [letter for letter in _ALPHABET if letter != fold(word[place])]
    return word[:place] + chance.choice(others) + word[place + 1 :]
