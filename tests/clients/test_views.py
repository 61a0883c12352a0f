"""Clients as people see them, whatever the account holds of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clients.command import opening_of
from bot.clients.views import answer, card, client_blocks, details, option, row, shared, short_name
from bot.i18n import LANGUAGES, Words
from bot.invoicexpress.models import Client, Contact
from bot.invoicexpress.reading import client_of
from bot.sandbox.slack.blockkit import check_message
from bot.slack.payloads import Command
from bot.slack.replies import message
from bot.slack.routing import Opening

EN, PT = Words("en"), Words("pt")
FIELDS = sorted(set(Client.model_fields) - {"id", "preferred_contact", "unread"})
TEXT = st.text(max_size=40) | st.sampled_from(["\u200b", " ", "\n", "\u202e", "x" * 4000, "*a* <b> & _c_"])


def client(**fields: Any) -> Client:
    return Client(id=7, **fields)


def values(shown: Client) -> str:
    return str([block._resolve() for block in client_blocks(EN, shown)])


def test_a_name_is_one_line_and_never_empty() -> None:
    assert short_name(client(name=" Smith & Sons\nLondon  office "), EN) == "Smith & Sons London office"
    assert short_name(client(), EN) == "(no name)"
    assert short_name(client(name="\u200b"), PT) == "(sem nome)"
    assert len(short_name(client(name="x" * 500), EN)) == 120


def test_what_a_list_and_the_finder_show_is_kept_until_the_record_changes() -> None:
    before, after = client(name="Padaria", city="Porto"), client(name="Padaria", city="Braga")
    for view in (row, option):
        assert view(before, "en") is view(client(name="Padaria", city="Porto"), "en")
        assert "Porto" in str(view(before, "en"))
        assert "Braga" in str(view(after, "en"))


def test_the_details_of_a_list() -> None:
    full = client(fiscal_id="508 025 338", code="PAD-7", city="Porto", email="geral@padaria.example")
    assert details(EN, full) == "fiscal id 508 025 338 · code PAD-7 · Porto · geral@padaria.example"
    assert details(PT, full) == "NIF 508 025 338 · código PAD-7 · Porto · geral@padaria.example"
    assert details(EN, client(city="Porto")) == "Porto"
    assert details(EN, client()) == "no more details"


def test_an_answer_in_one_line_is_no_markup() -> None:
    assert answer(EN, client(name="<!channel>", city="A & B")) == "&lt;!channel&gt;: A &amp; B"


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"address": "Rua A\r\n2.º"}, "Rua A\\n2.º"),
        ({"address": "\n Rua A \n\n"}, "Rua A"),
        ({"postal_code": "1000-001", "city": "Lisboa"}, "1000-001 Lisboa"),
        ({"city": "Lisboa", "country": "Portugal"}, "Lisboa\\nPortugal"),
        ({"country": "Portugal"}, "Portugal"),
    ],
)
def test_an_address_is_written_as_on_an_envelope(fields: dict[str, str], address: str) -> None:
    assert f"'text': '{address}'" in values(client(**fields))


def test_what_is_unknown_of_a_client_is_shown_so() -> None:
    odd = {"name": {}, "country": {}, "fiscal_id": [], "preferred_contact": "Rui", "observations": {}}
    one = client_of({"id": 7, "city": "Porto", "email": "geral@padaria.example"} | odd)
    assert one is not None
    assert short_name(one, EN) == "(unknown name)"
    assert details(EN, one) == "Porto · geral@padaria.example · (the rest is unknown)"
    assert details(PT, client(unread=("code",))) == "(o resto não se sabe)"
    told = values(one)
    assert "Porto\\n(the rest is unknown)" in told
    assert told.count("'unknown'") + told.count(" unknown") >= 2
    assert "Preferred contact:" in told
    assert "Observations:" in told


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        (Contact(name="Rui", email="r@x.example", phone="912"), "Rui · r@x.example · 912"),
        (Contact(email="r@x.example"), "r@x.example"),
        (Contact(name=" "), None),
        (None, None),
    ],
)
def test_the_preferred_contact(contact: Contact | None, shown: str | None) -> None:
    told = values(client(preferred_contact=contact))
    assert ("Preferred contact:" in told) is (shown is not None)
    assert shown is None or f"'text': '{shown}'" in told


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(FIELDS), TEXT), st.none() | st.builds(Contact, name=TEXT, email=TEXT, phone=TEXT)
)
def test_slack_takes_the_card_of_any_client(fields: dict[str, str], contact: Contact | None) -> None:
    one = client(**fields, preferred_contact=contact)
    for language in LANGUAGES:
        for content in (card(Words(language), one), shared(Words(language), one, "U1")):
            check_message(message(content))


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("find", Opening("clients.find", "")),
        ("procurar", Opening("clients.find", "")),
        ("procurar x", None),
        ("padaria", None),
        ("", None),
    ],
)
def test_which_command_opens_the_finder(text: str, opening: Opening | None) -> None:
    assert opening_of(Command("U1", "/clients", text, "https://x", "1.2", "C1")) == opening
