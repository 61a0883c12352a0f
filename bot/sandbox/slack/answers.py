"""What the bot's answer does on the person's screen: for a command, for a click, for a submission."""

from __future__ import annotations

import dataclasses

from bot.sandbox.slack.blockkit import check_message, check_view
from bot.sandbox.slack.controls import controls
from bot.sandbox.slack.delivery import Answer
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.people import BOT_USER_ID, Channel, Json, Person
from bot.sandbox.slack.state import State
from bot.sandbox.slack.views import View

TROUBLE = "We had some trouble connecting. Try again?"
TIMED_OUT = "Operation timed out. Apologies!"


def click_failure(answer: Answer) -> str | None:
    """Return what Slack shows beside a message's button that failed, or None."""
    if answer.ok:
        return None
    if answer.status is None:
        return TIMED_OUT
    return f"This app responded with Status Code {answer.status}."


def refused(answer: Answer, error: SlackError) -> Answer:
    """Return an answer that came in time but that Slack does not take."""
    return dataclasses.replace(answer, error=error.code, details=tuple(error.messages))


def show_command_answer(state: State, person: Person, channel: Channel, name: str, answer: Answer) -> Answer:
    """Show what a command's acknowledgement brings, or why it failed; return the answer with that reason."""
    if answer.ok and answer.body:
        try:
            _post_answer(state, person, channel, answer)
        except SlackError as error:
            answer = refused(answer, error)
    if not answer.ok:
        state.slackbot(channel.id, person.id, _command_failure(name, str(answer.error)))
    return answer


def _command_failure(name: str, error: str) -> str:
    if error == "app_did_not_respond":
        return f"{name} failed because the app did not respond"
    return f'{name} failed with the error "{error}"'


def _post_answer(state: State, person: Person, channel: Channel, answer: Answer) -> None:
    content = answer.json
    if content is None:
        content = {"text": answer.body}
    if not content:
        return
    check_message(content)
    reader = None if content.get("response_type") == "in_channel" else person.id
    state.post(channel.id, BOT_USER_ID, text=content.get("text") or "", blocks=content.get("blocks"), reader=reader)


def apply_submission(state: State, view: View, answer: Answer) -> Answer:
    """Close, keep, change or stack the form as the acknowledgement says; return the answer with what is wrong in it.

    A form that is closed by now stays so.
    """
    if view not in state.views.stack(view.person):
        return answer
    if answer.ok:
        try:
            _respond(state, view, answer)
        except SlackError as error:
            answer = refused(answer, error)
    if not answer.ok:
        view.trouble = TROUBLE
    return answer


def _respond(state: State, view: View, answer: Answer) -> None:
    content = answer.json
    if content is None and answer.body:
        raise SlackError("invalid_response_action")
    content = content or {}
    wanted = content.get("response_action")
    if wanted is None:
        state.views.close(view)
    elif wanted == "errors":
        view.errors = _field_errors(view, content.get("errors"))
    elif wanted == "update":
        state.views.update(view, _checked(content))
    elif wanted == "push":
        state.views.push(view.person, _checked(content))
    elif wanted == "clear":
        state.views.close(state.views.stack(view.person)[0])
    else:
        raise SlackError("invalid_response_action")


def _checked(content: Json) -> Json:
    check_view(content.get("view"), "modal")
    view: Json = content["view"]
    return view


def _field_errors(view: View, errors: object) -> dict[str, str]:
    inputs = {control.block_id for control in controls(view.blocks) if control.is_input}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_arguments", messages=[f"errors must be for input blocks, of {sorted(inputs)}"])
    return {block_id: str(text) for block_id, text in errors.items()}
