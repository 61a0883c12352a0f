from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.invoicexpress.errors import FieldMessage
from bot.invoicexpress.refusal import messages_of

TAKEN = "Nome não está disponível"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"errors": [{"error": TAKEN}]}, None),
        ([["name", TAKEN]], "name"),
        ({"errors": {"error": TAKEN}}, None),
        ({"errors": [TAKEN]}, None),
        ({"errors": {"name": [TAKEN]}}, "name"),
        ({"name": [TAKEN]}, "name"),
        ({"error": TAKEN}, None),
        ({"message": TAKEN}, None),
        (TAKEN, None),
        ([["name", [TAKEN]]], "name"),
        ({"errors": {"unit_price": TAKEN}}, "unit_price"),
        ({"errors": {"unit": [TAKEN]}}, "unit"),
        ({"errors": {"tax": {"name": [TAKEN]}}}, "name"),
        ({"errors": {"tax": [TAKEN]}}, "tax"),
        ({"errors": {"description": [TAKEN]}}, "description"),
        ({"errors": {"fiscal_id": [TAKEN]}}, None),
        ({"status": 422, "code": "422", "error": TAKEN, "errors": None}, None),
        ({"errors": [TAKEN, TAKEN]}, None),
    ],
)
def test_each_shape_gives_its_sentence_and_the_field_it_names(body: object, field: str | None) -> None:
    assert messages_of(json.dumps(body).encode()) == (FieldMessage(TAKEN, field),)


def test_several_sentences_keep_their_order_and_fields() -> None:
    body = b'{"errors": {"name": ["taken", "too long"], "unit": ["unknown"], "base": ["no"]}}'
    assert messages_of(body) == (
        FieldMessage("taken", "name"),
        FieldMessage("too long", "name"),
        FieldMessage("unknown", "unit"),
        FieldMessage("no"),
    )


def test_a_pair_that_names_no_field_is_two_sentences() -> None:
    assert messages_of(b'["first", "second"]') == (FieldMessage("first"), FieldMessage("second"))


def test_plain_text_is_one_sentence() -> None:
    assert messages_of("  Preço inválido \n".encode()) == (FieldMessage("Preço inválido"),)
    assert messages_of(b"caf\xe9") == (FieldMessage("caf\N{REPLACEMENT CHARACTER}"),)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"\n",
        b"null",
        b"{}",
        b"[]",
        b"422",
        b"<html><body><h1>Unprocessable</h1></body></html>",
        b"  <!DOCTYPE html>\n<html>",
        b'{"errors": [{"error": "cut o',
        b"[" * 100_000,
        b"[" * 50 + b'"too deep"' + b"]" * 50,
    ],
)
def test_a_body_without_sentences_gives_none(body: bytes) -> None:
    assert messages_of(body) == ()


def test_a_flood_is_bounded() -> None:
    found = messages_of(json.dumps([f"sentence {number} " + "x" * 5000 for number in range(100)]).encode())
    assert len(found) == 20
    assert all(len(message.text) == 2000 for message in found)


def test_a_sentence_can_always_be_stored() -> None:
    (message,) = messages_of(rb'{"error": "half \ud83d pair"}')
    assert message.text == "half ? pair"


anything = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5) | st.sampled_from(["name", "tax"]),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(["name", "errors", "x"]), inside, max_size=3)
    ),
)


@given(anything.map(lambda body: json.dumps(body).encode()) | st.binary(max_size=40))
def test_no_body_is_too_odd(body: bytes) -> None:
    assert all(message.text for message in messages_of(body))
