"""The answer to a keystroke."""

from __future__ import annotations

import pytest

from bot.catalog import Hits
from bot.i18n import Words
from bot.slack.finder import options_answer, plain_option

OPTIONS = [plain_option("One", "1"), plain_option("Two", "2")]


def test_everything_that_was_found_needs_no_label() -> None:
    answer = options_answer(Words("en"), Hits((1, 2), 2), OPTIONS)
    assert [option["value"] for option in answer["options"]] == ["1", "2"]


def test_an_old_copy_says_so_above_what_was_found() -> None:
    answer = options_answer(Words("en"), Hits((1, 2), 2), OPTIONS, "As of 1 hour ago.")
    assert [group["label"]["text"] for group in answer["option_groups"]] == ["As of 1 hour ago."]
    assert answer["option_groups"][0]["options"] == OPTIONS
    assert options_answer(Words("en"), Hits((), 0), [], "As of 1 hour ago.") == {"options": []}


@pytest.mark.parametrize(
    ("words", "hits", "label"),
    [
        (Words("en"), Hits((1, 2), 2314), "2 of 2,314, keep typing"),
        (Words("en"), Hits((1, 2), 3000, total_is_exact=False), "2 of more than 3,000, keep typing"),
        (Words("pt"), Hits((1, 2), 120, total_is_exact=False), "2 de mais de 120, continue a escrever"),
    ],
)
def test_a_label_says_how_many_more_there_are(words: Words, hits: Hits[int], label: str) -> None:
    answer = options_answer(words, hits, OPTIONS)
    assert [group["label"]["text"] for group in answer["option_groups"]] == [label]
