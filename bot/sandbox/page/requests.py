"""What the page may ask: the shapes of its requests. Pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(max_length=300)]
Typed = Annotated[str, Field(max_length=50_000)]


class Asked(BaseModel):
    """A request of the page; whatever is not in its shape is refused.

    Attributes:
        person: who does it, by id.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    person: Id


class Said(Asked):
    """A line in the message box: a slash command, or an ordinary message."""

    channel: Id
    text: Annotated[str, Field(min_length=1, max_length=12_000)]


class OnSurface(Asked):
    """Something done in a message or in a view.

    Attributes:
        message: the message's ts; None in a view.
        view: the view's id; None in a message.
        typed: what stands in the text fields at this moment, by block_id and action_id.
    """

    message: Id | None = None
    view: Id | None = None
    typed: dict[Id, dict[Id, Typed]] = Field(default_factory=dict)


class Used(OnSurface):
    """A button that is pressed, or an element in which something is chosen.

    Attributes:
        block_id: the block.
        action_id: the element.
        raw: what is chosen: an option's value, an id, a list of values; None for a button, or to clear.
    """

    block_id: Id
    action_id: Id
    raw: Typed | list[Typed] | None = None


class Suggested(OnSurface):
    """A keystroke in a select that asks the bot for its options."""

    block_id: Id
    action_id: Id
    text: Id


class Closed(OnSurface):
    """A modal that is closed; `everything` closes those below it, too."""

    everything: bool = False


class Switched(BaseModel):
    """Faults that are turned on or off; what is not named stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    slow: bool | None = None
    down: bool | None = None
    limiting: bool | None = None
    refusing: bool | None = None


class Nothing(BaseModel):
    """A request that says everything by its address."""

    model_config = ConfigDict(extra="forbid", frozen=True)
