"""Search in the index: SQLite FTS5 finds candidates, at most a hundred of them are ranked.

Never `ORDER BY bm25`, which would rank every match of a short query. What comes first needs no ranking at all: names
and keys that equal the query or begin with it are read in order from ordinary indexes, and only as many as are wanted.
Then come records that have all words as beginnings of words, in their name before elsewhere. Where these are few, and
the query was no id or code and no beginning of a name of several words, words that contain the query's are looked at,
in names before elsewhere, and in short names first, as the index gives them; where there is nothing at all, words that
the query's resemble.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, Generic

from bot.catalog.entries import Form
from bot.catalog.expression import IndexWords
from bot.catalog.kinds import Kind
from bot.catalog.layout import INDEXED, Layout
from bot.catalog.model import R
from bot.catalog.ranking import Candidate, Ranking, by_alternatives, by_words, having
from bot.catalog.spelling import Vocabulary

RANKED: Final = 100
"""Candidates of one step that are ranked; what comes after them goes by the length of the name, then by id."""

FEW: Final = 10
"""Where fewer records than this are found, the insides of words are looked at too."""

MOST_COUNTED: Final = 3_000
"""Records that have a long word, and names that begin with several, are counted up to here."""

MOST_COUNTED_TOGETHER: Final = 100
"""Records that have several words are counted up to here: each takes ten times as long to find."""

MOST_INTERSECTED: Final = 300
"""They are not counted at all where each of the words has more records than this, and enough names begin so."""

MOST_ASKED: Final = 4
"""Words that the index intersects, the rarest of a query; for the others what it finds is read through."""

MOST_SIFTED: Final = 1_000
"""Where the rarest word of a query is in more records than this, there could be too many to read through."""

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
    """Search among the records of one kind.

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
        """Return a part of what matches a text as it was typed; nothing for a text without a word. For any thread.

        The order depends on the text and the records alone, so that parts fit together.
        """
        query = _Query(connection, self._kind.sql, self._kind.forms(text))
        return query.part(query.as_typed(), limit, offset)

    def find_resembling(self, connection: sqlite3.Connection, text: str, limit: int, offset: int) -> Found:
        """Return a part of what matches words that those of a text resemble; for one where `find` finds nothing.

        For one thread only: the words that there are, are kept.
        """
        query = _Query(connection, self._kind.sql, self._kind.forms(text))
        return query.part(query.corrected(self._vocabulary), limit, offset)


