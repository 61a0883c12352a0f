"""The form for an item: what it shows, what it remembers of it, and what a submission of it means.

A form can't show everything that a field holds: a price is written without its trailing noughts, a name without its
newlines, a description up to Slack's 3,000 characters. So the form remembers a digest of what it showed; a field that
comes back as it was shown was not touched, and keeps the account's own value, digit for digit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import pydantic
from slackblocks import AlertBlock, Block, InputBlock, ModalView, Option, PlainText, PlainTextInput, StaticSelectMenu

from bot.i18n import Words
from bot.invoicexpress.models import UNITS, Item, ItemDraft, Tax
from bot.items import ids
from bot.items.price import PriceProblem, PriceRefused, read_price
from bot.items.views import unit_label
from bot.items.writing import Field
from bot.slack.blocks import ALERT, OPTION_VALUE, note, option
from bot.slack.payloads import Values
from bot.slack.state import Origin, Spoken
from bot.slack.text import clip, one_line, visible

NAME_LENGTH: Final = 3000
DESCRIPTION_LENGTH: Final = 3000
_PRICE_LENGTH: Final = 40

_OPTIONS: Final = 100
_NONE: Final = "none"
_PREFIX: Final = "is:"
"""Before a unit or a tax in an option's value, so that one called "none" is still told from none."""


