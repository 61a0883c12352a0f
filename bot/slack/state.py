"""State that travels through Slack and comes back: in a view's `private_metadata`, in a button's value.

Small, typed and versioned: a click on last month's message either works or is told kindly that it is too old. Slack
keeps at most 3,000 characters of metadata and 2,000 of a button's value.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    model_serializer,
    model_validator,
)

from bot.errors import FormExpired
from bot.i18n import LANGUAGES, Language


class State(BaseModel):
    """The base of all state.

    Fields that a newer version has added are ignored, so that its buttons and forms work here, too: old and new run
    side by side for a while, and a new version may be taken back.

    Attributes:
        VERSION: rises only where state of another version would be misunderstood. A new field with a default is no
            reason, unless acting without it would be wrong.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    VERSION: ClassVar[int] = 1

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
            return cls.model_validate_json(text or "{}")
        except ValidationError as error:
            raise FormExpired from error

    @model_validator(mode="before")
    @classmethod
    def _of_this_version(cls, fields: Any, info: ValidationInfo) -> Any:
        if info.mode == "json" and isinstance(fields, dict) and fields.get("version", 1) != cls.VERSION:
            raise ValueError("of another version")
        return fields

    @model_serializer(mode="wrap")
    def _with_version(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = serialize(self)
        return fields if self.VERSION == 1 else {**fields, "version": self.VERSION}


def known(names: Collection[str]) -> BeforeValidator:
    """Return what drops from a mapping the names that only a newer version knows."""

    def drop(entries: Any) -> Any:
        return {key: entries[key] for key in entries if key in names} if isinstance(entries, dict) else entries

    return BeforeValidator(drop)


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


def _known_language(named: Any) -> Any:
    return named if named in LANGUAGES else "en"


class Spoken(State):
    """What every view's metadata holds.

    Attributes:
        language: in which it was opened.
        channel: where it was opened, which may count for what is allowed; empty for none.
        attempt: how often the form has been shown; with the view's id it tells one submission from another.
    """

    language: Annotated[Language, BeforeValidator(_known_language)] = "en"
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
