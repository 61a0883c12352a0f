"""Search in the index: SQLite FTS5 finds candidates, at most some 150 of them are ranked.

Never `ORDER BY bm25`, which would rank every match of a short query. What comes first needs no ranking at all: names
and keys that equal the query or begin with it are read in order from ordinary indexes, and only as many as are wanted.
Then come records that have all words as beginnings of words, in their name before elsewhere. Where these are few, and
the query was no id or code and no beginning of a name of several words, words that contain the query's are looked at;
where there is nothing at all, words that the query's resemble.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, Generic

from bot.catalog.entries import Form
from bot.catalog.kinds import Kind
from bot.catalog.layout import INDEXED, Layout
from bot.catalog.model import R
from bot.catalog.ranking import Ranking, by_alternatives, by_insides, by_words
from bot.catalog.spelling import Vocabulary

RANKED: Final = 150
"""Candidates of one step that are ranked; what comes after them goes by the length of the name, then by id."""

FEW: Final = 10
"""Where fewer records than this are found, the insides of words are looked at too."""

MOST_COUNTED: Final = 3_000
"""Records that have a long word, and names that begin with several, are counted up to here."""

MOST_COUNTED_TOGETHER: Final = 100
"""Records that have several words are counted up to here: each takes ten times as long to find."""

_TRIGRAM: Final = 3
_MOST_INSIDES: Final = 40
_MOST_BEGUN: Final = 8
_END: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Found:
    """A part of the matches, best first.

    Attributes:
        ids: theirs.
        total: how many matches there are altogether; there are more than that unless `total_is_exact`.
    """

    ids: tuple[int, ...]
    total: int
    total_is_exact: bool


class Search(Generic[R]):
    """Search among the records of one kind, on the thread of one store.

    Args:
        kind: the kind.
    """

    def __init__(self, kind: Kind[R]) -> None:
        self._kind: Kind[R] = kind
        self._vocabulary = Vocabulary(kind.sql)

    def warm_up(self, connection: sqlite3.Connection) -> None:
        """Read the vocabulary, so that the first misspelt word need not wait for it."""
        self._vocabulary.read_on(connection)

    def find(self, connection: sqlite3.Connection, text: str, limit: int, offset: int) -> Found:
        """Return a part of what matches a text; nothing for a text without a word.

        The order depends on the text and the records alone, so that parts fit together.
        """
        forms = self._kind.forms(text)
        if not forms:
            return Found((), 0, total_is_exact=True)
        query = _Query(connection, self._kind.sql, self._vocabulary, forms)
        with closing(query.matches()) as matches:
            skipped = sum(1 for _ in islice(matches, offset))
            ids = tuple(islice(matches, limit))
            seen = skipped + len(ids)
            if len(ids) < limit:
                return Found(ids, seen, query.exhaustive)
            return Found(ids, *query.count(seen, matches))


class _Query:
    """One search, as a stream of ids that is read as far as it is wanted."""

    def __init__(
        self, connection: sqlite3.Connection, sql: Layout, vocabulary: Vocabulary, forms: tuple[Form, ...]
    ) -> None:
        self._connection = connection
        self._sql = sql
        self._vocabulary = vocabulary
        self._forms = forms
        self._covering = _any_of(_all_of(map(self._begun_word, form.words)) for form in forms)
        self._is_wide = False
        self.exhaustive = True

    def matches(self) -> Generator[int, None, None]:
        """Yield the ids of all matches, each once, best first."""
        seen: set[int] = set()
        for step in self._steps(seen):
            for number in step:
                if number not in seen:
                    seen.add(number)
                    yield number

    def count(self, seen: int, matches: Iterator[int]) -> tuple[int, bool]:
        """Return how many matches there are and True, or a number that is exceeded and False.

        Args:
            seen: how many of the stream have been read.
            matches: the rest of the stream.
        """
        further = sum(1 for _ in islice(matches, FEW))
        if further < FEW:
            return seen + further, self.exhaustive
        asked = [word for form in self._forms for word in form.words]
        single = len(asked) == 1 and not self._is_wide
        if single and len(asked[0]) <= INDEXED:
            return int(self._connection.execute(self._sql.begun, asked).fetchone()[0]), True
        most = max(seen + further, MOST_COUNTED if single else MOST_COUNTED_TOGETHER)
        about = 0 if single else self._about_begun()
        if about >= most:
            return about, False
        counted = self._counted(self._covering, most + 1)
        return (counted, self.exhaustive) if counted <= most else (most, False)

    def _about_begun(self) -> int:
        """Return a round number that is exceeded by the names that begin with the query, which is quickly counted."""
        ranges = [(form.text, form.text + _END, MOST_COUNTED + 1) for form in self._forms]
        begun = [self._connection.execute(self._sql.count_begun, one).fetchone()[0] for one in ranges]
        return max(int(number - 1) // 100 * 100 for number in begun)

    def _steps(self, seen: set[int]) -> Iterator[Iterable[int]]:
        """Yield the steps; each is asked for when the one before has been read to its end."""
        yield self._each(self._sql.names_equal)
        named = len(seen)
        yield self._each(self._sql.keys_equal)
        identified = len(seen) > named
        yield self._begun()
        begun = bool(seen)
        yield self._ranked(self._covering, by_words(self._forms), names_first=True)
        single = all(len(form.words) == 1 for form in self._forms)
        if len(seen) < FEW and not identified and (single or not begun):
            yield from self._with_insides()
        if not seen:
            yield from self._with_corrections(seen)

    def _each(self, statement: str) -> Iterator[int]:
        return chain.from_iterable(self._ids(statement, form.text) for form in self._forms)

    def _begun(self) -> Iterator[int]:
        for statement in (self._sql.names_begun, self._sql.keys_begun):
            for form in self._forms:
                yield from self._ids(statement, form.text, form.text + _END)

    def _ids(self, statement: str, *values: str) -> Iterator[int]:
        return (number for (number,) in self._connection.execute(statement, values))

    def _ranked(self, expression: str, ranking: Ranking, *, names_first: bool = False) -> Iterator[int]:
        candidates = self._connection.execute(self._sql.matches, (expression,))
        window = list(islice(candidates, RANKED))
        if names_first and len(window) == RANKED:
            yield from self._ranked(f"name : ({expression})", ranking)
        yield from (number for number, _, _ in sorted(window, key=ranking))
        yield from (number for number, _, _ in candidates)

    def _with_insides(self) -> Iterator[Iterable[int]]:
        """Yield a search for words that contain the query's, if there are any."""
        readings = [[[word, *self._words_with(word)] for word in form.words] for form in self._forms]
        if any(len(words) > 1 for reading in readings for words in reading):
            expressions = (_all_of(_any_of(self._terms(words)) for words in reading) for reading in readings)
            yield self._widened(expressions, by_insides(self._forms))

    def _with_corrections(self, seen: set[int]) -> Iterator[Iterable[int]]:
        """Yield a search with the unknown words corrected; if that finds nothing, one with all words corrected."""
        self._vocabulary.read_on(self._connection)
        distinct = {word for form in self._forms for word in form.words}
        unknown = {word for word in distinct if not self._words_begun(word, 1)}
        for wrong in (unknown, distinct):
            if wrong and not seen:
                options = {
                    word: {word: 0} | (self._vocabulary.corrections(word) if word in wrong else {}) for word in distinct
                }
                readings = [[options[word] for word in form.words] for form in self._forms]
                expressions = (
                    _all_of(_any_of(map(self._begun_word, words)) for words in reading) for reading in readings
                )
                yield self._widened(expressions, by_alternatives(readings))

    def _widened(self, expressions: Iterable[str], ranking: Ranking) -> Iterator[int]:
        """Search with other words beside the query's, and count on with them from now on."""
        self._is_wide = True
        self._covering = _any_of(expressions)
        return self._ranked(self._covering, ranking)

    def _terms(self, words: list[str]) -> Iterator[str]:
        """Return the expressions for words that begin with the first of these, or are one of the others."""
        first, *others = words
        return chain([self._begun_word(first)], map(_quoted, others))

    def _begun_word(self, word: str) -> str:
        """Return the expression for words that begin with this one.

        Beyond the beginnings that the index holds, FTS5 would collect the records of all these words before it gives
        the first, so they are named one by one where they are few.
        """
        if len(word) <= INDEXED:
            return f"{_quoted(word)}*"
        begun = self._words_begun(word, _MOST_BEGUN + 1)
        return f"{_quoted(word)}*" if len(begun) > _MOST_BEGUN else _any_of(map(_quoted, begun or [word]))

    def _words_begun(self, word: str, limit: int) -> list[str]:
        rows = self._connection.execute(self._sql.words_begun, (word, word + _END, limit))
        return [begun for (begun,) in rows]

    def _words_with(self, part: str) -> list[str]:
        """Return words of the index that contain a part of at least three letters; the shortest, if they are many."""
        if len(part) < _TRIGRAM:
            return []
        trigrams = _all_of(_quoted(part[start : start + _TRIGRAM]) for start in range(len(part) - _TRIGRAM + 1))
        rows = self._connection.execute(self._sql.words_with, (trigrams, part, _MOST_INSIDES + 1)).fetchall()
        self.exhaustive = self.exhaustive and len(rows) <= _MOST_INSIDES
        return [word for (word,) in rows[:_MOST_INSIDES]]

    def _counted(self, expression: str, most: int) -> int:
        return int(self._connection.execute(self._sql.count_matches, (expression, most)).fetchone()[0])


def _quoted(word: str) -> str:
    """Return a word as FTS5 reads it. Words are letters or digits, so there is nothing to escape."""
    return f'"{word}"'


def _all_of(expressions: Iterable[str]) -> str:
    return " AND ".join(f"({expression})" for expression in expressions)


def _any_of(expressions: Iterable[str]) -> str:
    return " OR ".join(f"({expression})" for expression in expressions)
