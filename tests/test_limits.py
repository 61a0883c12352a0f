"""Whatever an account holds, every view is one that Slack takes, on every surface where it may be shown."""

from __future__ import annotations

import ast
import dataclasses
import itertools
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slackblocks import HomeTabView, ModalView

from bot import clients, home, items
from bot.access import Permission
from bot.app import USAGES
from bot.catalog import Hits, Standing
from bot.clients import views as client_views
from bot.history import Change, Entry, Outcome
from bot.i18n import LANGUAGES, Language, Words
from bot.invoicexpress.models import Item, Tax
from bot.items import deleting, entry, form, outcomes, trail, undo, views
from bot.items.fields import Field, Stored, compared
from bot.sandbox.slack.blockkit import check_message, check_view, options_are_valid
from bot.slack import blocks, finder, lists, problems, sharing, verbs
from bot.slack.blocks import Content
from bot.slack.replies import message
from bot.slack.routing import Opening
from bot.slack.state import Origin
from bot.slack.text import escape
from bot.slack.turn import reading_modal
from tests.worst import LARGEST, SMALLEST, TEXTS, worst_client, worst_item

BOT = Path(__file__).parent.parent / "bot"
SLICES = ("items", "clients", "home.py", "slack")
VIEWS = {"Content", "ModalView", "HomeTabView"}

ALL: Final = frozenset(Permission)
NOW: Final = datetime(2026, 1, 2, tzinfo=UTC)
PLAIN: Final = Item(id=1, name="Café", unit_price=Decimal("0.6504"))
OLD: Final = Standing(partial=True, synced_at=NOW - timedelta(days=300), stale=True)
FAR: Final = Origin(response_url="https://hooks.slack.com/actions/" + "x" * 400, replace=True, finder="items.pick")
TAXES: Final = [Tax(id=number, name=f"Imposto {number} " + "x" * 120, value=Decimal(number)) for number in range(200)]

Shown = Content | ModalView | HomeTabView
Case = Callable[[Words, str], Iterable[Shown]]


def entries_of(text: str) -> list[Entry]:
    """Return writes of every kind and outcome to an item all of whose fields hold this text."""
    item = worst_item(text)
    states = {
        Change.CREATE: (None, item.draft(), item),
        Change.EDIT: (PLAIN, item.draft(), item),
        Change.DELETE: (item, None, None),
    }
    return [
        Entry("r" * 8, NOW, "U" * 11, action, None, text, *states[action], "u" * 8, outcome, NOW)
        for action in Change
        for outcome in (*Outcome, None)
    ]


def refusal(words: Words, text: str) -> str:
    """Return what a person reads where the service refused something in these words."""
    return words.text("error.rejected", messages=text)


def forms(words: Words, text: str) -> list[ModalView]:
    """Return forms for a new item and for one all of whose fields hold this text, with and without trouble."""
    item = worst_item(text)
    typed = entry.Entry(entry.as_typed(text), text[:3000], text[:70], "unit", TAXES[0].name)
    trouble = form.Trouble(refusal(words, text), dict.fromkeys(Field, text))
    new, known = entry.FormState(language=words.language, origin=FAR), entry.state_for(item, words, FAR)
    shown = entry.shown_entry(item, words)
    both = dict.fromkeys(Field, (text[:60], text[-60:]))
    torn = known.model_copy(update={"clash": both})
    chosen = dataclasses.replace(typed, choices=dict(zip(Field, itertools.cycle(entry.Side))))
    return [
        form.form_view(words, torn, typed, TAXES, trouble),
        form.form_view(words, torn, chosen, TAXES, trouble),
        form.form_view(words, new, typed, TAXES),
        form.form_view(words, known, shown, TAXES),
        form.form_view(words, known, shown, None, trouble),
        form.form_view(words, known, typed, TAXES[:1], trouble),
    ]


def saved(words: Words, text: str) -> list[Content]:
    item, button = worst_item(text), undo.undo_button(words, "r" * 8)
    differing = compared(PLAIN.draft(), item)
    return [
        outcomes.saved(words, PLAIN, item.draft(), Stored(item), button),
        outcomes.saved(words, item, PLAIN.draft(), differing, button),
        outcomes.saved(words, item, item.draft(), Stored(None)),
        outcomes.saved(words, item, item.draft(), Stored(item)),
    ]


