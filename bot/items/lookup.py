"""Looking up items: the command, pages, the card, the modal that finds while one types, sharing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from slackblocks import Block, ModalView

from bot.catalog import Hits
from bot.i18n import Words
from bot.invoicexpress.errors import UNREACHABLE, AccountError, NotFound
from bot.invoicexpress.models import Item, Tax
from bot.items import ids
from bot.items.command import typed_id
from bot.items.fields import with_taxes
from bot.items.trail import line
from bot.items.views import card, details, nothing_found, option, row, shared, short_name
from bot.slack.blocks import Content, alert, button, note, paragraph, paragraph_with
from bot.slack.finder import MOST, finder_view, options_answer
from bot.slack.freshness import age_of, doubts, finder_doubts, fresh_or_held
from bot.slack.lists import PAGE_SIZE, Page, age_sentence, gaps, list_content, page_of, page_there_is, total_of
from bot.slack.payloads import Action, Command, OptionsRequest, Payload
from bot.slack.state import record_id
from bot.slack.text import escape
from bot.slack.turn import Problem, Turn


async def look_up(turn: Turn[Command], text: str) -> None:
    """Answer `/items` and `/items <text>`: a page, a card for one hit, a list for several, or none."""
    number = typed_id(text)
    item, remark = (None, "") if number is None else await _by_id(turn, number)
    standing = turn.services.catalog.standing("items")
    if item is not None and standing.partial:  # it is there: no need to wait for the rest of the account
        remark = " ".join(part for part in (remark, gaps(turn.words, standing)) if part)
        await turn.show(await item_card(turn, item, remark))
        return
    hits = await _hits(turn, text, 0)
    if item is not None and all(hit.id == item.id for hit in hits.records):
        await turn.show(await item_card(turn, item, remark))
    else:
        await turn.show(await _found(turn, text, hits, remark))


async def _by_id(turn: Turn[Command], number: int) -> tuple[Item | None, str]:
    """Return the item of an id, read before the search so that this knows it too, and what to remark on it."""
    turn.acknowledge()
    try:
        return await _fresh(turn, number)
    except (NotFound, *UNREACHABLE):
        # Where InvoiceXpress is down, the search answers from the copy, and says so.
        return None, ""


async def _fresh(turn: Turn[Payload], item_id: int) -> tuple[Item, str]:
    async def held() -> Item | None:
        item = await turn.services.catalog.item(item_id)
        return (await _named(turn, [item]))[0] if item else None

    return await fresh_or_held(turn, read_item(turn, item_id), held)


async def item_card(turn: Turn[Payload], item: Item, remarks: str = "") -> Content:
    """Return the card of an item, with who changed it last."""
    entry = await turn.services.history.last_of_item(item.id)
    trail = line(turn.words, entry, turn.services.clock.now(), named=False) if entry else None
    return card(turn.words, item, turn.granted, remarks=remarks, trail=trail)


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
    return (await _named(turn, [item]))[0]


async def taxes_of(turn: Turn[Payload]) -> tuple[Tax, ...] | None:
    """Return the account's taxes; None where they can't be had, which must not cost what was typed."""
    try:
        return await turn.services.catalog.taxes()
    except AccountError:
        return None


async def _named(turn: Turn[Payload], items: Sequence[Item]) -> list[Item]:
    """Return items with the names and rates of their taxes, as far as the account's own list has what they lack."""
    if all(item.tax is None or (item.tax.name and item.tax.value is not None) for item in items):
        return list(items)
    taxes = await taxes_of(turn) or ()
    return [with_taxes(item, taxes) for item in items]


async def open_card(turn: Turn[Action]) -> None:
    """Show the card of the item whose button was clicked, freshly read."""
    await turn.show(await _shown(turn))


async def _shown(turn: Turn[Action]) -> Content:
    """Return the card of the item that was clicked: freshly read, or from the copy where that takes too long."""
    return await item_card(turn, *await _fresh(turn, record_id(turn.payload.value)))


async def turn_page(turn: Turn[Action]) -> None:
    """Replace a list by its next page, or the one before."""
    page, hits = await page_there_is(partial(_hits, turn), Page.load(turn.payload.value))
    await turn.replace(_page(turn, hits, page) if hits.records else await _found(turn, page.query, hits))


async def share(turn: Turn[Action]) -> None:
    """Post an item for everybody in the channel, freshly read."""
    item = await read_item(turn, record_id(turn.payload.value))
    in_channel = await turn.share(shared(turn.words, item, turn.person.id))
    if not in_channel:
        sentence = turn.words.text("shared.directly")
        blocks = (*card(turn.words, item, turn.granted).blocks, note(sentence))
        told = Content(turn.words.text("item.title"), escape(sentence), blocks)
        if _in_finder(turn):
            await turn.form(finder_view(turn.words, ids.PICK, blocks=blocks))
        else:
            await turn.show(told)


