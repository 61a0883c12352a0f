"""Oddities of writes: an answer that says something else than what was done, and what is stored otherwise than sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from .answers import Answer, html, succeeded
from .effects import Effect, Instead, Otherwise
from .oddity import CHANGES, ITEM, STORES, Oddity, Setting, answering
from .records import ItemRecord

REASON: Final = "Razão de isenção deve ter uma opção selecionada"
_PAGE: Final = html(200, "Em manutenção", "Voltamos já.")
_UNSUCCESSFUL: Final = succeeded({"success": False})


def _refusal(status: int, sentence: str = REASON) -> Answer:
    return succeeded({"errors": [{"error": sentence}]}, status)


def _storing(change: Callable[[ItemRecord], ItemRecord]) -> Callable[[Setting], Effect]:
    return lambda _: Otherwise(lambda state: replace(state, storing=change))


def _texts(change: Callable[[str], str]) -> Callable[[Setting], Effect]:
    def stored(item: ItemRecord) -> ItemRecord:
        return replace(item, name=change(item.name), description=item.description and change(item.description))

    return _storing(stored)


def _repeats_address(setting: Setting) -> Effect:
    return Instead(_refusal(403, f"Blocked: https://conta.example/items.json?api_key={setting.api_key} (rule 949110)"))


_ANSWERED: Final = (
    Oddity(
        id="delete-ignored",
        does="A delete is answered with success, and nothing is done.",
        method="DELETE",
        make=answering(Answer(200, " ")),
    ),
    Oddity(
        id="delete-refused-done",
        does="A delete is refused with 422, and carried out.",
        method="DELETE",
        after=True,
        make=answering(_refusal(422, "Artigo não pode ser eliminado")),
    ),
    Oddity(
        id="delete-bad-request-done",
        does="A delete is refused with 400 and no reason, and carried out.",
        method="DELETE",
        after=True,
        make=answering(Answer(400)),
    ),
    Oddity(
        id="change-page",
        does="An update or a delete is answered 200 with a page, and nothing is done.",
        method=CHANGES,
        make=answering(_PAGE),
    ),
    Oddity(
        id="change-page-done",
        does="An update or a delete is carried out, and answered 200 with a page.",
        method=CHANGES,
        after=True,
        make=answering(_PAGE),
    ),
    Oddity(
        id="change-unsuccessful",
        does="An update or a delete is answered 200 with success: false, and nothing is done.",
        method=CHANGES,
        make=answering(_UNSUCCESSFUL),
    ),
    Oddity(
        id="change-unsuccessful-done",
        does="An update or a delete is carried out, and answered 200 with success: false.",
        method=CHANGES,
        after=True,
        make=answering(_UNSUCCESSFUL),
    ),
    Oddity(
        id="update-ignored",
        does="An update is answered with success, and nothing is done.",
        method="PUT",
        make=answering(Answer(200, " ")),
    ),
    Oddity(
        id="create-page",
        does="A create is answered 200 with a page, and nothing is done.",
        method="POST",
        make=answering(_PAGE),
    ),
    Oddity(
        id="create-page-done",
        does="A create is carried out, and answered 200 with a page.",
        method="POST",
        after=True,
        make=answering(_PAGE),
    ),
    Oddity(
        id="create-unsuccessful",
        does="A create is answered 200 with success: false, and nothing is done.",
        method="POST",
        make=answering(_UNSUCCESSFUL),
    ),
    Oddity(
        id="create-unsuccessful-done",
        does="A create is carried out, and answered 200 with success: false.",
        method="POST",
        after=True,
        make=answering(_UNSUCCESSFUL),
    ),
)
_REFUSED: Final = (
    *(
        Oddity(
            id=f"refused-{status}",
            does=f"A create or an update is refused with {status} and a reason that names none of its fields.",
            method=STORES,
            make=answering(_refusal(status)),
        )
        for status in (400, 403, 406)
    ),
    Oddity(
        id="refused-old-field",
        does="An update is refused for another field than the one that was changed.",
        method="PUT",
        make=answering(_refusal(422, "Nome não é válido")),
    ),
    Oddity(
        id="refusal-repeats-address",
        does="A create, an update or a delete is refused with a sentence that repeats the address, key and all.",
        method="[PD]*",
        make=_repeats_address,
    ),
)
_STORED: Final = (
    Oddity(
        id="stores-zero-rate",
        does="A tax is stored with its name and the rate 0.",
        method=STORES,
        make=_storing(lambda item: replace(item, tax_value=Decimal(0) if item.tax else None)),
    ),
    Oddity(
        id="stores-no-tax",
        does="A tax is dropped without a word.",
        method=STORES,
        make=_storing(lambda item: replace(item, tax=None, tax_value=None)),
    ),
    Oddity(
        id="clears-unsent",
        does="An update clears what it is not sent, fields that nobody documented among them.",
        method="PUT",
        path=ITEM,
        make=lambda _: Otherwise(lambda state: replace(state, quirks=replace(state.quirks, put_clears=True))),
    ),
    Oddity(
        id="stores-crlf",
        does="Line ends are stored as carriage return and line feed.",
        method=STORES,
        make=_texts(lambda text: re.sub(r"\r?\n", "\r\n", text)),
    ),
    Oddity(id="stores-trimmed", does="The ends of texts are trimmed.", method=STORES, make=_texts(str.strip)),
    Oddity(
        id="stores-single-spaces",
        does="Double spaces are stored as one.",
        method=STORES,
        make=_texts(lambda text: re.sub(" {2,}", " ", text)),
    ),
    Oddity(
        id="stores-composed",
        does="Accents that came as combining marks are stored as one character with their letter.",
        method=STORES,
        make=_texts(lambda text: unicodedata.normalize("NFC", text)),
    ),
)
WRITES: Final = (*(replace(one, once=True) for one in (*_ANSWERED, *_REFUSED)), *_STORED)
"""Those of answers strike one write, those of storing last."""
