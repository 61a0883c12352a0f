"""Misspelt words: the words of the index that a query's word may have meant."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.catalog.layout import Layout

SHORTEST: Final = 3
"""Letters from which on a word is corrected; below, everything resembles everything."""

_LONG_WORD: Final = 8
_MOST: Final = 12


def allowance(word: str) -> int:
    """Return how many letters of a word may be wrong, missing or swapped."""
    return 1 if len(word) < _LONG_WORD else 2


class Vocabulary:
    """The words of letters that the index knows, and their beginnings by length.

    A number is never corrected: with another digit it is another number. Kept in memory and read on from the index
    whenever it is asked, so that it needs no news of writes. Used from one thread.

    Args:
        sql: the statements of the kind whose words these are.
    """

    def __init__(self, sql: Layout) -> None:
        self._sql = sql
        self._last = 0
        self._words: list[str] = []
        self._by_length: dict[int, _Beginnings] = {}

    def read_on(self, connection: sqlite3.Connection) -> None:
        """Learn the words that were added to the index since."""
        rows = connection.execute(self._sql.new_spoken, (self._last,)).fetchall()
        if not rows:
            return
        self._last = rows[-1][0]
        fresh = [word for _, word in rows if len(word) >= SHORTEST]
        self._words += fresh
        for beginnings in self._by_length.values():
            beginnings.add(fresh)

    def corrections(self, word: str) -> dict[str, int]:
        """Return beginnings of known words that resemble a word, with their distance to it, nearest first.

        When some are one letter off, those that are two off are left out.
        """
        if len(word) < SHORTEST or word.isdigit():
            return {}
        most = allowance(word)
        beginnings = self._by_length.get(len(word))
        if beginnings is None:
            beginnings = self._by_length[len(word)] = _Beginnings(len(word), most)
            beginnings.add(self._words)
        close = process.extract(word, beginnings.known, scorer=OSA.distance, score_cutoff=most, limit=None)
        ordered = sorted((int(distance), text) for text, distance, _ in close if distance and self._likely(text, word))
        return {text: distance for distance, text in ordered[:_MOST] if distance == ordered[0][0]}

    @staticmethod
    def _likely(text: str, word: str) -> bool:
        """Return whether one may have been meant by the other: of three letters, the first must be right."""
        return len(word) > SHORTEST or text[0] == word[0]


class _Beginnings:
    """What a word of a length is compared with: for a word that is still being typed, beginnings of words as well."""

    def __init__(self, length: int, allowed: int) -> None:
        self._lengths = range(length, length + allowed + 1)
        self._shortest = length - allowed
        self._seen: set[str] = set()
        self.known: list[str] = []

    def add(self, words: Iterable[str]) -> None:
        for word in words:
            if len(word) < self._shortest:
                continue
            for length in self._lengths:
                beginning = word[:length]
                if beginning not in self._seen:
                    self._seen.add(beginning)
                    self.known.append(beginning)
