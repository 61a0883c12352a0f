"""Words that were meant."""

from __future__ import annotations

import pytest

from bot.catalog.spelling import allowance
from tests.catalog.support import client, index_of, index_of_names, item


def corrections(word: str, *names: str) -> dict[str, int]:
    with index_of_names(*names) as index:
        vocabulary = index.search._vocabulary
        vocabulary.read_on(index.connection)
        return vocabulary.corrections(word)


@pytest.mark.parametrize(("word", "letters"), [("sal", 1), ("cebolas", 1), ("cafeteir", 2), ("cafeteira", 2)])
def test_long_words_may_be_two_letters_off(word: str, letters: int) -> None:
    assert allowance(word) == letters


@pytest.mark.parametrize(
    ("word", "beginnings"),
    [
        ("cafeteria", {"cafeteira": 1}),
        ("cafetwria", {"cafeteira": 2}),
        ("caefte", {"cafete": 1}),
        ("oc", {}),
        ("cpo", {"cop": 1, "copo": 1}),
        ("123", {}),
        ("xyzabc", {}),
        ("copo", {}),
    ],
)
def test_known_words_and_their_beginnings_are_suggested(word: str, beginnings: dict[str, int]) -> None:
    assert corrections(word, "Cafeteira 124", "Copo", "Tu") == beginnings


def test_the_nearest_are_enough() -> None:
    assert corrections("esferografiva", "Esferografica", "Esferografiaca") == {"esferografica": 1}


def test_suggestions_have_an_end_and_an_order() -> None:
    names = [f"pano{first}" for first in "zyxwvutsrqponml"]
    assert list(corrections("panoa", *names)) == sorted(names)[:12]


def test_words_that_are_added_later_are_learnt() -> None:
    with index_of_names("Copo") as index:
        assert index.find("tavessa") == []
        assert index.find("cpoo") == [1]
        index.shelf.put(index.connection, [item(2, "Travessa"), item(3, "Copa")])
        assert index.find("tavessa") == [2]
        assert index.find("cppa") == [3]


def test_addresses_are_not_guessed() -> None:
    with index_of(client(1, "Padaria", email="geral@padariacentral.pt")) as index:
        assert index.find("padariacentrla") == []
        assert index.find("padariacentral") == [1]
