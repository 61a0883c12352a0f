"""The order of candidates, best first. Pure.

Each ranking takes apart what was asked once, and gives a key to sort candidates by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from bot.catalog.entries import Form

Candidate: TypeAlias = tuple[int, str, str]
"""A record's id, the words of its name and the rest of its words."""

Reading: TypeAlias = Sequence[Mapping[str, int]]
"""For each word of a query what may stand for it, with its distance."""

Nearness: TypeAlias = tuple[int, int, int]
"""How near a name comes to what was asked; the lowest is the nearest."""

Rank: TypeAlias = tuple[Nearness, int, str, int]
Ranking: TypeAlias = Callable[[Candidate], Rank]

_NOWHERE: Final = 100  # further than any alternative


def having(forms: Sequence[Form], *, in_name: bool = False) -> Callable[[Candidate], bool]:
    """Return what tells whether a record has all words of some form as beginnings of words.

    Args:
        forms: the forms.
        in_name: only the words of the name count.
    """
    wanted = [[f" {word}" for word in form.words] for form in forms]

    def has(candidate: Candidate) -> bool:
        _, name, rest = candidate
        text = f" {name}" if in_name else f" {name} {rest}"
        return any(all(word in text for word in beginnings) for beginnings in wanted)

    return has


def by_words(forms: Sequence[Form]) -> Ranking:
    """Rank records that have all words of some form, as beginnings of words.

    First what has them side by side in its name, then what has more of them in its name, then more of them whole;
    among equals the shorter name, then the name, then the id.
    """
    first, *others = [_words_of(form) for form in forms]

    def rank(candidate: Candidate) -> Rank:
        number, name, _ = candidate
        text = f" {name} "
        best = first(text)
        for words_of in others:
            best = min(best, words_of(text))
        return (best, len(name), name, number)

    return rank


def _words_of(form: Form) -> Callable[[str], Nearness]:
    """Return what tells how near a name comes to a form. It is asked a hundred times at each keystroke."""
    phrase = f" {form.text}"
    pairs = [(f" {word}", f" {word} ") for word in form.words]

    def nearness(text: str) -> Nearness:
        begun = whole = 0
        for beginning, word in pairs:
            if beginning in text:
                begun -= 1
                if word in text:
                    whole -= 1
        return (phrase not in text, begun, whole)

    return nearness


def by_alternatives(readings: Sequence[Reading]) -> Ranking:
    """Rank records that have alternatives of all words of some reading: first the nearest, then as `by_words` does."""
    first, *others = [_alternatives_of(reading) for reading in readings]

    def rank(candidate: Candidate) -> Rank:
        number, name, rest = candidate
        in_name, everywhere = f" {name} ", f" {name} {rest} "
        best = first(in_name, everywhere)
        for alternatives_of in others:
            best = min(best, alternatives_of(in_name, everywhere))
        return (best, len(name), name, number)

    return rank


def _alternatives_of(reading: Reading) -> Callable[[str, str], Nearness]:
    """Return what tells how near a name, and all words of its record, come to a reading."""
    prepared = [
        sorted((cost, f" {word}", f" {word} ") for word, cost in alternatives.items()) for alternatives in reading
    ]

    def nearness(name: str, everything: str) -> Nearness:
        distance = begun = whole = 0
        for alternatives in prepared:
            nearest, is_begun, is_whole = _NOWHERE, 0, 0
            for cost, beginning, word in alternatives:
                if beginning in everything:
                    nearest = min(nearest, cost)
                    if beginning in name:
                        is_begun = 1
                        if word in name:
                            is_whole = 1
                            break
            distance += nearest
            begun -= is_begun
            whole -= is_whole
        return (distance, begun, whole)

    return nearness