async def shared_in_vain(turn: Turn[Action], problem: Problem) -> ModalView:
    """Return the modal again where its item could not be shared."""
    item = await turn.services.catalog.item(record_id(turn.payload.value))
    blocks = card(turn.words, item, turn.granted).blocks if item else ()
    if _in_finder(turn):
        return finder_view(turn.words, ids.PICK, blocks=blocks, trouble=problem.text)
    title = turn.words.text("item.title")
    return turn.as_modal(Content(title, escape(problem.text), (alert(problem.text), *blocks)))


def _in_finder(turn: Turn[Action]) -> bool:
    return turn.payload.view is not None and turn.payload.view.callback_id == ids.PICK


async def find(turn: Turn[Command] | Turn[Action]) -> None:
    """Open the modal that finds an item while one types."""
    await turn.form(finder_view(turn.words, ids.PICK, doubt=finder_doubts(turn, "items")))


async def choose(turn: Turn[Command], hits: Hits[Item], action_id: str) -> None:
    """Open the same modal with what was found, each with the button for what was asked."""
    words, shown = turn.words, len(hits.records)
    blocks = [_choice(words, item, action_id) for item in hits.records] or [paragraph(words.text("find.nothing"))]
    if hits.total > shown:
        blocks.append(note(words.text("find.more", shown=words.number(shown), total=total_of(words, hits))))
    doubt = doubts(turn, hits)
    if doubt:
        blocks.append(note(doubt))
    await turn.form(finder_view(words, ids.PICK, blocks=blocks))


def _choice(words: Words, item: Item, action_id: str) -> Block:
    name, verb = short_name(item, words), action_id.rpartition(".")[2]
    label = words.text(f"item.{verb}-label", name=name)
    text, verb_text = f"{name}\n{details(words, item)}", words.text(f"action.{verb}")
    return paragraph_with(text, verb_text, f"{action_id}:{item.id}", str(item.id), label=label)


async def pick(turn: Turn[Action]) -> None:
    """Show the chosen item below the select, freshly read."""
    shown = await _shown(turn)
    await turn.form(finder_view(turn.words, ids.PICK, blocks=shown.blocks))


async def picked_in_vain(turn: Turn[Action], problem: Problem) -> ModalView:
    """Return the modal again where the chosen item could not be shown."""
    return finder_view(turn.words, ids.PICK, trouble=problem.text)


async def type_ahead(turn: Turn[OptionsRequest]) -> None:
    """Answer a keystroke from the copy."""
    hits = await turn.services.catalog.search_items(turn.payload.text, limit=MOST)
    options = [option(item, turn.words.language) for item in await _named(turn, hits.records)]
    turn.acknowledgement.give(options_answer(turn.words, hits, options, age_of(turn, hits)))


async def _hits(turn: Turn[Command] | Turn[Action], text: str, offset: int) -> Hits[Item]:
    catalog = turn.services.catalog
    find = partial(catalog.search_items, text) if text else catalog.page_items
    hits = await find(limit=PAGE_SIZE, offset=offset)
    return replace(hits, records=tuple(await _named(turn, hits.records)))


async def _found(turn: Turn[Command] | Turn[Action], text: str, hits: Hits[Item], remark: str = "") -> Content:
    """Return a card for one hit, a page of several, or that there is none."""
    words, granted = turn.words, turn.granted
    if not hits.records:
        return nothing_found(words, text, granted, hits, remarks=doubts(turn, hits))
    if text and hits.total == 1:
        return await item_card(turn, hits.records[0], doubts(turn, hits))
    return _page(turn, hits, page_of(text, 0), remark)


def _age(turn: Turn[Command] | Turn[Action], hits: Hits[Item]) -> str:
    return age_sentence(turn.words, hits, turn.services.clock.now(), turn.services.account.down_since)


def _page(turn: Turn[Command] | Turn[Action], hits: Hits[Item], page: Page, remark: str = "") -> Content:
    words = turn.words
    title = words.text("items.found" if page.query else "items.title", query=page.query)
    return list_content(
        words,
        hits,
        (row(item, words.language) for item in hits.records),
        title=title,
        page=page,
        page_id=ids.PAGE,
        footer=(button(words.text("action.find-item"), ids.FIND),),
        age=_age(turn, hits) or remark,
    )
