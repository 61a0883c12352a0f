"""Text as it is compared."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog.folding import fold, joined_numbers, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Água", "agua"),
        ("AÇÚCAR", "acucar"),
        ("a\u0301gua", "agua"),
        ("Straße", "strasse"),
        ("50 m²", "50 m2"),
        ("ﬁltro", "filtro"),
        ("ca\u00adfé\u200b", "cafe"),
        ("\u202eKm", "km"),
        ("№ 5", "no 5"),
        ("☕", "☕"),
    ],
)
def test_case_accents_and_invisible_marks_go(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Café, com leite!", ["cafe", "com", "leite"]),
        ("AB-500ml", ["ab", "500", "ml"]),
        ("500 ml", ["500", "ml"]),
        ("ana_maria@x.pt", ["ana", "maria", "x", "pt"]),
        ("1/2\nlitro", ["1", "2", "litro"]),
        ("☕ \u0301 --", []),
        ("кофе 咖啡", ["кофе", "咖啡"]),
    ],
)
def test_letters_and_digits_are_words_of_their_own(text: str, cut: list[str]) -> None:
    assert words(text) == cut


@settings(deadline=None)
@given(st.text())
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) == once


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("796 1350 07", ["796135007"]),
        ("+351 (21) 123-45.67", ["351211234567"]),
        ("912345678 / 21 000", ["21000"]),
        ("12 meses, 3 x 4", []),
        ("796135007", []),
    ],
)
def test_numbers_in_groups_are_joined(text: str, numbers: list[str]) -> None:
    assert joined_numbers(text) == numbers
