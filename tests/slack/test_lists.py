from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.catalog import Hits
from bot.i18n import Words
from bot.slack.lists import age_sentence, list_content, list_row, page_of, page_there_is, remarks
from bot.slack.replies import message

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
EN = Words("en")


def shown(hits: Hits[int], offset: int = 0) -> str:
    rows = [list_row(EN, f"Name {record}", "Details", "o", str(record)) for record in hits.records]
    page = page_of("x", offset)
    return str(message(list_content(EN, hits, rows, title="All", page=page, page_id="p")))


@pytest.mark.parametrize(
    ("offset", "records", "total", "previous", "following"),
    [
        (0, 10, 10, False, False),
        (0, 10, 11, False, True),
        (10, 1, 11, True, False),
        (10, 10, 30, True, True),
    ],
)
def test_the_buttons_lead_where_there_is_something(
    offset: int,
    records: int,
    total: int,
    previous: bool,  # noqa: FBT001 - a column
    following: bool,  # noqa: FBT001 - a column
) -> None:
    text = shown(Hits(tuple(range(records)), total), offset)
    assert ("Previous" in text) is previous
    assert ("Next" in text) is following


@pytest.mark.parametrize(
    ("total", "asked", "offset"), [(0, 20, 20), (1, 10, 0), (10, 20, 0), (11, 20, 10), (20, 40, 10), (21, 20, 20)]
)
async def test_a_list_that_became_shorter_shows_its_last_page(total: int, asked: int, offset: int) -> None:
    async def find(query: str, start: int) -> Hits[int]:
        assert query == "q"
        return Hits(tuple(range(start, min(start + 10, total))), total)

    page, hits = await page_there_is(find, page_of("q", asked))
    assert (page, list(hits.records)) == (page_of("q", offset), list(range(offset, total)))


def test_blocks_are_left_to_slack_to_name() -> None:
    """A name for each takes longer to make up than the block, and nothing of ours asks for it."""
    assert "block_id" not in shown(Hits(tuple(range(10)), 30), 10)


def test_a_total_that_is_a_lower_bound_says_so() -> None:
    assert "1 to 2 of more than 5,000." in shown(Hits((1, 2), 5000, total_is_exact=False))


def test_a_fresh_copy_needs_no_remark() -> None:
    assert remarks(EN, Hits((1,), 1, synced_at=NOW), NOW, None) == ""
    assert age_sentence(EN, Hits((1,), 1, stale=True), NOW, None) == "", "a copy that was never whole has no age"


def test_a_copy_from_the_future_has_no_age_that_could_be_told() -> None:
    hits = Hits((1,), 1, synced_at=NOW + timedelta(days=400), stale=True)
    assert remarks(EN, hits, NOW, None) == "Of unknown age."
    assert remarks(Words("pt"), hits, NOW, None) == "Dados de data incerta."


def test_an_old_copy_says_its_age_and_since_when_the_service_is_down() -> None:
    hits = Hits((1,), 1, partial=True, synced_at=NOW - timedelta(hours=3), stale=True)
    said = remarks(EN, hits, NOW, NOW - timedelta(hours=2))
    assert "As of 3 hours ago." in said
    assert "InvoiceXpress has not answered since 2 Jan 2026, 10:00:00" in said
    assert said.endswith("not everything could be read from InvoiceXpress.")
