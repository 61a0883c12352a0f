"""Looking up clients: the command, pages, the card, the modal that finds while one types, sharing."""

from __future__ import annotations

from functools import partial

from slackblocks import ModalView

from bot.catalog import Hits
from bot.clients import command, ids
from bot.clients.views import card, option, row, shared
from bot.invoicexpress.errors import NotFound
from bot.invoicexpress.models import Client
from bot.slack.blocks import Content, button, note, paragraph
from bot.slack.finder import MOST, finder_view, options_answer
from bot.slack.freshness import age_of, doubts, finder_doubts, fresh_or_held
from bot.slack.lists import PAGE_SIZE, Page, age_sentence, list_content, none_sentence, page_of, page_there_is
from bot.slack.payloads import Action, Command, OptionsRequest
from bot.slack.state import record_id
from bot.slack.text import escape
from bot.slack.turn import Problem, Turn
from bot.slack.verbs import help_content, read_invocation


async def run_command(turn: Turn[Command]) -> None:
    """Do what was typed after the command; a text without a verb is looked up."""
    invocation = read_invocation(turn.payload.text, command.USAGE)
    match invocation.verb:
        case command.HELP:
            await turn.show(help_content(turn.words, (command.USAGE,), turn.granted))
        case command.FIND if not invocation.argument:
            await find(turn)
        case _:
            await _look_up(turn, invocation.argument)


async def _look_up(turn: Turn[Command], text: str) -> None:
    """Answer with a page, a card for one hit, a list for several, or none; never with a guess among several."""
    hits = await _hits(turn, text, 0)
    if text and len(hits.records) == 1 == hits.total:
        await turn.show(card(turn.words, hits.records[0], remarks=doubts(turn, hits)))
    else:
        await turn.show(_page(turn, hits, page_of(text, 0)))


async def open_card(turn: Turn[Action]) -> None:
    """Show the card of the client whose button was clicked, freshly read."""
    await turn.show(await _shown(turn))


async def turn_page(turn: Turn[Action]) -> None:
    """Replace a list by its next page, or the one before."""
    page, hits = await page_there_is(partial(_hits, turn), Page.load(turn.payload.value))
    await turn.replace(_page(turn, hits, page))


async def share(turn: Turn[Action]) -> None:
    """Post a client for everybody in the channel, freshly read."""
    client = await _read_client(turn)
    if not await turn.share(shared(turn.words, client, turn.person.id)):
        sentence = turn.words.text("shared.directly")
        blocks = (*card(turn.words, client).blocks, note(sentence))
        await turn.show(Content(turn.words.text("client.title"), escape(sentence), blocks))


async def find(turn: Turn[Command] | Turn[Action]) -> None:
    """Open the modal that finds a client while one types."""
    await turn.form(finder_view(turn.words, ids.PICK, doubt=finder_doubts(turn, "clients")))


async def pick(turn: Turn[Action]) -> None:
    """Show the chosen client below the select, freshly read."""
    shown = await _shown(turn)
    await turn.form(finder_view(turn.words, ids.PICK, blocks=shown.blocks))


async def picked_in_vain(turn: Turn[Action], problem: Problem) -> ModalView:
    """Return the modal again where the chosen client could not be shown."""
    return finder_view(turn.words, ids.PICK, trouble=problem.text)


async def type_ahead(turn: Turn[OptionsRequest]) -> None:
    """Answer a keystroke from the copy."""
    hits = await turn.services.catalog.search_clients(turn.payload.text, limit=MOST)
    options = [option(client, turn.words.language) for client in hits.records]
    turn.acknowledgement.give(options_answer(turn.words, hits, options, age_of(turn, hits)))


async def _shown(turn: Turn[Action]) -> Content:
    """Return the card of the client that was clicked: freshly read, or from the copy where that takes too long."""
    client_id = record_id(turn.payload.value)
    client, remark = await fresh_or_held(turn, _read_client(turn), lambda: turn.services.catalog.client(client_id))
    return card(turn.words, client, remarks=remark)


async def _read_client(turn: Turn[Action]) -> Client:
    services, client_id = turn.services, record_id(turn.payload.value)
    try:
        client = await services.account.get_client(client_id)
    except NotFound:
        await services.catalog.drop_client(client_id)
        raise
    await services.catalog.put_client(client)
    return client


async def _hits(turn: Turn[Command] | Turn[Action], text: str, offset: int) -> Hits[Client]:
    catalog = turn.services.catalog
    if text:
        return await catalog.search_clients(text, limit=PAGE_SIZE, offset=offset)
    return await catalog.page_clients(limit=PAGE_SIZE, offset=offset)


def _page(turn: Turn[Command] | Turn[Action], hits: Hits[Client], page: Page) -> Content:
    words = turn.words
    if not hits.records:
        sentence = none_sentence(words, "clients", page.query, hits)
        doubt = doubts(turn, hits)
        blocks = [paragraph(sentence)] + ([note(doubt)] if doubt else [])
        return Content(words.text("client.title"), escape(sentence), tuple(blocks))
    return list_content(
        words,
        hits,
        (row(client, words.language) for client in hits.records),
        title=words.text("clients.found" if page.query else "clients.title", query=page.query),
        page=page,
        page_id=ids.PAGE,
        footer=(button(words.text("action.find-client"), ids.FIND),),
        age=age_sentence(words, hits, turn.services.clock.now(), turn.services.account.down_since),
    )
