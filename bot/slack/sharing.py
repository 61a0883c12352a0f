"""What one person shows to everybody in a channel. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from slackblocks import Block, RichText, RichTextBlock, RichTextSection, RichTextUser

from bot.i18n import Words
from bot.slack.blocks import Content


def shared_content(words: Words, person: str, title: str, answer: str, blocks: Sequence[Block]) -> Content:
    """Return a record for everybody, with who shared it.

    Args:
        words: the language of whoever shares it.
        person: their Slack id.
        title: what kind of record it is.
        answer: the record in one line, escaped.
        blocks: the record.
    """
    by = words.text("shared.by")
    credit = RichTextBlock([RichTextSection([RichTextUser(person), RichText(f" {by}")])])
    return Content(title, f"<@{person}> {by} {answer}", (credit, *blocks))
