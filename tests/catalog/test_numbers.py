"""Numbers that begin alike, as the bar codes of a country do."""

from __future__ import annotations

import pytest

from bot.invoicexpress.models import Item
from tests.catalog.support import index_of, item


def coded(count: int) -> list[Item]:
    """Return items with bar codes in order, the ones with the longest names first."""
    return [item(n, f"Copo {'x' * (count - n)}", description=f"EAN 5601234{n:06}") for n in range(count)]


@pytest.mark.parametrize("count", [300, 301, 450])
def test_all_are_found_by_what_they_begin_with(count: int) -> None:
    with index_of(*coded(count)) as index:
        found = index.found("560123", limit=1000)
        assert (sorted(found.ids), found.total, found.total_is_exact) == (list(range(count)), count, True)


def test_many_are_found_in_the_order_of_the_numbers_some_at_a_time() -> None:
    with index_of(*coded(450)) as index:
        first = index.found("560123", limit=100)
        assert (sorted(first.ids), first.total, first.total_is_exact) == (list(range(100)), 110, False)
        parts = [index.find("560123", limit=100, offset=offset) for offset in range(0, 500, 100)]
        assert [sorted(part) for part in parts] == [
            list(range(start, min(start + 100, 450))) for start in range(0, 500, 100)
        ]


def test_more_digits_find_fewer() -> None:
    with index_of(*coded(450)) as index:
        assert sorted(index.find("56012340002", limit=1000)) == list(range(200, 300))
        assert index.find("5601234000217") == [217]
        assert index.find("560123 copo", limit=1) == [449], "with another word the shortest name comes first"


def test_a_number_that_no_record_has_any_more_finds_nothing() -> None:
    with index_of(*coded(301)) as index:
        index.shelf.drop(index.connection, range(301))
        assert index.find("560123") == []