class FormState(Spoken):
    """What a form remembers, in its view's metadata.

    Attributes:
        item: the id of the item that is edited; None for a new one.
        shown: a digest of each field as the form showed it.
        held: a digest of each field as the account held it then.
        hidden: how many characters of the description are beyond what a form can show.
        attempt: how often the form has been shown; it stands in every block_id, because Slack keeps what was typed
            where a block_id stays the same.
        origin: where the form was opened from.
    """

    item: int | None = None
    shown: dict[Field, str] = pydantic.Field(default_factory=dict)
    held: dict[Field, str] = pydantic.Field(default_factory=dict)
    hidden: int = 0
    attempt: int = 0
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Entry:
    """The text of each field as it stands in a form; unit and tax are empty for none."""

    name: str = ""
    description: str = ""
    unit_price: str = ""
    unit: str = ""
    tax: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with an entry, in the reader's language.

    Attributes:
        text: the sentence above the form; empty where every sentence has its field.
        fields: the sentence under a field.
    """

    text: str = ""
    fields: Mapping[Field, str] = field(default_factory=dict)


def digest(value: str) -> str:
    """Return a short digest of a field, blind to what a form does to line ends and to spaces at the ends."""
    normal = "\n".join(line.rstrip() for line in value.strip().splitlines())
    return hashlib.blake2b(normal.encode(), digest_size=6).hexdigest()


def exact_digest(value: str) -> str:
    """Return a short digest of what the account holds, to the last character."""
    return hashlib.blake2b(value.encode(), digest_size=6).hexdigest()


def shown_entry(item: Item, words: Words) -> Entry:
    """Return how a form shows an item."""
    return Entry(
        name=clip(one_line(item.name), NAME_LENGTH),
        description=item.description[:DESCRIPTION_LENGTH],
        unit_price=words.plain_price(item.unit_price),
        unit="".join(_fitting([item.unit])),
        tax="".join(_fitting([item.tax.name if item.tax else ""])),
    )


def state_for(item: Item, words: Words, origin: Origin) -> FormState:
    """Return what the form for an existing item remembers."""
    shown, held = shown_entry(item, words), _texts(item.draft())
    return FormState(
        language=words.language,
        item=item.id,
        shown={name: digest(getattr(shown, name)) for name in Field},
        held={name: exact_digest(held[name]) for name in Field},
        hidden=max(len(item.description) - DESCRIPTION_LENGTH, 0),
        origin=origin,
    )


def _texts(draft: ItemDraft) -> dict[Field, str]:
    return {name: str(getattr(draft, name)) for name in Field}


def read_entry(values: Values) -> Entry:
    """Read a submitted form; blocks are found by their field, whatever the attempt."""
    found = {block_id.partition(":")[0]: elements for block_id, elements in values.items()}

    def text(name: Field) -> str:
        state = found.get(name, {}).get(name, {})
        chosen = state.get("selected_option")
        value = str((chosen or {}).get("value") or "") if "selected_option" in state else state.get("value") or ""
        return value.removeprefix(_PREFIX) if value != _NONE else ""

    return Entry(**{name.value: text(name) for name in Field})


def block_id(name: Field, attempt: int) -> str:
    """Return the block_id of a field."""
    return f"{name}:{attempt}"


def check_entry(entry: Entry, words: Words) -> dict[Field, str]:
    """Return what is wrong with an entry that can be told without the network, by field."""
    problems: dict[Field, str] = {}
    if not entry.name.strip():
        problems[Field.NAME] = words.text("form.name-empty")
    try:
        read_price(entry.unit_price)
    except PriceRefused as refusal:
        problems[Field.PRICE] = price_sentence(refusal, words, entry.unit_price)
    return problems


def price_sentence(refusal: PriceRefused, words: Words, typed: str) -> str:
    """Return why a price is refused, with an example of how to write it."""
    if refusal.problem is PriceProblem.AMBIGUOUS:
        large, small = (words.plain_price(reading) for reading in refusal.readings)
        return words.text("form.price-ambiguous", typed=typed.strip(), large=large, small=small)
    return words.text(f"form.price-{refusal.problem}", example=words.plain_price(Decimal("12.5")))


def touched(entry: Entry, state: FormState) -> frozenset[Field]:
    """Return the fields that a person changed; all of them in a form for a new item."""
    return frozenset(name for name in Field if digest(getattr(entry, name)) != state.shown.get(name))


def merge(entry: Entry, state: FormState, current: Item | None) -> ItemDraft:
    """Return what is to be stored: what was touched from the form, everything else as the account holds it."""
    typed = touched(entry, state)
    values: dict[str, Any] = current.draft().model_dump() if current else {}
    for name in typed:
        values[name] = getattr(entry, name)
    if Field.PRICE in typed:
        values[Field.PRICE] = read_price(entry.unit_price)
    if Field.NAME in typed:
        values[Field.NAME] = entry.name.strip()
    if Field.DESCRIPTION in typed and current is not None:
        # The tail that a form is too short to show stays behind what was typed.
        values[Field.DESCRIPTION] = entry.description + current.description[DESCRIPTION_LENGTH:]
    return ItemDraft(**{str(name): value for name, value in values.items()})


def conflicts(entry: Entry, state: FormState, current: Item) -> tuple[Field, ...]:
    """Return the fields that both this person and somebody else changed, to different values."""
    held, merged = _texts(current.draft()), _texts(merge(entry, state, current))
    return tuple(
        name
        for name in sorted(touched(entry, state))
        if exact_digest(held[name]) != state.held.get(name) and merged[name] != held[name]
    )


def form_view(
    words: Words,
    state: FormState,
    entry: Entry,
    taxes: Sequence[Tax] | None,
    trouble: Trouble | None = None,
) -> ModalView:
    """Return the form.

    Args:
        words: the reader's language.
        state: what the form remembers.
        entry: what stands in its fields.
        taxes: the account's own taxes; None where they can't be read now.
        trouble: what was wrong with the attempt before.
    """
    trouble = trouble or Trouble()
    blocks: list[Block] = []
    if trouble.text:
        blocks.append(AlertBlock(PlainText(clip(visible(trouble.text), ALERT)), level="error"))
    for name, block in _inputs(words, state, entry, taxes).items():
        blocks.append(block)
        if name in trouble.fields:
            blocks.append(note(f"⚠️ {trouble.fields[name]}"))
    title = words.text("form.title-new" if state.item is None else "form.title-edit")
    return ModalView(
        PlainText(title),
        blocks,
        close=PlainText(words.text("action.cancel")),
        submit=PlainText(words.text("action.create" if state.item is None else "action.save")),
        callback_id=ids.FORM,
        private_metadata=state.dump(),
    )


def _inputs(words: Words, state: FormState, entry: Entry, taxes: Sequence[Tax] | None) -> dict[Field, InputBlock]:
    def block(
        name: Field, element: PlainTextInput | StaticSelectMenu, *, hint: str = "", optional: bool = True
    ) -> None:
        label, id_ = words.text(f"item.{name.replace('_', '-')}-field"), block_id(name, state.attempt)
        blocks[name] = InputBlock(
            PlainText(label), element, block_id=id_, hint=PlainText(hint) if hint else None, optional=optional
        )

    blocks: dict[Field, InputBlock] = {}
    block(Field.NAME, _text_input(Field.NAME, entry.name, NAME_LENGTH), optional=False)
    tail = words.text(
        "form.description-hidden", shown=words.number(DESCRIPTION_LENGTH), hidden=words.number(state.hidden)
    )
    block(
        Field.DESCRIPTION,
        _text_input(Field.DESCRIPTION, entry.description, DESCRIPTION_LENGTH, multiline=True),
        hint=tail if state.hidden else "",
    )
    example = words.text("form.price-hint", example=words.plain_price(Decimal("1234.5")))
    block(Field.PRICE, _text_input(Field.PRICE, entry.unit_price, _PRICE_LENGTH), hint=example, optional=False)
    block(Field.TAX, _select(Field.TAX, tax_options(words, taxes, entry.tax), entry.tax))
    block(Field.UNIT, _select(Field.UNIT, unit_options(words, entry.unit), entry.unit))
    return blocks


def _text_input(name: Field, value: str, limit: int, *, multiline: bool = False) -> PlainTextInput:
    return PlainTextInput(name, initial_value=value or None, multiline=multiline, max_length=limit)


def _select(name: Field, options: list[Option], chosen: str) -> StaticSelectMenu:
    value = _value(chosen)
    initial = next((choice for choice in options if choice.value == value), options[0])
    return StaticSelectMenu(name, options, initial_option=initial)


def _value(chosen: str) -> str:
    return _PREFIX + chosen if chosen else _NONE


def unit_options(words: Words, present: str) -> list[Option]:
    """Return the units that the service accepts, none, and the item's own where it is another."""
    others = [present] if present and present not in UNITS else []
    named = [option(unit_label(words, unit), _value(unit)) for unit in (*UNITS, *_fitting(others))]
    return [option(words.text("unit.none"), _NONE), *named]


def tax_options(words: Words, taxes: Sequence[Tax] | None, present: str) -> list[Option]:
    """Return the account's taxes, none, and the item's own where the account no longer lists it."""
    listed = [tax for tax in taxes or () if _fitting([tax.name])][: _OPTIONS - 2]
    options = [option(words.text("tax.none"), _NONE)]
    if present and all(tax.name != present for tax in listed):
        label = present if taxes is None else words.text("tax.unlisted", name=present)
        options += [option(label, _value(name)) for name in _fitting([present])]
    labels = ((tax, words.text("tax.label", name=tax.name, rate=words.percent(tax.value))) for tax in listed)
    return [*options, *(option(label, _value(tax.name)) for tax, label in labels)]


def _fitting(names: Iterable[str]) -> list[str]:
    """Leave out names too long for an option's value: a clipped one would be sent back as another."""
    return [name for name in names if len(_value(name)) <= OPTION_VALUE]
