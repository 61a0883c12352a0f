"""A page of records, with the way to the next and the one before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import Field
from slackblocks import Block

from bot.catalog import Hits, KindName, Progress, Standing
from bot.i18n import Words
from bot.slack.blocks import Button, Content, actions, button, heading, note, paragraph_with
from bot.slack.state import State
from bot.slack.text import clip, escape, one_line

T = TypeVar("T")

PAGE_SIZE = 10
"""Records on a page: a message may have 50 blocks, and a person reads ten."""
KEPT_PAGES = 100
"""Pages whose rows are kept ready for the next who looks."""
_QUERY = 200
"""Characters of a query that travel in a pager's button; nobody searches for more."""
_SHOWN = 120
"""Characters of a query that an answer repeats."""
_FARTHEST = 10_000_000
"""More records than an account could have: a page beyond is none of ours."""


class Page(State):
    """Which page of which list, in a pager's button."""

    query: str = ""
    offset: int = Field(0, ge=0, le=_FARTHEST)


def page_of(query: str, offset: int) -> Page:
    """Return a page; a query longer than anybody means is cut."""
    return Page(query=query[:_QUERY], offset=max(offset, 0))


def list_content(
    words: Words,
    hits: Hits[Any],
    rows: Iterable[Block],
    *,
    title: str,
    page: Page,
    page_id: str,
    footer: Iterable[Button] = (),
    age: str = "",
) -> Content:
    """Return a page of a list.

    Args:
        words: the reader's language.
        hits: the records and how many there are in all.
        rows: for each record its `list_row`.
        title: what the list is of.
        page: where in the list this is.
        page_id: the action that turns the page.
        footer: more buttons, below.
        age: a sentence on how old the copy is; empty where it is fresh.
    """
    shown, total = len(hits.records), total_of(words, hits)
    told = summary(words, page, shown, total)
    blocks: list[Block] = [heading(title), *rows]
    blocks += actions(*pager(words, page, shown, hits.total, page_id), *footer)
    blocks.append(note(" ".join(part for part in (told, age, gaps(words, hits)) if part)))
    return Content(words.text("app.name"), escape(f"{title}: {told}"), tuple(blocks))


def list_row(words: Words, name: str, details: str, open_id: str, value: str) -> Block:
    """Return a record as a row of a list.

    Args:
        words: the reader's language.
        name: the record's name, on one line.
        details: what stands below.
        open_id: the action that opens it.
        value: what that action is told.
    """
    label = words.text("list.open-label", name=name)
    return paragraph_with(f"{name}\n{details}", words.text("action.open"), f"{open_id}:{value}", value, label=label)


def age_sentence(words: Words, standing: Standing, now: datetime, down_since: datetime | None) -> str:
    """Return since when InvoiceXpress does not answer, and how old the copy is where it is older than one refresh.

    Args:
        words: the reader's language.
        standing: how far the copy can be relied on; what was found in it says that too.
        now: the time.
        down_since: since when InvoiceXpress does not answer; None while it does.
    """
    is_old = standing.stale or down_since is not None
    age = _age(words, standing.synced_at, now) if is_old and standing.synced_at else ""
    return " ".join(part for part in (down_sentence(words, down_since), age) if part)


def down_sentence(words: Words, down_since: datetime | None) -> str:
    """Return since when InvoiceXpress does not answer; nothing while it does."""
    return words.text("list.down", since=words.moment(down_since)) if down_since else ""


def remarks(words: Words, hits: Hits[Any], now: datetime, down_since: datetime | None) -> str:
    """Return how far an answer from the copy can be relied on: its age, and what may be missing; else nothing."""
    return " ".join(part for part in (age_sentence(words, hits, now, down_since), gaps(words, hits)) if part)


def gaps(words: Words, standing: Standing, partly: str = "list.partial") -> str:
    """Return what may be missing from an answer: how far the first reading is, and what could not be read.

    Args:
        words: the reader's language.
        standing: how far the copy can be relied on.
        partly: the key of the sentence where the first reading failed.
    """
    partial = words.text(partly) if standing.partial else ""
    told = reading_sentence(words, standing.reading) if standing.reading else partial
    left_out = words.plural("list.left-out", standing.unreadable) if standing.unreadable else ""
    return " ".join(part for part in (told, left_out) if part)


def reading_sentence(words: Words, reading: Progress) -> str:
    """Return how far the first reading of a kind is: in per cent where that is known, else in records."""
    share = share_read(words, reading)
    return words.text("list.reading", share=share) if share else words.plural("list.reading-count", reading.done)


def share_read(words: Words, progress: Progress) -> str:
    """Return how much of a kind has been read, in per cent; nothing where that is not known."""
    return "" if progress.share is None else words.percent(Decimal(int(progress.share * 100)))


def none_sentence(words: Words, kind: KindName, query: str, standing: Standing) -> str:
    """Return that nothing was found, or that there is nothing at all, as far as the copy can tell."""
    if query:
        how = "none-so-far" if standing.reading else "none-found"
        return words.text(f"{kind}.{how}", query=one_line(clip(query, _SHOWN)))
    return words.text(f"{kind}.none-read" if standing.has_gaps else f"{kind}.none")


def total_of(words: Words, hits: Hits[Any]) -> str:
    """Return how many were found, or more than how many."""
    total = words.number(hits.total)
    return total if hits.total_is_exact else words.text("list.more-than", total=total)


async def page_there_is(find: Callable[[str, int], Awaitable[Hits[T]]], page: Page) -> tuple[Page, Hits[T]]:
    """Return a page and what stands on it; the last one where the list has become shorter than that.

    Args:
        find: finds the records of a query, from an offset.
        page: the page that was asked for when its button was posted.
    """
    hits = await find(page.query, page.offset)
    if not hits.records and hits.total:
        page = page_of(page.query, (hits.total - 1) // PAGE_SIZE * PAGE_SIZE)
        hits = await find(page.query, page.offset)
    return page, hits


def summary(words: Words, page: Page, shown: int, total: str) -> str:
    """Return which records of how many stand on a page; `total` in words."""
    first, last = page.offset + 1, page.offset + shown
    return words.text("list.summary", first=words.number(first), last=words.number(last), total=total)


def pager(words: Words, page: Page, shown: int, total: int, page_id: str) -> list[Button]:
    """Return the buttons to the page before and to the next, as far as there are any.

    Args:
        words: the reader's language.
        page: this page.
        shown: how many records stand on it.
        total: how many there are in all.
        page_id: the action that turns the page.
    """
    before = page_of(page.query, page.offset - PAGE_SIZE)
    after = page_of(page.query, page.offset + PAGE_SIZE)
    buttons = []
    if page.offset > 0:
        buttons.append(button(words.text("list.previous"), f"{page_id}:previous", before.dump()))
    if page.offset + shown < total:
        buttons.append(button(words.text("list.next"), f"{page_id}:next", after.dump()))
    return buttons


def _age(words: Words, synced_at: datetime, now: datetime) -> str:
    """Return how old a copy is; one made while the machine's clock was ahead could be of any age."""
    return words.text("list.age", ago=words.ago(now - synced_at)) if synced_at <= now else words.text("list.ageless")
