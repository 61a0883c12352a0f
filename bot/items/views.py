"""Items as people see them: the card, the list, the outcome of a write. Pure: records in, blocks out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from slackblocks import Block

from bot.access import Permission
from bot.catalog import Standing
from bot.i18n import Language, Words
from bot.invoicexpress.models import UNITS, Item, ItemDraft
from bot.items import ids
from bot.items.fields import Field
from bot.slack.blocks import BUTTON_VALUE, Button, Content, Row, actions, button, heading, note, paragraph, quoted, rows
from bot.slack.finder import KEPT, plain_option
from bot.slack.lists import KEPT_PAGES, PAGE_SIZE, list_row, none_sentence
from bot.slack.sharing import shared_content
from bot.slack.text import clip, escape, one_line, visible

_NAME = 120
"""Characters of a name that an answer in one line shows."""


def short_name(item: Item | ItemDraft, words: Words) -> str:
    """Return the name on one line."""
    key = "item.name-unknown" if "name" in item.unknown else "item.unnamed"
    return clip(one_line(item.name), _NAME) or words.text(key)


def field_label(words: Words, field: Field) -> str:
    """Return the label of a field in a form."""
    return words.text(f"item.{field.replace('_', '-')}-field")


def unit_label(words: Words, unit: str) -> str:
    """Return a unit in the reader's language; one that the service does not document stays as it is."""
    return words.text(f"unit.{unit}") if unit in UNITS else clip(one_line(unit), _NAME) or words.text("unit.none")


def tax_label(words: Words, item: Item) -> str:
    """Return the name and the rate of an item's tax."""
    name = _tax_name(words, item)
    if item.tax is None or (item.tax.value is None and not item.tax.name):
        return name or words.text("tax.none")
    return rated(words, name, item.tax.value)


def rated(words: Words, name: str, rate: Decimal | None) -> str:
    """Return the name of a tax with its rate."""
    if rate is None:
        return words.text("tax.rate-unknown", name=name)
    return words.text("tax.label", name=name, rate=words.percent(rate))


def _tax_name(words: Words, item: Item) -> str:
    """Return what an item's tax is called; empty where it has none."""
    if item.tax is None:
        return words.text("tax.unknown") if "tax" in item.unknown else ""
    return clip(one_line(item.tax.name), _NAME) or words.text("tax.unnamed")


def exact_price(words: Words, amount: Decimal | None) -> str:
    """Return a price with all its digits, or that it is unknown."""
    return words.text("value.unknown") if amount is None else words.exact_money(amount)


def _short_price(words: Words, item: Item) -> str:
    return words.text("item.price-unknown") if item.unit_price is None else words.money(item.unit_price)


def price_and_tax(words: Words, item: Item) -> str:
    """Return the answer to "what does it cost": `1,20 € + IVA23`."""
    tax = _tax_name(words, item)
    key = "item.price-and-tax" if tax else "item.price-without-tax"
    return words.text(key, price=_short_price(words, item), tax=tax)


def details(words: Words, item: Item) -> str:
    """Return what a list shows beside the name."""
    unit = words.text("unit.unknown") if "unit" in item.unknown else item.unit
    before, after = _around_the_price(words.language, _tax_name(words, item), unit)
    return f"{before}{_short_price(words, item)}{after}"


@lru_cache(maxsize=1024)
def _around_the_price(language: Language, tax: str, unit: str) -> tuple[str, str]:
    """Return what stands before and after the price beside a name.

    An account has few taxes and units, and this is asked a hundred times at each keystroke.
    """
    words = Words(language)
    key = "item.price-and-tax" if tax else "item.price-without-tax"
    text = words.text(key, price="\0", tax=tax)
    if unit:
        text = f"{text} · {unit_label(words, unit)}"
    before, _, after = text.partition("\0")
    return before, after


@lru_cache(maxsize=PAGE_SIZE * KEPT_PAGES)
def row(item: Item, language: Language) -> Block:
    """Return an item as a row of a list."""
    words = Words(language)
    return list_row(words, short_name(item, words), details(words, item), ids.OPEN, str(item.id))


@lru_cache(maxsize=KEPT)
def option(item: Item, language: Language) -> dict[str, Any]:
    """Return an item as an option of the select that finds one."""
    words = Words(language)
    return plain_option(f"{short_name(item, words)} · {details(words, item)}", str(item.id))


