from __future__ import annotations

import sys
import unicodedata

from bot.slack.text import visible

JOINER = "\u200d"


def test_exactly_the_characters_without_a_look_are_left_out() -> None:
    """Control and format characters; line ends become newlines, a tab a space, and the joiner of emoji stays."""
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        shown = visible(f"a{character}b")
        if len(f"a{character}b".splitlines()) == 2:
            assert shown == "a\nb"
        elif character == "\t":
            assert shown == "a b"
        elif character != JOINER and unicodedata.category(character) in {"Cc", "Cf"}:
            assert shown == "ab", hex(code)
        elif unicodedata.category(character) != "Cn":
            assert shown == f"a{character}b", hex(code)
