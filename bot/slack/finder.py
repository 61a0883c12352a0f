"""A modal with a select that finds a record while one types, and shows what was chosen below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from slackblocks import Block, ExternalSelectMenu, ModalView, PlainText, SectionBlock

from bot.catalog import Hits
from bot.i18n import Words
from bot.slack.blocks import LABEL, OPTION, alert, note, plain
from bot.slack.lists import share_read, total_of
from bot.slack.state import Spoken

MOST: Final = 100
"""Options that Slack takes; one more, and it shows none."""

KEPT: Final = 2048
"""Records whose options are kept ready for the next keystroke, which finds most of them again."""


def finder_view(
    words: Words,
    pick_id: str,
    *,
    blocks: Sequence[Block] = (),
    doubt: str = "",
    trouble: str = "",
) -> ModalView:
    """Return the modal.

    Args:
        words: the reader's language.
        pick_id: the action and the options request of the select, and the view's callback_id: so a form that was
            opened from here knows what to bring up to date.
        blocks: what was chosen.
        doubt: a sentence on how far what is found can be relied on; empty where there is nothing to say.
        trouble: a sentence on what went wrong.
    """
    select = ExternalSelectMenu(
        pick_id, min_query_length=1, focus_on_load=True, placeholder=PlainText(words.text("find.placeholder"))
    )
    # The block_id stays the same over all updates, so that Slack keeps the choice.
    body: list[Block] = [SectionBlock(PlainText(words.text("find.label")), accessory=select, block_id="find")]
    if doubt:
        body.append(note(doubt))
    if trouble:
        body.append(alert(trouble))
    return ModalView(
        PlainText(words.text("find.title")),
        [*body, *blocks],
        close=PlainText(words.text("action.close")),
        callback_id=pick_id,
        private_metadata=Spoken(language=words.language).dump(),
    )


def options_answer(words: Words, hits: Hits[Any], options: list[dict[str, Any]], age: str = "") -> dict[str, Any]:
    """Return the answer to a keystroke.

    How many more there are, how old they are and what may be missing stands in the label of the group, the one place
    that Slack has for it.

    Args:
        words: the reader's language.
        hits: what was found; at most `MOST` records.
        options: for each record its `plain_option`.
        age: a sentence on how old the copy is; empty where it is fresh.
    """
    more = hits.total > len(options)
    told = words.text("find.more", shown=words.number(len(options)), total=total_of(words, hits)) if more else ""
    label = " · ".join(part for part in (told, age, _gaps(words, hits)) if part)
    if not label or not options:
        return {"options": options}
    return {"option_groups": [{"label": plain(label, LABEL), "options": options}]}


def _gaps(words: Words, hits: Hits[Any]) -> str:
    """Return what may be missing, as shortly as a label must."""
    if hits.reading:
        share = share_read(words, hits.reading)
        return words.text("find.read", share=share) if share else words.plural("find.read-count", hits.reading.done)
    return words.plural("find.left-out", hits.unreadable) if hits.unreadable else ""


def plain_option(text: str, value: str) -> dict[str, Any]:
    """Return an option as a plain dictionary: slackblocks costs too much at each key."""
    return {"text": plain(text, OPTION), "value": value}