def lists_of(words: Words, text: str) -> list[Content]:
    item, client = worst_item(text), worst_client(text)
    hits: Hits[Any] = Hits((item,) * 10, 100_000, total_is_exact=False, partial=True, synced_at=NOW, stale=True)
    page = lists.page_of(text, 50_000)
    age = lists.remarks(words, hits, NOW + timedelta(days=3), NOW)
    return [
        lists.list_content(
            words,
            hits,
            [lists.list_row(words, name, details, "items.open", str(number)) for number in range(10)],
            title=title,
            page=page,
            page_id="items.page",
            footer=(blocks.button(words.text("action.find-item"), "items.find"),),
            age=age,
        )
        for name, details, title in (
            (views.short_name(item, words), views.details(words, item), words.text("items.found", query=page.query)),
            (
                client_views.short_name(client, words),
                client_views.details(words, client),
                words.text("clients.found", query=page.query),
            ),
        )
    ]


def history(words: Words, text: str) -> list[Content]:
    page = lists.page_of(text, 10)
    button = undo.undo_button(words, "r" * 8)
    every = entries_of(text)
    return [
        trail.history_content(words, every[:10], 100_000, page, NOW, undo=lambda _: button),
        trail.history_content(words, every[5:], 15, page, NOW, undo=lambda _: None),
        trail.history_content(words, [], 0, page, NOW, undo=lambda _: None),
    ]


def cards(words: Words, text: str) -> list[Content]:
    item = worst_item(text)
    trails = [trail.line(words, one, NOW, named=False) for one in entries_of(text)]
    return [
        views.card(words, item, ALL, remarks=text, trail=trails[0]),
        *(views.card(words, priced(item, price), (), trail=trails[-1]) for price in (LARGEST, SMALLEST)),
    ]


def priced(item: Item, price: Decimal) -> Item:
    return item.model_copy(update={"unit_price": price, "tax": None})


CASES: Final[dict[str, Case]] = {
    "items.views.card": cards,
    "items.views.shared": lambda words, text: [views.shared(words, worst_item(text), "U" * 11)],
    "items.views.nothing_found": lambda words, text: [
        views.nothing_found(words, text, ALL, Standing(), remarks=words.text("list.partial")),
        views.nothing_found(words, text, (), Standing(partial=True)),
    ],
    "items.form.form_view": forms,
    "items.deleting.confirmation": lambda words, text: [
        deleting.confirmation(words, worst_item(text), FAR, trouble) for trouble in ("", refusal(words, text))
    ],
    "items.outcomes.created": lambda words, text: [outcomes.created(words, PLAIN.draft(), worst_item(text), ALL)],
    "items.outcomes.created_anew": lambda words, text: [
        outcomes.created_anew(words, PLAIN.draft(), worst_item(text), 10**18, ALL)
    ],
    "items.outcomes.found_after_all": lambda words, text: [
        outcomes.found_after_all(words, sent, worst_item(text), ALL) for sent in (None, PLAIN.draft())
    ],
    "items.outcomes.saved": saved,
    "items.outcomes.unchanged": lambda words, text: [outcomes.unchanged(words, worst_item(text))],
    "items.outcomes.not_confirmed": lambda words, text: [outcomes.not_confirmed(words, text)],
    "items.outcomes.not_saved": lambda words, text: [
        outcomes.not_saved(words, worst_item(text), worst_item(text).draft(), tuple(Field), ALL)
    ],
    "items.outcomes.not_deleted": lambda words, text: [outcomes.not_deleted(words, worst_item(text), ALL)],
    "items.outcomes.deleted": lambda words, text: [
        outcomes.deleted(words, worst_item(text), undo.undo_button(words, "r" * 8))
    ],
    "items.outcomes.already_gone": lambda words, text: [outcomes.already_gone(words, worst_item(text).id)],
    "items.outcomes.undo_clash": lambda words, text: [
        outcomes.undo_clash(words, worst_item(text), worst_item(text).draft(), tuple(Field), ALL)
    ],
    "items.outcomes.settled": lambda words, text: [
        outcomes.settled(words, one, outcome)
        for one in entries_of(text)
        for outcome in (Outcome.SUCCEEDED, Outcome.FAILED, Outcome.UNKNOWN)
    ],
    "items.outcomes.interrupted": lambda words, _text: [outcomes.interrupted(words, NOW)],
    "items.outcomes.unreadable": lambda words, _text: [outcomes.unreadable(words, NOW)],
    "items.trail.history_content": history,
    "items.trail.audit_content": lambda words, text: [trail.audit_content(words, one, NOW) for one in entries_of(text)],
    "clients.views.card": lambda words, text: [client_views.card(words, worst_client(text), remarks=text)],
    "clients.views.shared": lambda words, text: [client_views.shared(words, worst_client(text), "U" * 11)],
    "home.home_view": lambda words, _: [
        home.home_view(words, (*items.SHORTCUTS, *clients.SHORTCUTS), USAGES, granted) for granted in (ALL, ())
    ],
    "slack.verbs.help_content": lambda words, _: [
        verbs.help_content(words, USAGES, ALL),
        verbs.help_content(words, USAGES[:1], ()),
    ],
    "slack.lists.list_content": lists_of,
    "slack.sharing.shared_content": lambda words, text: [
        sharing.shared_content(words, "U" * 11, f"x{text}", escape(f"x{text}"), (blocks.paragraph(f"x{text}"),))
    ],
    "slack.finder.finder_view": lambda words, text: [
        finder.finder_view(words, "items.pick", blocks=content.blocks, doubt=doubt, trouble=refusal(words, text))
        for content in (*cards(words, text), *saved(words, text))
        for doubt in ("", f"{lists.age_sentence(words, OLD, NOW, NOW)} {words.text('find.partial')}")
    ],
    "slack.problems.form_again": lambda words, text: [
        problems.form_again(words, Opening("items.new", text[: blocks.BUTTON_VALUE]))
    ],
    "slack.problems.busy": lambda words, _: [problems.busy(words)],
    "slack.blocks.modal": lambda _, text: [
        blocks.modal(Content(f"x{text}", text, (blocks.paragraph(f"x{text}"),)), close="x", metadata="x" * 3000)
    ],
    "slack.blocks.waiting": lambda _, text: [blocks.waiting("x", f"x{text}", close="x", metadata="x")],
    "slack.turn.reading_modal": lambda words, text: [reading_modal(words, one) for one in cards(words, text)],
}


