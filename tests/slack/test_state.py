from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FormExpired
from bot.slack.lists import Page, page_of
from bot.slack.state import Origin, Spoken, attempt_in, channel_in, language_in, placed, record_id


@given(st.text(max_size=300), st.integers(-10, 10**6))
def test_a_page_travels_in_a_button(query: str, offset: int) -> None:
    page = page_of(query, offset)
    assert Page.load(page.dump()) == page
    assert len(page.dump()) <= 2000
    assert page.offset >= 0


def test_an_origin_travels_in_metadata() -> None:
    origin = Origin(response_url="https://hooks.slack.com/actions/1", replace=True, view="V1", finder="items.pick")
    assert Origin.load(origin.dump()) == origin
    assert Origin().dump() == "{}"
    assert Origin.load("") == Origin()


@pytest.mark.parametrize(
    "text",
    [
        "garbage",
        "[]",
        "null",
        "7",
        '{"version": 2}',
        '{"version": "x"}',
        '{"offset": -1}',
        '{"offset": 100000000}',
        '{"offset": "many"}',
        '{"query": 7}',
        '{"version": 2, "query": "a"}',
        "{" * 3000,
    ],
)
def test_state_of_another_version_or_none_of_ours_is_expired(text: str) -> None:
    with pytest.raises(FormExpired):
        Page.load(text)


class Later(Page):
    """A page as a later version of the bot writes it."""

    VERSION = 2

    order: str = "name"


@pytest.mark.parametrize(
    "text",
    [
        '{"query": "a", "order": "name"}',
        '{"query": "a", "filters": {"unit": ["hour"], "deep": [[[1]]]}}',
        '{"query": "a", "version": 1, "offset": 0, "": null}',
    ],
)
def test_what_a_newer_version_has_added_is_ignored(text: str) -> None:
    assert Page.load(text) == Page(query="a")


def test_state_that_another_version_would_misunderstand_is_refused_by_its_version_alone() -> None:
    assert Later.load(Later(query="a", order="price").dump()).order == "price"
    for reader, written in ((Page, Later(query="a")), (Later, Page(query="a"))):
        with pytest.raises(FormExpired):
            reader.load(written.dump())


class LaterOrigin(Origin):
    """Where a form was opened from, as a later version remembers it."""

    VERSION = 3


class Form(Spoken):
    """A form whose origin is state, too."""

    origin: Origin = Origin()


class LaterForm(Spoken):
    """The same, of a later version."""

    origin: LaterOrigin = LaterOrigin()


def test_state_within_state_has_a_version_of_its_own() -> None:
    form = LaterForm(origin=LaterOrigin(view="V1"))
    assert LaterForm.load(form.dump()) == form
    with pytest.raises(FormExpired):
        Form.load(form.dump())
    assert Form.load('{"origin": {"view": "V1", "place": "a tab"}}').origin == Origin(view="V1")


def test_a_language_that_only_a_newer_version_speaks_is_no_reason_to_refuse_its_forms() -> None:
    assert Spoken.load('{"language": "fr", "channel": "C1"}') == Spoken(language="en", channel="C1")


@pytest.mark.parametrize("value", ["", "x", "-1", "1.5", "7 ", "²", "½"])
def test_a_button_that_names_no_record_is_expired(value: str) -> None:
    with pytest.raises(FormExpired):
        record_id(value)


def test_a_record_is_named_by_its_number() -> None:
    assert record_id("402321") == 402321


@pytest.mark.parametrize(
    ("metadata", "language", "channel", "attempt"),
    [
        (Spoken(language="pt", channel="C1", attempt=3).dump(), "pt", "C1", 3),
        (Spoken(language="pt").dump(), "pt", "", 0),
        ("", None, "", 0),
        ("garbage", None, "", 0),
        ('{"language": "fr"}', None, "", 0),
        ('{"language": 7}', None, "", 0),
        ('{"attempt": "x"}', None, "", 0),
        ('{"language": "en", "retired": 1}', "en", "", 0),
    ],
)
def test_what_any_metadata_tells(metadata: str, language: str | None, channel: str, attempt: int) -> None:
    assert (language_in(metadata), channel_in(metadata), attempt_in(metadata)) == (language, channel, attempt)


def test_a_view_remembers_where_it_was_opened() -> None:
    marked = placed(Spoken(language="pt").dump(), "C1")
    assert marked is not None
    assert json.loads(marked) == {"language": "pt", "channel": "C1"}
    assert placed(marked, "") == marked
    assert placed(None, "C1") is None


@given(st.text(max_size=60))
def test_to_remember_where_costs_no_more_than_that(text: str) -> None:
    metadata = Origin(finder=text).dump()
    marked = placed(metadata, "C1")
    assert marked is not None
    assert len(marked) <= len(metadata) + len(',"channel":"C1"')
