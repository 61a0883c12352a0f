"""What FTS5 is asked, put together from words of the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from bot.catalog.layout import INDEXED, Layout

Reading: TypeAlias = Sequence[Sequence[str]]
"""For each word of a query the word itself, and what may stand for it."""

_TRIGRAM: Final = 3
_MOST_CONTAINING: Final = 40
_MOST_BEGUN: Final = 8
_MOST_COLLECTED: Final = 300
_AT_ONCE: Final = 25
_END: Final = "\U0010ffff"


class IndexWords:
    """The words of the index, through one connection.

    Args:
        connection: the copy.
        sql: the statements of the kind whose words these are.
    """

    def __init__(self, connection: sqlite3.Connection, sql: Layout) -> None:
        self._connection = connection
        self._sql = sql
        self._first_begun: dict[str, list[str]] = {}

    def records(self, word: str) -> int:
        """Return how many records have a word that begins so; for a long beginning, no fewer than that."""
        row = self._connection.execute(self._sql.begun, (word[:INDEXED],)).fetchone()
        return 0 if row is None else int(row[0])

    def begun(self, word: str, limit: int) -> list[str]:
        """Return words that begin so, in their order."""
        return self._between(word, word + _END, limit)

    def is_common_beginning(self, word: str) -> bool:
        """Return whether so many words begin so that FTS5 would take long to collect the records of all of them.

        Of the beginnings that the index holds it has the records together. Longer ones that are common are those of
        numbers: all bar codes of a country begin alike.
        """
        if len(word) <= INDEXED or len(self._few_begun(word)) <= _MOST_BEGUN:
            return False
        return len(self.begun(word, _MOST_COLLECTED + 1)) > _MOST_COLLECTED

    def each_begun(self, word: str) -> Iterator[str]:
        """Yield what finds the records of all words that begin so, some words at a time, in the words' order."""
        start = word
        while words := self._between(start, word + _END, _AT_ONCE):
            yield _any_of(map(_quoted, words))
            start = words[-1] + "\0"

    def containing(self, part: str) -> tuple[list[str], bool]:
        """Return words that contain a part of three letters or more, and whether these are all; else the shortest."""
        if len(part) < _TRIGRAM:
            return [], True
        trigrams = (_quoted(part[start : start + _TRIGRAM]) for start in range(len(part) - _TRIGRAM + 1))
        values = (_all_of(trigrams), part, _MOST_CONTAINING + 1)
        found = [word for (word,) in self._connection.execute(self._sql.words_with, values)]
        return found[:_MOST_CONTAINING], len(found) <= _MOST_CONTAINING

    def _between(self, start: str, end: str, limit: int) -> list[str]:
        return [word for (word,) in self._connection.execute(self._sql.words_begun, (start, end, limit))]

    def _few_begun(self, word: str) -> list[str]:
        """Return the words that begin so where these are few, else one too many; read once, however often asked."""
        if word not in self._first_begun:
            self._first_begun[word] = self.begun(word, _MOST_BEGUN + 1)
        return self._first_begun[word]

    def expression(self, readings: Sequence[Reading], *, whole: bool = False) -> str:
        """Return what finds the records that have all words of some reading.

        Args:
            readings: the readings.
            whole: what stands for a word must be a whole word; the word itself may be a beginning.
        """
        return _any_of(_all_of(self._any(word, whole=whole) for word in reading) for reading in readings)

    def _any(self, alternatives: Sequence[str], *, whole: bool) -> str:
        word, *others = alternatives
        return _any_of([self._beginning(word), *map(_quoted if whole else self._beginning, others)])

    def _beginning(self, word: str) -> str:
        """Return what finds words that begin so.

        Beyond the beginnings that the index holds, FTS5 would collect the records of all these words before it gives
        the first, so they are named one by one where they are few.
        """
        if len(word) <= INDEXED:
            return f"{_quoted(word)}*"
        begun = self._few_begun(word)
        return f"{_quoted(word)}*" if len(begun) > _MOST_BEGUN else _any_of(map(_quoted, begun or [word]))


def _quoted(word: str) -> str:
    """Return a word as FTS5 reads it. Words are letters or digits, so there is nothing to escape."""
    return f'"{word}"'


def _all_of(expressions: Iterable[str]) -> str:
    return " AND ".join(f"({expression})" for expression in expressions)


def _any_of(expressions: Iterable[str]) -> str:
    return " OR ".join(f"({expression})" for expression in expressions)