def check(words: Words, shown: Shown) -> None:
    """Check a view; content that may stand anywhere is checked as a message, in a modal and below a finder."""
    if isinstance(shown, HomeTabView):
        check_view(shown.to_dict(), "home")
    elif isinstance(shown, ModalView):
        check_view(shown.to_dict(), "modal")
    else:
        check_message(message(shown))
        check_view(reading_modal(words, shown).to_dict(), "modal")
        check_view(finder.finder_view(words, "items.pick", blocks=shown.blocks).to_dict(), "modal")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_view_of_the_worst_is_valid(case: Case, text: str, language: Language) -> None:
    words = Words(language)
    for shown in case(words, text):
        check(words, shown)


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
@settings(max_examples=15, deadline=None)
def test_a_view_of_anything_is_valid(text: str) -> None:
    words = Words("en")
    item = worst_item(text, Decimal(1))
    shown: list[Shown] = [*forms(words, text), outcomes.unchanged(words, item), deleting.confirmation(words, item, FAR)]
    shown += [views.card(words, item, ALL), client_views.card(words, worst_client(text))]
    for one in shown:
        check(words, one)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_options_of_the_worst_are_valid(text: str, language: Language) -> None:
    words = Words(language)
    item, client = worst_item(text), worst_client(text)
    hits: Hits[Any] = Hits((item,) * finder.MOST, 100_000)
    for shown in (
        f"{views.short_name(item, words)} · {views.details(words, item)}",
        f"{client_views.short_name(client, words)} · {client_views.details(words, client)}",
    ):
        options = [finder.plain_option(shown, str(number)) for number in range(finder.MOST)]
        assert options_are_valid(finder.options_answer(words, hits, options))
        assert options_are_valid(finder.options_answer(words, hits, options, "x" * 100))
        assert options_are_valid(finder.options_answer(words, dataclasses.replace(hits, total=100), options))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("days", [-1, 300], ids=["of the future", "old"])
def test_how_many_more_and_how_old_both_fit_into_a_label(language: Language, days: int) -> None:
    words = Words(language)
    standing = dataclasses.replace(OLD, synced_at=NOW - timedelta(days=days))
    age = lists.age_sentence(words, standing, NOW, None)
    options = [finder.plain_option("x", str(number)) for number in range(finder.MOST)]
    answer = finder.options_answer(words, Hits((), 1_000_000, total_is_exact=False), options, age)
    assert answer["option_groups"][0]["label"]["text"].endswith(f" · {age}")


def test_every_view_has_its_case() -> None:
    """Those that are put together from others by a handler are looked at in the flows."""
    assert view_functions() == set(CASES)


def view_functions() -> set[str]:
    """Return the public functions of the slices that return something to be shown, by module and name."""
    found = set()
    for path in (
        path for part in SLICES for path in ([BOT / part] if part.endswith(".py") else (BOT / part).glob("*.py"))
    ):
        module = path.relative_to(BOT).with_suffix("").as_posix().replace("/", ".")
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                returned = node.returns.id if isinstance(node.returns, ast.Name) else ""
                if returned in VIEWS:
                    found.add(f"{module}.{node.name}")
    return found
