"""What the bot's answer does on the person's screen: for a command, for a click, for a submission."""

from __future__ import annotations

import dataclasses
from enum import Enum

from bot.sandbox.slack.blockkit import check_message, check_view
from bot.sandbox.slack.controls import controls
from bot.sandbox.slack.delivery import Answer
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.people import BOT_USER_ID, Channel, Json, Person
from bot.sandbox.slack.state import State
from bot.sandbox.slack.views import View

TROUBLE = "We had some trouble connecting. Try again?"


class Outcome(Enum):
    """What became of a submission; the value is the error, None when there is none."""

    DONE = None
    REFUSED = "invalid_response_action"


def failure_text(answer: Answer) -> str | None:
    """Return what Slack shows a person whose click failed."""
    return None if answer.ok else TROUBLE


def show_command_answer(state: State, person: Person, channel: Channel, name: str, answer: Answer) -> Answer:
    """Show what a command's acknowledgement brings, or why it failed; return the answer with that reason."""
    if answer.ok and answer.body:
        problem = _post_answer(state, person, channel, answer)
        answer = dataclasses.replace(answer, error=problem)
    if not answer.ok:
        state.slackbot(channel.id, person.id, _command_failure(name, str(answer.error)))
    return answer


def _command_failure(name: str, error: str) -> str:
    if error == "app_did_not_respond":
        return f"{name} failed because the app did not respond"
    return f'{name} failed with the error "{error}"'


def _post_answer(state: State, person: Person, channel: Channel, answer: Answer) -> str | None:
    content = answer.json
    if content is None:
        state.post(channel.id, BOT_USER_ID, text=answer.body, reader=person.id)
        return None
    if not content:
        return None
    try:
        check_message(content)
    except SlackError as error:
        return error.code
    reader = None if content.get("response_type") == "in_channel" else person.id
    state.post(channel.id, BOT_USER_ID, text=content.get("text") or "", blocks=content.get("blocks"), reader=reader)
    return None


def apply_submission(state: State, view: View, answer: Answer) -> Outcome:
    """Close, keep, change or stack the form as the acknowledgement says."""
    content = answer.json or {}
    if not answer.ok or (answer.body and answer.json is None):
        return Outcome.REFUSED
    try:
        _respond(state, view, content)
    except SlackError:
        return Outcome.REFUSED
    return Outcome.DONE


def _respond(state: State, view: View, content: Json) -> None:
    wanted = content.get("response_action")
    if wanted is None:
        state.views.close(view)
    elif wanted == "errors":
        view.errors = _field_errors(view, content.get("errors"))
    elif wanted == "update":
        state.views.update(view, checked(content))
    elif wanted == "push":
        state.views.push(view.person, checked(content))
    elif wanted == "clear":
        state.views.close(state.views.stack(view.person)[0])
    else:
        raise SlackError("invalid_response_action")


def checked(content: Json) -> Json:
    """Return the view that a response action brings.

    Raises:
        SlackError: there is none, or it is not a valid modal.
    """
    view = content.get("view")
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments")
    check_view(view, "modal")
    return view


def _field_errors(view: View, errors: object) -> dict[str, str]:
    inputs = {control.block_id for control in controls(view.blocks) if control.is_input}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_arguments")
    return {block_id: str(text) for block_id, text in errors.items()}
