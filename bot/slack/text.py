"""Text from outside, made safe for Slack: escaped where Slack reads markup, clipped to Slack's limits.

Source: Slack's page "Formatting message text": `&`, `<` and `>` are the characters to escape. Names and descriptions
of an account go into `plain_text` and rich text, where nothing is markup; only a message's top-level `text` is.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

ELLIPSIS: Final = "…"
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ESCAPED: Final = str.maketrans(_ESCAPES)
_HALF_ESCAPE: Final = re.compile(f"&[a-z]*{ELLIPSIS}$")
_JOINER: Final = "\u200d"
_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200c\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
"""Unicode's control and format characters (Cc, Cf), but for the joiner of emoji: what has no look of its own."""


def escape(text: str) -> str:
    """Return text that Slack's markup shows as it is: no mention, no link."""
    return text.translate(_ESCAPED)


def unescape(text: str) -> str:
    """Return what was typed, from text that Slack may have escaped: it was seen to do so after a slash command."""
    for character, escaped in reversed(_ESCAPES.items()):  # `&amp;` last, so that nothing is undone twice
        text = text.replace(escaped, character)
    return text


def clip(text: str, limit: int) -> str:
    """Return text of at most `limit` characters, the last an ellipsis where something was left out.

    A cut never falls before an accent or inside a joined emoji.
    """
    if len(text) <= limit:
        return text
    cut = limit - 1
    while cut > 0 and (_continues(text[cut]) or text[cut - 1] == _JOINER):
        cut -= 1
    return text[:cut].rstrip() + ELLIPSIS


def clip_escaped(text: str, limit: int) -> str:
    """Return escaped text of at most `limit` characters that ends in no half escape."""
    clipped = clip(text, limit)
    return clipped if clipped == text else _HALF_ESCAPE.sub(ELLIPSIS, clipped)


def _continues(character: str) -> bool:
    return (
        character == _JOINER
        or unicodedata.category(character) in {"Mn", "Me"}
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def one_line(text: str) -> str:
    """Return text as it is shown on one line: every run of white space, newlines included, is one space."""
    return " ".join(visible(text).split())


def visible(text: str) -> str:
    """Return text without control characters (newlines stay, tabs become spaces) and direction overrides.

    A right-to-left override in a name would otherwise turn the price beside it around.
    """
    if text.isprintable():  # most are, and this is asked a hundred times at each keystroke
        return text
    return "\n".join(_UNSEEN.sub("", line.replace("\t", " ")) for line in text.splitlines())
