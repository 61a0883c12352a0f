"""State that travels through Slack and comes back: in a view's `private_metadata`, in a button's value.

Small, typed and versioned: a click on last month's message either works or is told kindly that it is too old. Slack
keeps at most 3,000 characters of metadata and 2,000 of a button's value.
"""

from __future__ import annotations

import json
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import FormExpired
from bot.i18n import LANGUAGES, Language


class State(BaseModel):
    """The base of all state; `version` changes when older state can no longer be understood."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1

    def dump(self) -> str:
        """Return the state as compact JSON, without what has its default."""
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def load(cls, text: str) -> Self:
        """Read state back.

        Raises:
            FormExpired: where it is of another version, or not ours.
        """
        try:
            state = cls.model_validate_json(text or "{}")
        except ValidationError as error:
            raise FormExpired from error
        if state.version != cls.model_fields["version"].default:
            raise FormExpired
        return state


class Origin(State):
    """Where a form was opened from, so that the place it came from can be brought up to date.

    Attributes:
        response_url: of the message with the button; empty where there was none.
        replace: whether that message showed the record itself, and is to be replaced.
        view: the view below the form that showed the record; empty where there was none.
        finder: the select of that view, where it is one that finds.
    """

    response_url: str = ""
    replace: bool = False
    view: str = ""
    finder: str = ""


class Spoken(State):
    """What every view's metadata holds.

    Attributes:
        language: in which it was opened.
        channel: where it was opened, which may count for what is allowed; empty for none.
        attempt: how often the form has been shown; with the view's id it tells one submission from another.
    """

    language: Language = "en"
    channel: str = ""
    attempt: int = 0


def record_id(value: str) -> int:
    """Return the id of a record that a button or an option names.

    Raises:
        FormExpired: where it names none.
    """
    if not value.isdecimal():
        raise FormExpired
    return int(value)


class _Peek(BaseModel):
    model_config = ConfigDict(extra="ignore")
    language: str = ""
    channel: str = ""
    attempt: int = 0

    @classmethod
    def at(cls, metadata: str) -> Self:
        try:
            return cls.model_validate_json(metadata or "{}")
        except ValidationError:
            return cls()


def language_in(metadata: str) -> Language | None:
    """Return the language that a view's metadata names; None where it names none."""
    named = _Peek.at(metadata).language
    return next((language for language in LANGUAGES if language == named), None)


def channel_in(metadata: str) -> str:
    """Return the channel in which a view was opened; empty where its metadata names none."""
    return _Peek.at(metadata).channel


def attempt_in(metadata: str) -> int:
    """Return how often a form has been shown."""
    return _Peek.at(metadata).attempt


def placed(metadata: str | None, channel: str) -> str | None:
    """Return a view's metadata with the channel in which it was opened."""
    if not channel or not metadata:
        return metadata
    # As it is, not in escapes: an emoji would take twelve of the 3,000 characters.
    return json.dumps({**json.loads(metadata), "channel": channel}, separators=(",", ":"), ensure_ascii=False)