class _Query:
    """One search, as a stream of ids that is read as far as it is wanted."""

    def __init__(self, connection: sqlite3.Connection, sql: Layout, forms: tuple[Form, ...]) -> None:
        self._connection = connection
        self._sql = sql
        self._forms = forms
        self._words = IndexWords(connection, sql)
        self._seen: set[int] = set()
        self._is_ranking = False
        self._is_wide = False
        self._exhaustive = True

    def part(self, matches: Generator[int, None, None], limit: int, offset: int) -> Found:
        """Read a stream as far as it is wanted, and count the rest."""
        with closing(matches):
            skipped = sum(1 for _ in islice(matches, offset))
            ids = tuple(islice(matches, limit))
            seen = skipped + len(ids)
            if len(ids) < limit:
                return Found(ids, seen, self._exhaustive)
            return Found(ids, *self._count(seen, matches))

    def as_typed(self) -> Generator[int, None, None]:
        """Yield the ids of all records that match the words as they are, each once, best first."""
        return self._each_once(self._steps() if self._forms else ())

    def corrected(self, vocabulary: Vocabulary) -> Generator[int, None, None]:
        """Yield the ids of all records that match words of a vocabulary which resemble those asked for, likewise."""
        self._is_ranking = self._is_wide = True
        return self._each_once(self._with_corrections(vocabulary) if self._forms else ())

    def _each_once(self, steps: Iterable[Iterable[int]]) -> Generator[int, None, None]:
        for step in steps:
            for number in step:
                if number not in self._seen:
                    self._seen.add(number)
                    yield number

    def _count(self, seen: int, matches: Iterator[int]) -> tuple[int, bool]:
        """Return how many matches there are and True, or a number that is exceeded and False.

        Args:
            seen: how many of the stream have been read.
            matches: the rest of the stream.
        """
        further = sum(1 for _ in islice(matches, FEW))
        if further < FEW:
            return seen + further, self._exhaustive
        asked = [word for form in self._forms for word in form.words]
        if len(asked) == 1 and not self._is_wide:
            return self._count_word(asked[0], seen + further)
        return self._count_read(seen + further, matches) if self._is_ranking else self._count_begun(seen + further)

    def _count_word(self, word: str, seen: int) -> tuple[int, bool]:
        """Count the records that have one word."""
        if len(word) <= INDEXED:
            return self._words.records(word), True
        return self._counted(self._words.expression([[[word]]]), max(seen, MOST_COUNTED))

    def _count_read(self, seen: int, matches: Iterator[int]) -> tuple[int, bool]:
        """Count by reading on: most of what is wanted has been read already, to be ranked."""
        wanted = max(0, MOST_COUNTED_TOGETHER + 1 - seen)
        further = sum(1 for _ in islice(matches, max(1, wanted)))
        return (seen + further, self._exhaustive) if further < max(1, wanted) else (seen + further - 1, False)

    def _count_begun(self, seen: int) -> tuple[int, bool]:
        """Count where more names begin with the query than are wanted: these quickly, all others if they are few."""
        ranges = [(form.text, form.text + _END, MOST_COUNTED + 1) for form in self._forms]
        begun = max(self._connection.execute(self._sql.count_begun, one).fetchone()[0] for one in ranges)
        about = max(seen - 1, _about(begun - 1))
        if about >= MOST_COUNTED_TOGETHER:
            return about, False
        rarest = max(min(map(self._words.records, form.words)) for form in self._forms)
        if rarest > MOST_INTERSECTED:
            return about, False
        return self._counted(
            self._words.expression(_all_of(form.words for form in self._forms)), max(seen, MOST_COUNTED_TOGETHER)
        )

    def _counted(self, expression: str, most: int) -> tuple[int, bool]:
        counted = int(self._connection.execute(self._sql.count_matches, (expression, most + 1)).fetchone()[0])
        return (counted, True) if counted <= most else (most, False)

    def _steps(self) -> Iterator[Iterable[int]]:
        """Yield the steps; each is asked for when the one before has been read to its end."""
        yield self._each(self._sql.names_equal)
        named = len(self._seen)
        yield self._each(self._sql.keys_equal)
        identified = len(self._seen) > named
        yield self._begun()
        begun = bool(self._seen)
        self._is_ranking = True
        common = self._common_beginning()
        yield self._word_by_word(common) if common else self._with_all_words()
        single = all(len(form.words) == 1 for form in self._forms)
        if len(self._seen) < FEW and not identified and (single or not begun):
            yield from self._with_insides()

    def _each(self, statement: str) -> Iterator[int]:
        return chain.from_iterable(self._ids(statement, form.text) for form in self._forms)

    def _begun(self) -> Iterator[int]:
        for statement in (self._sql.names_begun, self._sql.keys_begun):
            for form in self._forms:
                yield from self._ids(statement, form.text, form.text + _END)

    def _ids(self, statement: str, *values: str) -> Iterator[int]:
        return (number for (number,) in self._connection.execute(statement, values))

    def _common_beginning(self) -> str:
        """Return the one word of the query where it is too common a beginning to look for at once, else nothing."""
        words = [word for form in self._forms for word in form.words]
        return words[0] if len(words) == 1 and self._words.is_common_beginning(words[0]) else ""

    def _word_by_word(self, beginning: str) -> Iterator[int]:
        """Yield what has a word that begins so, in the order of these words, as numbers are looked for."""
        self._is_wide = True
        for expression in self._words.each_begun(beginning):
            yield from self._ids(self._sql.ids_matching, expression)

    def _with_all_words(self) -> Iterator[int]:
        """Yield what has all words of some form, the first of it ranked; with them in its name before elsewhere."""
        asked = [self._rarest(form.words) for form in self._forms]
        expression = self._words.expression(_all_of(asked))
        ranking = by_words(self._forms)
        sifted = any(len(words) < len(form.words) for words, form in zip(asked, self._forms, strict=True))
        found = self._matches(expression, having(self._forms) if sifted else None)
        window = list(islice(found, RANKED))
        if len(window) == RANKED:
            in_name = having(self._forms, in_name=True) if sifted else None
            yield from self._ranked(self._matches(f"name : ({expression})", in_name), ranking)
        yield from self._ranked(chain(window, found), ranking)

    def _rarest(self, words: tuple[str, ...]) -> Sequence[str]:
        """Return the words that the index is asked for: all of them, or where that is quicker, the rarest."""
        if len(words) <= MOST_ASKED:
            return words
        records = {word: self._words.records(word) for word in words}
        rarest = sorted(words, key=lambda word: records[word])[:MOST_ASKED]
        return rarest if records[rarest[0]] <= MOST_SIFTED else words

    def _matches(self, expression: str, wanted: Callable[[Candidate], bool] | None = None) -> Iterator[Candidate]:
        """Yield what an expression finds, in the order of the index, without what is not wanted."""
        found: Iterator[Candidate] = self._connection.execute(self._sql.matches, (expression,))
        return filter(wanted, found) if wanted else found

    @staticmethod
    def _ranked(candidates: Iterator[Candidate], ranking: Ranking) -> Iterator[int]:
        """Yield candidates, the first of them in the order of a ranking."""
        window = list(islice(candidates, RANKED))
        yield from (number for number, _, _ in sorted(window, key=ranking))
        yield from (number for number, _, _ in candidates)

    def _with_insides(self) -> Iterator[Iterable[int]]:
        """Yield a search for words that contain the query's, if there are any."""
        containing = {word: self._words.containing(word) for form in self._forms for word in form.words}
        if any(words for words, _ in containing.values()):
            self._exhaustive = all(complete for _, complete in containing.values())
            self._is_wide = True
            others = {
                word: [each for each in words if not each.startswith(word)] for word, (words, _) in containing.items()
            }
            readings = [[[word, *others[word]] for word in form.words] for form in self._forms]
            expression = self._words.expression(readings, whole=True)
            yield self._ids(self._sql.ids_matching, f"name : ({expression})")
            yield self._ids(self._sql.ids_matching, expression)

    def _with_corrections(self, vocabulary: Vocabulary) -> Iterator[Iterable[int]]:
        """Yield a search with the unknown words corrected; if that finds nothing, one with all words corrected."""
        vocabulary.read_on(self._connection)
        distinct = {word for form in self._forms for word in form.words}
        unknown = {word for word in distinct if not self._words.begun(word, 1)}
        for wrong in (unknown, distinct):
            if wrong and not self._seen:
                corrected = {word: vocabulary.corrections(word) if word in wrong else {} for word in distinct}
                readings = [[{word: 0} | corrected[word] for word in form.words] for form in self._forms]
                lists = [[list(alternatives) for alternatives in reading] for reading in readings]
                yield self._ranked(self._matches(self._words.expression(lists)), by_alternatives(readings))


def _about(number: int) -> int:
    """Return a number as one says it: 47 as 40, 1,234 as 1,200."""
    return number // 10 * 10 if number < 100 else number // 100 * 100  # noqa: PLR2004 - tens and hundreds


def _all_of(queries: Iterable[Sequence[str]]) -> list[list[list[str]]]:
    """Return the readings of queries in which nothing but the word itself stands for a word."""
    return [[[word] for word in words] for words in queries]
