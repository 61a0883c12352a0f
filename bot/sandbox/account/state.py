"""What an account is made of while it runs, and what one request asks of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .answers import Language
from .database import Database
from .quirks import Quirks
from .records import ItemRecord


class ListLag:
    """Items just written that the list does not show yet, counted in requests for the list rather than in time."""

    def __init__(self) -> None:
        self._left: dict[int, int] = {}

    def wrote(self, item_id: int, requests: int) -> None:
        """Hide an item from the next so many requests for the list."""
        if requests:
            self._left[item_id] = requests

    def hidden(self) -> frozenset[int]:
        """Count one request for the list; return what it must not show."""
        hidden = frozenset(self._left)
        self._left = {item_id: left - 1 for item_id, left in self._left.items() if left > 1}
        return hidden


@dataclass(slots=True)
class State:
    """An account: its data, its key, its language and its ways.

    Attributes:
        storing: what it makes of an item that it was told to store.
    """

    database: Database
    api_key: str
    quirks: Quirks
    language: Language
    lag: ListLag = field(default_factory=ListLag)
    storing: Callable[[ItemRecord], ItemRecord] = lambda item: item


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Attributes:
        method: the HTTP method.
        path: the path, without the query.
        query: the query's parameters, the key among them.
        body: the body as text.
        json: the parsed body; None where there is none or it cannot be read.
        readable: whether the body is absent or JSON.
        sequence: its number, in order of arrival.
    """

    method: str
    path: str
    query: Mapping[str, str]
    body: str
    json: Any
    readable: bool
    sequence: int
