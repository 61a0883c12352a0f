"""The sentences in the body of a 422.

The documentation shows an empty body. The live service was seen to answer `{"errors": [{"error": "…"}]}`,
`[["name", "…"]]`, `{"errors": {"error": "…"}}`, `{"errors": ["…"]}`, `{"errors": {"name": ["…"]}}`,
`{"name": ["…"]}`, `{"error": "…"}` and `{"message": "…"}`, so anything is read that has sentences in it.
"""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any, Final

from bot.invoicexpress.errors import FieldMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIELDS: Final = frozenset({"name", "description", "unit_price", "unit", "tax"})
"""The fields of an item that a body may name."""

_MOST_MESSAGES: Final = 20
_LONGEST_MESSAGE: Final = 2_000
_DEEPEST: Final = 6


def messages_of(body: bytes, hide: Callable[[str], str] = str) -> tuple[FieldMessage, ...]:
    """Return the sentences of a refusal as they came, each with the field that the body ties it to.

    A body of HTML gives none, nor does JSON that was cut off; plain text is one sentence. What is repeated is given
    once. At most 20 sentences of 2,000 characters: a refusal is read by a person.
    """
    found = dict.fromkeys(_sentences(_parsed(body), None, 0))
    some = itertools.islice(found, _MOST_MESSAGES)
    # Hidden before it is cut: of a secret that is cut in two, nothing would know the half.
    return tuple(FieldMessage(hide(message.text)[:_LONGEST_MESSAGE], message.field) for message in some)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        text = body.decode(errors="replace").strip()
        return None if text.startswith(("<", "{", "[")) else text


def _sentences(value: Any, field: str | None, depth: int) -> Iterator[FieldMessage]:
    if isinstance(value, str):
        text = value.encode(errors="replace").decode()
        if any(char.isalpha() for char in text):
            yield FieldMessage(text, field)
    elif depth < _DEEPEST and isinstance(value, dict | list):
        for name, part in _parts(value):
            yield from _sentences(part, name or field, depth + 1)


def _parts(value: dict[str, Any] | list[Any]) -> Iterator[tuple[str | None, Any]]:
    """Yield what is inside, each with the field that its place names."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield (name if name in FIELDS else None), part
        return
    match value:
        case [str(name), part] if name in FIELDS:
            yield name, part
        case _:
            for part in value:
                yield None, part
