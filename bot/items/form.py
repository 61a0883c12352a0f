"""The form for an item as Slack shows it. Pure: what it holds in, a view out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from slackblocks import (
    Block,
    InputBlock,
    ModalView,
    Option,
    PlainText,
    PlainTextInput,
    RadioButtonGroup,
    StaticSelectMenu,
)

from bot.i18n import Words
from bot.invoicexpress.models import UNITS, Tax
from bot.items import ids
from bot.items.entry import (
    DESCRIPTION_LENGTH,
    NAME_LENGTH,
    NONE,
    Entry,
    FormState,
    Side,
    block_id,
    choice_of,
    fits,
    option_value,
)
from bot.items.fields import Field
from bot.items.price import LONGEST
from bot.items.views import field_label, rated, unit_label
from bot.slack.blocks import alert, note, option

_OPTIONS: Final = 100


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with an entry, in the reader's language.

    Attributes:
        text: the sentence above the form; empty where every sentence has its field.
        fields: the sentence under a field.
    """

    text: str = ""
    fields: Mapping[Field, str] = field(default_factory=dict)


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
        blocks.append(alert(trouble.text))
    for name, block in _inputs(words, state, entry, taxes).items():
        blocks.append(block)
        if name in trouble.fields:
            blocks.append(note(f"⚠️ {trouble.fields[name]}"))
        if name in state.clash:
            blocks.append(_choice(words, state, entry, name))
    title = words.text("form.title-new" if state.item is None else "form.title-edit")
    return ModalView(
        PlainText(title),
        blocks,
        close=PlainText(words.text("action.cancel")),
        submit=PlainText(words.text("action.create" if state.item is None else "action.save")),
        callback_id=ids.NEW_FORM if state.item is None else ids.FORM,
        private_metadata=state.dump(),
    )


def _choice(words: Words, state: FormState, entry: Entry, name: Field) -> InputBlock:
    """Return the choice between what was typed in a field and what somebody else stored. Nobody chooses by default."""
    values = dict(zip(Side, state.clash[name], strict=True))
    options = [option(words.text(f"form.choice-{side}", value=value), side) for side, value in values.items()]
    chosen = next((one for one in options if one.value == entry.choices.get(name)), None)
    label = words.text("form.choice", field=field_label(words, name))
    buttons = RadioButtonGroup(choice_of(name), options, initial_option=chosen)
    return InputBlock(PlainText(label), buttons, block_id=block_id(choice_of(name), state.attempt))


def _inputs(words: Words, state: FormState, entry: Entry, taxes: Sequence[Tax] | None) -> dict[Field, InputBlock]:
    def block(
        name: Field, element: PlainTextInput | StaticSelectMenu, *, hint: str = "", optional: bool = True
    ) -> None:
        label, id_ = field_label(words, name), block_id(name, state.attempt)
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
    block(Field.PRICE, _text_input(Field.PRICE, entry.unit_price, LONGEST), hint=example, optional=False)
    block(Field.TAX, _select(Field.TAX, tax_options(words, taxes, entry.tax), entry.tax))
    block(Field.UNIT, _select(Field.UNIT, unit_options(words, entry.unit), entry.unit))
    return blocks


def _text_input(name: Field, value: str, limit: int, *, multiline: bool = False) -> PlainTextInput:
    return PlainTextInput(name, initial_value=value or None, multiline=multiline, max_length=limit)


def _select(name: Field, options: list[Option], chosen: str) -> StaticSelectMenu:
    value = option_value(chosen)
    initial = next((choice for choice in options if choice.value == value), options[0])
    return StaticSelectMenu(name, options, initial_option=initial)


def unit_options(words: Words, present: str) -> list[Option]:
    """Return the units that the service accepts, none, and the item's own where it is another."""
    others = [present] if present and present not in UNITS and fits(present) else []
    named = [option(unit_label(words, unit), option_value(unit)) for unit in (*UNITS, *others)]
    return [option(words.text("unit.none"), NONE), *named]


def tax_options(words: Words, taxes: Sequence[Tax] | None, present: str) -> list[Option]:
    """Return the account's taxes, none, and the item's own where the account no longer lists it."""
    # By name, because it is a name that is sent: two of the same could not be told apart.
    named = {tax.name: tax for tax in reversed(taxes or ()) if tax.name and fits(tax.name)}
    listed = list(reversed(named.values()))[: _OPTIONS - 2]
    options = [option(words.text("tax.none"), NONE)]
    if present and fits(present) and all(tax.name != present for tax in listed):
        gone = taxes is not None and present not in named and all(tax.name for tax in taxes)
        label = words.text("tax.unlisted", name=present) if gone else present
        options.append(option(label, option_value(present)))
    return [*options, *(option(rated(words, tax.name, tax.value), option_value(tax.name)) for tax in listed)]
