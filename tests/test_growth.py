"""No text whose length others choose costs more than its length: ten times the text, some ten times the work."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Final

import pytest
from pydantic import SecretStr

from bot.access import Permission
from bot.catalog import Standing
from bot.catalog.entries import client_entry, client_forms, item_entry, item_forms
from bot.catalog.folding import fold, joined_numbers, words
from bot.clients import views as client_views
from bot.i18n import Words
from bot.invoicexpress import answers, refusal, values
from bot.invoicexpress.models import Client, Contact, Item, ItemTax
from bot.invoicexpress.wire import Answer
from bot.items import command, entry, price, views
from bot.scrubber import Scrubber
from bot.slack import text as slack_text
from bot.slack.blocks import quoted
from bot.slack.lists import none_sentence
from bot.slack.verbs import read_invocation

LONG: Final = 100_000
TOO_MUCH: Final = 40
"""Times the work of a tenth of the text: twice the work at each doubling is 10, four times is 100."""
SHORTEST: Final = 0.002
"""Seconds below which a figure says nothing."""

ENGLISH: Final = Words("en")

TEXTS: Final[dict[str, str]] = {
    "digits": "7",
    "spaces": " ",
    "letters": "x",
    "numbers in groups": "796 1350-07 ",
    "a grouped price": "1.234,5",
    "letters with marks": "ã",
    "marks of two orders": "\u0315\u0316",
    "letters that are many": "\ufdfa",
    "unseen marks": "\u200b\u202e",
    "line ends": "\r\n\t",
    "emoji that are joined": "👩\u200d",
    "brackets": "[{(",
    "quotes": "«\"'\\",
    "escapes": "&amp;&",
    "addresses": "xoxb-api_key=https://hooks.slack.com/",
    "currency signs": "€ eur ",
    "signs": "+-=",
    "half an emoji": "\ud83d",
}


def item_of(text: str) -> Item:
    tax = ItemTax(id=1, name=text, value=Decimal(23))
    return Item(id=1, name=text, description=text, unit_price=Decimal(1), unit=text, tax=tax)


def client_of(text: str) -> Client:
    fields = dict.fromkeys(("name", "code", "email", "address", "city", "postal_code", "country"), text)
    contact = Contact(name=text, email=text, phone=text)
    more = dict.fromkeys(("fiscal_id", "website", "phone", "fax", "observations"), text)
    return Client(id=1, preferred_contact=contact, **fields, **more)


def read_price(text: str) -> None:
    try:
        price.read_price(text)
    except price.PriceRefused as refused:
        entry.price_sentence(refused, ENGLISH, text)


def page_of(text: str) -> Answer:
    whole = values.json_text(text)
    fields = ("name", "description", "unit_price", "unit", "tax", "discount")
    record = ", ".join(f'"{field}": {whole}' for field in fields)
    return Answer(200, {}, f'{{"items": [{{"id": 1, {record}}}, {{"id": {whole}}}]}}'.encode())


def body_of(text: str) -> bytes:
    return f'{{"errors": [{{"error": {values.json_text(text)}}}]}}'.encode()


PARSERS: Final[dict[str, Callable[[str], object]]] = {
    "a price": read_price,
    "a price between digits": lambda text: read_price(f"1{text}1"),
    "an invocation": lambda text: read_invocation(text, command.USAGE),
    "an id": command.typed_id,
    "a name as typed": entry.as_typed,
    "fold": fold,
    "words": words,
    "numbers that are joined": joined_numbers,
    "an item's document": lambda text: item_entry(item_of(text)),
    "a client's document": lambda text: client_entry(client_of(text)),
    "a query for items": item_forms,
    "a query for clients": client_forms,
    "escaped": slack_text.escape,
    "unescaped": slack_text.unescape,
    "clipped": lambda text: slack_text.clip(text, len(text) - 1),
    "clipped when escaped": lambda text: slack_text.clip_escaped(text, len(text) - 1),
    "on one line": slack_text.one_line,
    "visible": slack_text.visible,
    "quoted": quoted,
    "none found": lambda text: none_sentence(ENGLISH, "items", text, Standing()),
    "an item's card": lambda text: views.card(ENGLISH, item_of(text), frozenset(Permission)),
    "an item's row": lambda text: views.row(item_of(text), "en"),
    "an item's option": lambda text: views.option(item_of(text), "en"),
    "a client's card": lambda text: client_views.card(ENGLISH, client_of(text)),
    "a client's row": lambda text: client_views.row(client_of(text), "en"),
    "a refusal": lambda text: refusal.messages_of(text.encode(errors="replace")),
    "a refusal in JSON": lambda text: refusal.messages_of(body_of(text)),
    "a page of items": lambda text: answers.read_items(page_of(text), 1),
    "an amount": values.amount_of,
    "a value as JSON": values.json_text,
    "scrubbed": Scrubber([SecretStr("a-secret")]),
}


def seconds(parse: Callable[[str], object], text: str) -> float:
    """Return the processor's time that this thread takes; what else the machine does is no part of it."""
    began = time.thread_time()
    parse(text)
    return time.thread_time() - began


@pytest.mark.parametrize("shape", TEXTS)
@pytest.mark.parametrize("parser", PARSERS)
def test_the_work_grows_with_the_text_and_no_faster(parser: str, shape: str) -> None:
    parse, shortest = PARSERS[parser], TEXTS[shape]
    texts = [(shortest * (length // len(shortest) + 1))[:length] for length in (LONG // 100, LONG // 10, LONG)]
    if shape == "marks of two orders":  # all of one, then all of the other
        texts = ["".join(sorted(text)) for text in texts]
    for shorter, longer in itertools.pairwise(texts):  # a thousand first: what fails, fails soon
        few = max(SHORTEST, seconds(parse, shorter))
        much = min(seconds(parse, longer) for _ in range(2))
        assert much < TOO_MUCH * few
