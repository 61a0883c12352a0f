"""Text as it is compared: without case and accents, and cut into words.

Folded by us rather than by SQLite, whose trigram tokenizer knows accents only from 3.45 on. Whatever changes here
changes what the index holds: raise `bot.catalog.layout.VERSION` with it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Letters and digits are words of their own, so that "500ml", "500 ml" and "AB-500" meet.
_WORD: Final = re.compile(r"\d+|[^\W\d_]+")
# Marks that join or direct text are no part of any word.
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# From the beginning of a number, and without a step back: else a long one would be read again from each of its digits.
_GROUPED: Final = re.compile(r"(?<!\d)\d++(?:[ \u00a0.\-()]{1,2}+\d++)+")
# Python sorts the marks of a letter as one does by hand: 50,000 take seconds. They are dropped, so a cut is harmless.
_AT_ONCE: Final = 256
# The marks that Latin letters are taken apart into, for nearly all texts the only ones.
_LATIN_MARKS: Final = re.compile("[\u0300-\u036f]+")


def fold(text: str) -> str:
    """Return the text without case, accents and invisible marks: "Água" and "AGUA" are both "agua"."""
    if text.isascii():
        return text.lower()
    seen = _INVISIBLE.sub("", text)
    pieces = (seen[start : start + _AT_ONCE] for start in range(0, len(seen), _AT_ONCE))
    decomposed = "".join(unicodedata.normalize("NFKD", piece) for piece in pieces)
    plain = _LATIN_MARKS.sub("", decomposed)
    if plain.isascii():
        return plain.lower()
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def words(text: str) -> list[str]:
    """Return the words of a text, folded, in their order."""
    return _WORD.findall(fold(text))


def joined_numbers(text: str) -> list[str]:
    """Return the numbers that are written in groups, joined: "796 1350 07" gives 796135007."""
    return ["".join(words(group)) for group in _GROUPED.findall(text)]
