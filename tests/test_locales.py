"""Both languages say everything, with the same placeholders, and nothing stands there unused."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.access import Permission
from bot.app import USAGES
from bot.catalog.model import KindName
from bot.errors import BotError
from bot.history import Change, Outcome
from bot.i18n import LANGUAGES
from bot.invoicexpress.models import UNITS
from bot.items.entry import Side
from bot.items.fields import Field
from bot.items.price import PriceProblem

BOT = Path(__file__).parent.parent / "bot"
PLACEHOLDER = re.compile(r"{(\w+)}")
UNSHOWN = {"error.account"}
"""The key of an error that nobody reads, because it is only the root of its branch."""
KEY = re.compile(r"[a-z]+\.[a-z][a-z0-9-]*(\.[a-z-]+)?")


def catalogue(language: str) -> Catalog:
    with (BOT / "locales" / f"{language}.po").open("rb") as file:
        return read_po(file)


def keys(language: str) -> dict[str, str]:
    """Return every key with its sentence; the forms of a plural one after the other."""
    found = {}
    for message in catalogue(language):
        several = message.string if isinstance(message.string, tuple) else (message.string,)
        forms = [str(form) for form in several]
        if message.id:
            assert all(forms)
            found[message.id[0] if message.pluralizable else str(message.id)] = " ".join(forms)
    return found


def derived() -> set[str]:
    """Return the keys that the code puts together."""
    verbs = {f"verb.{usage.id}.{verb.id}" for usage in USAGES for verb in usage.verbs}
    fields = {f"item.{field.replace('_', '-')}-field" for field in Field}
    prices = {f"form.price-{problem}" for problem in PriceProblem}
    named = {f"unit.{unit}" for unit in UNITS} | {f"permission.{permission}" for permission in Permission}
    ended = {f"trail.outcome-{outcome}" for outcome in Outcome if outcome is not Outcome.SUCCEEDED}
    settled = {f"settled.{action}-{how}" for action in Change for how in ("done", "not-done", "unknown")}
    sides = {f"form.choice-{side}" for side in Side}
    walked = {f"refresh.{what}" for kind in get_args(KindName) for what in (f"progress-{kind}", kind, f"{kind}-failed")}
    none = {
        f"{kind}.{how}" for kind in get_args(KindName) for how in ("none", "none-found", "none-so-far", "none-read")
    }
    unsendable = {f"form.unsendable-{field}" for field in Field}
    return (
        verbs
        | fields
        | unsendable
        | prices
        | named
        | ended
        | settled
        | sides
        | walked
        | none
        | {"error.rejected-silently"}
    )


def errors(root: type[BotError] = BotError) -> set[type[BotError]]:
    return {root}.union(*(errors(child) for child in root.__subclasses__()))


def written() -> set[str]:
    """Return every string in the code that has the shape of a key."""
    found = set()
    for path in BOT.rglob("*.py"):
        if "sandbox" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                    found.add(node.value)
    return found


def test_every_language_has_the_same_keys() -> None:
    assert keys("en").keys() == keys("pt").keys()


@pytest.mark.parametrize("key", sorted(keys("en")))
def test_a_sentence_is_there_with_the_same_placeholders(key: str) -> None:
    texts = [keys(language)[key] for language in LANGUAGES]
    assert len({frozenset(PLACEHOLDER.findall(text)) for text in texts}) == 1


def test_no_sentence_is_unused() -> None:
    assert keys("en").keys() - written() - derived() == set()


def test_every_error_has_a_sentence() -> None:
    shown = {error.key for error in errors() if hasattr(error, "key")} - UNSHOWN
    assert shown | derived() <= keys("en").keys()
