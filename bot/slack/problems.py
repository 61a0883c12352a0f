"""Telling a person what went wrong, at the place where they are: the form, the modal, the message, the Home tab."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import structlog
from slackblocks import HomeTabView, ModalView

from bot.access import AccessDenied
from bot.errors import BotError, FormExpired
from bot.i18n import Words
from bot.invoicexpress.errors import Rejected
from bot.slack.blocks import Content, actions, button, heading, mentions, paragraph
from bot.slack.payloads import Command, Event, OptionsRequest, Payload, Submission
from bot.slack.routing import Opening, Route
from bot.slack.text import escape
from bot.slack.turn import Problem, Turn, reading_modal

HOME_TAB: Final = "home"
_log: Final = structlog.get_logger(__name__)


async def tell_problem(turn: Turn[Payload], route: Route | None, error: BotError | None) -> None:
    """Tell what went wrong.

    Args:
        turn: the request.
        route: what it led to; None where that is no longer there.
        error: what is known of it; None is told as a reference id.
    """
    problem = _problem(turn, route, error)
    content = _sentence(turn.words, problem.text)
    if isinstance(error, AccessDenied) and error.to_ask:
        content = dataclasses.replace(
            content, blocks=(*content.blocks, mentions(turn.words.text("access.ask"), error.to_ask))
        )
    match turn.payload:
        case OptionsRequest():
            turn.acknowledgement.give({"options": []})
        case Event():
            if turn.payload.tab == HOME_TAB:
                blocks = [heading(turn.words.text("home.title")), *content.blocks]
                await turn.slack.publish_home(turn.person.id, HomeTabView(blocks))
        case _:
            # A form that may not be submitted, or no longer can be, does not come back.
            in_vain = isinstance(error, AccessDenied | FormExpired)
            view = None if in_vain else await _restored(turn, route, problem)
            if not _rides(turn, view or turn.as_modal(content)):
                await turn.tell(content, view=view)


async def tell_repeated(turn: Turn[Payload]) -> None:
    """Tell that something was asked for already.

    A form that was submitted twice stays as it is: what Slack is answered here must not overwrite the outcome, which
    the first submission brings or has brought.
    """
    sentence = turn.words.text("error.repeated")
    if isinstance(turn.payload, Submission):
        place = next(iter(turn.payload.view.values), "")
        turn.acknowledgement.give({"response_action": "errors", "errors": {place: sentence}})
    else:
        await turn.tell(_sentence(turn.words, sentence))


def form_again(words: Words, opening: Opening) -> Content:
    """Return that a form could not be opened in time, with the button that opens it afresh."""
    sentence = words.text("error.trigger-expired")
    again = button(words.text("action.open-form"), opening.action_id, opening.value, style="primary")
    return Content(words.text("app.name"), escape(sentence), (paragraph(sentence), *actions(again)))


def busy(words: Words) -> Content:
    """Return that there is too much work, and that nothing was done."""
    return _sentence(words, words.text("error.busy"))


def busy_answer(payload: Payload, words: Words) -> dict[str, Any]:
    """Return what Slack is answered where no more work is taken; empty for what is told afterwards."""
    sentence = words.text("error.busy")
    match payload:
        case Command():
            return {"response_type": "ephemeral", "text": sentence}
        case Submission() if payload.view.values:
            # At the first field, so that everything typed stays.
            return {"response_action": "errors", "errors": {next(iter(payload.view.values)): sentence}}
        case Submission():
            return {"response_action": "update", "view": reading_modal(words, busy(words)).to_dict()}
        case OptionsRequest():
            return {"options": []}
        case _:
            return {}


def _sentence(words: Words, text: str) -> Content:
    return Content(words.text("app.name"), escape(text), (paragraph(text),))


def _problem(turn: Turn[Payload], route: Route | None, error: BotError | None) -> Problem:
    if error is None:
        key = "error.unknown-write" if route is not None and route.writes else "error.unknown"
        return Problem(turn.words.text(key, reference=turn.reference))
    messages = error.messages if isinstance(error, Rejected) else ()
    return Problem(turn.words.text(error.key, **error.values), messages, error)


async def _restored(turn: Turn[Payload], route: Route | None, problem: Problem) -> ModalView | None:
    """Return the view again with the problem in it; None where there is none, or where it can't be had."""
    if route is None or route.restore is None or not turn.view_id:
        return None
    try:
        return await route.restore(turn, problem)
    except FormExpired:
        return None
    except Exception:  # noqa: BLE001 - whatever breaks here, the sentence alone must still be told
        _log.exception("a form could not be built again")
        return None


def _rides(turn: Turn[Payload], view: ModalView) -> bool:
    """Let a view leave with the acknowledgement of a submission; False where that has left already."""
    if not isinstance(turn.payload, Submission):
        return False
    return turn.acknowledgement.give({"response_action": "update", "view": turn.placed(view).to_dict()})
