"""Who changed an item, when and from what to what. Pure: entries of the history in, blocks out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from slackblocks import Block, RichText, RichTextBlock, RichTextElement, RichTextSection, RichTextUser

from bot.history import Change, Entry, Kept, Outcome, Unreadable
from bot.i18n import Words
from bot.items import ids
from bot.items.views import changes, price_and_tax
from bot.slack.blocks import NOTHING, Button, Content, actions, heading, note, paragraph
from bot.slack.lists import Page, pager, summary
from bot.slack.text import clip, escape, one_line, visible

_NAME = 80
_CHANGES = 600


def what_changed(words: Words, entry: Entry) -> str:
    """Return what a write did, in one line: `Net price: 12,00 € → 12,50 €`."""
    if entry.action is Change.CREATE:
        return words.text("trail.created")
    if entry.action is Change.DELETE:
        return words.text("trail.deleted", price=price_and_tax(words, entry.before) if entry.before else "")
    if entry.before is None or entry.after is None:
        return words.text("trail.edited")
    rows = changes(words, entry.before, entry.after)
    return clip("; ".join(f"{row.label} {row.value}" for row in rows), _CHANGES) or words.text("trail.edited")


def line(words: Words, entry: Entry, now: datetime, *, named: bool) -> RichTextBlock:
    """Return a write as a line: the person, when, what, and how it ended where it did not succeed.

    Args:
        words: the reader's language.
        entry: the write.
        now: the time, to say how long ago it was.
        named: whether the item is named; on its own card it need not be.
    """
    parts: list[RichTextElement] = [RichTextUser(entry.person), RichText(f", {words.ago(now - entry.at)}: ")]
    if named:
        number = f" ({words.text('trail.number', id=str(entry.item_id))})" if entry.item_id is not None else ""
        name = visible(f"{clip(one_line(entry.name), _NAME)}{number}")
        parts.append(RichText(name or NOTHING, bold=True))
        parts.append(RichText(" · "))
    parts.append(RichText(visible(what_changed(words, entry))))
    if entry.outcome is not Outcome.SUCCEEDED:
        ended = words.text(f"trail.outcome-{entry.outcome or Outcome.UNKNOWN}")
        parts.append(RichText(f" · {ended}", bold=True))
    if entry.undoes:
        parts.append(RichText(f" · {words.text('trail.undo')}"))
    return RichTextBlock([RichTextSection(parts)])


def _unreadable(words: Words) -> Block:
    """Return that a record stands here which can't be read; what it holds could be anything, and isn't shown."""
    return RichTextBlock([RichTextSection([RichText(words.text("trail.unreadable"), italic=True)])])


def history_content(
    words: Words,
    entries: Sequence[Kept],
    total: int,
    page: Page,
    now: datetime,
    *,
    undo: Callable[[Kept], Button | None],
) -> Content:
    """Return a page of the history, the newest first.

    Args:
        words: the reader's language.
        entries: the writes of this page.
        total: how many there are in all.
        page: which page this is.
        now: the time.
        undo: the button that undoes a write; None where this person may not, or nothing is to be undone.
    """
    title = words.text("trail.title")
    if not entries:
        sentence = words.text("trail.none")
        return Content(words.text("item.title"), sentence, (heading(title), paragraph(sentence)))
    blocks: list[Block] = [heading(title)]
    for entry in entries:
        blocks.append(_unreadable(words) if isinstance(entry, Unreadable) else line(words, entry, now, named=True))
        blocks += actions(*(again for again in (undo(entry),) if again))
    told = summary(words, page, len(entries), words.number(total))
    blocks += actions(*pager(words, page, len(entries), total, ids.HISTORY_PAGE))
    blocks.append(note(told))
    return Content(words.text("item.title"), escape(f"{title}: {told}"), tuple(blocks))


def audit_content(words: Words, entry: Entry, now: datetime) -> Content:
    """Return a write as it is told to the audit channel."""
    text = f"<@{entry.person}>: {escape(clip(one_line(entry.name), _NAME))} · {escape(what_changed(words, entry))}"
    return Content(words.text("item.title"), text, (line(words, entry, now, named=True),))