def item_rows(words: Words, item: Item) -> list[Row]:
    """Return the labelled values of an item. The net price is exact, the price with tax is rounded to the cent."""
    gross = item.gross_price
    return [
        Row(words.text("item.net-price"), exact_price(words, item.unit_price)),
        Row(words.text("item.tax"), tax_label(words, item)),
        Row(words.text("item.gross-price"), words.text("value.unknown") if gross is None else words.money(gross)),
        Row(words.text("item.unit"), _unit(words, item)),
    ]


def _unit(words: Words, item: Item) -> str:
    return words.text("value.unknown") if "unit" in item.unknown else unit_label(words, item.unit)


def item_blocks(words: Words, item: Item) -> list[Block]:
    """Return an item without buttons."""
    blocks: list[Block] = [heading(short_name(item, words))]
    if visible(item.description).strip():
        blocks.append(quoted(item.description))
    told = [Row(words.text("item.description"), words.text("value.unknown"))] if "description" in item.unknown else []
    blocks.append(rows(*told, *item_rows(words, item)))
    return blocks


def card(
    words: Words, item: Item, granted: Iterable[Permission], *, remarks: str = "", trail: Block | None = None
) -> Content:
    """Return an item with the buttons that this person may use.

    Args:
        words: the reader's language.
        item: the item.
        granted: the person's permissions.
        remarks: sentences on what the card rests on; empty where the item has just been read.
        trail: who changed it last; None where nobody did through this app.
    """
    may = frozenset(granted)
    id_, name = str(item.id), short_name(item, words)
    buttons: list[Button] = []
    if Permission.EDIT in may:
        label = words.text("item.edit-label", name=name)
        buttons.append(button(words.text("action.edit"), ids.EDIT, id_, label=label, style="primary"))
    if Permission.DELETE in may:
        buttons.append(
            button(words.text("action.delete"), ids.DELETE, id_, label=words.text("item.delete-label", name=name))
        )
    buttons.append(button(words.text("action.share"), ids.SHARE, id_, label=words.text("item.share-label", name=name)))
    small = " ".join(part for part in (words.text("item.number", id=id_), remarks) if part)
    blocks = (*item_blocks(words, item), *([trail] if trail else []), *actions(*buttons), note(small))
    return Content(words.text("item.title"), answer(words, item), blocks)


def answer(words: Words, item: Item) -> str:
    """Return an item in one line, for a notification or a screen reader: `Café Expresso: 1,20 € + IVA23`."""
    return escape(words.text("item.answer", name=short_name(item, words), price=price_and_tax(words, item)))


def shared(words: Words, item: Item, person: str) -> Content:
    """Return an item for everybody in a channel, with who shared it."""
    title, blocks = words.text("item.title"), item_blocks(words, item)
    return shared_content(words, person, title, answer(words, item), blocks)


def nothing_found(
    words: Words, query: str, granted: Iterable[Permission], standing: Standing, *, remarks: str = ""
) -> Content:
    """Return that nothing was found, with the offer to create it where it is certain that there is none.

    Args:
        words: the reader's language.
        query: what was looked for; empty where there is no item at all.
        granted: the reader's permissions.
        standing: what the copy can tell.
        remarks: how far this can be relied on; empty where the copy is fresh.
    """
    sentence = none_sentence(words, "items", query, standing)
    blocks: list[Block] = [paragraph(sentence)]
    if Permission.CREATE in frozenset(granted) and not standing.has_gaps:
        blocks += actions(button(words.text("items.create-it"), ids.NEW, one_line(query)[:BUTTON_VALUE]))
    if remarks:
        blocks.append(note(remarks))
    return Content(words.text("item.title"), escape(sentence), tuple(blocks))


def changes(words: Words, before: Item, after: Item) -> list[Row]:
    """Return what differs between two states of an item, each as before → after."""

    def name(item: Item) -> str:
        return words.text("value.unknown") if "name" in item.unknown else one_line(item.name)

    pairs = [
        ("item.name", name(before), name(after), before.name != after.name),
        ("item.description", *_excerpts(words, before, after), before.description != after.description),
        (
            "item.net-price",
            exact_price(words, before.unit_price),
            exact_price(words, after.unit_price),
            before.unit_price != after.unit_price,
        ),
        ("item.tax", tax_label(words, before), tax_label(words, after), before.tax != after.tax),
        ("item.unit", _unit(words, before), _unit(words, after), before.unit != after.unit),
    ]
    return [Row(words.text(key), f"{old} → {new}") for key, old, new, changed in pairs if changed]


def _excerpts(words: Words, before: Item, after: Item) -> tuple[str, str]:
    def excerpt(item: Item) -> str:
        if "description" in item.unknown:
            return words.text("value.unknown")
        return clip(one_line(item.description), 300) or words.text("item.no-description")

    return excerpt(before), excerpt(after)
