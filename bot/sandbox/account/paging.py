"""Pages of a list (documentation: "Query Parameters" of both lists)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .quirks import Quirks


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is asked for, and what the list says about itself."""

    page: int
    per_page: int
    entries: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.entries // self.per_page))

    @property
    def offset(self) -> int:
        """How many records stand before the page."""
        return (self.page - 1) * self.per_page

    def pagination(self) -> dict[str, object]:
        """Return the object that stands beside a list of clients."""
        return {
            "total_entries": self.entries,
            "current_page": self.page,
            "total_pages": self.pages,
            "per_page": self.per_page,
        }


def asked(query: Mapping[str, str], entries: int, quirks: Quirks) -> Slice:
    """Return the part of a list that a query asks for; what makes no sense is read as if it had been left out."""
    per_page = min(_count(query.get("per_page"), quirks.default_per_page), quirks.most_per_page)
    wanted = Slice(_count(query.get("page"), 1), per_page, entries)
    if quirks.repeat_last_page and wanted.page > wanted.pages:
        return Slice(wanted.pages, per_page, entries)
    return wanted


def _count(text: str | None, default: int) -> int:
    # More than nine digits is a page that no list has, and more than SQLite can count.
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - explained above
        return default
    return int(text) or default
