from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access import Permission
from bot.app import USAGES
from bot.i18n import Words
from bot.items.command import USAGE, VERBS
from bot.slack.replies import message
from bot.slack.verbs import Invocation, Usage, Verb, help_content, read_invocation


@pytest.mark.parametrize(
    ("text", "verb", "argument"),
    [
        ("", "", ""),
        ("  ", "", ""),
        ("café", "", "café"),
        ("  café  expresso ", "", "café  expresso"),
        ("new", "new", ""),
        ("NOVO", "new", ""),
        ("new Chá de menta", "new", "Chá de menta"),
        ("new\u00a0Chá", "new", "Chá"),
        ("new\n Chá ", "new", "Chá"),
        ("novo “Chá de menta”", "new", "Chá de menta"),
        ("newspaper", "", "newspaper"),
        ("news new", "", "news new"),
        ('"new"', "", "new"),
        ("“new”", "", "new"),
        ("„neu“", "", "neu"),
        ("‘new’", "", "new"),
        ("’new’", "", "new"),
        ("«novo»", "", "novo"),
        ("'new'", "", "new"),
        ('" new "', "", "new"),
        ('""', "", ""),
        ('"', "", '"'),
        ('"new', "", '"new'),
        ('1/2"', "", '1/2"'),
        ("delete 402321", "delete", "402321"),
        ("eliminar 402321", "delete", "402321"),
    ],
)
def test_what_was_typed(text: str, verb: str, argument: str) -> None:
    assert read_invocation(text, USAGE) == Invocation(verb, argument)


@given(st.text())
def test_anything_can_be_typed(text: str) -> None:
    invocation = read_invocation(text, USAGE)
    assert invocation.argument == invocation.argument.strip()
    assert invocation.argument in text


@pytest.mark.parametrize("usage", USAGES, ids=lambda usage: usage.id)
def test_every_name_means_its_verb(usage: Usage) -> None:
    for verb in usage.verbs:
        for name in chain.from_iterable(verb.names.values()):
            assert read_invocation(f"{name.upper()} x", usage) == Invocation(verb.id, "x")


@given(st.sampled_from(VERBS), st.sampled_from("\"“‘«'"))
def test_quotes_force_a_look_up(verb: Verb, opening: str) -> None:
    closing = {"“": "”", "‘": "’", "«": "»"}.get(opening, opening)
    for name in chain.from_iterable(verb.names.values()):
        assert read_invocation(f"{opening}{name}{closing}", USAGE) == Invocation("", name)


def test_the_help_of_somebody_who_may_nothing_names_no_verb() -> None:
    shown = message(help_content(Words("en"), (USAGE,), ()))
    assert [block["type"] for block in shown["blocks"]] == ["header", "context"]


def test_the_other_language_s_command_is_named() -> None:
    other = Usage("items", {"en": "/stock", "pt": "/existências"}, VERBS)
    both = str(message(help_content(Words("en"), (USAGE, other), Permission)))
    assert "/artigos and /existências do the same." in both
    alone = str(message(help_content(Words("pt"), (other,), Permission)))
    assert "/stock faz o mesmo." in alone
