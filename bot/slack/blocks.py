"""Block Kit as this bot uses it: plain dictionaries for what is built by the hundred, slackblocks for the rest.

Texts from outside are clipped to Slack's limits here and never read as markup; tests/test_limits.py holds every view
against them. Source: Slack's pages "Block Kit reference" and "Views reference".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from slackblocks import (
    AlertBlock,
    Block,
    ModalView,
    Option,
    PlainText,
    RichText,
    RichTextBlock,
    RichTextChannel,
    RichTextElement,
    RichTextSection,
    RichTextUser,
    RichTextUserGroup,
)
from slackblocks.blocks import BlockType
from slackblocks.elements import ButtonStyleName

from bot.slack.text import clip, visible

HEADER: Final = 150
SECTION: Final = 3000
TITLE: Final = 24
ALERT: Final = 200
BUTTON: Final = 75
BUTTON_VALUE: Final = 2000
LABEL: Final = 75
OPTION: Final = 75
OPTION_VALUE: Final = 150
NOTHING: Final = "–"
"""What stands where a text would be empty, which Slack refuses."""
_MENTIONS: Final[dict[str, type[RichTextUserGroup | RichTextChannel]]] = {
    "S": RichTextUserGroup,
    "C": RichTextChannel,
    "G": RichTextChannel,
}
RICH_TEXT: Final = 2900
"""Our own bound for a rich text value, below the 3,000 that Slack sets for other texts."""

Button = dict[str, Any]
"""A button as Slack takes it; `button` makes one."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is shown, wherever the person is: a message, or a modal that only shows.

    Attributes:
        title: the modal's title.
        text: the answer in one line, for notifications and screen readers.
        blocks: what is seen.
    """

    title: str
    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled value of a card.

    Attributes:
        label: in the reader's language, with its colon.
        value: shown as it is, never as markup.
        code: set apart so that a click selects the whole of it.
    """

    label: str
    value: str
    code: bool = False


class _Ready(Block):
    """A block that is a plain dictionary already: slackblocks would take most of a list's time to build its blocks.

    Where it carries no block_id, Slack gives it one.
    """

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__(BlockType(body["type"]), block_id=body["type"])  # not sent, but without it one is made up
        self._body = body

    def _resolve(self) -> dict[str, Any]:
        return self._body


def plain(text: str, limit: int) -> dict[str, Any]:
    """Return a text of at most `limit` characters that is no markup."""
    return {"type": "plain_text", "text": clip(visible(text), limit)}


def heading(text: str) -> Block:
    """Return a large title."""
    return _Ready({"type": "header", "text": plain(text, HEADER)})


def paragraph(text: str) -> Block:
    """Return a paragraph of plain text."""
    return _Ready({"type": "section", "text": plain(text, SECTION)})


def paragraph_with(text: str, on_button: str, action_id: str, value: str, *, label: str) -> Block:
    """Return a paragraph of plain text with a button at its side: a row of a list.

    Args:
        text: the paragraph.
        on_button: what stands on the button.
        action_id: the route.
        value: what the route is told.
        label: what tells this button from those of other rows, for screen readers.
    """
    press = button(on_button, action_id, value, label=label)
    return _Ready({"type": "section", "text": plain(text, SECTION), "accessory": press})


def note(text: str) -> Block:
    """Return small print."""
    return _Ready({"type": "context", "elements": [plain(text, SECTION)]})


def alert(text: str) -> Block:
    """Return what went wrong, for a modal; a sentence too long for Slack's alert is a paragraph."""
    sentence = visible(text)
    if len(sentence) <= ALERT:
        return AlertBlock(PlainText(sentence), level="error")
    return paragraph(f"⚠️ {sentence}")


def rows(*values: Row) -> RichTextBlock:
    """Return labelled values, one a line, the labels in bold."""
    parts: list[RichTextElement] = []
    for index, row in enumerate(values):
        start = "\n" if index else ""
        parts.append(RichText(f"{start}{row.label} ", bold=True))
        value = clip(visible(row.value), RICH_TEXT)
        if value:  # Slack refuses an empty text
            parts.append(RichText(value, code=row.code or None))
    return RichTextBlock([RichTextSection(parts)])


def glossary(entries: Iterable[tuple[str, str]]) -> RichTextBlock:
    """Return what can be typed, set apart as code, each on its line with what it does."""
    parts: list[RichTextElement] = []
    for index, (typed, meaning) in enumerate(entries):
        if index:
            parts.append(RichText("\n"))
        parts += [RichText(typed, code=True), RichText(f"  {meaning}")]
    return RichTextBlock([RichTextSection(parts)])


def quoted(text: str) -> RichTextBlock:
    """Return a long text as it is, newlines kept."""
    return RichTextBlock([RichTextSection([RichText(clip(visible(text), RICH_TEXT) or NOTHING)])])


def mentions(label: str, ids: Iterable[str]) -> RichTextBlock:
    """Return people, user groups and channels by their Slack ids, named and clickable, behind a label."""
    parts: list[RichTextElement] = [RichText(label)]
    for id_ in ids:
        kind = _MENTIONS.get(id_[0], RichTextUser)
        parts += [RichText(" "), kind(id_)]
    return RichTextBlock([RichTextSection(parts)])


def button(
    text: str, action_id: str, value: str = "", *, label: str = "", style: ButtonStyleName | None = None
) -> Button:
    """Return a button.

    Args:
        text: what stands on it.
        action_id: the route.
        value: what the route is told.
        label: for screen readers, where several buttons say the same.
        style: `primary` or `danger`.
    """
    press = {"type": "button", "text": plain(text, BUTTON), "action_id": action_id}
    more = {"style": style, "value": value, "accessibility_label": clip(visible(label), LABEL)}
    return press | {name: told for name, told in more.items() if told}


def actions(*buttons: Button, block_id: str = "") -> list[Block]:
    """Return a row of buttons; nothing where there is none.

    Args:
        buttons: the buttons.
        block_id: the row's, where a press must still be understood after the same row was shown anew.
    """
    named = {"block_id": block_id} if block_id else {}
    return [_Ready({"type": "actions", **named, "elements": list(buttons)})] if buttons else []


def option(text: str, value: str) -> Option:
    """Return an option of a select."""
    return Option(PlainText(clip(visible(text) or value, OPTION)), value)


def modal(content: Content, *, close: str, callback_id: str | None = None, metadata: str | None = None) -> ModalView:
    """Return a modal that only shows."""
    title = PlainText(clip(visible(content.title), TITLE))
    return ModalView(
        title, list(content.blocks), close=PlainText(close), callback_id=callback_id, private_metadata=metadata
    )


def waiting(title: str, sentence: str, *, close: str, metadata: str) -> ModalView:
    """Return what stands in a modal while something is awaited."""
    return modal(Content(title, sentence, (paragraph(sentence),)), close=close, metadata=metadata)
