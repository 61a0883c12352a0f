"""The order of candidates, best first. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from bot.catalog.entries import Form

Candidate: TypeAlias = tuple[int, str, str]
"""A record's id, the words of its name and the rest of its words."""

Rank: TypeAlias = tuple[int, int, int, int, str, int]


def by_words(forms: Sequence[Form], candidate: Candidate) -> Rank:
    """Rank a record that has all the words of some form.

    First what has them side by side in its name, then what has more of them in its name, then more of them whole;
    among equals the shorter name, then the name, then the id.
    """
    number, name, _ = candidate
    text = f" {name} "
    best = min(_words_in(text, form) for form in forms)
    return (*best, len(name), name, number)


def _words_in(text: str, form: Form) -> tuple[int, int, int]:
    begun = [word for word in form.words if f" {word}" in text]
    whole = sum(f" {word} " in text for word in begun)
    return (int(f" {form.text}" not in text), -len(begun), -whole)


def by_alternatives(alternatives: Sequence[Mapping[str, int]], candidate: Candidate) -> Rank:
    """Rank a record that has an alternative of every word: first the nearest, then as `by_words` does.

    Args:
        alternatives: for each word what may stand for it, with its distance.
        candidate: the record.
    """
    number, name, rest = candidate
    text, everything = f" {name} ", f" {name} {rest} "
    distance = begun = whole = 0
    for options in alternatives:
        distance += min((cost for word, cost in options.items() if f" {word}" in everything), default=0)
        begun += any(f" {word}" in text for word in options)
        whole += any(f" {word} " in text for word in options)
    return (distance, -begun, -whole, len(name), name, number)
