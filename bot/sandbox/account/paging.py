"""Pages of a list (documentation: "Query Parameters" of both lists)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .quirks import Quirks


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is asked for; pages count from 1."""

    page: int
    per_page: int

    @property
    def offset(self) -> int:
        """How many records stand before the page."""
        return (self.page - 1) * self.per_page

    def pages(self, entries: int) -> int:
        """Return how many pages so many records fill; an empty list has one."""
        return max(1, -(-entries // self.per_page))

    def pagination(self, entries: int) -> dict[str, object]:
        """Return the object that stands beside a list of clients."""
        return {
            "total_entries": entries,
            "current_page": self.page,
            "total_pages": self.pages(entries),
            "per_page": self.per_page,
        }


def asked(query: Mapping[str, str], quirks: Quirks, entries: Callable[[], int]) -> Slice:
    """Return the part of a list that a query asks for; what makes no sense is read as if it had been left out.

    Args:
        query: the parameters of the request.
        quirks: the usual and the largest page, and what comes after the last one.
        entries: counts the list; counting a large one takes longer than reading a page, so only where it must be.
    """
    per_page = min(_count(query.get("per_page"), quirks.default_per_page), quirks.most_per_page)
    wanted = Slice(_count(query.get("page"), 1), per_page)
    if not quirks.repeat_last_page:
        return wanted
    return Slice(min(wanted.page, wanted.pages(entries())), per_page)


def _count(text: str | None, default: int) -> int:
    # More than nine digits is a page that no list has, and more than SQLite can count.
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - explained above
        return default
    return int(text) or default
