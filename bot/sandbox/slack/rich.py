"""What Slack accepts in a rich text block: the documentation's reference of the block `rich_text`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.sandbox.slack import limits
from bot.sandbox.slack.elements import TYPE
from bot.sandbox.slack.schema import Check, also, array, boolean, either, integer, record, string

_MANY: Final = 1000
_LATEST: Final = 253_402_300_799
"""The last second of the year 9999."""
_STYLE: Final = {
    "style": record(
        {},
        dict.fromkeys(
            ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean()
        ),
    )
}
DATE_TOKENS: Final = frozenset(
    {
        "ago",
        "date",
        "date_long",
        "date_long_full",
        "date_long_pretty",
        "date_num",
        "date_pretty",
        "date_short",
        "date_short_pretty",
        "date_slash",
        "day_divider_pretty",
        "time",
        "time_secs",
    }
)
"""What may stand in braces in the format of a date."""


def _known_tokens(value: dict[str, Any]) -> str | None:
    tokens = re.findall(r"{([^{}]*)}", value["format"])
    if not tokens or not set(tokens) <= DATE_TOKENS:
        return f"must hold at least one of {', '.join(sorted(DATE_TOKENS))} in braces, and nothing else in braces"
    return None


def _piece(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return record({**TYPE, **required}, {**_STYLE, **(optional or {})})


_PIECES: Final[dict[str, Check]] = {
    "text": _piece({"text": string()}),
    "link": _piece({"url": string(limits.URL)}, {"text": string(), "unsafe": boolean()}),
    "user": _piece({"user_id": string()}),
    "channel": _piece({"channel_id": string()}),
    "usergroup": _piece({"usergroup_id": string()}),
    "broadcast": _piece({"range": string(one_of=frozenset({"here", "channel", "everyone"}))}),
    "emoji": _piece({"name": string()}, {"unicode": string(), "skin_tone": integer(1, 6)}),
    "color": _piece({"value": string()}),
    "date": also(
        _piece(
            {"timestamp": integer(0, _LATEST), "format": string()},
            {"url": string(limits.URL), "fallback": string()},
        ),
        _known_tokens,
    ),
}
_WORDS: Final = {"elements": array(either(_PIECES), _MANY, least=0)}
_BORDER: Final = {"border": integer(0, 1)}
_SECTION: Final = record(TYPE | _WORDS, {})
RICH_PARTS: Final[dict[str, Check]] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": record(TYPE | _WORDS, _BORDER),
    "rich_text_preformatted": record(TYPE | _WORDS, _BORDER | {"language": string()}),
    "rich_text_list": record(
        TYPE
        | {
            "elements": array(either({"rich_text_section": _SECTION}), _MANY, least=0),
            "style": string(one_of=frozenset({"bullet", "ordered"})),
        },
        _BORDER | {"indent": integer(0, 8), "offset": integer(0, 10_000)},
    ),
}
"""The parts of a rich text block, by type."""
