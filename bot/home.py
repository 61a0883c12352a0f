"""The Home tab: what the bot does, what this person may do, and buttons to begin with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from slackblocks import Block, HomeTabView

from bot.access import Permission
from bot.i18n import Words
from bot.slack.blocks import Button, actions, button, heading, note, paragraph
from bot.slack.payloads import Event
from bot.slack.problems import HOME_TAB
from bot.slack.routing import Route, Shortcut, on_event
from bot.slack.turn import Turn
from bot.slack.verbs import Usage, help_content

_BUTTONS: Final = "home.buttons"
"""Slack shows the tab as it was until it is published anew: a press in between must still name what is there."""


def home_view(
    words: Words, shortcuts: Iterable[Shortcut], usages: Sequence[Usage], granted: Iterable[Permission]
) -> HomeTabView:
    """Return the Home tab of a person with these permissions."""
    may = frozenset(granted)
    buttons = [_button(words, shortcut) for shortcut in shortcuts if shortcut.needs in may]
    allowed = words.listing(words.text(f"permission.{permission}") for permission in Permission if permission in may)
    blocks: list[Block] = [
        heading(words.text("home.title")),
        paragraph(words.text("home.welcome")),
        *actions(*buttons, block_id=_BUTTONS),
        note(words.text("home.may", what=allowed)),
        *help_content(words, usages, may).blocks,
    ]
    return HomeTabView(blocks)


def _button(words: Words, shortcut: Shortcut) -> Button:
    return button(words.text(shortcut.key), shortcut.action_id)


async def _opened(shortcuts: Sequence[Shortcut], usages: Sequence[Usage], turn: Turn[Event]) -> None:
    if turn.payload.tab == HOME_TAB:
        await turn.slack.publish_home(turn.person.id, home_view(turn.words, shortcuts, usages, turn.granted))


def routes(shortcuts: Sequence[Shortcut], usages: Sequence[Usage]) -> tuple[Route, ...]:
    """Return the routes of the Home tab.

    Args:
        shortcuts: the buttons that the slices offer.
        usages: the commands, for the help.
    """
    return (Route(on_event("app_home_opened"), Permission.LOOK_UP, partial(_opened, shortcuts, usages)),)
