"""Looking up items: the command, pages, the card, the modal that finds while one types, sharing."""

from __future__ import annotations

from collections.abc import Sequence

from slackblocks import Block, ModalView

from bot.catalog import Hits
from bot.i18n import Words
from bot.invoicexpress.errors import NotFound
from bot.invoicexpress.models import Item
from bot.items import ids
from bot.items.views import card, details, nothing_found, shared, short_name
from bot.slack.blocks import Content, button, note, paragraph, paragraph_with
from bot.slack.finder import MOST, finder_view, options_answer
from bot.slack.lists import PAGE_SIZE, Page, age_sentence, list_content, page_of
from bot.slack.payloads import Action, Command, OptionsRequest, Payload
from bot.slack.state import record_id
from bot.slack.text import escape
from bot.slack.turn import Problem, Turn


async def look_up(turn: Turn[Command], text: str) -> None:
    """Answer `/items` and `/items <text>`: a page, a card for one hit, a list for several, or none."""
    if text.isdecimal():
        await _by_number(turn, int(text))
        return
    hits = await _hits(turn, text, 0)
    if text and hits.total == 1:
        await turn.show(_card(turn, hits.records[0], hits))
    else:
        await turn.show(_page(turn, hits, page_of(text, 0)))


async def _by_number(turn: Turn[Command], number: int) -> None:
    """Look a number up both as an id and as part of a name."""
    hits = await _hits(turn, str(number), 0)
    turn.acknowledge()
    try:
        item = await read_item(turn, number)
    except NotFound:
        item = None
    named = [hit for hit in hits.records if hit.id != number]
    if item is not None and not named:
        await turn.show(card(turn.words, item, turn.granted))
    elif item is None and len(named) == 1 and hits.total == 1:
        await turn.show(_card(turn, named[0], hits))
    else:
        await turn.show(_page(turn, hits, page_of(str(number), 0)))


async def read_item(turn: Turn[Payload], item_id: int) -> Item:
    """Read an item itself, and bring the copy up to date with what was read.

    Raises:
        NotFound: where there is none of this id; the copy forgets it too.
    """
    services = turn.services
    try:
        item = await services.account.get_item(item_id)
    except NotFound:
        await services.catalog.drop_item(item_id)
        raise
    await services.catalog.put_item(item)
    return item


async def open_card(turn: Turn[Action]) -> None:
    """Show the card of the item whose button was clicked, freshly read."""
    await turn.show(card(turn.words, await read_item(turn, record_id(turn.payload.value)), turn.granted))


async def turn_page(turn: Turn[Action]) -> None:
    """Replace a list by its next page, or the one before."""
    page = Page.load(turn.payload.value)
    await turn.replace(_page(turn, await _hits(turn, page.query, page.offset), page))


async def share(turn: Turn[Action]) -> None:
    """Post an item for everybody in the channel, freshly read."""
    item = await read_item(turn, record_id(turn.payload.value))
    in_channel = await turn.share(shared(turn.words, item, turn.person.id))
    if not in_channel:
        sentence = turn.words.text("shared.directly")
        blocks = (*card(turn.words, item, turn.granted).blocks, note(sentence))
        await turn.show(Content(turn.words.text("item.title"), escape(sentence), blocks))


async def find(turn: Turn[Command] | Turn[Action]) -> None:
    """Open the modal that finds an item while one types."""
    await turn.form(finder_view(turn.words, ids.PICK))


async def choose(turn: Turn[Command], items: Sequence[Item], action_id: str) -> None:
    """Open the same modal with what was found, each with the button for what was asked."""
    words = turn.words
    blocks = [_choice(words, item, action_id) for item in items] or [paragraph(words.text("find.nothing"))]
    await turn.form(finder_view(words, ids.PICK, blocks=blocks))


def _choice(words: Words, item: Item, action_id: str) -> Block:
    name, verb = short_name(item, words), action_id.rpartition(".")[2]
    label = words.text(f"item.{verb}-label", name=name)
    chooser = button(words.text(f"action.{verb}"), f"{action_id}:{item.id}", str(item.id), label=label)
    return paragraph_with(f"{name}\n{details(words, item)}", chooser)


async def pick(turn: Turn[Action]) -> None:
    """Show the chosen item below the select, freshly read."""
    shown = card(turn.words, await read_item(turn, record_id(turn.payload.value)), turn.granted)
    await turn.form(finder_view(turn.words, ids.PICK, blocks=shown.blocks))


async def picked_in_vain(turn: Turn[Action], problem: Problem) -> ModalView:
    """Return the modal again where the chosen item could not be shown."""
    return finder_view(turn.words, ids.PICK, trouble=problem.text)


async def type_ahead(turn: Turn[OptionsRequest]) -> None:
    """Answer a keystroke from the copy."""
    hits = await turn.services.catalog.search_items(turn.payload.text, limit=MOST)
    words = turn.words
    entries = ((f"{short_name(item, words)} · {details(words, item)}", str(item.id)) for item in hits.records)
    turn.acknowledgement.give(options_answer(words, hits, entries))


async def _hits(turn: Turn[Command] | Turn[Action], text: str, offset: int) -> Hits[Item]:
    catalog = turn.services.catalog
    if text:
        return await catalog.search_items(text, limit=PAGE_SIZE, offset=offset)
    return await catalog.page_items(limit=PAGE_SIZE, offset=offset)


def _card(turn: Turn[Command], item: Item, hits: Hits[Item]) -> Content:
    return card(turn.words, item, turn.granted, age=_age(turn, hits))


def _age(turn: Turn[Command] | Turn[Action], hits: Hits[Item]) -> str:
    return age_sentence(turn.words, hits, turn.services.clock.now())


def _page(turn: Turn[Command] | Turn[Action], hits: Hits[Item], page: Page) -> Content:
    words = turn.words
    if not hits.records:
        return nothing_found(words, page.query, turn.granted, partial=hits.partial)
    title = words.text("items.found" if page.query else "items.title", query=page.query)
    entries = ((short_name(item, words), details(words, item), str(item.id)) for item in hits.records)
    return list_content(
        words,
        hits,
        entries,
        title=title,
        page=page,
        open_id=ids.OPEN,
        page_id=ids.PAGE,
        footer=(button(words.text("action.find-item"), ids.FIND),),
        age=_age(turn, hits),
    )
