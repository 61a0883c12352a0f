"""Search in the index: SQLite FTS5 finds candidates, at most some 150 of them are ranked.

Never `ORDER BY bm25`, which would rank every match of a short query. What comes first needs no ranking at all: names
and keys that equal the query or begin with it are read in order from ordinary indexes, and only as many as are wanted.
Then come records that have all words as beginnings of words, in their name before elsewhere; where these are few,
words that contain the query's; where there are none, words that the query's resemble.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final, Generic, TypeAlias

from bot.catalog.entries import Form
from bot.catalog.kinds import Kind
from bot.catalog.layout import Layout
from bot.catalog.model import R
from bot.catalog.ranking import Candidate, Rank, by_alternatives, by_words
from bot.catalog.spelling import Vocabulary

RANKED: Final = 150
"""Candidates of one step that are ranked; what comes after them keeps the order of the ids."""

FEW: Final = 10
"""With fewer matches than this, the insides of words are looked at too."""

MOST_COUNTED: Final = 5_000
"""Matches are counted up to here; above, the total is a lower bound."""

_TRIGRAM: Final = 3
_MOST_INSIDES: Final = 100
_END: Final = "\U0010ffff"

Alternatives: TypeAlias = list[Mapping[str, int]]
"""For each word of a query what may stand for it, with its distance."""


@dataclass(frozen=True, slots=True)
class Found:
    """A part of the matches, best first.

    Attributes:
        ids: theirs.
        total: how many matches there are altogether; a lower bound unless `total_is_exact`.
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
            total = query.total(seen, matches)
        return Found(ids, max(seen, min(total, MOST_COUNTED)), query.exhaustive and total <= MOST_COUNTED)


class _Query:
    """One search, as a stream of ids that is read as far as it is wanted."""

    def __init__(
        self, connection: sqlite3.Connection, sql: Layout, vocabulary: Vocabulary, forms: tuple[Form, ...]
    ) -> None:
        self._connection = connection
        self._sql = sql
        self._vocabulary = vocabulary
        self._forms = forms
        self._all_words = _any_of(_all_of(_begins(word) for word in form.words) for form in forms)
        self.exhaustive = True

    def matches(self) -> Generator[int, None, None]:
        """Yield the ids of all matches, each once, best first."""
        seen: set[int] = set()
        for step in self._steps(seen):
            for number in step:
                if number not in seen:
                    seen.add(number)
                    yield number

    def total(self, seen: int, matches: Iterator[int]) -> int:
        """Return how many matches there are, or `MOST_COUNTED` + 1 if there are more than that.

        Args:
            seen: how many of the stream have been read.
            matches: the rest of the stream.
        """
        counted = self._connection.execute(self._sql.count_matches, (self._all_words, MOST_COUNTED + 1)).fetchone()[0]
        return int(counted) if counted >= FEW else seen + sum(1 for _ in islice(matches, MOST_COUNTED + 1))

    def _steps(self, seen: set[int]) -> Iterator[Iterable[int]]:
        """Yield the steps; each is asked for when the one before has been read to its end."""
        yield self._equal()
        exact = bool(seen)
        yield self._begun()
        yield self._ranked(f"name : ({self._all_words})", partial(by_words, self._forms))
        yield self._ranked(self._all_words, partial(by_words, self._forms))
        if exact or len(seen) >= FEW:
            return
        yield self._with_insides()
        if not seen:
            for form in self._forms:
                yield from self._with_corrections(form, seen)

    def _equal(self) -> Iterator[int]:
        for statement in (self._sql.names_equal, self._sql.keys_equal):
            for form in self._forms:
                yield from self._ids(statement, form.text)

    def _begun(self) -> Iterator[int]:
        for statement in (self._sql.names_begun, self._sql.keys_begun):
            for form in self._forms:
                yield from self._ids(statement, form.text, form.text + _END)

    def _ids(self, statement: str, *values: str) -> Iterator[int]:
        return (number for (number,) in self._connection.execute(statement, values))

    def _ranked(self, expression: str, rank: Callable[[Candidate], Rank]) -> Iterator[int]:
        candidates = self._connection.execute(self._sql.matches, (expression,))
        for number, _, _ in sorted(islice(candidates, RANKED), key=rank):
            yield number
        for number, _, _ in candidates:
            yield number

    def _with_insides(self) -> Iterator[int]:
        for form in self._forms:
            insides = [self._words_with(word) for word in form.words]
            if any(insides):
                pairs = list(zip(form.words, insides, strict=True))
                expression = _all_of(_any_of([_begins(word), *map(_quoted, found)]) for word, found in pairs)
                alternatives = [{word: 0} | dict.fromkeys(found, 1) for word, found in pairs]
                yield from self._ranked(expression, partial(by_alternatives, alternatives))

    def _words_with(self, part: str) -> list[str]:
        """Return words of the index that contain a part of at least three letters; most, if they are very many."""
        if len(part) < _TRIGRAM:
            return []
        trigrams = _all_of(_quoted(part[start : start + _TRIGRAM]) for start in range(len(part) - _TRIGRAM + 1))
        rows = self._connection.execute(self._sql.words_with, (trigrams, part, _MOST_INSIDES)).fetchall()
        self.exhaustive = self.exhaustive and len(rows) < _MOST_INSIDES
        return [word for (word,) in rows]

    def _with_corrections(self, form: Form, seen: set[int]) -> Iterator[Iterable[int]]:
        """Yield a search with the unknown words corrected; if that finds nothing, one with all words corrected."""
        self._vocabulary.read_on(self._connection)
        unknown = [word for word in form.words if not self._is_known(word)]
        for wrong in (unknown, form.words):
            if wrong and not seen:
                alternatives: Alternatives = [
                    {word: 0} | (self._vocabulary.corrections(word) if word in wrong else {}) for word in form.words
                ]
                expression = _all_of(_any_of(map(_begins, options)) for options in alternatives)
                yield self._ranked(expression, partial(by_alternatives, alternatives))

    def _is_known(self, word: str) -> bool:
        return bool(self._connection.execute(self._sql.count_matches, (_begins(word), 1)).fetchone()[0])


def _quoted(word: str) -> str:
    """Return a word as FTS5 reads it. Words are letters or digits, so there is nothing to escape."""
    return f'"{word}"'


def _begins(word: str) -> str:
    return f'"{word}"*'


def _all_of(expressions: Iterable[str]) -> str:
    return " AND ".join(f"({expression})" for expression in expressions)


def _any_of(expressions: Iterable[str]) -> str:
    return " OR ".join(f"({expression})" for expression in expressions)
